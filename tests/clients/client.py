"""The client of openapi-python-client; ``sma`` is what it has made."""

from __future__ import annotations

import json
import os

from sma import AuthenticatedClient, Client
from sma.api.auth import token
from sma.api.consent import request_consent, simulate_consent
from sma.api.monitoring import get_devices, get_plant_measurements, get_plant_status, get_plants
from sma.models import ConsentChangeBody, ConsentRequestBody, TokenForm

URL, OWNER = os.environ["SMA_URL"], os.environ["OWNER"]
form = TokenForm(grant_type="client_credentials", client_id="demo_api", client_secret="demo_secret")
made = token.sync(client=Client(base_url=URL), body=form)
client = AuthenticatedClient(base_url=URL, token=made.access_token)
asked = request_consent.sync(client=client, body=ConsentRequestBody(login_hint=OWNER))
answered = simulate_consent.sync(OWNER, client=client, body=ConsentChangeBody(state="Accepted"))
plants = get_plants.sync(client=client).plants
plant = plants[0].plant_id
day = get_plant_measurements.sync(plant, "EnergyBalance", "Day", client=client, date="2025-06-14")
limited = get_devices.sync_detailed(plant, client=client)
refused = get_plants.sync_detailed(client=AuthenticatedClient(base_url=URL, token="nonsense"))
print(
    json.dumps(
        {
            "unauthorized": refused.status_code,
            "consent": [asked.state, answered.state],
            "plants": len(plants),
            "set": [day.set_type, day.resolution],
            "rows": len(day.set_),
            "noon": day.set_[48].pv_generation,
            "limited": [limited.status_code, int(limited.headers["Retry-After"])],
            "new word": get_plant_status.sync(plant, client=client).status,
        }
    )
)
