"""The client that everybody writes first; docs/exam.md mends it step by step."""

import os
from datetime import date, timedelta

import httpx

API = "https://sandbox.smaapis.de/monitoring/v1"
credentials = {"client_id": os.environ["MOCK_SMA_CLIENT_ID"], "client_secret": os.environ["MOCK_SMA_CLIENT_SECRET"]}
form = {"grant_type": "client_credentials", **credentials}
token = httpx.post("https://sandbox-auth.smaapis.de/oauth2/token", data=form).json()["access_token"]
http = httpx.Client(headers={"Authorization": f"Bearer {token}"})
for plant in http.get(f"{API}/plants").json()["plants"]:
    day = date.today() - timedelta(days=1)
    rows = http.get(f"{API}/plants/{plant['plantId']}/measurements/sets/EnergyBalance/Day?Date={day}").json()["set"]
    print(plant["name"], sum(row["pvGeneration"] for row in rows), "Wh")
