"""Save points: what a world has become, kept aside while it goes on.

The state is pickled: what changes is copied, and immutable values (plants, people, journal entries) are shared by
reference, so that a save point costs little. Measured against a copy by ``copy.deepcopy`` it takes a tenth of the
time. A save point may come from a file (``serve --state``), so it is read with :class:`StateReader`.
"""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

from mock_sma.frozen import frozen
from mock_sma.sandbox.world.entry import Entry
from mock_sma.sandbox.world.selection import Selection
from mock_sma.sandbox.world.unpickling import StateReader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from mock_sma.clock import Clock


@frozen(eq=False)
class SavePoint:
    """A world's state at one time.

    Attributes:
        clock: shows the time of saving, at the rate that was in force.
        requests: exchanges that the world had answered.
        state: the books, without what they share with the world.
        shared: what they share, in the order of its numbers in ``state``.
    """

    clock: Clock
    requests: int
    state: bytes
    shared: tuple[object, ...]

    def load(self, given: Callable[[object], object] | None = None) -> dict[str, Any]:
        """Return the books, new ones each time.

        Args:
            given: what stands in the place of something shared; None: it itself.
        """
        reader = _Reader(io.BytesIO(self.state))
        reader.shared = self.shared if given is None else tuple(map(given, self.shared))
        state: dict[str, Any] = reader.load()
        state.pop("_truths", None)  # of files from before it was made when it is asked for
        return state


def save_point(
    books: Mapping[str, object], clock: Clock, requests: int, outside: Iterable[object], words: Collection[str] = ()
) -> SavePoint:
    """Keep the state of books.

    Args:
        books: by their names in the world.
        clock: the clock of the world.
        requests: exchanges that the world has answered.
        outside: what the books use and what is no part of the state, such as the world's lock.
        words: the words that are to be numbered like what is shared, so that others can stand in their place.
    """
    file = io.BytesIO()
    writer = _Writer(file, pickle.HIGHEST_PROTOCOL)
    writer.begin(outside, words)
    writer.dump(dict(books))
    return SavePoint(clock.copy(), requests, file.getvalue(), tuple(writer.shared))


def _is_value(kind: type[Any]) -> bool:
    """Tell whether objects of a class never change: frozen dataclasses, entries of the journal, selections."""
    parameters = getattr(kind, "__dataclass_params__", None)
    return issubclass(kind, (Entry, Selection)) or (parameters is not None and bool(parameters.frozen))


class _Writer(pickle.Pickler):
    shared: list[object]

    def begin(self, outside: Iterable[object], words: Collection[str]) -> None:
        self.shared = list(outside)
        self._numbers = {id(item): number for number, item in enumerate(self.shared)}
        self._words = dict.fromkeys(words, -1)
        self._kinds: dict[type[Any], bool] = {}

    def persistent_id(self, obj: Any) -> int | None:
        kind = type(obj)
        if kind is str:
            return self._word(str(obj)) if obj in self._words else None
        number = self._numbers.get(id(obj))
        if kind not in self._kinds:
            self._kinds[kind] = _is_value(kind)
        if number is None and self._kinds[kind]:
            number = self._numbers[id(obj)] = self._add(obj)
        return number

    def _word(self, word: str) -> int:
        # Equal texts are one, whichever object they are.
        if self._words[word] < 0:
            self._words[word] = self._add(word)
        return self._words[word]

    def _add(self, item: object) -> int:
        self.shared.append(item)
        return len(self.shared) - 1


class _Reader(StateReader):
    shared: tuple[object, ...]

    def persistent_load(self, pid: int) -> object:
        return self.shared[pid]
