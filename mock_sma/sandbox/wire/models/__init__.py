"""The bodies as models, for the OpenAPI document and for tests that hold every answer against them.

Answers are not made through these models: spelling them directly costs a tenth of the time, and a server starts without
loading them. A test checks that both say the same, key order included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.wire.models import devices, logs, measurements, oauth, plants

if TYPE_CHECKING:
    from mock_sma.sandbox.wire.models.base import Body


def body_model(name: str) -> type[Body]:
    """Return a model by its name."""
    modules = (plants, devices, measurements, logs, oauth)
    found: type[Body] = next(getattr(module, name) for module in modules if hasattr(module, name))
    return found
