"""Changes of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mock_sma.errors import UsageError
from mock_sma.sandbox.world.happenings.plants import person_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.actions import ChangeUser
    from mock_sma.sandbox.world.estate import Estate


class Follows(Protocol):
    """A book that knows people by their e-mail."""

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail."""


def register_user(estate: Estate, email: str) -> None:
    """Let an invited person complete registration; an older request stays what it was (R04).

    Raises:
        UsageError: no such person.
    """
    person_named(estate, email)
    estate.register(email)


def change_user(estate: Estate, books: Iterable[Follows], action: ChangeUser) -> None:
    """Change an account; with another e-mail, consents, sessions and parts in plants go along.

    Args:
        books: the books that know people by their e-mail.

    Raises:
        UsageError: no such person, or the new e-mail is somebody else's.
    """
    key = person_named(estate, action.email)
    new = action.change.get("email")
    is_renamed = isinstance(new, str) and new.casefold() != key
    if is_renamed and str(new).casefold() in estate.users:
        raise UsageError(f"{new} has an account already")
    estate.change_user(action.email, action.change)
    if is_renamed:
        for book in books:
            book.rename(key, str(new))
