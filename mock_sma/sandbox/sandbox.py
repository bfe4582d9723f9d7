"""One world: a scenario, a clock, and all that has happened since."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

from mock_sma.clock import Clock, parse_instant
from mock_sma.domain.own_clients import with_own_clients
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent, TransitionError
from mock_sma.errors import ApiError
from mock_sma.sandbox.agenda import Agenda
from mock_sma.sandbox.auth.browsers import BrowserBook
from mock_sma.sandbox.auth.codes import CodeBook
from mock_sma.sandbox.auth.sessions import SessionBook
from mock_sma.sandbox.consents import ConsentBook
from mock_sma.sandbox.estate import Estate
from mock_sma.sandbox.exchange import MAX_BODY
from mock_sma.sandbox.faults import FaultBook
from mock_sma.sandbox.happenings.book import Happenings
from mock_sma.sandbox.hosts import layout_of
from mock_sma.sandbox.journal import Journal
from mock_sma.sandbox.mailbox import Mailbox
from mock_sma.sandbox.operation import Call, Need
from mock_sma.sandbox.operations import OPERATIONS
from mock_sma.sandbox.quota import QuotaBook
from mock_sma.sandbox.recording import Recorder
from mock_sma.sandbox.router import Router
from mock_sma.sandbox.simulators import Simulators
from mock_sma.sandbox.unmatched import alias_gone, too_large, unmatched
from mock_sma.sandbox.wire.errors import error_answer
from mock_sma.seeding import DEFAULT_SEED, Identifiers

if TYPE_CHECKING:
    from datetime import datetime

    from mock_sma.domain.consent import Consent
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.exchange import Answer, Reply, Request
    from mock_sma.sandbox.hosts import Layout
    from mock_sma.sandbox.operation import Operation
    from mock_sma.sandbox.router import Match


class Sandbox:
    """A world. ``handle`` is all of it: synchronous, atomic, free of IO.

    Args:
        scenario: what the world starts from.
        now: start of the clock (ISO 8601 with offset, or an aware datetime); None: the scenario's, else the
            system's time. Outlives reset, and the load of a scenario that names none.
        seed: of all chance; None: the scenario's, else the default one. Outlives the same.
        rate: emulated seconds per second; None: frozen where a start is named by ``now`` or the scenario,
            else 1, so that tests see no time pass by itself.
        name: of the world, where many live in one process.
        own_clients: give its clients ids and secrets of their own, by which requests find the world.

    Attributes:
        clock: the world's time; one object for the world's whole life.
        estate: plants and people as they are now.
        agenda: what will happen by itself.
        happenings: the timeline and changes by hand: what has happened, and a way to let more happen.
        requests: the journal, oldest first.
        faults: the fault rules in force.
    """

    scenario: Scenario
    operations: tuple[Operation, ...] = OPERATIONS

    def __init__(
        self,
        scenario: Scenario,
        *,
        now: datetime | str | None = None,
        seed: int | None = None,
        rate: float | None = None,
        name: str = "default",
        own_clients: bool = False,
    ) -> None:
        self.name = name
        self._own_clients = own_clients
        self.lock = RLock()
        self._given_now = now
        self._given_seed = seed
        self._given_rate = rate
        self._routers: dict[str, Router] = {}
        self.clock = Clock(now, on_move=self.catch_up)
        self.agenda = Agenda()
        self._begin(scenario, (now, scenario.now), (seed, scenario.seed))

    def load(self, scenario: Scenario) -> None:
        """Begin anew from another scenario.

        What it names (start, seed) is in force; what it leaves open is as the constructor was given it. Where
        it cannot be loaded, the exception propagates and the world goes on as it was.
        """
        with self.lock:
            before, clock = dict(vars(self)), self.clock.copy()
            try:
                self._begin(scenario, (scenario.now, self._given_now), (scenario.seed, self._given_seed))
            except BaseException:
                vars(self).update(before)
                self.clock.restore(clock)
                raise

    def _begin(
        self,
        scenario: Scenario,
        starts: tuple[datetime | str | None, datetime | str | None],
        seeds: tuple[int | None, int | None],
    ) -> None:
        with self.lock:
            self.agenda = Agenda()
            self._start = next((start for start in starts if start is not None), None)
            rate = self._given_rate
            if rate is None:
                rate = 1.0 if self._start is None else 0.0
            self.clock.start(self._start, rate)
            self.started = self.clock.time()
            self.seed = next((seed for seed in seeds if seed is not None), DEFAULT_SEED)
            if self._own_clients:
                scenario = with_own_clients(scenario, self.name, self.seed)
            self.scenario = scenario
            self.switches = scenario.switches
            self.identifiers = Identifiers(self.seed, self.name)
            self.estate = Estate(scenario, getattr(self, "estate", None))
            self.simulators = Simulators(self.seed, scenario.switches.dst_fold)
            self.quota = QuotaBook(scenario.quota)
            self.faults = FaultBook(self)
            self.requests = Journal()
            self.mailbox = Mailbox()
            self.clients = {client.id: client for client in scenario.clients}
            self.codes = CodeBook(self)
            self.browser_sessions = BrowserBook(self)
            self.sessions = SessionBook(self)
            self.consents = ConsentBook(self)
            self.happenings = Happenings(self)
            self._recorder = Recorder(self)
            self.catch_up()

    def reset(self) -> None:
        """Put the world back exactly to its scenario."""
        self._begin(self.scenario, (self._start, None), (self.seed, None))

    def recreating(self) -> Scenario:
        """Return the scenario that makes this world's beginning anywhere: with the start and seed it was given."""
        scenario = self.scenario
        start = parse_instant(self._start) if isinstance(self._start, str) else self._start
        if self.seed != (DEFAULT_SEED if scenario.seed is None else scenario.seed):
            scenario = replace(scenario, seed=self.seed)
        return scenario if start in (None, scenario.now) else replace(scenario, now=start)

    def catch_up(self) -> None:
        """Let everything happen that the clock's time implies: timeline, expiry, automatic answers."""
        with self.lock:
            self.agenda.catch_up(self.clock.time())

    def answer_by_itself(self, record: Consent, now: float) -> None:
        """Let the owner answer as the scenario's ``auto_answers`` say."""
        rule = next(
            (
                item
                for item in self.scenario.auto_answers
                if item.email.casefold() == record.key and item.client_id in (None, record.client_id)
            ),
            None,
        )
        if rule is None or rule.answer is None or len(record.history) > 1:
            return
        event = ConsentEvent(rule.answer)

        def answer(at: float) -> None:
            # The owner may have answered by hand meanwhile, or may have nothing to permit.
            if record.state is ConsentState.PENDING:
                with suppress(TransitionError):
                    self.consents.happen(record, event, at, "owner")

        self.agenda.add(now + rule.after.total_seconds(), answer)

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
            if match is None or operation is None:
                call = Call(self, request, None, layout, {}, now)
            else:
                call = Call(self, request, operation, layout, match.params, now)
            if self.faults.active:
                return self._struck(call, match)
            return self._recorder.reply(call, self._answer(call, match))

    def _answer(self, call: Call, match: Match | None) -> Answer:
        if len(call.request.body) > MAX_BODY:
            return too_large(call)
        if call.operation is None:
            return unmatched(call, self._router(call.layout), match)
        if call.operation.api in call.layout.alias and not self.switches.sandbox_token_alias:
            return alias_gone(call)
        return self._run(call, call.operation)

    def _struck(self, call: Call, match: Match | None) -> Reply:
        """Answer a call while fault rules are in force: in place of the operation, or what they leave of its answer."""
        strike = self.faults.strike(call)
        if strike is None:
            return self._recorder.reply(call, self._answer(call, match))
        answer = self._answer(call, match) if strike.answer is None else strike.answer
        reply = self._recorder.reply(call, strike.on(answer))
        reply.effect = strike.effect
        return reply

    def _run(self, call: Call, operation: Operation) -> Answer:
        """Admit, authorise and carry out a matched call."""
        try:
            if operation.need is Need.TOKEN:
                call.access = self.sessions.authorise(call)
                self.quota.admit(call)
            return operation.handler(call)
        except ApiError as error:
            return error_answer(error) if operation.refuse is None else operation.refuse(call, error)

    def _router(self, layout: Layout) -> Router:
        router = self._routers.get(layout.name)
        if router is None:
            router = self._routers[layout.name] = Router(layout, self.operations)
        return router
