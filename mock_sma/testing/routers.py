"""What answers the clients of a test: a respx router, or a plain one where respx is not installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.testing.turns import Turns

if TYPE_CHECKING:
    from mock_sma.testing.remote.sandbox import RemoteSandbox
    from mock_sma.testing.respx_router import SmaRouter


def router(sandbox: Sandbox | RemoteSandbox) -> SmaRouter:
    """Return what answers SMA's hosts to clients of httpx and httpx2, and refuses all others, while it is active.

    Use it as a context manager. It is a respx router: routes of one's own may be added for other hosts, and for SMA's,
    where they win. Without respx (in an environment with httpx2 alone) it has ``pass_through`` and nothing else.

    Args:
        sandbox: the world that answers.
    """
    from mock_sma.testing.convert import answer  # noqa: PLC0415 - httpx is loaded where a test wants it

    turns = Turns(sandbox)
    if not (_is_there("respx") and _is_there("httpx")):
        from mock_sma.testing.plain_router import PlainRouter  # noqa: PLC0415 - as below

        if isinstance(sandbox, Sandbox):
            return cast("SmaRouter", PlainRouter(lambda request, http: answer(sandbox, request, http), turns))
        return cast("SmaRouter", PlainRouter(lambda request, _: sandbox.forward(request), turns))
    from mock_sma.testing.respx_router import SmaRouter  # noqa: PLC0415 - respx may have been taken out

    if isinstance(sandbox, Sandbox):
        return SmaRouter(lambda request: answer(sandbox, request), turns)
    return SmaRouter(sandbox.forward, turns)


def _is_there(name: str) -> bool:
    # To ask for what is loaded takes a tenth of the time.
    return sys.modules.get(name) is not None or find_spec(name) is not None
