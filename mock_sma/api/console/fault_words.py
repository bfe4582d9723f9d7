"""Fault rules in a few words, for the list of rules and the banner of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.domain.faults import FaultEffect
    from mock_sma.sandbox.world.faults import Fault


def title_of(effect: FaultEffect) -> str:
    """Return what an effect does in a few words."""
    if effect.status is not None:
        words = f"answers {effect.status}"
    elif effect.fault is not None:
        words = effect.fault.value.replace("_", " ")
    elif effect.expire_token:
        words = "token expired"
    elif effect.quota_exhausted:
        words = "quota spent"
    elif effect.html_504:
        words = "gateway page 504"
    else:
        words = "delay"
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
