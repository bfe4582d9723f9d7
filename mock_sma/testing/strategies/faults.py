"""Rules of faults, in the form of the control API."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mock_sma.domain.faults import FaultKind
from mock_sma.fault_rules.document import rule_of

Rule = dict[str, Any]

_PATHS = st.sampled_from(["*", "/oauth2/token", "/v1/plants", "/v1/plants/*", "*/measurements/*"])
_STATUSES = st.sampled_from([400, 401, 403, 404, 429, 500, 502, 503, 504])
_DELAYS = st.sampled_from([0.1, 1, 10, 60])


def _effects(*, transport: bool) -> st.SearchStrategy[Rule]:
    status = st.fixed_dictionaries({"status": _STATUSES})
    single = st.sampled_from([{"expire_token": True}, {"quota_exhausted": True}, {"html_504": True}])
    delay = _DELAYS.map(lambda seconds: {"delay": seconds})
    broken = st.sampled_from(FaultKind).map(lambda kind: {"fault": kind.value})
    return st.one_of(status, single, delay, broken) if transport else st.one_of(status, single)


@st.composite
def fault_rules(draw: st.DrawFn, *, path: str | None = None, transport: bool = True) -> Rule:
    """Draw one rule for ``sandbox.faults.add`` or ``POST /_mock/faults``.

    Args:
        draw: given by Hypothesis.
        path: pattern of what it is about; None: any of a few.
        transport: whether delays and breaks below HTTP are among the effects.
    """
    rule: Rule = {"effect": draw(_effects(transport=transport)), "times": draw(st.integers(1, 3))}
    where = draw(_PATHS) if path is None else path
    if where != "*":
        rule["match"] = {"path": where}
    rule_of(rule)  # what is drawn is what the engine takes
    return rule


def fault_plans(
    *, max_rules: int = 3, path: str | None = None, transport: bool = True
) -> st.SearchStrategy[list[Rule]]:
    """Return a strategy for some rules at once, none included; each is spent after three hits at most."""
    return st.lists(fault_rules(path=path, transport=transport), max_size=max_rules)
