"""Rules about access tokens and refresh tokens (RFC 6749, RFC 6750)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import WITH_TOKEN, Hit, insisted
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Traffic, Turn

LIFETIME = 300.0
"""Of an access token [s]; the answer's ``expires_in`` says so."""

WASTED_TOKENS = 3
"""Tokens that were used once each, from which on it is a habit."""


def _dead_token(client: Traffic) -> Iterator[Hit]:
    refused: dict[str, Turn] = {}
    later: dict[str, list[Turn]] = defaultdict(list)
    for item in client.exchanges:
        if item.operation not in WITH_TOKEN or (token := item.token) is None:
            continue
        if token in refused:
            later[token].append(item)
        elif item.status == 401:
            refused[token] = item
    for token, first in refused.items():
        if (certain := insisted(first, later[token], client.grace)) is not None:
            count = len(later[token])
            yield Hit([first, *later[token]], f"after the 401 the same token was sent {count} more times", certain)


def _grants(client: Traffic) -> list[tuple[Turn, int]]:
    """Return the answers with tokens, and how often the tokens of each were used."""
    grants: list[Turn] = []
    uses: Counter[int] = Counter()
    latest: dict[str, int] = {}
    spoilt: set[int] = set()
    for item in client.exchanges:
        session = item.fact("grant", "session")
        if item.operation == "token" and item.status == 200 and session:
            latest[session] = len(grants)
            grants.append(item)
            if item.struck:
                spoilt.add(latest[session])
        elif item.operation in WITH_TOKEN and item.struck and grants:
            # Whatever a fault made of it, a new token afterwards is no waste.
            spoilt.add(len(grants) - 1)
        elif item.session in latest:
            uses[latest[item.session]] += 1
    return [(item, -1 if index in spoilt else uses[index]) for index, item in enumerate(grants)]


def _token_per_request(client: Traffic) -> Iterator[Hit]:
    run: list[Turn] = []
    before: Turn | None = None
    for item, count in _grants(client):
        if before is not None and item.at - before.at >= LIFETIME * 0.8:
            yield from _habit(run)
            run = []
        before = item
        if count == 1:
            run.append(item)
    yield from _habit(run)


def _habit(run: list[Turn]) -> Iterator[Hit]:
    if len(run) >= WASTED_TOKENS:
        yield Hit(run, f"{len(run)} tokens were fetched and used for one request each, though each is valid for 300 s")


def _never_refreshed(client: Traffic) -> Iterator[Hit]:
    expired = {item.token: item for item in reversed(client.exchanges) if item.fact("token", "expired_s") is not None}
    if not expired:
        return
    ran_out = list(reversed(expired.values()))
    place = client.exchanges.index(ran_out[-1])
    went_on = any(item.operation == "token" and item.status == 200 for item in client.exchanges[place:])
    if len(ran_out) >= 2:
        yield Hit(ran_out, f"{len(ran_out)} tokens were used until they had expired and the API answered 401")
    elif not went_on:
        yield Hit(ran_out, "the token was used after it had expired, and no new one was fetched", certain=False)


def _uses_of_refresh(client: Traffic) -> dict[str, list[tuple[int, Turn]]]:
    found: dict[str, list[tuple[int, Turn]]] = defaultdict(list)
    for place, item in enumerate(client.exchanges):
        if item.operation == "token":
            token = item.fact("grant", "refresh") or item.fact("token", "refresh")
            if token:
                found[token].append((place, item))
    return found


def _twice(client: Traffic) -> Iterator[tuple[Turn, Turn, bool]]:
    """Yield pairs of uses of one refresh token, and whether the client had its successor by the second."""
    signs: dict[str, list[tuple[int, str | None]]] | None = None
    for uses in _uses_of_refresh(client).values():
        for (place, first), (then, second) in pairwise(uses):
            if first.struck:
                continue
            knew = second.at > first.at + client.grace
            if not knew:
                signs = _signs(client) if signs is None else signs
                knew = _had_successor(signs.get(first.fact("grant", "session") or "", []), place, then)
            yield first, second, knew


def _signs(client: Traffic) -> dict[str, list[tuple[int, str | None]]]:
    """Return by session where its access tokens were used, and where it went on (None)."""
    found: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    for place, item in enumerate(client.exchanges):
        if item.session is not None:
            found[item.session].append((place, item.token))
        elif item.operation == "token" and (session := item.fact("grant", "session")):
            found[session].append((place, None))
    return found


def _had_successor(signs: list[tuple[int, str | None]], place: int, then: int) -> bool:
    """Tell whether a session went on, or used an access token that it had not before, between two places."""
    between = signs[bisect_right(signs, place, key=itemgetter(0)) : bisect_left(signs, then, key=itemgetter(0))]
    if not between or any(token is None for _, token in between):
        return bool(between)
    known = {token for at, token in signs if at < place}
    return any(token not in known for _, token in between)


def _refresh_reused(client: Traffic) -> Iterator[Hit]:
    for first, second, knew in _twice(client):
        if knew:
            yield Hit(
                [first, second], f"a refresh token was used again {second.at - first.at:.0f} s after its exchange"
            )


def _refresh_race(client: Traffic) -> Iterator[Hit]:
    for first, second, knew in _twice(client):
        if not knew:
            yield Hit([first, second], "one refresh token was exchanged twice at the same time")


def _after_logout(client: Traffic) -> Iterator[Hit]:
    ended: dict[str, Turn] = {}
    for item in client.exchanges:
        if item.operation == "logout" and item.status == 204 and (session := item.fact("logout", "session")):
            ended[session] = item
        elif item.operation == "token" and item.fact("token", "ended"):
            first = ended.get(item.fact("token", "session"))
            if first is not None:
                yield Hit([first, item], "the refresh token of a session was used after the session's logout")


RULES = (
    FindingRule(
        id="token-after-401",
        severity=Severity.ERROR,
        rule="RFC 6750, section 3.1",
        title="The same token again after its 401",
        about="An access token was refused with 401, and the client went on to send it.",
        fix="On 401 drop the token, fetch a new one with the refresh token or the credentials, and ask once more",
        find=_dead_token,
        scenario="token-expiry",
    ),
    FindingRule(
        id="token-per-request",
        severity=Severity.WARNING,
        rule="RFC 6749, section 5.1",
        title="A token for every request",
        about="Three or more tokens one after another were used for a single request each.",
        fix="Keep the token for as long as expires_in says and use it for all requests",
        find=_token_per_request,
    ),
    FindingRule(
        id="token-never-refreshed",
        severity=Severity.WARNING,
        rule="RFC 6749, sections 1.5 and 5.1",
        title="Tokens are used until the API refuses them",
        about="Two or more tokens ran out in use, though expires_in had told when; a note where it was one, "
        "and the client fetched no other.",
        fix="Fetch or refresh the token some seconds before expires_in is over",
        find=_never_refreshed,
    ),
    FindingRule(
        id="refresh-token-reused",
        severity=Severity.ERROR,
        rule="RFC 6749, sections 6 and 10.4",
        title="A refresh token was used again after its exchange",
        about="A refresh token was exchanged although the client had its successor.",
        fix="Store the refresh token of each answer in place of the one before",
        find=_refresh_reused,
    ),
    FindingRule(
        id="refresh-race",
        severity=Severity.WARNING,
        rule="RFC 6749, section 6",
        title="Parallel refreshes race",
        about="One refresh token was exchanged by two requests at the same time.",
        fix="Let one task refresh and the others wait for it, with a lock around the token",
        find=_refresh_race,
    ),
    FindingRule(
        id="refresh-after-logout",
        severity=Severity.ERROR,
        rule="OpenID Connect RP-Initiated Logout 1.0",
        title="A refresh token was used after logout",
        about="A session was ended by /oauth2/logout, and its refresh token was sent afterwards.",
        fix="Forget both tokens at logout; log in anew to go on",
        find=_after_logout,
    ),
)
