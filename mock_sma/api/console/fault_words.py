"""Fault rules in a few words, for the list of rules and the banner of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.faults import EXCLUSIVE

if TYPE_CHECKING:
    from mock_sma.domain.faults import FaultEffect
    from mock_sma.sandbox.world.faults import Fault


TITLES = {
    "edit": "changed answer",
    "expire_token": "token expired",
    "quota_exhausted": "quota spent",
    "html_504": "gateway page 504",
}
"""Effects that are better known by other words than their own."""


def title_of(effect: FaultEffect) -> str:
    """Return what an effect does in a few words."""
    chosen = next((name for name in EXCLUSIVE if getattr(effect, name) not in (None, False)), "delay")
    if effect.status is not None:
        words = f"answers {effect.status}"
    elif effect.fault is not None:
        words = effect.fault.value.replace("_", " ")
    else:
        words = TITLES.get(chosen, chosen.replace("_", " "))
    return f"{words}, delayed" if effect.delay is not None and words != "delay" else words


def scope_of(fault: Fault) -> str:
    """Return which requests a rule is about, and how many more it strikes."""
    match = fault.rule.match
    parts = [match.method or "", match.path or ("every path" if not match.method else "requests"), ""]
    if match.client_id:
        parts[2] = f"of {match.client_id}"
    which = " ".join(part for part in parts if part)
    if fault.rule.probability < 1:
        which += f", {100 * fault.rule.probability:g} % of them"
    left = fault.remaining
    return f"{which}, {'until switched off' if left is None else f'next {left} call' + 's' * (left != 1)}"
