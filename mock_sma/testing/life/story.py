"""What happens to a world in a life: chapters drawn from a seed, each a thing that can be left out by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain import actions as act
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.plant import Backend
from mock_sma.domain.quota import Quota
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.errors import UsageError
from mock_sma.fault_rules.document import rule_of
from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

WHOLE_FROM = 14
"""Days of a life from which on all that may happen does, once at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that happens.

    Attributes:
        kind: a word of :data:`KINDS`.
        at: when it begins.
        text: what it is, in words.
        entries: of the timeline.
        events: of plants, by plant id.
    """

    kind: str
    at: datetime
    text: str
    entries: tuple[TimelineEntry, ...] = ()
    events: tuple[tuple[str, PlantEvent], ...] = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A world and all that happens to it.

    Attributes:
        scenario: what it begins with, without the chapters.
        start: when the life begins.
        days: how long it is [d of 24 h].
        chapters: in order of time.
    """

    scenario: Scenario
    start: datetime
    days: int
    chapters: tuple[Chapter, ...]

    @property
    def end(self) -> datetime:
        """When the life is over."""
        return self.start + timedelta(days=self.days)

    def told(self) -> Scenario:
        """Return the scenario in which all of it happens."""
        scenario = self.scenario
        events: dict[str, list[PlantEvent]] = {}
        for name, event in (pair for chapter in self.chapters for pair in chapter.events):
            events.setdefault(name, []).append(event)
        plants = tuple(
            replace(plant, events=(*plant.events, *events[plant.id])) if plant.id in events else plant
            for plant in scenario.plants
        )
        entries = tuple(entry for chapter in self.chapters for entry in chapter.entries)
        return replace(scenario, now=self.start, plants=plants, timeline=(*scenario.timeline, *entries))


class _Die:
    """Chance of one chapter."""

    def __init__(self, seed: int, kind: str, number: int) -> None:
        self._stream = key(seed, "life", kind, number)
        self._count = 0

    def between(self, low: float, high: float) -> float:
        self._count += 1
        return low + (high - low) * uniform(self._stream, self._count)

    def hours(self, low: int, high: int) -> timedelta:
        return timedelta(hours=int(self.between(low, high + 1)))

    def one(self, items: Collection[Plant]) -> Plant:
        return list(items)[int(self.between(0, len(items)))]


def _consent(scenario: Scenario, at: datetime, die: _Die) -> Chapter | None:
    owners = [user.email for plant in scenario.plants for user in plant.owners()]
    if not owners:
        return None
    email = owners[int(die.between(0, len(owners)))]
    back = at + die.hours(6, 120)
    entries = (
        TimelineEntry(action=act.ConsentAction(event="revoke", email=email), at=at),
        TimelineEntry(action=act.ConsentAction(event="accept", email=email), at=back),
    )
    text = f"{email} revokes the consent, and gives it again at {back:%Y-%m-%d %H:%M}"
    return Chapter(kind="consent", at=at, text=text, entries=entries)


def _gap(scenario: Scenario, at: datetime, die: _Die) -> Chapter:
    plant, span = die.one(scenario.plants), die.hours(1, 40)
    action = act.StartEvent(kind=EventKind.GAP, plant_id=plant.id, duration=span)
    text = f"plant {plant.id} is silent for {span / HOUR:g} h"
    return Chapter(kind="gap", at=at, text=text, entries=(TimelineEntry(action=action, at=at),))


def _late(scenario: Scenario, at: datetime, die: _Die) -> Chapter:
    plant, span = die.one(scenario.plants), die.hours(1, 12)
    arrives = at + span + die.hours(2, 72)
    event = PlantEvent(kind=EventKind.LATE_DATA, start=at, end=at + span, arrives=arrives)
    text = f"{span / HOUR:g} h of plant {plant.id} arrive only at {arrives:%Y-%m-%d %H:%M}"
    return Chapter(kind="late-data", at=at, text=text, events=((plant.id, event),))


def _trouble(
    kind: str, text: str, effect: dict[str, object], path: str = "*", **more: object
) -> Callable[[Scenario, datetime, _Die], Chapter]:
    def make(scenario: Scenario, at: datetime, die: _Die) -> Chapter:  # noqa: ARG001 - one signature for all
        end = at + die.hours(1, 8)
        schedule = {"from": at.isoformat(), "until": end.isoformat()}
        rule = rule_of({"match": {"path": path}, "effect": effect, "schedule": schedule, **more})
        entry = TimelineEntry(action=act.AddFault(rule=rule), at=at)
        return Chapter(kind=kind, at=at, text=f"{text} until {end:%Y-%m-%d %H:%M}", entries=(entry,))

    return make


def _quota(scenario: Scenario, at: datetime, die: _Die) -> Chapter:
    requests, end = int(die.between(3, 40)), at + die.hours(2, 24)
    entries = (
        TimelineEntry(action=act.ChangeQuota(quota=Quota(requests=requests)), at=at),
        TimelineEntry(action=act.ChangeQuota(quota=scenario.quota), at=end),
    )
    text = f"{requests} requests in five minutes are allowed until {end:%Y-%m-%d %H:%M}"
    return Chapter(kind="quota", at=at, text=text, entries=entries)


def _migration(scenario: Scenario, at: datetime, die: _Die) -> Chapter | None:
    plants = [plant for plant in scenario.plants if plant.backend is Backend.CLASSIC]
    if not plants:
        return None
    plant, to = die.one(plants), str(770_000 + int(die.between(0, 9_000)) * 10)
    action = act.Migrate(plant_id=plant.id, to=to)
    text = f"plant {plant.id} moves to ennexOS as {to}"
    return Chapter(kind="migration", at=at, text=text, entries=(TimelineEntry(action=action, at=at),))


def _replacement(scenario: Scenario, at: datetime, die: _Die) -> Chapter | None:
    devices = [device for plant in scenario.plants for device in plant.devices if device.generates_pv]
    if not devices:
        return None
    device = devices[int(die.between(0, len(devices)))]
    action = act.ReplaceDevice(device_id=device.id)
    text = f"device {device.id} is replaced"
    return Chapter(kind="replacement", at=at, text=text, entries=(TimelineEntry(action=action, at=at),))


class ChapterKind(NamedTuple):
    """A kind of chapters.

    Attributes:
        each: days from one to the next, on the average; None: once in a life.
        make: makes one; None: the world has nobody that it could happen to.
    """

    each: float | None
    make: Callable[[Scenario, datetime, _Die], Chapter | None]


KINDS: dict[str, ChapterKind] = {
    "consent": ChapterKind(60, _consent),
    "gap": ChapterKind(20, _gap),
    "late-data": ChapterKind(20, _late),
    "outage": ChapterKind(45, _trouble("outage", "every second answer is 503", {"status": 503}, probability=0.5)),
    "reset": ChapterKind(
        60, _trouble("reset", "every third connection breaks", {"fault": "connection_reset"}, probability=0.3)
    ),
    "delay": ChapterKind(60, _trouble("delay", "answers are two minutes late", {"delay": 120})),
    "token-outage": ChapterKind(
        60, _trouble("token-outage", "no token is given out", {"status": 503}, "/oauth2/token")
    ),
    "quota": ChapterKind(60, _quota),
    "migration": ChapterKind(None, _migration),
    "replacement": ChapterKind(None, _replacement),
}
"""What can happen. That the clocks change comes by itself, with the span."""


def story_of(scenario: Scenario, start: datetime, days: int, seed: int, kinds: Collection[str] = tuple(KINDS)) -> Story:
    """Draw a story; the same arguments give the same one.

    Args:
        scenario: the world.
        start: aware instant.
        days: length of the life.
        seed: of what happens.
        kinds: words of :data:`KINDS`.

    Raises:
        UsageError: a word that is none of them.
    """
    if unknown := set(kinds) - set(KINDS):
        raise UsageError(f"{', '.join(sorted(unknown))}: no such kind; there are {', '.join(KINDS)}")
    chapters: list[Chapter] = []
    for word in (word for word in KINDS if word in kinds):
        each, make = KINDS[word]
        chance = _Die(seed, word, -1).between(0.0, 1.0)
        count = 1 if each is None else max(int(days / each + chance), int(days >= WHOLE_FROM))
        for number in range(count):
            die = _Die(seed, word, number)
            at = start + timedelta(minutes=int(die.between(0, days * 1_440)))
            if (chapter := make(scenario, at, die)) is not None:
                chapters.append(chapter)
    ordered = tuple(sorted(chapters, key=lambda chapter: chapter.at))
    return Story(scenario=scenario, start=start, days=days, chapters=ordered)
