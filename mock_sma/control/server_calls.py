"""Calls about the server and its worlds: each is a method of the synchronous and of the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.control.call import ControlCall, given, instant, json_of, nothing, quoted, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mock_sma.control import models


def health() -> ControlCall[models.Health]:
    """Tell that the process lives."""
    return ControlCall(method="GET", path="/health", read=json_of, of_server=True)


def ready() -> ControlCall[models.Health]:
    """Tell that a first vendor request would be answered."""
    return ControlCall(method="GET", path="/ready", read=json_of, of_server=True)


def metrics() -> ControlCall[str]:
    """Read counters in Prometheus' text form."""
    return ControlCall(method="GET", path="/metrics", read=text_of, of_server=True)


def fidelity() -> ControlCall[Any]:
    """Read the ledger: how each endpoint and field is known."""
    return ControlCall(method="GET", path="/fidelity", read=json_of, of_server=True)


def worlds() -> ControlCall[list[models.WorldInfo]]:
    """List the worlds, the default one first."""
    return ControlCall(method="GET", path="/worlds", read=json_of, of_server=True)


def create_world(
    name: str | None = None,
    *,
    scenario: str | Mapping[str, object] | None = None,
    now: datetime | str | None = None,
    seed: int | None = None,
    rate: float | None = None,
    like: str | None = None,
) -> ControlCall[models.WorldInfo]:
    """Make a world with clients of its own.

    Args:
        like: name of a running world that it is to be a fork of; nothing else than its name is given then.
    """
    wish = given(name=name, scenario=scenario, now=instant(now), seed=seed, rate=rate) | given(**{"from": like})
    return ControlCall(method="POST", path="/worlds", json=wish, read=json_of, of_server=True)


def delete_world(name: str) -> ControlCall[None]:
    """Remove a world; its tokens are answered 401 from then on."""
    return ControlCall(method="DELETE", path=f"/worlds/{quoted(name)}", read=nothing, of_server=True)
