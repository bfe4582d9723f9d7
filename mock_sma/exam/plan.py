"""What of the curriculum is sat, and what is expected: options over ``exam.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mock_sma.domain.reading import nearest
from mock_sma.errors import UsageError
from mock_sma.exam.curriculum import BY_NAME, CURRICULUM
from mock_sma.frozen import frozen
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mock_sma.exam.curriculum import Case

FILE = "exam.toml"
TIMEOUT = 30.0
"""Time that a program may take for one situation [s]."""

OF_EXAM = ("only", "skip", "timeout", "jobs")
OF_CASE = ("timeout", "exit", "findings", "allow")


@frozen(kw_only=True)
class Sitting:
    """A situation that is sat.

    Attributes:
        timeout: [s].
        expected: exit statuses that pass.
    """

    case: Case
    timeout: float = TIMEOUT
    expected: frozenset[int] = frozenset({0})


@frozen(kw_only=True)
class ExamPlan:
    """An exam.

    Attributes:
        sittings: in the order of the curriculum.
        jobs: how many at once; None: as many as there are processors.
    """

    sittings: tuple[Sitting, ...]
    jobs: int | None = None


@dataclass(slots=True)
class _Reader:
    """Reads ``exam.toml``; every complaint names its key."""

    where: str
    content: Mapping[str, Any] = field(default_factory=dict)

    def table(self, name: str, known: Iterable[str]) -> Mapping[str, Any]:
        found = self.content.get(name, {})
        if not isinstance(found, dict):
            raise UsageError(f"{self.where}: {name} has to be a table")
        for key in found:
            if key not in known:
                raise UsageError(f"{self.where}: {name}.{key} is not known{nearest(key, list(known))}")
        return found


def planned(file: Path | None, only: Iterable[str] = (), timeout: float | None = None) -> ExamPlan:
    """Return the exam that a file and options ask for.

    Args:
        file: ``exam.toml``; None: there is none.
        only: names of situations; empty: as the file says, else all.
        timeout: over the file's [s].

    Raises:
        UsageError: a name, key or value that cannot be.
    """
    reader = _Reader(FILE if file is None else str(file), {} if file is None else _toml(file))
    for name in reader.content:
        if name not in ("exam", "situation"):
            raise UsageError(f"{reader.where}: {name} is not known; there are the tables exam and situation.NAME")
    exam = reader.table("exam", OF_EXAM)
    chosen = _names(only or exam.get("only", [case.name for case in CURRICULUM]), "only")
    skipped = _names(exam.get("skip", []), "skip")
    own = reader.table("situation", BY_NAME)
    most = timeout if timeout is not None else _seconds(exam.get("timeout", TIMEOUT), "exam.timeout")
    cases = [case for case in CURRICULUM if case.name in chosen and (only or case.name not in skipped)]
    if not cases:
        raise UsageError(f"{reader.where}: nothing is left to sit")
    jobs = exam.get("jobs")
    if jobs is not None and (not isinstance(jobs, int) or jobs < 1):
        raise UsageError(f"{reader.where}: exam.jobs has to be a whole number of at least 1")
    sittings = tuple(_sitting(case, own.get(case.name, {}), most, fixed=timeout is not None) for case in cases)
    return ExamPlan(sittings=sittings, jobs=jobs)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}") from None


def _names(given: Any, key: str) -> list[str]:
    names = [given] if isinstance(given, str) else list(given)
    for name in names:
        if name not in BY_NAME:
            raise UsageError(f"{key}: there is no situation {name!r}{nearest(str(name), list(BY_NAME))}")
    return names


def _seconds(given: Any, key: str) -> float:
    if not isinstance(given, int | float) or isinstance(given, bool) or not 0 < given <= 3_600:
        raise UsageError(f"{key} has to be seconds, more than 0 and at most 3600, not {given!r}")
    return float(given)


def _sitting(case: Case, own: Any, timeout: float, *, fixed: bool) -> Sitting:
    key = f"situation.{case.name}"
    if not isinstance(own, dict):
        raise UsageError(f"{key} has to be a table")
    for name in own:
        if name not in OF_CASE:
            raise UsageError(f"{key}.{name} is not known{nearest(name, list(OF_CASE))}")
    if not fixed and "timeout" in own:
        timeout = _seconds(own["timeout"], f"{key}.timeout")
    given = own.get("exit", 0)
    statuses = given if isinstance(given, list) else [given]
    if not all(isinstance(item, int) for item in statuses):
        raise UsageError(f"{key}.exit has to be an exit status, or a list of them")
    try:
        severity = Severity(own.get("findings", case.severity))
    except ValueError:
        raise UsageError(f"{key}.findings has to be one of {', '.join(Severity)}") from None
    allowed = case.allowed | frozenset(own.get("allow", ()))
    return Sitting(
        case=replace(case, severity=severity, allowed=allowed), timeout=timeout, expected=frozenset(statuses)
    )
