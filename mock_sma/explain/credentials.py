"""Where a journal's exchange had its credentials, so that the same can be asked again: the journal holds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.table.operations import OPERATIONS

if TYPE_CHECKING:
    from mock_sma.sandbox.world.entry import Entry

CLIENTS_OWN = ("token", "logout")
"""Operations that a client authenticates at with its id and secret."""


def wants_token(entry: Entry) -> bool:
    """Tell whether an exchange's operation wants a bearer token."""
    return any(item.id == entry.operation and item.need is Need.TOKEN for item in OPERATIONS)


def had_basic(entry: Entry) -> bool:
    """Tell whether the client's id and secret came in the header ``Authorization: Basic`` rather than in the form."""
    if entry.operation not in CLIENTS_OWN or entry.client_id is None:
        return False
    text = entry.request_body.decode("utf-8", "replace").strip() or entry.query
    names = {name.lower() for name, _ in parameter_pairs(text)}
    # An id alone in the form is one whose secret was forgotten, unless it was believed.
    return "client_secret" not in names and ("client_id" not in names or entry.status < 400)
