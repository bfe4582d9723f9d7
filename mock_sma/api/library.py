"""The scenarios that a server knows by name."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from mock_sma.scenarios.library import Library


async def library_of(request: Request) -> Library:
    """Return the server's library."""
    library: Library = request.app.state.library
    return library


Scenarios = Annotated[Library, Depends(library_of)]
"""A route's parameter that is the server's library."""
