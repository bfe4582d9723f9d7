"""Fault rules at work: which of them strike a request, and with what (docs/control.md, Faults)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain.actions import AddFault, ClearFaults, RemoveFault
from mock_sma.domain.faults import FaultKind, FaultRule
from mock_sma.domain.settling import settled_rule
from mock_sma.errors import ConflictError, UnknownError
from mock_sma.leaves import later
from mock_sma.sandbox.exchange import Effect
from mock_sma.sandbox.paths import PathPattern
from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from threading import RLock

    from mock_sma.domain.faults import FaultEffect
    from mock_sma.sandbox.exchange import Request

seconds_of, sentence = later("fault_rules.effects", "seconds_of"), later("fault_rules.effects", "sentence")
fits_body, fits_query = later("fault_rules.match", "fits_body"), later("fault_rules.match", "fits_query")
document_of = later("fault_rules.document", "document_of")
rule_of = later("fault_rules.document", "rule_of")

SLOW_BODY = 2.0
"""Time over which ``slow_body`` spreads a body where the rule has no delay [s]."""

MAX_RULES = 1_000


class Target(NamedTuple):
    """A request as fault rules look at it.

    Attributes:
        client_id: the client that it claims to be from, before anything is checked.
        now: emulated time [s since the epoch].
        needs_token: whether its operation wants a bearer token.
    """

    request: Request
    client_id: str | None
    now: float
    needs_token: bool


@dataclass(slots=True, eq=False)
class Fault:
    """A rule in force.

    Attributes:
        id: by which it is taken back.
        matched: requests that fitted so far, those included that chance let go.
        hits: requests that it struck.
        stream: the stream of its random numbers.
    """

    id: str
    rule: FaultRule
    pattern: PathPattern | None
    stream: int
    matched: int = 0
    hits: int = 0

    @property
    def remaining(self) -> int | None:
        """How often it will still strike; None: without end."""
        return None if self.rule.times is None else self.rule.times - self.hits

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form of the control API."""
        return {"id": self.id, **document_of(self.rule), "hits": self.hits, "remaining": self.remaining}

    def fits(self, target: Target) -> bool:
        """Tell whether the rule is about a request."""
        rule, match, request = self.rule, self.rule.match, target.request
        return (
            (match.method is None or match.method == request.method)
            and (match.client_id is None or match.client_id == target.client_id)
            and (self.pattern is None or self.pattern.matches(request.path, request.host))
            and (rule.schedule is None or rule.schedule.holds(datetime.fromtimestamp(target.now, UTC)))
            and not (rule.effect.expire_token and not target.needs_token)
            and (not match.query or fits_query(match.query, request.query))
            and (match.body is None or fits_body(match.body, request))
        )

    def strikes(self) -> bool:
        """Count a request that fits and tell whether its turn has come and chance lets the rule strike it."""
        self.matched += 1
        if self.matched <= self.rule.after:
            return False
        return self.rule.probability >= 1.0 or uniform(self.stream, self.matched) < self.rule.probability


@dataclass(slots=True)
class Strike:
    """What the rules do to one request.

    Attributes:
        effect: the effect for the transport.
        instead: effect of the rule that does more than delay; None: there is none.
        told: for each rule at work, its id and what it does in words.
    """

    effect: Effect = field(default_factory=Effect)
    instead: FaultEffect | None = None
    told: list[tuple[str, str]] = field(default_factory=list)


class FaultBook:
    """The rules of a world, in the order in which they were added.

    Of several rules that fit a request, the delays add up; of all other effects the first one counts, and a
    later rule is not used up by it.

    Args:
        lock: the lock of the world.
        seed: the seed of the world; a rule's chance follows from it.
        world: name of the world.
        rules: the rules of the scenario.
        start: the start of the world, from which the spans of the scenario's schedules count.
        by_hand: carries out what somebody wants of it, and takes it down as a happening.

    Attributes:
        active: the rules that are not spent; another list each time it changes.
    """

    _known: tuple[list[Fault] | None, float, float, bool] = (None, inf, inf, False)
    """Whether rules are in force, from when and until when: each request asks, and a year's rules are dozens."""

    def __init__(
        self,
        lock: RLock,
        seed: int,
        world: str,
        rules: Iterable[FaultRule],
        *,
        start: datetime,
        by_hand: Callable[[AddFault | RemoveFault | ClearFaults], object],
    ) -> None:
        self._by_hand = by_hand
        self._lock = lock
        self._seed = seed
        self._name = world
        self._faults: dict[str, Fault] = {}
        self._count = 0
        self.active: list[Fault] = []
        for rule in rules:
            self.enforce(rule, start)

    def add(self, rule: FaultRule | Mapping[str, object]) -> Fault:
        """Bring a rule into force; the spans of its schedule count from now.

        Args:
            rule: a typed one, or an object in the form of ``POST /_mock/faults``.

        Raises:
            ScenarioError: an object that is no rule, with every mistake in it.
            ConflictError: there are :data:`MAX_RULES` already.
        """
        typed = rule if isinstance(rule, FaultRule) else rule_of(rule)
        fault = self._by_hand(AddFault(rule=typed))
        assert isinstance(fault, Fault)
        return fault

    def remove(self, fault_id: str) -> None:
        """Take a rule back.

        Raises:
            UnknownError: there is none with this id.
        """
        self._by_hand(RemoveFault(fault_id=fault_id))

    def clear(self) -> None:
        """Take all rules back."""
        self._by_hand(ClearFaults())

    def enforce(self, rule: FaultRule, now: datetime) -> Fault:
        """Do what :meth:`add` asks for; the spans of the rule's schedule count from ``now``."""
        rule = settled_rule(rule, now)
        with self._lock:
            if len(self._faults) >= MAX_RULES:
                raise ConflictError(f"a world holds {MAX_RULES} fault rules at most; remove some, or clear them all")
            self._count += 1
            name = f"fault-{self._count}"
            pattern = None if rule.match.path is None else PathPattern(rule.match.path)
            fault = Fault(name, rule, pattern, key(self._seed, self._name, name))
            self._faults[name] = fault
            self.active = [*self.active, fault]
            return fault

    def find(self, fault_id: str) -> Fault | None:
        """Return the rule with this id, or None."""
        return self._faults.get(fault_id)

    def lift(self, fault_id: str) -> None:
        """Do what :meth:`remove` asks for."""
        with self._lock:
            fault = self._faults.pop(fault_id, None)
            if fault is None:
                known = ", ".join(self._faults) or "none"
                raise UnknownError(f"there is no fault rule {fault_id[:40]!r}; there are: {known[:200]}")
            self.active = [item for item in self.active if item is not fault]

    def lift_all(self) -> None:
        """Do what :meth:`clear` asks for."""
        with self._lock:
            self._faults.clear()
            self.active = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults.values()))

    def __len__(self) -> int:
        return len(self._faults)

    def in_force(self, now: float) -> bool:
        """Tell whether any rule may strike now [s since the epoch]: those of a past or coming span do not."""
        if not self.active:
            return False
        rules, since, until, is_so = self._known
        if rules is not self.active or not since <= now < until:
            moment, spans = datetime.fromtimestamp(now, UTC), [fault.rule.schedule for fault in self.active]
            is_so = any(span is None or span.holds(moment) for span in spans)
            until = min((span.stays_until(now) for span in spans if span is not None), default=inf)
            self._known = (self.active, now, until, is_so)
        return is_so

    def strike(self, target: Target) -> Strike | None:
        """Return what the rules do to a request, and count it; None: nothing."""
        strike = Strike()
        for fault in self.active:
            exclusive = not fault.rule.effect.only_delays
            if (exclusive and strike.instead is not None) or not fault.fits(target) or not fault.strikes():
                continue
            fault.hits += 1
            seconds = seconds_of(fault.rule.effect.delay, fault.stream, fault.matched)
            if exclusive:
                seconds = self._begin(strike, fault.rule.effect, seconds)
            strike.effect.delay += seconds
            strike.told.append((fault.id, sentence(fault.id, fault.rule.effect, seconds)))
        if not strike.told:
            return None
        self.active = [fault for fault in self.active if fault.remaining != 0]
        return strike

    @staticmethod
    def _begin(strike: Strike, effect: FaultEffect, seconds: float) -> float:
        """Let a rule's own effect be the one that counts; gives the delay that is left [s]."""
        strike.instead = effect
        strike.effect.fault = effect.fault
        if effect.fault is not FaultKind.SLOW_BODY:
            return seconds
        strike.effect.spread = seconds or SLOW_BODY
        return 0.0
