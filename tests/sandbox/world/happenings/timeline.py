"""A world of two plants with a timeline."""

from __future__ import annotations

from typing import Any

from mock_sma import Sandbox, load_scenario
from tests.facts import HOUSEHOLDER, NOW
from tests.sandbox_helpers import ask, content, tokens

OTHER, GUEST = "other@example.org", "guest@example.org"
CLASSIC, INVERTER = "11111111-aaaa-4bbb-8ccc-00000000000A", "11111111-aaaa-4bbb-8ccc-00000000000B"


def world(*timeline: dict[str, Any], **more: Any) -> Sandbox:
    document = {
        "now": NOW,
        "users": [
            {"email": HOUSEHOLDER, "country": "DE"},
            {"email": OTHER, "country": "DE"},
            {"email": GUEST, "country": "DE", "registered": False},
        ],
        "plants": [
            {
                "id": "2100",
                "name": "A",
                "template": "household-battery",
                "owner": HOUSEHOLDER,
                "users": [{"email": GUEST, "role": "guest"}],
            },
            {
                "id": CLASSIC,
                "name": "C",
                "devices": [
                    {"id": INVERTER, "kind": "solar-inverter", "name": "I", "arrays": [{"peak_power": 5000}]},
                    {"kind": "grid-meter", "name": "M"},
                ],
                "users": [{"email": HOUSEHOLDER, "role": "guest", "owner": True}],
            },
        ],
        "consents": [{"email": HOUSEHOLDER, "client_id": "demo_api"}],
        "timeline": list(timeline),
        **more,
    }
    return Sandbox(load_scenario(document))


def seen(sandbox: Sandbox) -> list[str]:
    reply = ask(sandbox, "GET", "/v1/plants", bearer=tokens(sandbox)["access_token"])
    return [plant["plantId"] for plant in content(reply)["plants"]]


def get(sandbox: Sandbox, path: str) -> Any:
    return ask(sandbox, "GET", path, bearer=tokens(sandbox)["access_token"])


def problems(sandbox: Sandbox) -> list[str | None]:
    return [item.problem for item in sandbox.happenings]
