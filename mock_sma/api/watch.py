"""``serve --watch``: the world begins anew when its scenario's files change, and goes on where they are broken."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_sma.errors import MockSmaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.sandbox import Sandbox

INTERVAL = 0.5
"""Time between two looks [s]."""

Stamps = dict["Path", "tuple[int, int] | None"]


class ScenarioWatch:
    """Looks at files by their size and time of change.

    Looking needs no notifications, which mounts of containers and networks do not send, and a handful of files
    twice a second costs nothing that could be measured.

    Args:
        world: is loaded anew.
        load: reads the scenario, and puts all files that it reads into the list it is given.
        files: what has been read so far, the scenario's own file first.
        tell: says what happened, for people.
        loaded: called after each load.
    """

    def __init__(
        self,
        world: Sandbox,
        load: Callable[[list[Path]], Scenario],
        files: list[Path],
        tell: Callable[[str], None],
        loaded: Callable[[], object] = bool,
    ) -> None:
        self._world = world
        self._load = load
        self._tell = tell
        self._done = loaded
        self._files = list(files)
        self._loaded = self._seen = self._stamps()
        self._warned = set(map(_words, world.scenario.warnings))

    async def run(self, interval: float = INTERVAL) -> None:
        """Look again and again, for ever."""
        while True:
            await asyncio.sleep(interval)
            self.look()

    def look(self) -> bool:
        """Load the scenario where its files have changed and have come to rest; tell whether it was tried."""
        stamps = self._stamps()
        # An editor writes in steps: what still changes between two looks is left alone.
        is_ready = stamps == self._seen and stamps != self._loaded
        self._seen = stamps
        if is_ready:
            self._reload()
        return is_ready

    def _reload(self) -> None:
        read: list[Path] = []
        main = self._files[0]
        try:
            self._world.load(self._load(read))
        except (MockSmaError, OSError) as error:
            # What was read before may be where the mistake gets mended.
            read += self._files
            self._tell(f"{error}\nmock-sma: {main.name} was not loaded; the running world stays")
        else:
            self._done()
            self._warn()
            self._tell(f"mock-sma: {main.name} was loaded again: {self._world.scenario.name}")
        self._files = list(dict.fromkeys([main, *read]))
        # What has changed since the look that led here is not what was loaded: the next look will find it.
        self._loaded = self._stamps() | {file: stamp for file, stamp in self._seen.items() if file in self._files}
        self._seen = dict(self._loaded)

    def _warn(self) -> None:
        """Tell of what makes little sense since the last load; whoever saves often has heard the rest."""
        warnings = {_words(text): text for text in self._world.scenario.warnings}
        for words, text in warnings.items():
            if words not in self._warned:
                self._tell(text)
        self._warned = set(warnings)

    def _stamps(self) -> Stamps:
        return {file: _stamp(file) for file in self._files}


def _words(warning: str) -> str:
    """Return a warning without its line, which moves while somebody writes."""
    return warning.partition(": ")[2]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
