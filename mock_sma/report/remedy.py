"""What a client has to do where an exchange is refused or empty: a sentence for each cause that the journal names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_sma.sandbox.world.entry import Entry

ASK_OWNER = (
    "ask the owner for consent (POST /oauth2/v2/bc-authorize, or the code flow) and let the owner accept: "
    "POST /_mock/consents/E-MAIL/accept, or sandbox.consents.accept(E-MAIL) in a test; to begin with consents, "
    "mock-sma run or serve --consent accepted, or the marker sma(consent='accepted')"
)
BACK_OFF = (
    "wait as long as Retry-After says, then go on more slowly; poll no list or set more often than its data change"
)

REMEDIES = {
    "token": "fetch a token at /oauth2/token, renew it before its expires_in seconds have passed, and send it as "
    "Authorization: Bearer TOKEN",
    "client": "use id and secret of a client of this world, with the grant of its flow; GET /_mock/worlds lists them",
    "consent": ASK_OWNER,
    "hidden": ASK_OWNER,
    "quota": BACK_OFF,
    "estate": "take ids from the answers of GET /v1/plants and its devices, in the form that they have there; "
    "where a plant has migrated, keep the id that Location leads to",
    "set": "ask for the sets that GET …/measurements/sets lists for this plant or device",
    "period": "use one of the periods that are named, with a Date of its form",
    "ignored": "spell the parameter as it is named",
    "no-operation": "use one of the paths that are named; mock-sma openapi prints all",
    "other-host": "send it to the host that is named; docs/hosts.md lists what each of SMA's hosts serves",
    "wrong-method": "use a method that the path takes",
    "host": "send the request to the host that serves this path; docs/hosts.md lists them",
    "code": "redeem a code once, within 60 seconds, with the client, redirect_uri and code_verifier that it was asked "
    "for with; a new one needs the owner's browser",
    "redirect": "register the redirect_uri with the client, and send it once",
    "authorization": "mend the request's parameters as the error says",
    "login": "log in as one of the owners of the world",
    "form": "send the form from the page that it came with, with its cookie",
    "body": "send less at once",
    "fault": "nothing: a fault rule did this, and the client has to bear it, with pauses that grow (and Retry-After "
    "where it is given); GET /_mock/faults lists the rules",
}
"""Remedies by the kind of a step of ``why``."""

EMPTY = (
    "an empty answer is no error: keep what is known, and ask again when data can be there; the reason above says when"
)
FUTURE = (
    "ask for days that have begun in the emulated world; a program that asks for today by a clock of its own needs a "
    "world of the same time: in a test sma(now=…) or the fixture sma_time, else mock-sma run or serve --now"
)
BY_STATUS = {
    308: "repeat the request, token included, at the address in Location, and keep the id in its path in place of the "
    "old one: the plant has migrated",
    415: "send the body in the form that the path takes, with its Content-Type: application/x-www-form-urlencoded to "
    "/oauth2/token and logout, application/json to bc-authorize",
}
"""Remedies where the status says all, unless a fault rule made it."""
OTHERWISE = "the body of the answer says what it wants"


def remedy(entry: Entry) -> str:
    """Return what to do about an exchange that is refused, moved or empty: for the last cause that its ``why`` has."""
    if entry.status in BY_STATUS and all(step.kind != "fault" for step in entry.why.steps):
        return BY_STATUS[entry.status]
    return next(_known(entry), EMPTY if entry.status < 400 else OTHERWISE)


def _known(entry: Entry) -> Iterator[str]:
    for step in reversed(entry.why.steps):
        if step.kind == "empty":
            yield FUTURE if step.data.get("cause") == "future" else EMPTY
        # A step may also tell what was in order: a token that was valid, a quota that was left.
        elif step.kind in REMEDIES and _is_cause(entry, step.kind, step.data):
            yield REMEDIES[step.kind]


def _is_cause(entry: Entry, kind: str, data: Mapping[str, object]) -> bool:
    if kind == "token":
        return entry.status in (400, 401) and "expires_in" not in data
    if kind == "quota":
        return entry.status == 429
    if kind == "client":
        return entry.status in (400, 401, 403)
    if kind == "consent":
        return entry.status >= 400 or data.get("open") == 0
    return True
