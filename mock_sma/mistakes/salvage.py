"""What is left of a document without its mistakes of form, so that broken rules are named along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.mistakes.complaints import path_of
from mock_sma.mistakes.doubts import BRINGING, Doubts
from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.source import Source, keys_of_path
from mock_sma.scenario_file.timeline_document import ACTIONS, action_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.errors import Problem
    from mock_sma.scenario_file.source import Path

ROUNDS = 4


class Salvage:
    """A document without the values at some paths.

    Args:
        value: the document.
        bad: paths of values that cannot stand.

    Attributes:
        value: what is left.
        lost: paths of what is gone and was more than a single value of an entry, so that others may miss it.
    """

    def __init__(self, value: Any, bad: Iterable[Path]) -> None:
        self._bad = set(bad)
        self._kept: dict[Path, list[int]] = {}
        self.lost: set[Path] = {path for path in self._bad if len(path) == 1}
        self.value = self._clean(value, (), ())
        self.lost -= {path for path in self.lost if path[0] == "timeline" and _brings_nothing(value, path)}

    def _clean(self, value: Any, path: Path, new: Path) -> Any:
        if isinstance(value, dict):
            mappings = [(*path, name) for name, item in value.items() if isinstance(item, dict | list)]
            self.lost |= self._bad.intersection(mappings)
            return {
                name: self._clean(item, (*path, name), (*new, name))
                for name, item in value.items()
                if (*path, name) not in self._bad
            }
        if isinstance(value, list):
            kept = [index for index in range(len(value)) if (*path, index) not in self._bad]
            if len(kept) < len(value):
                self.lost |= self._bad.intersection((*path, index) for index in range(len(value)))
                self._kept[new] = kept
            return [self._clean(value[index], (*path, index), (*new, place)) for place, index in enumerate(kept)]
        return value

    def covers(self, path: Path) -> bool:
        """Tell whether what stood at ``path`` of the whole document is gone."""
        return any(path[:length] in self._bad for length in range(len(path) + 1))

    def original(self, path: Path) -> Path:
        """Return where something that stands at ``path`` of what is left stood before."""
        result: list[str | int] = []
        for length, part in enumerate(path):
            kept = self._kept.get(path[:length])
            result.append(kept[part] if kept is not None and isinstance(part, int) else part)
        return tuple(result)


def _brings_nothing(value: Any, path: Path) -> bool:
    """Tell whether what stands at ``path`` is a happening that makes nothing others could name."""
    entry = value["timeline"][path[1]] if len(path) > 1 else None
    action = entry.get("action") if isinstance(entry, dict) else None
    return any(action in action_names(model) for model in ACTIONS) and action not in BRINGING


class SalvagedSource(Source):
    """A source over what is left; its problems have the places of the whole document."""

    def __init__(self, source: Source, salvage: Salvage) -> None:
        super().__init__(source.file, salvage.value, directory=source.directory, folders=source.folders)
        self._whole = source
        self._salvage = salvage
        # A template that is none, for one, has left a plant without its devices.
        told = (keys_of_path(item.path) for item in source.problems)
        self._doubts = Doubts(salvage.lost.union(path for path in told if not salvage.covers(path)))

    def add(self, path: Path, message: str, rule: str | None = None) -> None:
        """Take down a problem that is certain: a broken rule, or what follows from nothing that is lost."""
        if rule is not None or self._salvage.original(path) not in self._doubts:
            super().add(path, message, rule)

    def has_mistakes(self, path: Path) -> bool:
        """Tell whether a problem stands at or below ``path``, or something is lost there."""
        place = self._salvage.original(path)
        return super().has_mistakes(path) or any(lost[: len(place)] == place for lost in self._salvage.lost)

    def problem(self, path: Path, message: str, rule: str | None = None) -> Problem:
        """Return a problem at the place that ``path`` had in the whole document."""
        return self._whole.problem(self._salvage.original(path), message, rule)


def salvaged(value: Any, error: ValidationError) -> tuple[ScenarioDoc | None, Salvage | None]:
    """Return the document without what ``error`` complains about, and which parts these are; None: hopeless."""
    bad: set[Path] = set()
    salvage = None
    for _ in range(ROUNDS):
        for item in error.errors(include_url=False):
            path = path_of(item["loc"])
            path = path if salvage is None else salvage.original(path)
            path = path[:-1] if item["type"] == "missing" else path
            # A happening without a part of it is another one: it goes as a whole.
            bad.add(path[:2] if path[:1] == ("timeline",) else path)
        salvage = Salvage(value, bad)
        try:
            return ScenarioDoc.model_validate(salvage.value), salvage
        except ValidationError as again:
            error = again
    return None, None
