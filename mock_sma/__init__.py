"""mock-sma: a local emulator of the SMA Monitoring API and its OAuth2 consent flows.

Independent of SMA Solar Technology AG. Nothing here calls a real SMA host.
"""

from __future__ import annotations

__version__ = "0.1.0"
