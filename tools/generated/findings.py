"""The page ``docs/findings.md``, made from the rules."""

from __future__ import annotations

from mock_sma.findings.rules import RULES

HEAD = """# Findings on your client

mock-sma knows what your client asked for, what it got and why, and what SMA expects of its clients. Findings say
what the client did wrong or wastefully. They never guess at what it did with the data.

```python
def test_my_client(sma_mock):
    my_client(sma_mock.client_id, sma_mock.client_secret)
    sma_mock.sandbox.findings.assert_none()
```

| where | what |
|---|---|
| `sandbox.findings` | all, the worst first; `.of(client_id)`, `.at_least("error")`, `.assert_none(severity=…)` |
| `GET /_mock/findings` | the same as JSON; `?client_id=` for one client; `?format=sarif`, `junit`, `text` or `github` |
| `ControlClient.findings()` | the same for any server; `findings_as("sarif")` |
| `GET /_mock/report`, the report of a failed test | all findings below the exchanges |

An **error** breaks the protocol or will fail against SMA. A **warning** wastes requests or works only by luck. A
**note** is a hint: a careful client may have done the same.

Findings follow the journal: what it forgets, they forget. Each client is judged by itself. The next request may leave
while an answer is still on its way, and several programs may share credentials, so one more request soon after a
refusal is a note at most. What a fault rule did is not held against the client: it may ask again for a lost answer.

## All findings

This table is made from the rules in `mock_sma/findings/rules` by `make generated`.

| finding | severity | source | when | instead |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    rows = [
        f'| <a id="{rule.id}"></a>`{rule.id}` | {rule.severity} | {rule.rule} | {rule.about} | {rule.fix} |\n'
        for rule in RULES
    ]
    return HEAD + "".join(rows)
