"""Fault rules at work: which of them strike a request, and with what (INTERFACE, Control API)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mock_sma.domain.fault_document import document_of
from mock_sma.domain.faults import FaultKind, FaultRule
from mock_sma.errors import ConflictError, UsageError
from mock_sma.sandbox.exchange import Effect
from mock_sma.sandbox.fault_effects import SLOW_BODY, answer_of, malformed, seconds_of, sentence
from mock_sma.sandbox.operation import Need
from mock_sma.sandbox.paths import PathPattern
from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.operation import Call
    from mock_sma.sandbox.sandbox import Sandbox

MAX_RULES = 1_000


@dataclass(slots=True, eq=False)
class Fault:
    """A rule in force.

    Attributes:
        id: by which it is taken back.
        matched: requests that fitted so far, those included that chance let go.
        hits: requests that it struck.
        stream: of its chance.
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

    def fits(self, call: Call, client_id: str | None) -> bool:
        """Tell whether the rule is about a request."""
        rule, request = self.rule, call.request
        match = rule.match
        return (
            (match.method is None or match.method == request.method)
            and (match.client_id is None or match.client_id == client_id)
            and (self.pattern is None or self.pattern.matches(request.path, request.host))
            and _in_time(rule, call.now)
            and not (rule.effect.expire_token and not _wants_token(call))
        )

    def strikes(self) -> bool:
        """Count a request that fits and tell whether chance lets the rule strike it."""
        self.matched += 1
        return self.rule.probability >= 1.0 or uniform(self.stream, self.matched) < self.rule.probability


def _in_time(rule: FaultRule, now: float) -> bool:
    schedule = rule.schedule
    return schedule is None or (
        (schedule.start is None or schedule.start.timestamp() <= now)
        and (schedule.end is None or now < schedule.end.timestamp())
    )


def _wants_token(call: Call) -> bool:
    return call.operation is not None and call.operation.need is Need.TOKEN


@dataclass(slots=True)
class Strike:
    """What the rules do to one request.

    Attributes:
        answer: given in place of the operation's; None: the operation is carried out.
    """

    effect: Effect
    answer: Answer | None = None

    def on(self, answer: Answer) -> Answer:
        """Return the operation's answer as the rules leave it."""
        return replace(answer, body=malformed(answer.body)) if self.effect.fault == FaultKind.MALFORMED_JSON else answer


class FaultBook:
    """The rules of a world, in the order in which they were added.

    Of several rules that fit a request, the delays add up; of all other effects the first one counts, and a
    later rule is not used up by it.

    Attributes:
        active: the rules that are not spent.
    """

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        self._faults: dict[str, Fault] = {}
        self._count = 0
        self.active: list[Fault] = []
        for document in world.scenario.faults:
            self.add(document)

    def add(self, rule: FaultRule | Mapping[str, object]) -> Fault:
        """Bring a rule into force.

        Args:
            rule: a typed one, or an object in the form of ``POST /_mock/faults``.

        Raises:
            ScenarioError: an object that is no rule, with every mistake in it.
            ConflictError: there are :data:`MAX_RULES` already.
        """
        typed = rule if isinstance(rule, FaultRule) else FaultRule.from_document(rule)
        world = self._world
        with world.lock:
            if len(self._faults) >= MAX_RULES:
                raise ConflictError(f"a world holds {MAX_RULES} fault rules at most; remove some, or clear them")
            self._count += 1
            name = f"fault-{self._count}"
            pattern = None if typed.match.path is None else PathPattern(typed.match.path)
            fault = Fault(name, typed, pattern, key(world.seed, world.name, name))
            self._faults[name] = fault
            self.active.append(fault)
            return fault

    def find(self, fault_id: str) -> Fault | None:
        """Return the rule with this id, or None."""
        return self._faults.get(fault_id)

    def remove(self, fault_id: str) -> None:
        """Take a rule back.

        Raises:
            UsageError: there is none with this id.
        """
        with self._world.lock:
            fault = self._faults.pop(fault_id, None)
            if fault is None:
                known = ", ".join(self._faults) or "none"
                raise UsageError(f"there is no fault rule {fault_id[:40]!r}; there are: {known[:200]}")
            self.active = [item for item in self.active if item is not fault]

    def clear(self) -> None:
        """Take all rules back."""
        with self._world.lock:
            self._faults.clear()
            self.active = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults.values()))

    def __len__(self) -> int:
        return len(self._faults)

    def strike(self, call: Call) -> Strike | None:
        """Return what the rules do to a request, and count it; None: nothing."""
        client_id = call.claimed_client
        chosen: Strike | None = None
        delay = 0.0
        struck: list[Fault] = []
        for fault in self.active:
            exclusive = not fault.rule.effect.only_delays
            if (exclusive and chosen is not None) or not fault.fits(call, client_id) or not fault.strikes():
                continue
            struck.append(fault)
            fault.hits += 1
            seconds = seconds_of(fault.rule.effect.delay, fault.stream, fault.matched)
            if exclusive:
                chosen = self._begin(call, fault, seconds)
                seconds = 0.0 if chosen.effect.fault == FaultKind.SLOW_BODY else seconds
            delay += seconds
            call.note("fault", id=fault.id, text=sentence(fault, seconds))
        if not struck:
            return None
        self.active = [fault for fault in self.active if fault.remaining != 0]
        result = chosen or Strike(Effect())
        result.effect.delay = delay
        call.client_id = call.client_id or client_id
        return result

    @staticmethod
    def _begin(call: Call, fault: Fault, seconds: float) -> Strike:
        effect = fault.rule.effect
        spread = (seconds or SLOW_BODY) if effect.fault is FaultKind.SLOW_BODY else 0.0
        return Strike(Effect(fault=effect.fault, spread=spread), answer_of(effect, call))
