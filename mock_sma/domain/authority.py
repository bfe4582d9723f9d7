"""What a person may do to a plant; mock-sma's own hands (timeline, control API, console) may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import ForbiddenError

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant


def is_person(by: str) -> bool:
    """Tell whether who does something is a person, named by an e-mail, rather than one of mock-sma's own hands."""
    return "@" in by


def check_part(plant: Plant, email: str) -> None:
    """Check that a person has a part in a plant, without which nothing of it can be changed.

    Raises:
        ForbiddenError: the person has none.
    """
    key = email.casefold()
    if all(user.key != key for user in plant.users):
        raise ForbiddenError(f"{email[:100]} has no access to plant {plant.id}")


def check_administers(plant: Plant, email: str) -> None:
    """Check that a person may change a plant's users and their owner flags (R02).

    Raises:
        ForbiddenError: the person is neither administrator nor installer of the plant.
    """
    if not plant.may_be_administered_by(email):
        raise ForbiddenError(f"{email[:100]} is neither administrator nor installer of plant {plant.id} (R02)")
