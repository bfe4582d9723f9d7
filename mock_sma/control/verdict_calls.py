"""Calls about how the client did: what it did wrong, and what it has met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.control.call import ControlCall, json_of, text_of, texts

if TYPE_CHECKING:
    from mock_sma.control import models


def findings(*, client_id: str | None = None) -> ControlCall[list[models.FindingRecord]]:
    """List what the clients of the journal did wrong or wastefully, the worst first."""
    return ControlCall(method="GET", path="/findings", params=texts(client_id=client_id), read=json_of)


def findings_as(format: str, *, client_id: str | None = None) -> ControlCall[str]:  # noqa: A002 - as the API has it
    """Return the findings as ``sarif``, ``junit``, ``text`` or ``github`` (annotations of a workflow)."""
    return ControlCall(method="GET", path="/findings", params=texts(format=format, client_id=client_id), read=text_of)


def coverage() -> ControlCall[models.CoverageRecord]:
    """Tell what of all that can happen to a client has happened since the last reset."""
    return ControlCall(method="GET", path="/coverage", read=json_of)
