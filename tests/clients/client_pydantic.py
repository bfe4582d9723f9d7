"""The models of datamodel-code-generator (pydantic), over httpx; ``models`` is what it has made."""

from __future__ import annotations

import json
import os

import httpx
import models

OWNER = os.environ["OWNER"]
client = httpx.Client(base_url=os.environ["SMA_URL"], trust_env=False)
refused = client.get("/monitoring/v1/plants", headers={"Authorization": "Bearer nonsense"})
form = models.TokenForm(grant_type="client_credentials", client_id="demo_api", client_secret="demo_secret")
answer = client.post("/oauth2/token", data=form.model_dump(exclude_none=True))
client.headers["Authorization"] = f"Bearer {models.TokenBody.model_validate_json(answer.content).access_token}"
request = models.ConsentRequestBody(loginHint=OWNER)
answer = client.post("/oauth2/v2/bc-authorize", json=request.model_dump())
asked = models.ConsentBody.model_validate_json(answer.content)
change = models.ConsentChangeBody(state="Accepted")
answer = client.put(f"/oauth2/v2/bc-authorize/{OWNER}/status", json=change.model_dump())
answered = models.ConsentBody.model_validate_json(answer.content)
plants = models.PlantsBody.model_validate_json(client.get("/monitoring/v1/plants").content).plants
plant = f"/monitoring/v1/plants/{plants[0].plantId}"
answer = client.get(f"{plant}/measurements/sets/EnergyBalance/Day", params={"Date": "2025-06-14"})
day = models.PlantMeasurementBody.model_validate_json(answer.content)
limited = client.get(f"{plant}/devices")
models.ApiErrorBody.model_validate_json(limited.content)
print(
    json.dumps(
        {
            "unauthorized": refused.status_code,
            "consent": [asked.state, answered.state],
            "plants": len(plants),
            "set": [day.setType, day.resolution],
            "rows": len(day.set),
            "noon": day.set[48].pvGeneration,
            "limited": [limited.status_code, int(limited.headers["Retry-After"])],
            "new word": models.PlantStatusBody.model_validate_json(client.get(f"{plant}/status").content).status,
        }
    )
)
