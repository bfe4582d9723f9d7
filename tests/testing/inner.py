"""Suites of a user, run by pytester."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

OTHERS = ("asyncio", "randomly", "xdist", "cacheprovider", "hypothesispytest", "faker", "schemathesis")
"""Plugins that an inner run has no use for; each costs time."""

CLIENT = """
import httpx, pytest, ssl
from functools import partial

AUTH, API = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the system's authorities take longer to read than a test to run
get = partial(httpx.get, verify=PLAIN)

def token(origin=AUTH, **form):
    return httpx.post(f"{origin}/oauth2/token", data={**FORM, **form}, verify=PLAIN).json()["access_token"]

def plants(origin=f"{API}/monitoring", auth=AUTH):
    access = {"Authorization": f"Bearer {token(auth)}"}
    answer = get(f"{origin}/v1/plants", headers=access)
    return [plant["plantId"] for plant in answer.json()["plants"]]
"""


def text_of(result: pytest.RunResult) -> str:
    return result.stdout.str()
