"""An older part of the program, which speaks requests."""

from __future__ import annotations

import requests


def read_plants(origin: str, client_id: str, client_secret: str) -> list[str]:
    """Return the ids of the plants that consents open, from a server at ``origin``."""
    with requests.Session() as session:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        token = session.post(f"{origin}/oauth2/token", data=form, timeout=10)
        token.raise_for_status()
        access = {"Authorization": f"Bearer {token.json()['access_token']}"}
        answer = session.get(f"{origin}/v1/plants", headers=access, timeout=10)
        answer.raise_for_status()
        return [plant["plantId"] for plant in answer.json()["plants"]]
