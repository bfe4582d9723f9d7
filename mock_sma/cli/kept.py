"""The worlds of a server, and what keeps them: a state file, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.parts import answered
from mock_sma.errors import UsageError
from mock_sma.frozen import frozen
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.cli.log_process import LogProcess
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.settings import Settings
    from mock_sma.state import Keeper
    from mock_sma.state.shared.sharing import Sharing


@frozen
class Served:
    """The worlds to serve, and what keeps them; None: they end with the process."""

    worlds: Worlds
    keeper: Keeper | None = None
    sharing: Sharing | None = None

    def changed(self) -> None:
        """Keep what has been done to the default world."""
        if self.keeper is not None:
            self.keeper.changed(None)

    def name(self, name: str) -> None:
        """Say what other servers call this one."""
        if self.sharing is not None:
            self.sharing.name = name

    def start(self) -> None:
        """Begin to follow other servers, on the loop that runs."""
        if self.sharing is not None:
            self.sharing.start()
            from mock_sma.state.shared.sweep import Sweeper  # noqa: PLC0415 - see below

            Sweeper(self.sharing, self.worlds).start()

    def close(self) -> None:
        """Keep all as it is at the end."""
        if self.keeper is not None:
            self.keeper.close()
        if self.sharing is not None:
            self.sharing.close()


def served(
    settings: Settings, make: Callable[[], Sandbox], tell: Callable[[str], None], log: LogProcess | None = None
) -> Served:
    """Return the worlds to serve.

    Args:
        make: makes the default world where nothing holds one.
        tell: says what happens, for people.
        log: the process that has the state file; None: this one has it.

    Raises:
        UsageError: the state is no file.
        StateError: the file cannot be read or written.
    """
    if settings.state is None:
        return Served(Worlds(make()))
    if log is not None or is_url(settings.state):
        return _shared(settings, settings.state, make, tell, log)
    from mock_sma.state import Keeper, StateFile, alive  # noqa: PLC0415 - a start without one need not wait for it

    file = StateFile.open(Path(settings.state))
    try:
        found = alive(file)
        first, *others = found.worlds or [make()]
        if found.worlds:
            _tell_of_ignored(settings, first, tell)
        worlds = Worlds(first)
        for world in others:
            worlds.take(world)
        return Served(worlds, Keeper(file, worlds, found.seconds, found.count, tell))
    except BaseException:
        file.close()
        raise


def is_url(state: str) -> bool:
    """Tell whether a state is one that servers share.

    Raises:
        UsageError: of a kind that there is not.
    """
    if "://" in state and not state.startswith(SCHEMES):
        raise UsageError("--state takes a file, or a URL that begins with redis://, rediss:// or unix://")
    return "://" in state


def _shared(
    settings: Settings, state: str, make: Callable[[], Sandbox], tell: Callable[[str], None], log: LogProcess | None
) -> Served:
    if settings.watch:
        raise UsageError("--watch is for one server, and this one shares its state with others; leave it out")
    from mock_sma.state.shared import shared_worlds, worlds_of_store  # noqa: PLC0415 - as above

    if log is None:
        worlds, sharing, is_old = shared_worlds(state, make, tell)
    else:
        from mock_sma.state.local import LogStore  # noqa: PLC0415 - as above

        worlds, sharing, is_old = worlds_of_store(LogStore(log.path, log.page, state), make, tell)
    if is_old:
        _tell_of_ignored(settings, worlds.default, tell)
    return Served(worlds, sharing=sharing)


SCHEMES = ("redis://", "rediss://", "unix://")


def _tell_of_ignored(settings: Settings, world: Sandbox, tell: Callable[[str], None]) -> None:
    """Warn of options that would begin another world than the one that goes on."""
    given = {name: world.lasting[f"_given_{name}"] for name in ("now", "seed", "rate")}
    ignored = [name for name in given if name in settings.given and getattr(settings, name) != given[name]]
    if "scenario" in settings.given and Path(settings.scenario).stem != world.scenario.name:
        ignored.append("scenario")
    if settings.capsule is not None:
        ignored.append("capsule")
    if settings.consent is not None and answered(settings, world.scenario).consents != world.scenario.consents:
        ignored.append("consent")
    for name in ignored:
        tell(f"warning: --{name} is ignored; the state goes on with {world.scenario.name} as it was left")
