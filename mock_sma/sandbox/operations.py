"""The table: every operation of the vendor API, one entry each, in the order of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.sandbox.operation import Operation

OPERATIONS: tuple[Operation, ...] = ()
