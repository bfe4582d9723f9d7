"""The program that runs all the year: it polls what is new of each plant, and at night reads whole days again."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx

from solar_reader.auth import SmaAuth
from solar_reader.documents import loads
from solar_reader.readers import Hosts
from solar_reader.store import ENERGIES, Store

_log = logging.getLogger(__name__)

POLL = 300
"""Time between two polls of a plant on ennexOS, which uploads as often [s]."""

POLL_CLASSIC = 900
"""The least on Sunny Portal Classic, which uploads as often [s]."""

LIST = 3_600
"""Time between two looks at the list of plants [s]."""

BACK = 6
"""Days that the night's run reads again, since data may come late; a Month has the energies of its days."""

MOST_BUILT = 1_000
"""Requests that are kept as they were built."""

TRIES = 4
PAUSE = 30
LONGEST = 900
"""Longest pause after an error [s]."""


class UnavailableError(Exception):
    """SMA does not answer this now; it is asked again at the next turn."""


class Answer(NamedTuple):
    """A status, the new address where something has moved, and a document."""

    status: int
    location: str
    document: Any


class Collector:
    """Keeps the energies of all plants that consents open.

    Args:
        store: where to.
        owners: e-mails of the plants' owners, who are asked for their consent once.
        poll: time between two polls of a plant on ennexOS [s]; None: only the night's run reads.
        pause: first pause after an error that passes [s]; it doubles with each.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        store: Store,
        *,
        hosts: Hosts | None = None,
        owners: Sequence[str] = (),
        zone: str = "Europe/Berlin",
        poll: float | None = POLL,
        pause: float = PAUSE,
    ) -> None:
        self.hosts = hosts or Hosts()
        auth = SmaAuth(f"{self.hosts.auth}/oauth2/token", client_id, client_secret)
        self._http = httpx.Client(auth=auth, timeout=30)
        self._built: dict[str, httpx.Request] = {}
        self._recent: dict[str, str] = {}
        self._new: list[Any] = []
        self._store = store
        self._owners = owners
        self._zone = ZoneInfo(zone)
        self._poll = poll
        self._pause = pause
        self._zones: dict[str, ZoneInfo] = {}
        self._sets: dict[str, str] = {}
        self._polled: dict[str, float] = {}
        self._listed = 0.0
        self._night: date | None = None

    def run(self) -> None:
        """Go on for ever."""
        self._turn(self._ask_owners)
        while True:
            begun = time.time()
            self._turn(self._round)
            every = self._poll or LIST
            time.sleep(max(begun + every - time.time(), 1))

    def read_once(self, day: date) -> list[str]:
        """Read a day of all plants, and return the ids of those that have data.

        Raises:
            UnavailableError: a plant could not be read.
        """
        self._list()
        return [self._read(plant, day) for plant in list(self._zones)]

    def _turn(self, work: Any) -> None:
        try:
            work()
        except (UnavailableError, httpx.HTTPError) as error:
            _log.warning("later: %r", error)

    def _round(self) -> None:
        now = time.time()
        if now - self._listed >= LIST:
            self._list()
            self._listed = now
        here = datetime.now(self._zone)
        if here.hour >= 3 and self._night != here.date():
            self._read_night()
            self._ask_owners()
            self._night = here.date()
        if self._poll:
            try:
                self._poll_plants()
            finally:
                self._store.add(self._new)
                self._new = []

    # ---- owners and plants ----------------------------------------------------------------------------

    def _ask_owners(self) -> None:
        for email in self._owners:
            answer = self._ask(f"{self.hosts.consent}/oauth2/v2/bc-authorize/{email}")
            if answer.status == 404:
                url = f"{self.hosts.consent}/oauth2/v2/bc-authorize"
                self._answer(self._http.build_request("POST", url, json={"loginHint": email}))

    def _list(self) -> None:
        plants = self._ask(f"{self.hosts.monitoring}/v1/plants").document["plants"]
        self._zones = {item["plantId"]: ZoneInfo(item["timezone"]) for item in plants}

    # ---- measurements ---------------------------------------------------------------------------------

    def _poll_plants(self) -> None:
        now = time.time()
        for plant in list(self._zones):
            every = max(self._poll or 0, 0 if plant.isdecimal() else POLL_CLASSIC)
            # A second early is no second time.
            if now - self._polled.get(plant, 0.0) >= every - 1:
                self._polled[plant] = now
                self._turn(partial(self._read_latest, plant))
                now = time.time()

    def _read_latest(self, plant: str) -> None:
        plant, rows = self._measure(plant, "Recent")
        # From the answer on: with all that was in its way it may have come minutes after the question.
        self._polled[plant] = time.time()
        self._new += [(plant, row["time"], *map(row.get, ENERGIES)) for row in rows]

    def _read_night(self) -> None:
        for plant in list(self._zones):
            self._turn(partial(self._read_again, plant))

    def _read_again(self, plant: str) -> None:
        """Read the days that the last night's run has not read, and some before them."""
        yesterday = datetime.now(self._zones[plant]).date() - timedelta(days=1)
        last = self._store.read_until(plant) or yesterday
        first = min(last, yesterday) - timedelta(days=BACK)
        days = [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]
        for month in dict.fromkeys(f"{day:%Y-%m}" for day in days):
            plant, rows = self._measure(plant, "Month", month)
            found = {row["time"][:10]: energies_of([row]) for row in rows}
            for day in (day for day in days if f"{day:%Y-%m}" == month):
                self._store.put(plant, day, found.get(str(day), {}))
        self._store.note(plant, yesterday)

    def _set_of(self, plant: str) -> str:
        """Return the set to read: EnergyBalance is only where the grid is metered."""
        if plant not in self._sets:
            answer = self._ask(f"{self.hosts.monitoring}/v1/plants/{plant}/measurements/sets")
            offered = answer.document["sets"] if answer.status == 200 else []
            if not offered:
                raise UnavailableError(f"{plant} offers nothing now")
            self._sets[plant] = "EnergyBalance" if "EnergyBalance" in offered else "EnergyAndPowerPv"
        return self._sets[plant]

    def _read(self, plant: str, day: date) -> str:
        """Read a day and return the plant's id."""
        plant, rows = self._measure(plant, "Day", str(day))
        self._store.put(plant, day, energies_of(rows))
        return plant

    def _measure(self, plant: str, period: str, date: str | None = None) -> tuple[str, list[dict[str, Any]]]:
        """Return the rows of a period, and the plant's id, which is another one where the plant has moved."""
        answer = self._ask(self._url(plant, period, date))
        if answer.status == 308:
            new = answer.location.partition("/plants/")[2].partition("/")[0]
            self._store.rename(plant, new)
            self._zones[new] = self._zones.pop(plant)
            self._sets[new] = self._sets.pop(plant)
            return self._measure(new, period, date)
        if answer.status in (403, 404):
            self._zones.pop(plant, None)
            raise UnavailableError(f"{plant} is closed")
        return plant, answer.document["set"]

    def _url(self, plant: str, period: str, date: str | None) -> str:
        if (found := self._recent.get(plant)) is not None and period == "Recent":
            return found
        url = f"{self.hosts.monitoring}/v1/plants/{plant}/measurements/sets/{self._set_of(plant)}/{period}"
        query = {} if date is None else {"Date": date}
        if period != "Month":
            query["ReturnEnergyValues"] = "true"
        url = f"{url}?{urlencode(query)}"
        if period == "Recent":
            self._recent[plant] = url
        return url

    # ---- requests -------------------------------------------------------------------------------------

    def _ask(self, url: str) -> Answer:
        """Ask for a document; what is polled is asked for again and again, and its request built once."""
        request = self._built.get(url)
        if request is None:
            if len(self._built) > MOST_BUILT:
                self._built.clear()
            request = self._built[url] = self._http.build_request("GET", url)
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> Answer:
        """Send a request, again after errors that pass."""
        for number in range(TRIES):
            try:
                answer = self._http.send(request)
                document = loads(answer.content) if answer.status_code == 200 else None  # which may have been cut off
            except (httpx.HTTPError, ValueError):
                time.sleep(min(self._pause * 2**number, LONGEST))
                continue
            if answer.status_code == 429:
                time.sleep(float(answer.headers.get("Retry-After", "60")))
            elif answer.status_code >= 500:
                time.sleep(min(self._pause * 2**number, LONGEST))
            else:
                location = "" if document is not None else answer.headers.get("Location", "")
                return Answer(answer.status_code, location, document)
        raise UnavailableError(f"{request.method} {request.url}")


def energies_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the sums of some rows [Wh], of what is energy."""
    sums: dict[str, float] = {}
    for row in rows:
        for name in ENERGIES:
            if name in row:
                sums[name] = sums.get(name, 0.0) + row[name]
    return sums
