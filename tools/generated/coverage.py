"""The page ``docs/coverage.md``, made from the catalogue."""

from __future__ import annotations

from mock_sma.coverage.catalogue import CATALOGUE, HEAD

TEXT = """# Coverage of situations

Code coverage shows which lines of a client ran. This coverage shows what has happened to it: an expired token, a silent
day, a day of 25 hours, a connection that broke. A situation is recognised from an answer and the reason for it.

| where | what |
|---|---|
| `sandbox.coverage` | `.seen`, `.unseen`, `.percent`, `.situations`, `.operations`; `.merged(other)` |
| `GET /_mock/coverage` | the same as JSON |
| `ControlClient.coverage()` | the same for any server |

pytest counts what all tests of a session met, across xdist workers and servers:

| option | does |
|---|---|
| `--sma-coverage` | prints the table, with tests to copy for what was never met |
| `--sma-report FILE.html` | writes a page of it, with findings; also `FILE.json`, `FILE.ctrf.json`; may be repeated |
| `--sma-fail-under PERCENT` | fails the session if fewer of the situations were met |

Coverage survives `DELETE /_mock/requests`, and a journal that is full and forgets. A reset or
another scenario starts it again.

## All situations

This table is made from `mock_sma/coverage/catalogue.py` by `make generated`.

| situation | what happens |
|---|---|
"""

TESTS = """
## Tests to copy

Each of these meets one situation, with the shortest client there is in its last line; yours takes its place. They are
run by mock-sma's own tests.

```text
"""


def page() -> str:
    """Return the whole page."""
    rows = [f"| `{item.name}` | {item.about} |\n" for item in CATALOGUE]
    tests = "\n\n".join(item.test for item in CATALOGUE)
    return f"{TEXT}{''.join(rows)}{TESTS}{HEAD}\n\n{tests}```\n"
