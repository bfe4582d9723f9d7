"""How many requests a client may make in a span of time (R17)."""

from __future__ import annotations

from mock_sma.frozen import frozen


@frozen(kw_only=True)
class Quota:
    """Token bucket per client (R17): ``requests`` per ``window`` seconds of the emulator's clock."""

    requests: int
    window: float = 300.0
