"""Fault rules that can strike nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.actions import AddFault
from mock_sma.domain.moment import is_after, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Path

_SETS = ("measurements/sets", "measurements/sets/?/?", "logs", "status")
_OF_PLANT = ("installation", "location", "capabilities", "devices", "devices/lean", *_SETS)
_PLANTS = ("plants", "plants/?", *(f"plants/?/{end}" for end in _OF_PLANT))
_DEVICES = ("devices/?", *(f"devices/?/{end}" for end in ("lean", *_SETS)))
_PAGES = ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js", "favicon-32x32.png", "index.html")
_DOCUMENTS = ("/swagger/v1/swagger.json", *(f"/{page}" for page in _PAGES))

VENDOR_PATHS = (
    *("/oauth2/auth", "/oauth2/token", "/oauth2/logout", "/oauth2/v2/bc-authorize", "/oauth2/v2/bc-authorize/?"),
    *("/oauth2/v2/bc-authorize/?/status", "/oauth2/v2/bc-authorize/?/state"),
    *("/oauth2/auth/login", "/oauth2/auth/consent", "/oauth2/auth/logout"),
    *(f"/v1/{path}" for path in (*_PLANTS, *_DEVICES)),
    *(f"/v2/{path}" for path in _PLANTS),
    *(f"/basicreporting/v1/{path}" for path in ("plants", "plants/?", "plants/?/measurements/sets/?/?")),
    *_DOCUMENTS,
    *(f"/basicreporting{path}" for path in _DOCUMENTS),
    *("/portal", "/portal/login", "/portal/logout", "/portal/third-party-apps", "/portal/mailbox"),
    "/portal/consents/?",
)
"""What is answered, as every layout has it, in lower case; ``?`` is one segment. A test holds it to the operations."""


def odd_faults(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in fault rules: the path, and a sentence."""
    for index, rule in enumerate(scenario.faults):
        yield from _odd(("faults", index), rule, scenario)
    for index, entry in enumerate(scenario.timeline):
        if isinstance(entry.action, AddFault):
            yield from _odd(("timeline", index, "rule"), entry.action.rule, scenario)


def _odd(path: Path, rule: FaultRule, scenario: Scenario) -> Iterator[tuple[Path, str]]:
    match = rule.match
    if match.path is not None and not fits_anything(match.path):
        ways = "paths look like /v1/plants/*/measurements/sets/*, without host and query"
        yield (*path, "match", "path"), f"{match.path!r} fits no path of the API, so the rule strikes nothing; {ways}"
    clients = [client.id for client in scenario.clients]
    if match.client_id is not None and "*" not in match.client_id and match.client_id not in clients:
        known = f"the scenario's are {', '.join(clients)}"
        yield (*path, "match", "client_id"), f"no client is called {match.client_id!r}; {known}"
    if rule.probability == 0.0:
        yield (*path, "probability"), "0 means never; 1 is always"
    if rule.times == 0:
        yield (*path, "times"), "0 means never; leave it out for always"
    if rule.schedule is not None and scenario.now is not None and _is_over(rule, scenario.now):
        yield (*path, "schedule"), f"is over before the scenario begins at {scenario.now.isoformat()}; move one"


def _is_over(rule: FaultRule, now: datetime) -> bool:
    schedule = rule.schedule
    if schedule is None or schedule.end is None or schedule.repeat is not None:
        return False
    return is_after(settled(schedule.end, now), now) is False


def fits_anything(pattern: str) -> bool:
    """Tell whether a pattern with ``*`` fits any path that is answered."""
    text = pattern.lower().rstrip("/") or "/"
    text = text.removeprefix("/monitoring") if text.startswith("/monitoring/") else text
    return any(_meet(text, known) for known in VENDOR_PATHS)


def _meet(pattern: str, known: str) -> bool:
    """Tell whether some path fits both: ``*`` is any run of characters, ``?`` one of at least one but ``/``."""
    # Whether the ends fit, from the last character to the first one: no pattern makes it deep.
    row = [True, *(False for _ in known)][::-1]
    for letter in reversed(pattern):
        after, row = row, [False] * (len(known) + 1)
        row[-1] = letter == "*" and after[-1]
        for at in range(len(known) - 1, -1, -1):
            if letter == "*":
                row[at] = after[at] or row[at + 1]
            elif known[at] == "?":
                row[at] = letter != "/" and (after[at] or after[at + 1])
            else:
                row[at] = letter == known[at] and after[at + 1]
    return row[0]
