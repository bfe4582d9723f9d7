"""Rules about what is asked for: sets, periods, dates, and how often (R20 to R26, R33)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE, PV_GENERATION
from mock_sma.domain.instruments import device_sets, plant_sets, served_sets
from mock_sma.domain.period import Period
from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import Hit
from mock_sma.simulation.visibility import UPLOAD
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.findings.traffic import Traffic, Turn

BALANCE = ENERGY_BALANCE.name
DAYS = 60
"""Single days asked for in a row, from which on a longer period was meant."""

HOUR = 3_600.0
TOTALS = 4
"""Requests for Total in an hour that are too many: it has one row a year."""

_zone = cache(ZoneInfo)


def _measured(client: Traffic) -> Iterator[tuple[Turn, Any]]:
    """Yield the answered requests for measurements, with what was taken down about each."""
    for item in client.exchanges:
        facts = item.facts.get("measured")
        if facts is not None and item.status == 200:
            yield item, facts


def _subject(facts: Any) -> tuple[str, str | None, str]:
    return facts.plant.id, None if facts.device is None else facts.device.id, facts.wanted.name


def _named(facts: Any) -> str:
    whose = f"plant {facts.plant.id}" if facts.device is None else f"device {facts.device.id}"
    return f"{facts.wanted.name} of {whose}"


def _too_soon(client: Traffic) -> Iterator[Hit]:
    known: dict[Any, list[Turn]] = {}
    for item, facts in _measured(client):
        key = (item.target, facts.until)
        before = known.setdefault(key, [])
        if before and (before[-1].struck or before[-1].entry.response_body != item.entry.response_body):
            before.clear()
        before.append(item)
    for items in known.values():
        facts = items[0].facts["measured"]
        pace = UPLOAD[facts.plant.backend]
        soon = [later for before, later in pairwise(items) if later.at - before.at < pace]
        if soon:
            text = f"{_named(facts)} was asked for {len(soon)} more times with nothing new since"
            yield Hit([items[0], *soon], text, len(soon) > 1)


def _day_by_day(client: Traffic) -> Iterator[Hit]:
    days: dict[Any, dict[date, Turn]] = defaultdict(dict)
    for item, facts in _measured(client):
        if facts.span.period is Period.DAY:
            days[_subject(facts)].setdefault(facts.span.first, item)
    for found in days.values():
        items = list(found.values())
        if len(items) >= DAYS and items[DAYS - 1].at - items[0].at <= 24 * HOUR:
            yield Hit(items, f"{_named(items[0].facts['measured'])} was asked for on {len(items)} single days")


def _total_polled(client: Traffic) -> Iterator[Hit]:
    asked: dict[Any, list[Turn]] = defaultdict(list)
    for item, facts in _measured(client):
        if facts.span.period is Period.TOTAL and not item.struck:
            asked[item.target].append(item)
    for items in asked.values():
        runs = [items[place : place + TOTALS] for place in range(len(items) - TOTALS + 1)]
        # All at one moment is another waste, with a rule of its own.
        if any(0 < run[-1].at - run[0].at <= HOUR for run in runs):
            yield Hit(items, f"{_named(items[0].facts['measured'])} was asked for in Total {len(items)} times")


def _is_offered(facts: Any) -> bool:
    name = ENERGY_AND_POWER_PV.name if facts.wanted is PV_GENERATION else facts.wanted.name
    if facts.device is not None:
        return name in device_sets(facts.plant, facts.device)
    if facts.wanted is PV_GENERATION:
        return name in plant_sets(facts.plant)
    return name in served_sets(facts.plant, facts.profile)


def _not_offered(client: Traffic, *, balance: bool) -> Iterator[Hit]:
    found: dict[Any, list[Turn]] = defaultdict(list)
    verdicts: dict[Any, bool] = {}
    for item, facts in _measured(client):
        subject = _subject(facts)
        key = (subject, id(facts.plant))
        if key not in verdicts:
            verdicts[key] = _is_offered(facts)
        if not verdicts[key] and (subject[2] == BALANCE) is balance:
            found[subject].append(item)
    for items in found.values():
        yield Hit(items, f"{_named(items[0].facts['measured'])} was asked for, which is not in the list of its sets")


def _set_not_offered(client: Traffic) -> Iterable[Hit]:
    return _not_offered(client, balance=False)


def _no_balance(client: Traffic) -> Iterable[Hit]:
    return _not_offered(client, balance=True)


def _unknown_set(client: Traffic) -> Iterator[Hit]:
    found: dict[str, list[Turn]] = defaultdict(list)
    for item in client.exchanges:
        if item.status == 404 and (text := item.fact("set", "text") or item.fact("period", "text")):
            found[text].append(item)
    for text, items in found.items():
        yield Hit(items, text)


def _local_date(item: Turn, facts: Any) -> date:
    return datetime.fromtimestamp(item.at, _zone(facts.plant.timezone)).date()


def _off_by_one(client: Traffic) -> Iterator[Hit]:
    ahead: dict[Any, list[Turn]] = defaultdict(list)
    for item, facts in _measured(client):
        first = facts.span.first
        if facts.span.period in (Period.DAY, Period.WEEK) and first - _local_date(item, facts) == timedelta(days=1):
            ahead[facts.plant.id].append(item)
    for plant, items in ahead.items():
        zone = items[0].facts["measured"].plant.timezone
        yield Hit(items, f"the Date was tomorrow's at plant {plant}, whose days are those of {zone}")
    yield from _behind(client)


def _behind(client: Traffic) -> Iterator[Hit]:
    """Yield polls of today that keep to yesterday between midnight at the plant and midnight in UTC."""
    polls: dict[Any, list[tuple[Turn, int, bool]]] = defaultdict(list)
    for item, facts in _measured(client):
        if facts.span.period is Period.DAY:
            local, utc = _local_date(item, facts), datetime.fromtimestamp(item.at, UTC).date()
            polls[_subject(facts)].append((item, (facts.span.first - local).days, utc < local))
    for found in polls.values():
        within = [(item, days) for item, days, is_between in found if is_between]
        outside = [days for _, days, is_between in found if not is_between]
        if len(within) >= 2 and len(outside) >= 2 and {days for _, days in within} == {-1} and set(outside) == {0}:
            zone = found[0][0].facts["measured"].plant.timezone
            text = f"the Date was UTC's, a day behind the plant's, whose days are those of {zone}"
            yield Hit([item for item, _ in within], text, certain=False)


RULES = (
    FindingRule(
        id="asked-too-soon",
        severity=Severity.WARNING,
        rule="R20, R25",
        title="The same was asked again before anything new could be there",
        about="A request for measurements came three or more times between two uploads; a note where it was twice.",
        fix="Ask at the pace of the uploads: 5 minutes on ennexOS, 15 on Classic",
        find=_too_soon,
    ),
    FindingRule(
        id="year-day-by-day",
        severity=Severity.WARNING,
        rule="R21",
        title="A long time was asked for day by day",
        about="Sixty or more single days of one set were asked for within a day.",
        fix="Take Month or Year for energies of days and months; Week has seven days at a Day's resolution",
        find=_day_by_day,
    ),
    FindingRule(
        id="total-polled",
        severity=Severity.WARNING,
        rule="R20, R21",
        title="Total is polled",
        about="The period Total was asked for four or more times within an hour.",
        fix="Read Total once a day; Recent and Day have what is new",
        find=_total_polled,
    ),
    FindingRule(
        id="set-not-offered",
        severity=Severity.WARNING,
        rule="R26, R33",
        title="A set that the plant or device does not offer",
        about="A set was asked for that GET …/measurements/sets does not list; it is empty.",
        fix="Read the list of sets first, and ask for what is in it",
        find=_set_not_offered,
        scenario="pv-only",
    ),
    FindingRule(
        id="balance-not-offered",
        severity=Severity.WARNING,
        rule="R24",
        title="EnergyBalance where the grid is not metered",
        about="EnergyBalance was asked for at a plant that does not measure gridConsumption and gridFeedIn.",
        fix="Read the list of sets first; without EnergyBalance take EnergyAndPowerPv",
        find=_no_balance,
        scenario="pv-only",
    ),
    FindingRule(
        id="unknown-set",
        severity=Severity.ERROR,
        rule="R33",
        title="A set or period that does not exist",
        about="The name of a set or period is none of SMA's; the answer was 404.",
        fix="Use the names of the list of sets, and Recent, Day, Week, Month, Year or Total",
        find=_unknown_set,
    ),
    FindingRule(
        id="date-off-by-one",
        severity=Severity.ERROR,
        rule="R20, R21",
        title="A Date that is off by one at the plant",
        about="Date was the day after the plant's today; a note where polls between the plant's midnight and UTC's "
        "kept to yesterday.",
        fix="Take the date in the plant's time zone, which GET …/plants tells, not the server's or UTC's",
        find=_off_by_one,
        scenario="portfolio",
    ),
)
