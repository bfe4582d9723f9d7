"""Complaints that may only follow from what a document has lost along with its mistakes of form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.scenario_file.source import Path

NAMED = ("users", "clients", "plants", "devices")
"""What others name."""

APART = {
    *("version", "name", "description", "profile", "now", "seed"),
    *("consents", "auto_answers", "quota", "faults", "switches"),
}
"""Sections that nothing else refers to."""

NAMES = {
    "email": {"users"},
    "owner": {"users"},
    "users": {"users"},
    "client_id": {"clients"},
    "plant": {"plants"},
    "plants": {"plants"},
    "device": {"plants", "devices"},
    "change": {"plants", "devices", "users"},
}
"""Keys of an entry that name something, and what that is."""

EQUIPMENT = {"devices", "template", "append"}
FITTED = {"serials", "rename", "previous_ids", "data"}
FITTED_OF_EVENTS = {"kind", "device", "set", "property"}
"""Keys of a plant, and of its events, that have to fit its equipment."""

BRINGING = {"add_plant", "add_device", "change_plant", "change_user", "migrate", "replace_device"}
"""Actions of what happens that bring a plant, a device or an e-mail address."""


class Doubts:
    """Tells what cannot be known of a document that has lost some of its parts.

    Args:
        lost: paths of mappings, lists and keys of the whole document that are gone.
    """

    def __init__(self, lost: Iterable[Path]) -> None:
        self._lost = set(lost)
        self._named = {kind for path in self._lost for kind in _touched(path)}

    def __contains__(self, path: Path) -> bool:
        """Tell whether a complaint about the value at ``path`` may follow from what is lost."""
        named = {kind for key in path[2:4] for kind in NAMES.get(str(key), ())}
        return not named.isdisjoint(self._named) or any(_is_near(path, lost) for lost in self._lost)


def _touched(lost: Path) -> Iterable[str]:
    section = lost[0] if lost else None
    if section in APART:
        return ()
    if section == "plants" and len(lost) > 2:
        return ("devices",) if lost[2] in EQUIPMENT else ()
    if section == "plants":
        return "plants", "devices"
    if section in ("timeline", "generate", "templates"):
        return "users", "plants", "devices"
    return (str(section),) if section in NAMED else NAMED


def _is_near(path: Path, lost: Path) -> bool:
    """Tell whether a value belongs to the same plant as the equipment that is lost, or to the same part of an entry."""
    if path[:2] == lost[:2] and len(lost) > 2 and lost[2] in EQUIPMENT:
        key, of_event = (*path, "", "", "")[2:5:2]
        if key in FITTED or (key == "events" and of_event in FITTED_OF_EVENTS):
            return True
    return len(lost) > 3 and isinstance(lost[-1], str) and path[: len(lost) - 1] == lost[:-1]
