"""One clock for the program and its world: what ``sma_time`` gives.

While it lives, ``time.time``, ``time.monotonic``, ``datetime.now`` and asyncio's loop time follow the world's clock.
A wait of the program costs nothing: as soon as every thread of it waits and nothing real is under way, the clock
jumps to what is due next, be it a timer of the program or a happening of the world.
"""

from mock_sma.testing.time.patches import patched
from mock_sma.testing.time.virtual import VirtualTime

__all__ = ["VirtualTime", "patched"]
