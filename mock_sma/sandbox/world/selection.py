"""Questions and assertions on exchanges: which, how many, in which order, how often."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, overload

from mock_sma.sandbox.paths import PathPattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.sandbox.world.entry import Entry


class Entries(Sequence["Entry"]):
    """Exchanges, oldest first, and what can be asked of them."""

    def of(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        status: int | None = None,
        client_id: str | None = None,
    ) -> Selection:
        """Return the exchanges that fit all that is given.

        Args:
            method: in any case.
            path: exact, or a pattern with ``*``; in any layout, without the query, without regard to case.
            status: the status of the answer.
            client_id: the client id of the credential or token.
        """
        pattern = None if path is None else PathPattern(path)
        return self.where(
            lambda entry: (
                (method is None or entry.method == method.upper())
                and (pattern is None or pattern.matches(entry.path, entry.host))
                and (status is None or entry.status == status)
                and (client_id is None or entry.client_id == client_id)
            )
        )

    def where(self, fits: Callable[[Entry], bool]) -> Selection:
        """Return the exchanges for which ``fits`` is true."""
        return Selection(entry for entry in self if fits(entry))

    def without_assets(self) -> Selection:
        """Return all but the styles, scripts, fonts and icons that a browser fetched for pages."""
        return self.where(lambda entry: not entry.is_asset)

    @property
    def statuses(self) -> list[int]:
        """Status of each."""
        return [entry.status for entry in self]

    @property
    def intervals(self) -> list[float]:
        """Emulated time from each to the next [s]."""
        times = [entry.at for entry in self]
        return [later - earlier for earlier, later in pairwise(times)]

    def wasted(self) -> Selection:
        """Return the requests for measurements that asked again before newer data were there.

        They repeat an earlier one, by the same client, for the same path and query, and meanwhile nothing new
        had been uploaded and processed. Source: R25 and the FAQ's advice to ask no more often than that.
        """
        seen: dict[tuple[object, ...], object] = {}
        again: list[Entry] = []
        for entry in self:
            until = next((step.data["until"] for step in entry.why.steps if step.kind == "visibility"), None)
            if until is None or entry.status != 200:
                continue
            key = (entry.client_id, entry.host, entry.path.lower(), entry.query.lower())
            if seen.get(key) == until:
                again.append(entry)
            seen[key] = until
        return Selection(again)

    def assert_count(
        self, exactly: int | None = None, *, at_least: int | None = None, at_most: int | None = None
    ) -> None:
        """Check how many there are.

        Raises:
            AssertionError: another number, with the exchanges.
        """
        count = len(self)
        fits = (
            (exactly is None or count == exactly)
            and (at_least is None or count >= at_least)
            and (at_most is None or count <= at_most)
        )
        named = (("exactly", exactly), ("at least", at_least), ("at most", at_most))
        wanted = " and ".join(f"{word} {number}" for word, number in named if number is not None)
        _check(fits, f"expected {wanted} requests, there were {count}", self)

    def assert_order(self, *calls: str) -> None:
        """Check that these were asked one after the other; others may stand between.

        Args:
            *calls: such as ``"POST /oauth2/token"``, paths as in :meth:`of`.

        Raises:
            AssertionError: one is missing, or comes too early.
        """
        entries = iter(self)
        for call in calls:
            method, _, path = call.partition(" ")
            pattern = PathPattern(path)
            found = any(entry.method == method.upper() and pattern.matches(entry.path, entry.host) for entry in entries)
            _check(found, f"{call!r} was not asked, or not after the ones before it in {list(calls)}", self)

    def assert_spacing(self, at_least: float) -> None:
        """Check the emulated time between each and the next [s].

        Raises:
            AssertionError: two stand nearer to one another.
        """
        nearest = min(self.intervals, default=at_least)
        _check(nearest >= at_least, f"expected at least {at_least:g} s between requests, found {nearest:g} s", self)

    def assert_no_waste(self) -> None:
        """Check that the client asks no more often than the data change; see :meth:`wasted`.

        Raises:
            AssertionError: it does, with the requests that were for nothing.
        """
        again = self.wasted()
        message = (
            f"{len(again)} of {len(self)} requests asked for measurements again before newer data were there (R25); "
            "wait for the upload and the processing"
        )
        _check(not again, message, again)


class Selection(Entries):
    """Some exchanges of a journal, as they were when it was asked.

    Args:
        entries: oldest first.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Selection: ...
    def __getitem__(self, index: int | slice) -> Entry | Selection:
        return Selection(self._entries[index]) if isinstance(index, slice) else self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<{len(self)} requests: {', '.join(f'{entry.method} {entry.path}' for entry in self[:5])}>"


def _check(fits: bool, message: str, entries: Sequence[Entry]) -> None:
    if not fits:
        lines = "".join(f"\n  {entry.method} {entry.path} {entry.status}" for entry in list(entries)[-20:])
        raise AssertionError(message + lines)
