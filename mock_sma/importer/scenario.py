"""A scenario of traffic, with the files of its rows and what had to be assumed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV
from mock_sma.domain.consent import PENDING_FOR
from mock_sma.domain.period import Period
from mock_sma.domain.scenario import ConsentState, Profile
from mock_sma.errors import ArchiveError
from mock_sma.importer.collected import MAX_LOGS
from mock_sma.importer.levels import set_levels
from mock_sma.importer.logs import events_of
from mock_sma.importer.owners import owners_of
from mock_sma.importer.plants import PlantEntry
from mock_sma.importer.rows import MAX_RUNS, files_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_sma.importer.collected import Collected, RecordedThing
    from mock_sma.importer.names import Names
    from mock_sma.importer.owners import PlantOwners

OWNER = "owner@example.org"
CLIENT = "demo_api"
COUNTED = {
    Period.RECENT: "latest rows",
    Period.DAY: "days of sets",
    Period.MONTH: "months of days' sums",
    Period.YEAR: "years of months' sums",
    Period.TOTAL: "lists of years' sums",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


@dataclass(slots=True)
class ImportedScenario:
    """What an import makes.

    Attributes:
        document: the scenario.
        files: texts of the files of rows, by name.
        notes: what is recorded, fitted and simulated, in sentences.
    """

    document: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def scenario_of_traffic(found: Collected, names: Names, name: str) -> ImportedScenario:
    """Return the scenario of what traffic tells.

    Args:
        names: replaces names, people and serial numbers.
        name: of the scenario; the files of rows begin with it.

    Raises:
        ArchiveError: there is no plant in it.
    """
    if not found.plants:
        raise ArchiveError("the traffic has no plant: it needs an answer of /v1/plants, or of a plant's own address")
    owners = owners_of(found.plants, found.consents, found.sightings)
    people = People(found.consents, names)
    made = ImportedScenario({})
    # All names are known before the first text: a log may name another plant.
    built = {plant_id: PlantEntry(plant_id, plant, names) for plant_id, plant in found.plants.items()}
    plants = [
        _plant(built[plant_id], plant, people.email(owners.of_plants[plant_id]), names, name, made)
        for plant_id, plant in found.plants.items()
    ]
    for other in owners.others:
        beside = {"email": people.email(other), "role": "user", "owner": True}
        plants[0].setdefault("users", []).append(beside)
    made.notes += _notes_on(owners, people)
    made.document = {
        "version": 1,
        "name": name,
        "profile": _profile(found).value,
        **({} if found.latest is None else {"now": found.latest.astimezone(UTC).isoformat()}),
        "users": [{"email": person, "password": "secret", "country": "DE"} for person in people.emails],
        "plants": plants,
        "consents": list(_consents(found, owners, people)),
    }
    if any(item.get("logId") for key, plant in found.plants.items() if "-" in key for item in plant.logs.values()):
        made.document["switches"] = {"classic_log_ids": True}
    return made


def _plant(
    built: PlantEntry, plant: RecordedThing, owner: str, names: Names, name: str, made: ImportedScenario
) -> dict[str, Any]:
    entry = {key: value for key, value in built.entry.items() if value is not None}
    built.notes += set_levels(entry, plant, names)
    entry["owner"] = owner
    zone, commissioned = ZoneInfo(entry["timezone"]), date.fromisoformat(entry["commissioned"])
    # An inverter that stands for those of the traffic comes last, and has no rows.
    things = [(entry, plant), *zip(entry["devices"], plant.devices.values(), strict=False)]
    for target, thing in things:
        stem = f"{name}-{_UNSAFE.sub('', str(target['id']))}"
        files = list(files_of(stem, thing, zone, commissioned))
        made.files |= {file.name: file.text for file in files}
        if files:
            target["data"] = [file.entry for file in files]
    events = list(events_of(plant, zone, names))
    if events:
        entry["events"] = events
        most = f", and {MAX_LOGS} are the most that are taken over" if len(plant.logs) >= MAX_LOGS else ""
        built.notes.append(f"its log has {len(events)} recorded entries{most}")
    notes = [*built.notes, *_recorded([thing for _, thing in things])]
    made.notes += [f"plant {entry['id']}: {note}" for note in notes]
    return entry


def _recorded(things: Sequence[RecordedThing]) -> Iterator[str]:
    """Yield what is recorded of a plant and its devices."""
    recorded = [rows for thing in things for rows in thing.rows.values()]
    counts = Counter(kind.period for rows in recorded for kind, spans in rows.spans.items() for _ in spans)
    counts[Period.RECENT] = sum(len(rows) for each in recorded for rows in each.latest.values())
    counted = [f"{counts[period]} {words}" for period, words in COUNTED.items() if counts[period]]
    yield f"recorded are {', '.join(counted) or 'no rows'}; all other rows are simulated"
    strange = sum(rows.strange for rows in recorded)
    if strange:
        yield f"{strange} rows are left out: their times are not in order, or not of the time that was asked for"
    left_out = sum(thing.left_out for thing in things)
    if left_out:
        yield f"the {left_out} earliest runs of rows are left out: a plant or device has {MAX_RUNS} files at most"


def _profile(found: Collected) -> Profile:
    serves_pv = any(ENERGY_AND_POWER_PV.name in {*(item.sets or ()), *item.rows} for item in found.plants.values())
    return Profile.SANDBOX if found.is_sandbox and not serves_pv else Profile.PRODUCTION_2020


class People:
    """Addresses of owners, replaced.

    Args:
        consents: who has been asked.
        names: replaces addresses.

    Attributes:
        emails: all addresses, in order.
    """

    def __init__(self, consents: Iterable[str], names: Names) -> None:
        self._names = names
        self._known = {address: names.email(address) for address in consents}

    @property
    def emails(self) -> list[str]:
        """All addresses, each once."""
        return list(dict.fromkeys(self._known.values()))

    def email(self, owner: str) -> str:
        """Return the address that stands for an owner, be it one that the traffic does not name."""
        if owner not in self._known:
            number = len(self._known) + 1
            self._known[owner] = OWNER if number == 1 else f"owner{number}@example.org"
        return self._known[owner]


def _notes_on(owners: PlantOwners, people: People) -> Iterator[str]:
    if owners.unnamed:
        own = ", ".join(people.emails[-owners.unnamed :])
        stand = "stands for an owner that it does not name, and has"
        if owners.unnamed > 1:
            stand = "stand for owners that it does not name, and have"
        yield f"who has consented is not all in the traffic; {own} {stand}"
    if owners.dealt:
        yield "whose plants are whose is not in the traffic; they are dealt out among all who have consented"
    if owners.others:
        yield (
            f"which plants {', '.join(map(people.email, owners.others))} own is not in the traffic; they are owners of "
            "the first one too"
        )


def _consents(found: Collected, owners: PlantOwners, people: People) -> Iterator[dict[str, Any]]:
    known = {state.value.lower() for state in ConsentState}
    for address, facts in found.consents.items():
        if facts.state.lower() in known:
            asked = None if facts.expires is None else facts.expires - timedelta(seconds=PENDING_FOR)
            is_past = asked is not None and found.latest is not None and asked <= found.latest
            entry = {"client_id": CLIENT, "email": people.email(address), "state": facts.state.lower()}
            yield entry | ({"requested_at": asked.isoformat()} if asked is not None and is_past else {})
    for owner in dict.fromkeys(owners.of_plants.values()):
        if owner not in found.consents:
            yield {"client_id": CLIENT, "email": people.email(owner), "state": "accepted"}


def head_of(notes: list[str], made_of: str) -> str:
    """Return the comment at the head of an imported scenario."""
    lines = [f"Imported from {made_of}; what is recorded and what is not:", *notes]
    return "".join(f"# {line}\n" for line in lines)
