"""The rules of a process, and the places of its modules that ask them.

Places are changed while there is a rule, and are afterwards as they were.
"""

from __future__ import annotations

import socket
from types import FunctionType

from mock_sma.hosts.inside.rules import ADDRESS, MAPPED, Lead, plain
from mock_sma.hosts.inside.watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from mock_sma.hosts.inside.rules import Rule

    Place = tuple[Any, str, Any, Any, Any]
    """What an attribute is of, its name, its value while the doors are open, the one found, and the owner's own."""

ABSENT = object()


class Known:
    """A module and its places."""

    def __init__(self, module: Any, places: list[Place]) -> None:
        self._module = module
        self.places = places
        self._kinds = {(owner.__name__, owner) for owner, *_ in places if isinstance(owner, type)}

    def is_as_found(self, module: Any) -> bool:
        """Tell whether a module is this one, and what was found in its places is there again."""
        if module is not self._module:
            return False
        for name, kind in self._kinds:
            if getattr(module, name, None) is not kind:
                return False  # pytest-socket puts a class of its own in the place of socket's
        for owner, name, _, found, _ in self.places:  # noqa: SIM110 - in half the time, before each test
            if getattr(owner, name) is not found:
                return False
        return True


class Doors:
    """Changed places.

    Args:
        changes: what is done with a module, by its name: it is given these doors and the module.

    Attributes:
        rules: in force, the latest last.
    """

    def __init__(self, changes: Mapping[str, Callable[[Doors, Any], None]]) -> None:
        self.rules: list[Rule] = []
        self._open: list[Place] = []
        self._known: dict[str, Known] = {}
        self._changes = changes
        self._watch = Watch(changes, self._change)

    def open(self) -> None:
        """Change what is imported, and the rest once it is."""
        self._watch.start()

    def _change(self, name: str, module: Any) -> None:
        """Change a module; where it is as it was the last time, as it was changed then."""
        known = self._known.get(name)
        if known is not None and known.is_as_found(module):
            for owner, attribute, value, _, _ in known.places:
                setattr(owner, attribute, value)
            self._open += known.places
        else:
            first = len(self._open)
            self._changes[name](self, module)
            self._known[name] = Known(module, self._open[first:])

    def close(self) -> None:
        """Put everything back, the latest first."""
        self._watch.stop()
        for owner, name, _, _, before in reversed(self._open):
            if before is ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._open.clear()

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute until the doors are closed."""
        found = getattr(owner, name)
        before = found if isinstance(owner, FunctionType) else vars(owner).get(name, ABSENT)
        self._open.append((owner, name, value, found, before))
        setattr(owner, name, value)

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
