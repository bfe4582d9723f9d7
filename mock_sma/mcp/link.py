"""The emulator that the tools talk to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mcp.server.mcpserver.exceptions import ToolError

from mock_sma.control import ControlClient, ControlError
from mock_sma.errors import ScenarioError, UsageError
from mock_sma.frozen import frozen
from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT = 30.0
"""Longest wait for an answer of the emulator [s]."""


@frozen
class Link:
    """Where an emulator is.

    Attributes:
        url: its origin.
        token: its control token, or None.
        world: name of the world that is meant; None: the default one.
    """

    url: str
    token: str | None = None
    world: str | None = None

    @contextmanager
    def control(self) -> Iterator[ControlClient]:
        """Give a client of the world; what the emulator refuses becomes an error that an agent can read.

        Raises:
            ToolError: it refuses, or nobody answers.
        """
        try:
            # Our own server, by the address that was given: not who it is matters.
            with ControlClient(self.url, token=self.token, timeout=TIMEOUT, verify=False) as client:
                yield client if self.world is None else client.world(self.world)
        except (ControlError, UsageError, ScenarioError) as error:
            raise ToolError(getattr(error, "detail", str(error))) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ToolError(f"no answer from {self.url}: {error}; is mock-sma serve running there?") from None
