"""The rules of a process, and the places of its modules that ask them.

Places are changed while there is a rule, and are afterwards as they were.
"""

from __future__ import annotations

import socket

from mock_sma.hosts.inside.rules import ADDRESS, MAPPED, Lead, plain
from mock_sma.hosts.inside.watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from mock_sma.hosts.inside.rules import Rule


class Doors:
    """Changed places.

    Args:
        changes: what is done with a module, by its name: it is given these doors and the module.

    Attributes:
        rules: in force, the latest last.
    """

    def __init__(self, changes: Mapping[str, Callable[[Doors, Any], None]]) -> None:
        self.rules: list[Rule] = []
        self._undo: list[Callable[[], None]] = []
        self._changes = changes
        self._watch: Watch | None = None

    def open(self) -> None:
        """Change what is imported, and the rest once it is."""
        self._watch = Watch(self._changes, self._change)
        self._watch.start()

    def _change(self, name: str, module: Any) -> None:
        self._changes[name](self, module)

    def close(self) -> None:
        """Put everything back, the latest first."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None  # they know each other, and would be left to the garbage collection of each test
        while self._undo:
            self._undo.pop()()

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute until the doors are closed."""
        absent = object()
        before = vars(owner).get(name, absent)
        setattr(owner, name, value)
        self.later(lambda: delattr(owner, name) if before is absent else setattr(owner, name, before))

    def later(self, undo: Callable[[], None]) -> None:
        """Do something when the doors are closed."""
        self._undo.append(undo)

    def rule(self, host: object) -> Rule | None:
        """Return the rule for a host, or None; one that leads comes before one that refuses."""
        name = plain(host)
        fitting = [rule for rule in self.rules if rule.concerns(name)]
        return next((rule for rule in reversed(fitting) if isinstance(rule, Lead)), fitting[-1] if fitting else None)

    def lookup(self, host: object) -> str | None:
        """Return the address of a host by the rules; None: it is looked up as ever."""
        rule = self.rule(host)
        return None if rule is None else rule.lookup(plain(host))

    def lead(self, host: object) -> Lead | None:
        """Return the rule that serves a host, or None."""
        rule = self.rule(host)
        return rule if isinstance(rule, Lead) and rule.serves(plain(host)) else None

    def target(self, address: Any) -> Any:
        """Return the socket address that a connection goes to.

        Raises:
            ConnectionRefusedError: to a port of SMA's that is not served.
        """
        if not isinstance(address, tuple) or len(address) < 2:
            return address
        host = self.lookup(address[0]) or address[0]
        lead = next((rule for rule in reversed(self.rules) if isinstance(rule, Lead)), None)
        if lead is None or host not in (ADDRESS, MAPPED):
            return address
        place, port = lead.place(address[1])
        return (host.replace(ADDRESS, place), port, *address[2:])


def numeric(address: str, family: int, flags: int) -> tuple[str, int]:
    """Return what the system is to be asked in place of a name: an address, which it does not look up, and flags.

    Raises:
        gaierror: the caller wanted an address and gave a name.
    """
    if flags & socket.AI_NUMERICHOST:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    # Where loopback is all that there is, an address is no answer to AI_ADDRCONFIG.
    return MAPPED if family == socket.AF_INET6 else address, flags & ~socket.AI_ADDRCONFIG
