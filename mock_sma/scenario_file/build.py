"""From a checked document to a Scenario; people and plants have rules that no schema can hold."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mock_sma.domain.actions import AddDevice, AddFault, AddPlant
from mock_sma.domain.moment import settled
from mock_sma.domain.plant import ENNEXOS_ID
from mock_sma.domain.quota import Quota
from mock_sma.domain.scenario import Profile, Scenario, Switches
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import Note, ScenarioError
from mock_sma.leaves import later, leaf
from mock_sma.scenario_file.actions import action_of
from mock_sma.scenario_file.build_people import auto_answers_of, clients_of, consents_of, quota_of, users_of
from mock_sma.scenario_file.build_plant import PlantBuilder
from mock_sma.scenario_file.document import VERSION
from mock_sma.scenario_file.plant_document import PlantDoc
from mock_sma.scenario_file.references import check_references
from mock_sma.scenario_file.repetition import repeat_of
from mock_sma.scenario_file.timeline_document import (
    AddDeviceDoc,
    AddFaultDoc,
    AddPlantDoc,
    ChangeUserDoc,
    UserChangeDoc,
)
from mock_sma.scenario_file.validate import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.actions import Action
    from mock_sma.domain.faults import FaultRule
    from mock_sma.scenario_file.document import ScenarioDoc
    from mock_sma.scenario_file.source import Path, Source
    from mock_sma.scenario_file.timeline_document import TimelineDoc

SalvagedSource = later("mistakes.salvage", "SalvagedSource")

rule_of = later("fault_rules.document", "rule_of")

Item = TypeVar("Item")

PROFILE_QUOTAS = {Profile.PRODUCTION_2025: Quota(requests=1500, window=300.0)}
"""Limits that a profile brings along (R17)."""


def scenario_of(source: Source) -> Scenario:
    """Return the scenario of a source whose ``extends`` and ``generate`` have been worked in.

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
    source.problems += rest.problems
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
        self.warnings: list[Note] = []
        self.plants = PlantBuilder(source, document.plants)

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
        for index, user in enumerate(doc.users):
            if user.country is None and user.language is None:
                self._warn(("users", index), f"{user.email} has no country: consent mails will be English", "R05")
        build = self.plants.plant
        if any(type(plant) is not PlantDoc for plant in doc.plants):
            build = leaf("scenarios.variants", "VariantBuilder")(self.plants).plant
        plants = tuple(build(("plants", index), plant) for index, plant in enumerate(doc.plants))
        scenario = Scenario(
            name=doc.name,
            description=doc.description,
            profile=doc.profile,
            now=doc.now,
            seed=doc.seed,
            clients=clients_of(self.source, doc.clients),
            users=users_of(self.source, doc.users),
            plants=plants,
            consents=consents_of(self.source, doc.consents, plants),
            auto_answers=auto_answers_of(doc.auto_answers),
            timeline=_sound(self.happening(index, item) for index, item in enumerate(doc.timeline)),
            quota=self._quota(),
            faults=_sound(self._fault(("faults", index), rule) for index, rule in enumerate(doc.faults)),
            switches=Switches(**dict(doc.switches)),
        )
        check_references(self.source, doc, scenario, is_whole=self.is_whole)
        self.source.check()
        return replace(scenario, warnings=tuple(self.warnings))

    def _warn(self, path: Path, message: str, rule: str | None = None) -> None:
        self.warnings.append(Note(self.source.problem(path, message, rule)))

    def _quota(self) -> Quota | None:
        return quota_of(self.document.quota) or PROFILE_QUOTAS.get(self.document.profile)

    def happening(self, index: int, doc: TimelineDoc, *, may_be_now: bool = False) -> TimelineEntry | None:
        """Return a timeline entry; mistakes go into the source, and where it holds no action then, None comes back.

        Args:
            may_be_now: it needs no time.
        """
        path: Path = ("timeline", index)
        if (doc.at is None) == (doc.after is None) and not (may_be_now and doc.at is None):
            self.source.add(path, "needs one of the keys 'at' and 'after'")
        now = self.document.now
        if now is not None and doc.at is not None and settled(doc.at, now) < now:
            message = f"time goes backwards: the scenario begins at {now.isoformat()}"
            self.source.add((*path, "at"), message)
        action = self._action(path, doc)
        if action is None:
            return None
        return TimelineEntry(action=action, at=doc.at, after=doc.after, repeat=repeat_of(self.source, path, doc))

    def _action(self, path: Path, doc: TimelineDoc) -> Action | None:
        match doc:
            case AddPlantDoc():
                return AddPlant(plant=self.plants.plant((*path, "plant"), doc.plant))
            case AddDeviceDoc():
                return AddDevice(plant_id=doc.plant, device=self.plants.device((*path, "device"), doc.device))
            case AddFaultDoc():
                rule = self._fault((*path, "rule"), doc.rule)
                return None if rule is None else AddFault(rule=rule)
            case ChangeUserDoc():
                self._user_change((*path, "change"), doc.change)
        return action_of(doc)

    def _user_change(self, path: Path, doc: UserChangeDoc) -> None:
        given = doc.model_dump(exclude_unset=True)
        if not given:
            self.source.add(path, f"says nothing; name one of {', '.join(UserChangeDoc.model_fields)}")
        for key in ("email", "password", "registered"):
            if key in given and given[key] is None:
                self.source.add((*path, key), "cannot be taken away")

    def _fault(self, path: Path, rule: dict[str, object]) -> FaultRule | None:
        try:
            found: FaultRule = rule_of(rule)
        except ScenarioError as error:
            for item in error.problems:
                self.source.add((*path, *(part for part in item.path.split(".") if part)), item.message)
            return None
        return found


def _sound(items: Iterable[Item | None]) -> tuple[Item, ...]:
    return tuple(item for item in items if item is not None)
