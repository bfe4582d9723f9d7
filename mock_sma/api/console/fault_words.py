"""Fault rules in a few words, for the list of rules and the banner of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain.faults import EXCLUSIVE

if TYPE_CHECKING:
    from datetime import datetime

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


class WindowTurn(NamedTuple):
    """Where a fault is in its window.

    Attributes:
        word: ``begins`` or ``ends``; empty: it has no window, or is past it.
        at: when [s since the epoch].
        in_force: whether it can strike now.
    """

    word: str
    at: float
    in_force: bool


def turn_of(fault: Fault, now: datetime) -> WindowTurn:
    """Return where a fault is in its window, of one that comes again in the one under way or to come."""
    schedule = fault.rule.schedule
    if schedule is None or fault.remaining == 0:
        return WindowTurn("", 0.0, fault.remaining != 0)
    start, end, in_force = schedule.start, schedule.end, schedule.holds(now)
    if schedule.repeat is not None and start is not None and end is not None:
        length = end - start
        starts = schedule.repeat.starts(start, (now - length).timestamp(), now.timestamp() + 1e9)
        found = next((begins for _, begins in starts if begins + length > now), None)
        start, end = (None, None) if found is None else (found, found + length)
    if in_force:
        return WindowTurn("", 0.0, True) if end is None else WindowTurn("ends", end.timestamp(), True)
    return (
        WindowTurn("begins", start.timestamp(), False)
        if start is not None and start > now
        else WindowTurn("", 0.0, False)
    )
