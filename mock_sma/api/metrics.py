"""Counters of the server, and their text for Prometheus.

Written here: the text is a dozen lines, where prometheus-client would cost a start 30 ms and each request more than all
that it counts (a lock and a label look-up for each number).
"""

from __future__ import annotations

import os
from bisect import bisect_left
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.worlds.worlds import Worlds

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Upper ends of the latency histogram [s]: an answer out of the cache takes 0.1 ms, a first one some 10 ms."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNMATCHED = "unmatched"
"""In place of an operation's id where no operation matched."""

Sample = tuple["Mapping[str, object]", float]


class Durations:
    """The answers of one operation with one status.

    Attributes:
        counts: by the time that they took, one for each bucket and one for those beyond.
        seconds: the time that all of them took [s].
    """

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0


class Metrics:
    """What has happened since the start."""

    def __init__(self) -> None:
        self._series: dict[tuple[str | None, int], Durations] = {}

    def observe(self, entry: Entry, seconds: float) -> None:
        """Count an exchange and the time that its answer took to make."""
        kind = (entry.operation, entry.status)
        series = self._series.get(kind)
        if series is None:
            series = self._series[kind] = Durations()
        series.counts[bisect_left(BUCKETS, seconds)] += 1
        series.seconds += seconds

    def text(self, worlds: Worlds) -> str:
        """Return everything in Prometheus' text form."""
        every = list(worlds)
        simulators = [world.simulators.size for world in every]
        gauges = {
            "worlds": ("Worlds in this process.", len(every)),
            "journal_entries": ("Exchanges kept in the journals of all worlds.", sum(len(w.requests) for w in every)),
            "consents": ("Consents of all worlds, in any state.", sum(1 for world in every for _ in world.consents)),
            "simulators": ("Simulated plants in memory.", sum(size.simulators for size in simulators)),
            "cached_bodies": ("Rendered measurement bodies in memory.", sum(size.bodies for size in simulators)),
            "cached_body_bytes": ("Their size in bytes.", sum(size.bytes for size in simulators)),
        }
        parts = [
            *family("build_info", "gauge", "Version of the server.", [({"version": __version__}, 1)]),
            *family("requests_total", "counter", "Vendor requests answered.", self._request_samples()),
            *self._histogram(),
            *(line for name, (about, value) in gauges.items() for line in family(name, "gauge", about, [({}, value)])),
            *resident_memory(),
        ]
        return "\n".join(parts) + "\n"

    def _by_operation(self) -> list[tuple[str, int, Durations]]:
        """Return operation, status and series, sorted."""
        return sorted((operation or UNMATCHED, status, item) for (operation, status), item in self._series.items())

    def _request_samples(self) -> list[Sample]:
        return [
            ({"operation": operation, "status": status}, sum(series.counts))
            for operation, status, series in self._by_operation()
        ]

    def _histogram(self) -> Iterable[str]:
        name = "request_duration_seconds"
        yield from family(name, "histogram", "Time that making an answer took.", [])
        for operation, group in groupby(self._by_operation(), key=itemgetter(0)):
            every = [series for _, _, series in group]
            sums = list(accumulate(map(sum, zip(*(series.counts for series in every), strict=True))))
            for end, count in zip((*BUCKETS, "+Inf"), sums, strict=True):
                yield sample(f"{name}_bucket", {"operation": operation, "le": end}, count)
            yield sample(f"{name}_sum", {"operation": operation}, sum(series.seconds for series in every))
            yield sample(f"{name}_count", {"operation": operation}, sums[-1])


def family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> list[str]:
    """Return the lines of a metric."""
    head = [f"# HELP mock_sma_{name} {about}", f"# TYPE mock_sma_{name} {kind}"]
    return head + [sample(name, labels, value) for labels, value in samples]


def sample(name: str, labels: Mapping[str, object], value: float) -> str:
    """Return the line of one number."""
    inside = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"mock_sma_{name}{f'{{{inside}}}' if inside else ''} {value:.9g}"


def resident_memory(statm: Path = Path("/proc/self/statm")) -> list[str]:
    """Return the process's memory, under the name that Prometheus' own clients use; nothing where no system tells."""
    try:
        pages = int(statm.read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return []
    name = "process_resident_memory_bytes"
    head = [f"# HELP {name} Resident memory size in bytes.", f"# TYPE {name} gauge"]
    return [*head, f"{name} {pages * os.sysconf('SC_PAGE_SIZE')}"]
