"""mock-sma: a local emulator of the SMA Monitoring API and its OAuth2 consent flows.

Independent of SMA Solar Technology AG. Only ``mock-sma record`` calls a real SMA host.
"""

from __future__ import annotations

from mock_sma.version import __version__

TYPE_CHECKING = False  # typing's own would have typing imported, which takes longer than all else here
if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.scenarios import load_scenario


__all__ = ["Sandbox", "__version__", "load_scenario"]


def __getattr__(name: str) -> object:
    # Lazily, since pytest loads this package in every project that has it installed.
    if name == "Sandbox":
        from mock_sma.sandbox.sandbox import Sandbox  # noqa: PLC0415 - see above

        return Sandbox
    if name == "load_scenario":
        from mock_sma.scenarios import load_scenario  # noqa: PLC0415 - see above

        return load_scenario
    raise AttributeError(f"module 'mock_sma' has no attribute {name!r}")
