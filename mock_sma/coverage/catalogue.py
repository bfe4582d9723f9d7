"""The catalogue of situations, and for each a test to copy that meets it."""

from __future__ import annotations

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE, SENSOR
from mock_sma.frozen import frozen

HEAD = "import pytest\n\nfrom mock_sma.testing.probe import fetch_token, probe\n"
"""What the tests to copy import."""

BALANCE, PV = ENERGY_BALANCE.name, ENERGY_AND_POWER_PV.name
CONSENT = "/oauth2/v2/bc-authorize"
OWNER = f"{CONSENT}/owner@example.org"
SETS = "/v1/plants/2100/measurements/sets"
OTHER = "/v1/plants/2200/measurements/sets"
CLASSIC = "/v1/plants/11111111-aaaa-4bbb-8ccc-000000000001"


@frozen(kw_only=True)
class Kind:
    """A situation of the catalogue.

    Attributes:
        about: what happens to the client.
        marker: arguments of the marker ``sma`` that make its world.
        lines: the lines of a test that meets it.
    """

    name: str
    about: str
    marker: str
    lines: tuple[str, ...]

    @property
    def scenario(self) -> str:
        """The shipped scenario that its world begins from."""
        return self.marker.split('"')[1]

    @property
    def test(self) -> str:
        """A test to copy; its last line stands for the client."""
        *before, last = self.lines
        name = self.name.replace("-", "_")
        head = [f"@pytest.mark.sma({self.marker})", f"def test_my_client_meets_{name}(sma_mock):"]
        body = [*before, "# Call your client here, in place of the next line.", last]
        return "\n".join([*head, *(f"    {line}" for line in body)]) + "\n"


def _kind(name: str, about: str, marker: str, *lines: str) -> Kind:
    return Kind(name=name, about=about, marker=marker, lines=lines)


def _get(path: str) -> str:
    return f'probe(sma_mock, "{path}")'


def _fault(effect: str) -> str:
    return f'sma_mock.sandbox.faults.add({{"match": {{"path": "/v1/*"}}, "effect": {effect}, "times": 1}})'


PLANTS = _get("/v1/plants")
REFRESH = 'fetch_token(sma_mock, grant_type="refresh_token", refresh_token=token["refresh_token"])'

CONSENTS = (
    _kind("consent-pending", "the owner has not answered", '"pending-consent"', _get(OWNER)),
    _kind("consent-accepted", "the owner has permitted", '"ennexos"', _get(OWNER)),
    _kind("consent-rejected", "the owner has declined (R16)", '"rejected-consent"', _get(OWNER)),
    _kind("consent-expired", "the request ran out unanswered", '"expired-request"', _get(OWNER)),
    _kind("consent-revoked", "the owner has taken the consent back (R08)", '"revoked-consent"', _get(OWNER)),
    _kind("consent-never-asked", "the state of a request that was never made", '"no-consent"', _get(OWNER)),
    _kind(
        "owner-unregistered",
        "the owner never registered, so nobody can answer (R04)",
        '"unregistered-owner"',
        f'probe(sma_mock, "{CONSENT}", json={{"loginHint": "invited@example.org"}})',
    ),
    _kind(
        "several-owners",
        "several owners have consented to one client (R07)",
        '"portfolio"',
        'for owner in ("anna", "ben"):',
        f'    probe(sma_mock, f"{CONSENT}/{{owner}}@example.org")',
        PLANTS,
    ),
    _kind("portfolio-empty", "a valid token and no plants: an empty list (R12)", '"no-consent"', PLANTS),
    _kind("plant-closed", "a plant that no consent opens is refused", '"no-consent"', _get("/v1/plants/2100")),
    _kind("plant-not-covered", "a plant is newer than the consent (R09)", '"new-plant-after-consent"', PLANTS),
    _kind(
        "ownership-lost",
        "the owner has lost the owner flag of a plant (R10)",
        '"ownership-lost"',
        "sma_mock.sandbox.clock.advance(hours=2)",
        PLANTS,
    ),
    _kind(
        "code-redeemed",
        "an end user permits in the browser, and the code is redeemed (R15)",
        '"sandbox"',
        "from mock_sma.testing import code_flow_token",
        "code_flow_token(sma_mock)",
    ),
    _kind(
        "consent-declined-in-browser",
        "an end user declines in the browser (R16)",
        '"sandbox"',
        "from mock_sma.testing.code_flow import DeclinedError, code_flow_token",
        "with pytest.raises(DeclinedError):",
        '    code_flow_token(sma_mock, decision="decline")',
        "sma_mock.sandbox.requests[-1]",
    ),
)

TOKENS = (
    _kind(
        "token-expired",
        "the access token has run out: 401",
        '"ennexos"',
        "token = fetch_token(sma_mock)",
        "sma_mock.sandbox.clock.advance(minutes=6)",
        'probe(sma_mock, "/v1/plants", bearer=token["access_token"])',
    ),
    _kind("token-missing", "no bearer token: 401", '"ennexos"', 'probe(sma_mock, "/v1/plants", bearer="")'),
    _kind(
        "token-invalid", "a token that is none of SMA's: 401", '"ennexos"', 'probe(sma_mock, "/v1/plants", bearer="x")'
    ),
    _kind("token-refreshed", "a refresh token is exchanged", '"ennexos"', "token = fetch_token(sma_mock)", REFRESH),
    _kind(
        "refresh-refused",
        "the refresh token is refused: 400 invalid_grant",
        '"ennexos"',
        "token = fetch_token(sma_mock)",
        "sma_mock.sandbox.clock.advance(days=3)",
        REFRESH,
    ),
    _kind(
        "code-refused",
        "a code is refused: used, expired or unknown",
        '"sandbox"',
        'app = next(item for item in sma_mock.sandbox.clients.values() if item.flow == "code")',
        'own = {"client_id": app.id, "client_secret": app.secret}',
        'fetch_token(sma_mock, grant_type="authorization_code", code="used", redirect_uri="http://localhost/", **own)',
    ),
    _kind(
        "credentials-wrong",
        "client id or secret is wrong: 401",
        '"ennexos"',
        'fetch_token(sma_mock, client_secret="wrong")',
    ),
    _kind(
        "wrong-flow",
        "a client of the code flow wants a client token: 401",
        '"ennexos"',
        'fetch_token(sma_mock, client_id="demo_app")',
    ),
    _kind(
        "logged-out",
        "the session is ended by logout",
        '"ennexos"',
        "token = fetch_token(sma_mock)",
        'own = {"client_id": sma_mock.client_id, "client_secret": sma_mock.client_secret}',
        'probe(sma_mock, "/oauth2/logout", form={"refresh_token": token["refresh_token"], **own})',
    ),
)

REFUSALS = (
    _kind("quota-spent", "too many requests: 429", '"ennexos", quota={"requests": 1}', PLANTS[:-1] + ", times=2)"),
    _kind("id-unknown", "no plant or device has this id: 404", '"ennexos"', _get("/v1/plants/99")),
    _kind("date-refused", "a Date is missing or of the wrong form: 400", '"ennexos"', _get(f"{SETS}/{BALANCE}/Day")),
    _kind(
        "media-type-refused",
        "the request for consent is no JSON: 415",
        '"ennexos"',
        f'probe(sma_mock, "{CONSENT}", form={{"loginHint": "owner@example.org"}})',
    ),
    _kind("migrated", "a plant has moved to ennexOS: 308", '"migration"', _get(CLASSIC)),
    _kind("set-unknown", "a set or period that does not exist: 404", '"ennexos"', _get(f"{SETS}/Nothing/Recent")),
)


def _day(name: str, day: str) -> str:
    return _get(f"{SETS}/{name}/Day?Date={day}")


DATA = (
    _kind("gap", "rows are missing (R29)", '"gap-week"', _get(f"{SETS}/{BALANCE}/Week?Date=2025-03-03")),
    _kind("silent-day", "a whole day without rows (R28)", '"gap-week"', _day(BALANCE, "2025-03-08")),
    _kind(
        "nothing-uploaded-yet",
        "today has begun, and nothing has been uploaded yet (R25)",
        '"classic", now="2025-06-15T00:20:00+02:00"',
        _get(f"{CLASSIC}/measurements/sets/{BALANCE}/Day?Date=2025-06-15"),
    ),
    _kind("date-in-future", "the Date is in the future", '"ennexos"', _day(BALANCE, "2030-01-01")),
    _kind("before-commissioning", "older than the plant", '"ennexos"', _day(BALANCE, "2015-01-01")),
    _kind("night", "no sun, no rows of inverters", '"polar-night"', _day(PV, "2024-12-20")),
    _kind(
        "property-missing",
        "a value is left out (R27)",
        '"ennexos"',
        _get(f"{OTHER}/{BALANCE}/Day?Date=2025-06-14"),
    ),
    _kind("set-not-offered", "no instrument for the set: empty (R33)", '"ennexos"', _day(SENSOR.name, "2025-06-14")),
    _kind("balance-not-offered", "no grid meter, no EnergyBalance (R24)", '"pv-only"', _day(BALANCE, "2025-06-14")),
    _kind("day-of-23-hours", "the clocks go forward", '"dst-spring"', _day(BALANCE, "2025-03-30")),
    _kind("day-of-25-hours", "the clocks go back: an hour twice", '"dst-autumn"', _day(BALANCE, "2025-10-26")),
    _kind("leap-day", "29 February", '"ennexos"', _day(BALANCE, "2024-02-29")),
    _kind("rows-late", "rows of the day are still to come", '"late-data"', _day(BALANCE, "2025-06-15")),
    _kind(
        "late-rows-arrived",
        "rows came later: the day reads other than before",
        '"late-data"',
        "sma_mock.sandbox.clock.advance(hours=6)",
        _day(BALANCE, "2025-06-15"),
    ),
    _kind(
        "device-deactivated",
        "a device is gone and keeps its history (R30)",
        '"deactivated-device"',
        _get(f"/v1/devices/2101/measurements/sets/{PV}/Day?Date=2025-03-20"),
    ),
    _kind("device-replaced", "a device took another's place (R30)", '"replaced-device"', _day(BALANCE, "2025-04-01")),
    _kind(
        "classic-plant",
        "a plant of Sunny Portal Classic, whose id is a GUID (R19)",
        '"classic"',
        _get(f"{CLASSIC}/measurements/sets/{BALANCE}/Day?Date=2025-06-14"),
    ),
    _kind(
        "classic-delay",
        "Classic data are processed up to two hours later (R25)",
        '"processing-delay"',
        _get(f"{CLASSIC}/measurements/sets/{BALANCE}/Day?Date=2025-06-15"),
    ),
    _kind("classic-log", "log entries of Classic have no logId (R31)", '"classic"', _get(f"{CLASSIC}/logs")),
    _kind("both-backends", "Classic and ennexOS in one list (R18)", '"portfolio"', PLANTS),
    _kind(
        "name-with-umlaut",
        "a name that is not ASCII",
        '"ennexos", plants=[{"id": 7, "name": "Mühle", '
        '"template": "household", "owner": "owner@example.org"}], consents=[{"email": "owner@example.org"}]',
        PLANTS,
    ),
    _kind("other-time-zone", "a plant outside Europe/Berlin", '"polar-night"', _day(BALANCE, "2024-12-20")),
)

WIRE = (
    _kind(
        "connection-reset",
        "the connection is reset; the answer is lost",
        '"ennexos"',
        _fault('{"fault": "connection_reset"}'),
        PLANTS,
    ),
    _kind(
        "connection-closed",
        "the connection ends without an answer",
        '"ennexos"',
        _fault('{"fault": "empty_response"}'),
        PLANTS,
    ),
    _kind("body-truncated", "it ends in the body", '"ennexos"', _fault('{"fault": "truncated_body"}'), PLANTS),
    _kind("json-malformed", "the JSON is cut off", '"ennexos"', _fault('{"fault": "malformed_json"}'), PLANTS),
    _kind("body-slow", "the body comes slowly", '"ennexos"', _fault('{"fault": "slow_body"}'), PLANTS),
    _kind(
        "length-wrong",
        "Content-Length says more than comes",
        '"ennexos"',
        _fault('{"fault": "wrong_content_length"}'),
        PLANTS,
    ),
    _kind("answer-delayed", "the answer takes its time", '"ennexos"', _fault('{"delay": 1}'), PLANTS),
    _kind("server-error", "500 or 503", '"ennexos"', _fault('{"status": 503}'), PLANTS),
    _kind("gateway-timeout", "the gateway's 504 in HTML", '"ennexos"', _fault('{"html_504": True}'), PLANTS),
)

GROUPS = {
    "Consents": CONSENTS,
    "Tokens and logins": TOKENS,
    "Refusals": REFUSALS,
    "Data": DATA,
    "On the wire": WIRE,
}
CATALOGUE = tuple(item for group in GROUPS.values() for item in group)
"""All situations, in the order in which they are shown."""

BY_NAME = {item.name: item for item in CATALOGUE}
