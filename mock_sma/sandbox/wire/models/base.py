"""What all bodies share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """Base of all bodies: nothing beyond what is named here is sent."""

    model_config = ConfigDict(extra="forbid", defer_build=True)
