"""Which world a test gets: marker, command line, ini file and defaults, in this order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_sma.domain.reading import nearest
from mock_sma.domain.scenario import Scenario
from mock_sma.errors import UsageError
from mock_sma.frozen import frozen
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario, shipped_directory
from mock_sma.scenarios.answers import with_consents

NOON = "2025-06-15T12:00:00+02:00"
"""Time of a test's world where neither the test nor its scenario names one: a day with the sun up."""

OWN = ("scenario", "now", "seed", "rate", "consent")
"""Keywords of the marker besides the keys of a scenario document."""

KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "scenario": ((str, Path, Mapping, Scenario), "a name, a file or a document"),
    "now": ((str, datetime), "a time like 2025-06-15T12:00:00+02:00"),
    "seed": ((int,), "a whole number"),
    "rate": ((int, float), "a number"),
    "consent": ((str, Mapping), "a state, or states by e-mail"),
}
"""What each of them may be."""


@frozen(kw_only=True)
class Choice:
    """A world that is asked for.

    Attributes:
        scenario: name of a shipped one, path of a file, document, or value.
        now: start of the frozen clock; None: the scenario's, else :data:`NOON`.
        seed: the seed of all random numbers; None: the scenario's, else the default one.
        rate: emulated seconds per second; 0 is a frozen clock.
        consent: what every owner has answered to every client of the custom flow (``accepted``, ``pending``,
            ``rejected``, ``revoked``, ``expired``, ``none``), or the answers by e-mail; None: as the scenario says.
        changes: keys of a scenario document, put over the scenario's as ``extends`` does.
        directory: where relative paths are looked for first.
    """

    scenario: str | Path | Mapping[str, Any] | Scenario = "sandbox"
    now: datetime | str | None = None
    seed: int | None = None
    rate: float = 0.0
    consent: str | Mapping[str, str] | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    directory: Path | None = None

    @classmethod
    def of(cls, keywords: Mapping[str, Any], directory: Path | None = None) -> Choice:
        """Return the choice that the keywords of a marker make.

        Raises:
            UsageError: a word that is none.
        """
        own = {name: value for name, value in keywords.items() if name in OWN and value is not None}
        changes = {name: value for name, value in keywords.items() if name not in OWN}
        if changes:
            from mock_sma.scenario_file.document import ScenarioDoc  # noqa: PLC0415 - a shipped scenario needs none

        for name in changes:
            known = list(dict.fromkeys((*OWN, *ScenarioDoc.model_fields)))
            known = [word for word in known if word not in ("extends", "version")]
            if name not in known:
                raise UsageError(f"the marker sma has no keyword {name!r}{nearest(name, known)}")
        for name, value in own.items():
            kind, about = KINDS[name]
            if not isinstance(value, kind) or isinstance(value, bool):
                raise UsageError(f"the marker's {name} has to be {about}, not {value!r}")
        if not 0 <= own.get("seed", 0) < 2**63:
            raise UsageError(f"a seed is between 0 and 2**63 - 1, not {own['seed']}")
        return cls(**own, changes=changes, directory=directory)

    def start(self, scenario: Scenario, default_now: str | None = None) -> datetime | str:
        """Return where the clock of a world of its scenario starts; see :meth:`Shelf.sandbox`."""
        return self.now or scenario.now or default_now or NOON


class Shelf:
    """Scenarios that have been read already; a file is read again when it has changed."""

    def __init__(self) -> None:
        self._read: dict[object, Scenario] = {}
        self._shipped: dict[str, Scenario] = {}

    def sandbox(self, choice: Choice, default_now: str | None = None) -> Sandbox:
        """Return a fresh world.

        Args:
            choice: what the test has chosen.
            default_now: start of its clock where neither the choice nor its scenario names one.

        Raises:
            UsageError: no such scenario, or consents that cannot be.
            ScenarioError: with every mistake of the scenario and the changes to it.
        """
        scenario = self.scenario(choice)
        return Sandbox(scenario, now=choice.start(scenario, default_now), seed=choice.seed, rate=choice.rate)

    def scenario(self, choice: Choice) -> Scenario:
        """Return the scenario of a choice with its changes and consents; for errors see :meth:`sandbox`."""
        base = self._base(choice)
        if choice.changes:
            base = self._changed(base, choice.changes)
        return base if choice.consent is None else with_consents(base, choice.consent)

    def _base(self, choice: Choice) -> Scenario:
        given = choice.scenario
        if isinstance(given, Scenario):
            return given
        if not isinstance(given, str | Path):
            return self._kept(_spelt(given), lambda: load_scenario(given))
        if isinstance(given, str) and given in self._shipped:
            return self._shipped[given]
        file = _file(given, choice.directory)
        if file is None:
            scenario = self._shipped[str(given)] = load_scenario(given)
            return scenario
        return self._kept((str(file), file.stat().st_mtime_ns), lambda: load_scenario(file))

    def _changed(self, base: Scenario, changes: Mapping[str, Any]) -> Scenario:
        def read() -> Scenario:
            from mock_sma.scenarios.dump import dump_scenario  # noqa: PLC0415 - as above
            from mock_sma.scenarios.extend import merged  # noqa: PLC0415 - as above

            document = dump_scenario(base, "document")
            return load_scenario(merged(document, dict(changes)))

        return self._kept((id(base), _spelt(changes)), read, base)

    def _kept(self, key: object, read: Any, *parts: object) -> Scenario:
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = read()
            # An id names an object only while it lives.
            self._read.update({("part", id(part)): part for part in parts if isinstance(part, Scenario)})
        return found


def _file(given: str | Path, directory: Path | None) -> Path | None:
    """Return the file of a scenario beside the test, None where the name is a shipped one's or unknown there."""
    if isinstance(given, str) and "/" not in given and (shipped_directory() / f"{given}.yaml").is_file():
        return None
    for place in ([directory] if directory is not None else []) + [Path.cwd()]:
        if (place / given).is_file():
            return place / given
    return None


def _spelt(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
