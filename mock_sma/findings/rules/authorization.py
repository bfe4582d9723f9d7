"""Rules about the code flow and about where secrets stand (RFC 6749, RFC 7636, RFC 9700)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import Hit
from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.secrets import MASK
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Traffic, Turn

OF_BROWSER = frozenset(item.id for item in OPERATIONS if item.api in (Api.PAGES, Api.PORTAL, Api.DOCUMENTS))

SECRETS = frozenset(
    {"clientsecret", "accesstoken", "refreshtoken", "token", "password", "secret", "apikey", "authorization"}
)
"""Names, in letters alone, of what never belongs into an address."""


def _asked_without(client: Traffic, *wanted: str) -> list[Turn]:
    """Return authorisation requests that lack a parameter, each once however often the browser came back to it."""
    found: dict[str, Turn] = {}
    for item in client.of("authorize"):
        given = {name.lower() for name, value in parameter_pairs(item.entry.query) if value}
        if "response_type" in given and not given & set(wanted):
            found.setdefault(item.entry.query, item)
    return list(found.values())


def _no_state(client: Traffic) -> Iterator[Hit]:
    if found := _asked_without(client, "state"):
        yield Hit(found, f"{len(found)} authorisation requests had no state")


def _no_pkce(client: Traffic) -> Iterator[Hit]:
    if found := _asked_without(client, "code_challenge"):
        yield Hit(found, f"{len(found)} authorisation requests had no code_challenge")


def _code_twice(client: Traffic) -> Iterator[Hit]:
    redeemed = {item.fact("grant", "session"): item for item in client.of("token") if item.fact("grant", "session")}
    for item in client.of("token"):
        session = item.fact("code", "session")
        if session is not None:
            first = redeemed.get(session)
            certain = first is None or not first.struck
            yield Hit([item] if first is None else [first, item], "an authorisation code was sent twice", certain)


def _secret_in_query(client: Traffic) -> Iterator[Hit]:
    found: dict[str, list[Turn]] = {}
    for item in client.exchanges:
        query = item.entry.query
        if MASK not in query or item.operation in OF_BROWSER:
            continue
        for name, value in parameter_pairs(query):
            plain = "".join(filter(str.isalnum, name)).casefold()
            if value == MASK and (plain in SECRETS or (plain == "code" and item.operation == "token")):
                found.setdefault(name, []).append(item)
    for name, items in found.items():
        yield Hit(items, f"the address of {len(items)} requests held {name}")


RULES = (
    FindingRule(
        id="state-missing",
        severity=Severity.ERROR,
        rule="RFC 6749, section 10.12",
        title="No state in the authorisation request",
        about="The user was sent to /oauth2/auth without state, so that anybody's code would be taken.",
        fix="Send a random state that belongs to the user's browser session, and compare it when the code comes back",
        find=_no_state,
        scenario="sandbox",
    ),
    FindingRule(
        id="pkce-missing",
        severity=Severity.NOTE,
        rule="RFC 9700, section 2.1.1",
        title="No PKCE in the authorisation request",
        about="The user was sent to /oauth2/auth without code_challenge. SMA's own sample has none; that SMA verifies "
        "it is inferred.",
        fix="Send code_challenge with code_challenge_method=S256, and code_verifier with the code",
        find=_no_pkce,
        scenario="sandbox",
    ),
    FindingRule(
        id="code-used-twice",
        severity=Severity.ERROR,
        rule="RFC 6749, section 4.1.2",
        title="An authorisation code was used twice",
        about="A code was sent to the token endpoint a second time, which ends the session of the first.",
        fix="Redeem a code once, also where the user reloads the page that it came to",
        find=_code_twice,
        scenario="sandbox",
    ),
    FindingRule(
        id="secret-in-address",
        severity=Severity.ERROR,
        rule="RFC 6749, section 2.3.1; RFC 6750, section 2.3",
        title="A secret or token in an address",
        about="A secret, token or password stood in the query, where logs and proxies keep it.",
        fix="Send secrets in the form or in the header Authorization",
        find=_secret_in_query,
    ),
)
