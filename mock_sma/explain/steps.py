"""All steps of an exchange: what its call took down, and what follows from the operation, query and token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.explain.homes import homes_beside
from mock_sma.explain.ignored import ignored_steps
from mock_sma.explain.measured import measured_steps
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.why import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.table.unmatched import Unmatched
    from mock_sma.sandbox.world.entry import Entry

SENTENCES: dict[str, str] = {
    "wrong-method": "the path exists, but not with the method {method}; it takes {allowed}",
    "host": "the host {host} serves {layout} only; its gateway answers 504 to this path",
    "opened": "the consent of {email} opens plant {plant}",
    "quota": "request {used} of the {of} that the quota allows in {window:g} s",
}
"""Sentences by kind of step; a step that brings its own ``text`` needs none here."""


def steps_of(entry: Entry) -> list[Step]:
    """Return what led to an answer, in order: operation, what it ignored, token, and what the call took down."""
    steps = []
    if entry.operation is not None:
        steps.append(Step(f"the operation is {entry.operation}", "operation", {"operation": entry.operation}))
    steps.extend(ignored_steps(entry))
    if entry.access is not None and not any(kind == "token" for kind, _ in entry.trace):
        steps.append(_token_step(entry.access, entry.at))
    for kind, facts in entry.trace:
        steps.extend(_steps(kind, facts, entry))
    return steps


def _token_step(access: Access, at: float) -> Step:
    person = f" for {access.user}" if access.user is not None else ""
    left = access.expires - at
    data = {"client_id": access.client_id, "user": access.user, "scopes": sorted(access.scopes), "expires_in": left}
    return Step(f"the token of client {access.client_id!r}{person} is valid for another {left:.0f} s", "token", data)


def _steps(kind: str, facts: Any, entry: Entry) -> Iterator[Step]:
    if kind == "measured":
        yield from measured_steps(facts, entry)
    elif kind == "unmatched":
        yield _unmatched_step(facts, entry.host)
    else:
        yield Step(_sentence(kind, facts), kind, facts)


def _sentence(kind: str, facts: Mapping[str, Any]) -> str:
    text = facts.get("text")
    return text if isinstance(text, str) else SENTENCES[kind].format_map(facts)


def _unmatched_step(facts: Unmatched, host: str) -> Step:
    layout = facts.router.layout.name
    others = homes_beside(host, facts.path) if host in SMA_HOSTS else []
    if others:
        text = f"{host} does not serve this path; {' and '.join(others)} would"
        return Step(text, "other-host", {"layout": layout, "host": host, "others": others})
    nearest = facts.router.nearest(facts.path)
    text = f"no operation has this path in the layout {layout!r}; the nearest are {', '.join(nearest)}"
    return Step(text, "no-operation", {"layout": layout, "nearest": nearest})
