"""A world that answers: from a request to a reply."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from mock_sma.errors import ApiError
from mock_sma.leaves import later, leaf
from mock_sma.sandbox.exchange import MAX_BODY
from mock_sma.sandbox.handlers.auth.bearer import authorise, token_id
from mock_sma.sandbox.handlers.call import Call
from mock_sma.sandbox.handlers.monitoring.measurements import ForeseenError
from mock_sma.sandbox.handlers.quota import admit
from mock_sma.sandbox.hosts import layout_of
from mock_sma.sandbox.recording import Recorder
from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.table.router import router_of
from mock_sma.sandbox.table.unmatched import alias_gone, too_large, unmatched
from mock_sma.sandbox.why import steps_of
from mock_sma.sandbox.wire.errors import error_answer
from mock_sma.sandbox.world.faults import Target
from mock_sma.sandbox.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.exchange import Answer, Reply, Request
    from mock_sma.sandbox.handlers.monitoring.measurements import Rendering
    from mock_sma.sandbox.hosts import Layout
    from mock_sma.sandbox.table.operation import Operation
    from mock_sma.sandbox.table.router import Match, Router
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.sandbox.world.savepoint import SavePoint
    from mock_sma.verdicts.coverage import Coverage
    from mock_sma.verdicts.finding import Findings

answer_of, malformed = later("fault_rules.answers", "answer_of"), later("fault_rules.answers", "malformed")
edited = later("fault_rules.edits", "edited")


LOOKS = 3
"""How often a body is looked for, and made where it is not there, before a world whose time flies is held for it."""

SIMULATED = "period"
"""Parameter of the paths whose answers may have to be simulated."""


class Sandbox(World):
    """A world that answers: ``handle`` is synchronous, atomic and free of IO.

    It is made with the arguments of a :class:`World`, whose attributes it has.

    Attributes:
        operations: the table that its requests are looked up in.
    """

    operations: tuple[Operation, ...] = OPERATIONS
    LASTING = World.LASTING | {"_routers", "_tally"}
    KEPT = (*World.KEPT, "_tally")
    OWN = (*World.OWN, "_recorder")

    def _open_books(self, scenario: Scenario) -> None:
        self._tally: Any = None
        super()._open_books(scenario)
        self._recorder = Recorder(self.requests, self.seed, self.name, explain=steps_of)

    @property
    def findings(self) -> Findings:
        """What the clients of the journal did wrong or wastefully (docs/findings.md)."""
        found: Findings = leaf("findings", "findings_of")(self)
        return found

    @property
    def coverage(self) -> Coverage:
        """Which of all that can happen to a client has happened since the last reset (docs/coverage.md)."""
        with self.lock:
            self.requests.settle()
            tally = self._counting()
            tally.look(self.requests)
            found: Coverage = tally.coverage()
            return found

    def _counting(self) -> Any:
        if self._tally is None:
            self._tally = leaf("coverage", "Tally")()
        return self._tally

    def save(self) -> SavePoint:
        """Keep the world as it is now; see :meth:`World.save`."""
        with self.lock:
            self.requests.settle()
            return super().save()

    def restore(self, point: SavePoint) -> None:
        """Put the world back; see :meth:`World.restore`. What has been exercised since stays counted."""
        with self.lock:
            self.requests.settle()
            before = list(self.requests)
            super().restore(point)
            known, kept = set(map(id, before)), set(map(id, self.requests))
            gone = [entry for entry in before if id(entry) not in kept]
            back = [entry for entry in self.requests if id(entry) not in known]
            if gone or back:
                self._counting().replace(gone, back)

    def _forgetting(self, entries: Sequence[Entry]) -> None:
        self._counting().forget(entries)

    def handle(self, request: Request) -> Reply:
        """Answer one request.

        Never raises for anything a client can send; an exception that escapes is a bug of ours.
        """
        with self.lock:
            now = self.clock.time()
            if now >= self.agenda.due:
                self.agenda.catch_up(now)
            layout = layout_of(request.host)
            match = self._router(layout).match(request.path)
            operation = match.operations.get(request.method) if match is not None else None
            params = {} if match is None or operation is None else match.params
            call = Call(self, request, layout, params, now)
            if self.faults.in_force(now):
                return self._struck(call, operation, match)
            return self._recorder.reply(call, operation, self._answer(call, operation, match))

    def operation_of(self, request: Request) -> Operation | None:
        """Return the operation that a request is for; None: there is none."""
        match = self._router(layout_of(request.host)).match(request.path)
        return None if match is None else match.operations.get(request.method)

    def is_at_hand(self, request: Request) -> bool:
        """Tell whether a request is answered without a simulation, which takes time; it has no effect."""
        known = self.simulators.known(request.path, request.query)
        if known is not None:
            now = self.clock.time()
            if now < self.agenda.due and self.simulators.is_at_hand(known, now, self.estate.revisions):
                return True
        match = self._router(layout_of(request.host)).match(request.path)
        return match is None or SIMULATED not in match.params or request.method not in match.operations

    def work_ahead(self, request: Request) -> None:
        """Simulate what :meth:`handle` will want for a request, in any thread: the world is held for moments only.

        It has no effect but that the answer is at hand, unless the world has changed again by then.
        """
        for _ in range(LOOKS):
            with self.lock:
                foreseen = self._foreseen(request)
                if foreseen is None or self.simulators.note(request.path, request.query, foreseen.key):
                    return
                simulators = self.simulators
            with simulators.lent(foreseen.plant) as simulator:
                simulators.keep(foreseen.key, foreseen.body(simulator))

    def _foreseen(self, request: Request) -> Rendering | None:
        """Return what a request will have simulated; None: nothing."""
        now = self.catch_up()
        layout = layout_of(request.host)
        match = self._router(layout).match(request.path)
        operation = match.operations.get(request.method) if match is not None else None
        if match is None or operation is None:
            return None
        call = Call(self, request, layout, match.params, now, looks_ahead=True)
        try:
            call.access = authorise(call)
            operation.handler(call)
        except ForeseenError as foreseen:
            return None if foreseen.rendering.is_empty else foreseen.rendering
        except ApiError:
            return None
        return None

    def _answer(self, call: Call, operation: Operation | None, match: Match | None) -> Answer:
        if len(call.request.body) > MAX_BODY:
            return too_large(call)
        if operation is None:
            return unmatched(call, self._router(call.layout), match)
        if operation.api in call.layout.alias and not self.switches.sandbox_token_alias:
            return alias_gone(call)
        return self._run(call, operation)

    def _struck(self, call: Call, operation: Operation | None, match: Match | None) -> Reply:
        """Answer a call while fault rules are in force: in place of the operation, or what they leave of its answer."""
        request, client_id = call.request, call.claimed_client
        needs_token = operation is not None and operation.need is Need.TOKEN
        strike = self.faults.strike(Target(request, client_id, call.now, needs_token))
        if strike is None:
            return self._recorder.reply(call, operation, self._answer(call, operation, match))
        for fault_id, sentence in strike.told:
            call.note("fault", id=fault_id, text=sentence, effect=strike.effect.fault, token=token_id(call))
        call.client_id = client_id
        answer = None if strike.instead is None else answer_of(strike.instead, call)
        if answer is None:
            answer = malformed(strike.effect, self._answer(call, operation, match))
        if strike.instead is not None and strike.instead.edit is not None:
            answer = edited(strike.instead.edit, answer, call)
        reply = self._recorder.reply(call, operation, answer)
        reply.effect = strike.effect
        return reply

    @staticmethod
    def _run(call: Call, operation: Operation) -> Answer:
        """Admit, authorise and carry out a matched call."""
        try:
            if operation.need is Need.TOKEN:
                call.access = authorise(call)
                admit(call)
            return operation.handler(call)
        except ApiError as error:
            return error_answer(error) if operation.refuse is None else operation.refuse(call, error)

    @cached_property
    def _routers(self) -> dict[str, Router]:
        return {}

    def _router(self, layout: Layout) -> Router:
        router = self._routers.get(layout.name)
        if router is None:
            router = self._routers[layout.name] = router_of(layout, self.operations)
        return router
