"""The truth about a plant's day, as the control API tells it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from mock_sma.verdicts.truth import Energies, Truth

if TYPE_CHECKING:
    from mock_sma.control import models


def truth_from(record: models.TruthRecord) -> Truth:
    """Return what a record says."""
    return Truth(
        plant_id=record["plant"],
        date=date.fromisoformat(record["date"]),
        now=record["now"],
        final=record["final"],
        final_at=datetime.fromisoformat(record["final_at"]),
        is_final=record["is_final"],
        devices={name: Energies(now=own["now"], final=own["final"]) for name, own in record["devices"].items()},
        unit=record["unit"],
    )
