"""What tests of leases need."""

from __future__ import annotations

from mock_sma.sandbox.exchange import Request
from tests.state.peers import PLANTS, Peer, store_of

LONG = 60.0
"""A lease that does not end in the time of a test [s]."""


def told_to(peer: Peer, *words: str | bytes) -> object:
    """Have Redis carry out a command, over a connection of its own."""
    from redis import Redis  # noqa: PLC0415 - other tests need not wait for it

    place = store_of(peer).place
    with Redis(place.host, place.port) as client:
        return client.execute_command(*words)


def free(peer: Peer) -> None:
    """Let servers have a lease though one was wanted just now, after which there is none for a second."""
    key = store_of(peer).place.key("lease")
    assert told_to(peer, "GET", key) == b"0"
    told_to(peer, "DEL", key)


def request_of(bearer: str) -> Request:
    return Request("GET", PLANTS, headers={b"authorization": f"Bearer {bearer}".encode()})


def numbers_of(*peers: Peer) -> list[int]:
    """Return the numbers of the requests that servers have answered, in order."""
    return sorted(entry.number for peer in peers for entry in peer.world.requests if entry.server == peer.sharing.name)
