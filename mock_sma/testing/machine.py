"""A rule-based machine that drives a world and a client of yours, and writes down what broke it.

>>> class MyMachine(SmaMachine):
...     def visible_plants(self):
...         return my_client.plant_ids()          # your code, answered by self.sandbox
>>> TestMyClient = MyMachine.TestCase
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

try:
    from hypothesis import Phase, settings
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
except ImportError as error:
    raise ImportError("mock_sma.testing.machine needs Hypothesis: pip install hypothesis") from error

from mock_sma.domain.actions import ConsentAction, RegisterUser, SetOwner
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import UsageError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import dump_scenario
from mock_sma.testing.routers import router
from mock_sma.testing.strategies.worlds import scenarios

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.actions import Action
    from mock_sma.domain.scenario import Scenario

_WHICH = st.integers(0, 2)
"""Number of a plant or person; it goes round where there are fewer."""

_WAITS = st.sampled_from([60, 301, 901, 1801, 7_200, 86_400])


class SmaMachine(RuleBasedStateMachine):
    """Owners answer and revoke, flags change hands, time passes; after each step your client is asked what it sees.

    Subclass it and override :meth:`visible_plants`; :meth:`start_client` where a client has to be made anew for
    each run. All httpx clients are answered by the world meanwhile. What the client says has to be what the
    consents open at that moment (R07 to R12). Where it is not, or the client raises, the world with all that has
    happened is written as a scenario file, which Hypothesis shrinks together with the steps: commit it, and load
    it by ``@pytest.mark.sma("…")``.

    Attributes:
        client_id: the id of the application whose plants are compared; of the custom flow.
        failures: directory of the files.
        sandbox: the world.
    """

    client_id: ClassVar[str] = "demo_api"
    failures: ClassVar[str | Path] = "sma-failures"
    sandbox: Sandbox

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Explaining a failure takes ten times as long as shrinking it, and the file says more.
        quick = tuple(phase for phase in Phase if phase is not Phase.explain)
        cls.TestCase.settings = settings(cls.TestCase.settings, phases=quick)

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[TimelineEntry] = []
        self.router: Any = None

    # ---- for the subclass ---------------------------------------------------------------------------------

    def start_client(self) -> None:
        """Make your client; called when the world is there."""

    def visible_plants(self) -> Iterable[str]:
        """Return the ids of the plants that your client sees now; asks the world through your client."""
        raise NotImplementedError("override visible_plants: return the ids of the plants that your client sees")

    # ---- what can happen ----------------------------------------------------------------------------------

    @initialize(scenario=scenarios(max_plants=3, max_people=2, details=False))
    def begin(self, scenario: Scenario) -> None:
        """Begin with a drawn world."""
        self.sandbox = Sandbox(scenario)
        self.router = router(self.sandbox)
        self.router.start()
        self.start_client()

    @rule(person=_WHICH, event=st.sampled_from(["accept", "reject", "revoke", "expire"]))
    def owner_answers(self, person: int, event: str) -> None:
        """Let an owner answer, as far as there is something to answer."""
        self._try(ConsentAction(event=event, email=self._person(person)))

    @rule(plant=_WHICH, person=_WHICH, owner=st.booleans())
    def flag_moves(self, plant: int, person: int, owner: bool) -> None:
        """Set or take away an owner flag (R10)."""
        plants = self.sandbox.scenario.plants
        plant_id = plants[plant % len(plants)].id
        self._try(SetOwner(plant_id=plant_id, email=self._person(person), owner=owner))

    @rule(person=_WHICH)
    def person_registers(self, person: int) -> None:
        """Let an invited person complete registration (R04)."""
        self._try(RegisterUser(email=self._person(person)))

    @rule(seconds=_WAITS)
    def time_passes(self, seconds: int) -> None:
        """Let tokens expire and data arrive."""
        self.sandbox.clock.advance(seconds=seconds)

    @invariant()
    def client_sees_what_the_consents_open(self) -> None:
        """Ask the client after each step."""
        try:
            seen = sorted(self.visible_plants())
            expected = sorted(self.permitted_plants())
            assert seen == expected, f"the client sees {seen}, the consents open {expected}"
        except NotImplementedError:
            raise
        except BaseException as error:
            error.add_note(f"mock-sma: the world was written to {self.write_failure(error)}")
            raise

    # ---- what the machine knows ---------------------------------------------------------------------------

    def permitted_plants(self) -> set[str]:
        """Return the ids of the plants that the consents open to the client now."""
        sandbox = self.sandbox
        sandbox.catch_up()
        owned_by = sandbox.estate.owned_by
        records = sandbox.consents.granted(self.client_id, None)
        return {plant for record in records for plant in record.plants if plant in owned_by(record.email)}

    def scenario(self) -> Scenario:
        """Return the world's scenario, with all that has happened since as its timeline."""
        return replace(self.sandbox.scenario, timeline=tuple(self.happened))

    def write_failure(self, error: BaseException) -> Path:
        """Write :meth:`scenario` as a file and return its path; a later, smaller failure takes its place."""
        folder = Path(self.failures)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{type(self).__name__}.yaml"
        waited = self.sandbox.clock.time() - self.sandbox.started
        first = (str(error).splitlines() or [type(error).__name__])[0]
        head = (
            f"# {type(self).__name__}: {first}\n"
            f"# Everything below has happened {waited:g} s after the start: sma_sandbox.clock.advance({waited:g})\n"
        )
        file.write_text(head + dump_scenario(self.scenario()), encoding="utf-8")
        return file

    def teardown(self) -> None:
        """End the answering."""
        if self.router is not None:
            self.router.stop(quiet=True)

    def _person(self, number: int) -> str:
        users = self.sandbox.scenario.users
        return users[number % len(users)].email

    def _try(self, action: Action) -> None:
        after = timedelta(seconds=self.sandbox.clock.time() - self.sandbox.started)
        entry = TimelineEntry(action=action, after=after)
        try:
            self.sandbox.happenings.carry_out(action)
        except UsageError:
            return  # the world does not allow it: nothing has happened
        self.happened.append(entry)
