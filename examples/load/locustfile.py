"""Load by locust: readers that each fetch a token, list their plants and read yesterday, as a scheduled program does.

usage: locust -f locustfile.py --headless -u 50 -r 25 -t 20s -H http://127.0.0.1:8080

Ends with status 1 where more than one request in a thousand fails or, where MEDIAN_MS is set, half of them take longer.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta

from locust import HttpUser, between, events, task
from locust.exception import StopUser

FAILED = 0.001
"""Share of failed requests that is borne."""
MEDIAN = float(os.environ.get("MEDIAN_MS", "inf"))
"""Median of all answers that is borne [ms]."""


class Reader(HttpUser):
    """A program that reads measurements."""

    wait_time = between(0.05, 0.2)

    def on_start(self) -> None:
        """Log in, and learn the plants and the emulated day."""
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ.get("MOCK_SMA_CLIENT_ID", "demo_api"),
            "client_secret": os.environ.get("MOCK_SMA_CLIENT_SECRET", "demo_secret"),
        }
        answer = self.client.post("/oauth2/token", data=form)
        if not answer.ok:
            raise StopUser(f"no token: {answer.status_code} {answer.text[:200]}")
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self.token_ends = answer.json()["expires_in"]
        now = datetime.fromisoformat(self.client.get("/_mock/clock", name="clock").json()["now"])
        self.yesterday = (now - timedelta(days=1)).date()
        plants = self.client.get("/v1/plants", name="plants").json()["plants"]
        if not plants:
            raise StopUser("no consent opens a plant: begin with portfolio-10000.yaml, or accept at /_mock/consents")
        self.plants = [plant["plantId"] for plant in plants]

    @task(8)
    def day(self) -> None:
        """Read a plant's balance of yesterday."""
        path = f"/v1/plants/{random.choice(self.plants)}/measurements/sets/EnergyBalance/Day"
        with self.client.get(path, params={"Date": self.yesterday}, name="day", catch_response=True) as answer:
            self._judge(answer)

    @task(2)
    def devices(self) -> None:
        """List a plant's devices."""
        path = f"/v1/plants/{random.choice(self.plants)}/devices"
        with self.client.get(path, name="devices", catch_response=True) as answer:
            self._judge(answer)

    def _judge(self, answer) -> None:
        if answer.status_code == 401:  # five minutes are over
            answer.success()
            self.on_start()


@events.quitting.add_listener
def judge(environment, **_) -> None:
    """Fail where the server did not keep up."""
    total = environment.stats.total
    if not total.num_requests or total.fail_ratio > FAILED or total.median_response_time > MEDIAN:
        environment.process_exit_code = 1
