"""From a checked document to a Scenario; people and plants have rules that no schema can hold."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from mock_sma.domain.fault_document import rule_of
from mock_sma.domain.moment import settled
from mock_sma.domain.people import Client, Flow, User
from mock_sma.domain.plant import ENNEXOS_ID
from mock_sma.domain.quota import Quota
from mock_sma.domain.redirect import fault_of
from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Profile, Scenario, Switches
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import ScenarioError
from mock_sma.scenario_file.actions import action_of
from mock_sma.scenario_file.build_plant import PlantBuilder
from mock_sma.scenario_file.document import VERSION
from mock_sma.scenario_file.references import check_references
from mock_sma.scenario_file.repetition import repeat_of
from mock_sma.scenario_file.salvage import SalvagedSource
from mock_sma.scenario_file.timeline_document import AddFaultDoc, AddPlantDoc
from mock_sma.scenario_file.validate import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.document import ScenarioDoc
    from mock_sma.scenario_file.source import Path, Source
    from mock_sma.scenario_file.timeline_document import TimelineDoc

Item = TypeVar("Item")

DEMO_CLIENTS = (
    Client(
        id="demo_api",
        secret="demo_secret",  # noqa: S106 - published and fake
        name="Demo service",
        terms_url="https://example.org/terms",
        privacy_url="https://example.org/privacy",
    ),
    Client(
        id="demo_app",
        secret="demo_secret",  # noqa: S106 - published and fake
        flow=Flow.CODE,
        redirect_uris=("http://localhost:8000/callback",),
        name="Demo app",
        terms_url="https://example.org/terms",
        privacy_url="https://example.org/privacy",
    ),
)
"""Clients of a scenario that names none."""


PROFILE_QUOTAS = {Profile.PRODUCTION_2025: Quota(requests=1500, window=300.0)}
"""Limits that a profile brings along (R17)."""


def scenario_of(source: Source) -> Scenario:
    """Return the scenario of a source whose ``extends`` has been worked in.

    Raises:
        ScenarioError: with every mistake of form and every broken rule.
    """
    document, salvage = read_document(source)
    if salvage is None or document is None:
        source.check()
        assert document is not None
        return Builder(source, document).build()
    rest = SalvagedSource(source, salvage)
    with suppress(ScenarioError):
        Builder(rest, document, is_whole=False).build()
    # Of what lost a part only broken rules are certain; the rest may follow from what is missing.
    source.problems += [item for item in rest.problems if item.rule is not None or not salvage.is_thinned]
    source.check()
    raise AssertionError("a salvage without a problem")


def _unlike_the_sandbox(doc: ScenarioDoc) -> Iterator[tuple[Path, str]]:
    for index, plant in enumerate(doc.plants):
        if not ENNEXOS_ID.fullmatch(plant.id):
            yield ("plants", index, "id"), f"plant {plant.id} is a Classic one: SMA's sandbox has ennexOS plants only"
        elif plant.resolution not in (None, 15):
            message = f"plant {plant.id} has {plant.resolution} minutes: SMA's sandbox has 15"
            yield ("plants", index, "resolution"), message


class Builder:
    """Builds one scenario; takes down every problem on the way.

    Args:
        is_whole: False where parts of the document are missing, so that not all references can be checked.
    """

    def __init__(self, source: Source, document: ScenarioDoc, *, is_whole: bool = True) -> None:
        self.source = source
        self.is_whole = is_whole
        self.document = document
        self.warnings: list[str] = []
        self.plants = PlantBuilder(source)

    def build(self) -> Scenario:
        """Return the scenario.

        Raises:
            ScenarioError: with every broken rule.
        """
        doc = self.document
        if doc.version < VERSION:
            self._warn(("version",), f"version {doc.version} is older; it was read as version {VERSION}")
        if "profile" in doc.model_fields_set and doc.profile is Profile.SANDBOX:
            for path, message in _unlike_the_sandbox(doc):
                self._warn(path, message, "R26")
        plants = tuple(self.plants.plant(("plants", index), plant) for index, plant in enumerate(doc.plants))
        scenario = Scenario(
            name=doc.name,
            description=doc.description,
            profile=doc.profile,
            now=doc.now,
            seed=doc.seed,
            clients=self._clients(),
            users=self._users(),
            plants=plants,
            consents=self._consents(plants),
            auto_answers=self._auto_answers(),
            timeline=_sound(self.happening(index, item) for index, item in enumerate(doc.timeline)),
            quota=self._quota(),
            faults=_sound(self._fault(("faults", index), rule) for index, rule in enumerate(doc.faults)),
            switches=Switches(**dict(doc.switches)),
            warnings=tuple(self.warnings),
        )
        check_references(self.source, doc, scenario, is_whole=self.is_whole)
        self.source.check()
        return scenario

    def _warn(self, path: Path, message: str, rule: str | None = None) -> None:
        self.warnings.append(str(self.source.problem(path, f"warning: {message}", rule)))

    def _quota(self) -> Quota | None:
        if self.document.quota is not None:
            return Quota(**dict(self.document.quota))
        return PROFILE_QUOTAS.get(self.document.profile)

    def _clients(self) -> tuple[Client, ...]:
        given = self.document.clients
        if given is None:
            return DEMO_CLIENTS
        seen: set[str] = set()
        for index, doc in enumerate(given):
            if doc.id in seen:
                self.source.add(("clients", index, "id"), f"the client {doc.id!r} stands there twice")
            seen.add(doc.id)
            if doc.flow is Flow.CODE and not doc.redirect_uris:
                message = "a client of the code flow needs redirect_uris, such as http://localhost:8000/callback"
                self.source.add(("clients", index), message, "R15")
            for number, uri in enumerate(doc.redirect_uris):
                fault = fault_of(uri)
                if fault is not None:
                    message = f"{uri[:100]!r} {fault}, so no browser is sent there"
                    self.source.add(("clients", index, "redirect_uris", number), message, "R15")
        return tuple(Client(**dict(doc)) for doc in given)

    def _users(self) -> tuple[User, ...]:
        seen: set[str] = set()
        for index, doc in enumerate(self.document.users):
            key = doc.email.casefold()
            if key in seen:
                message = f"{doc.email!r} stands there twice; case does not count"
                self.source.add(("users", index, "email"), message)
            seen.add(key)
            if doc.country is None:
                self._warn(("users", index), f"{doc.email} has no country: consent mails will be English", "R05")
        return tuple(User(**dict(doc)) for doc in self.document.users)

    def _consents(self, plants: tuple[Plant, ...]) -> tuple[InitialConsent, ...]:
        # A GUID means the same plant in any case; from here on it is written as the plant has it.
        spelt = {plant.id.lower(): plant.id for plant in plants}
        return tuple(
            InitialConsent(
                **{
                    **dict(item),
                    "plants": None
                    if item.plants is None
                    else tuple(spelt.get(name.lower(), name) for name in item.plants),
                }
            )
            for item in self.document.consents
        )

    def _auto_answers(self) -> tuple[AutoAnswer, ...]:
        return tuple(
            AutoAnswer(**{**dict(item), "answer": None if item.answer == "never" else item.answer})
            for item in self.document.auto_answers
        )

    def happening(self, index: int, doc: TimelineDoc) -> TimelineEntry | None:
        """Return a timeline entry; mistakes go into the source, and where it holds no action then, None comes back."""
        path: Path = ("timeline", index)
        if (doc.at is None) == (doc.after is None):
            self.source.add(path, "needs one of the keys 'at' and 'after'")
        now = self.document.now
        if now is not None and doc.at is not None and settled(doc.at, now) < now:
            message = f"time goes backwards: the scenario begins at {now.isoformat()}"
            self.source.add((*path, "at"), message)
        plant = self.plants.plant((*path, "plant"), doc.plant) if isinstance(doc, AddPlantDoc) else None
        rule = self._fault((*path, "rule"), doc.rule) if isinstance(doc, AddFaultDoc) else None
        if isinstance(doc, AddFaultDoc) and rule is None:
            return None
        action = action_of(doc, plant=plant, rule=rule)
        return TimelineEntry(action=action, at=doc.at, after=doc.after, repeat=repeat_of(self.source, path, doc))

    def _fault(self, path: Path, rule: dict[str, object]) -> FaultRule | None:
        try:
            return rule_of(rule)
        except ScenarioError as error:
            for item in error.problems:
                self.source.add((*path, *(part for part in item.path.split(".") if part)), item.message)
        return None


def _sound(items: Iterable[Item | None]) -> tuple[Item, ...]:
    return tuple(item for item in items if item is not None)
