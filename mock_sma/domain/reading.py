"""Reads JSON values into typed ones and takes down every mistake with its key path."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, TypeVar

from mock_sma.domain.moment import LONGEST, moment_of, parse_length, span_text
from mock_sma.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Word = TypeVar("Word", bound=StrEnum)

MAX_SPAN = 1e12
"""Seconds that are looked at before they are compared."""


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the end of a complaint: the nearest known word, or all of them."""
    near = get_close_matches(word, known, 1, 0.6)
    if not known:
        return ""
    return f"; did you mean {near[0]!r}?" if near else f"; known are {_listed(known)}"


def choices(word: str, known: Sequence[str]) -> str:
    """Return the end of a complaint about a word of the language: the nearest one, and all there are."""
    near = get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {near[0]!r}? Known are {_listed(known)}" if near else nearest(word, known)


def _listed(known: Sequence[str]) -> str:
    return ", ".join(sorted(known, key=_place))


def _place(word: str) -> tuple[int, str]:
    """Return where a word stands among others: numbers by their size, before words by their letters."""
    return (int(word), "") if word.isdecimal() else (sys.maxsize, word)


class Reader:
    """Reads values one by one; None goes through, a mistake is noted and gives None.

    Args:
        path: key path of the whole, put before each key.
    """

    __slots__ = ("_path", "problems")

    def __init__(self, path: str = "") -> None:
        self._path = path
        self.problems: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        """Take down a mistake at ``path``."""
        full = ".".join(part for part in (self._path, path) if part)
        self.problems.append(Problem(message, full))

    def exemplify(self, example: str) -> None:
        """Put an example of what is right behind the last mistake."""
        last = self.problems[-1]
        self.problems[-1] = replace(last, message=f"{last.message}; for example {example}")

    def mapping(
        self, value: object, path: str, known: Sequence[str] | None, required: Sequence[str] = ()
    ) -> Mapping[str, object] | None:
        """Return an object whose keys are all known; ``known`` None takes any text."""
        if not isinstance(value, dict):
            self.add(path, f"has to be an object, not {_shown(value)}")
            return None
        for name in value:
            if not isinstance(name, str) or (known is not None and name not in known):
                self.add(_join(path, str(name)), f"unknown key {str(name)!r}{choices(str(name), known or ())}")
        meant = [get_close_matches(str(name), required, 1, 0.6) for name in value if name not in (known or value)]
        for name in required:
            if name not in value and [name] not in meant:
                self.add(path, f"the key {name!r} is missing")
        return {name: item for name, item in value.items() if isinstance(name, str)}

    def text(self, value: object, path: str) -> str | None:
        """Return a text that is not empty."""
        if value is None or (isinstance(value, str) and value):
            return value
        self.add(path, f"has to be a text, not {_shown(value)}")
        return None

    def flag(self, value: object, path: str) -> bool:
        """Return true or false."""
        if isinstance(value, bool):
            return value
        self.add(path, f"has to be true or false, not {_shown(value)}")
        return False

    def number(self, value: object, path: str, low: float, high: float) -> float | None:
        """Return a number within the limits."""
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            if low <= value <= high:
                return float(value)
            self.add(path, f"has to be between {low:g} and {high:g}, not {value}")
            return None
        self.add(path, f"has to be a number, not {_shown(value)}")
        return None

    def integer(self, value: object, path: str, low: int, high: int) -> int | None:
        """Return a whole number within the limits."""
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.add(path, f"has to be a whole number between {low} and {high}, not {_shown(value)}")
        return None

    def word(self, kind: type[Word], value: object, path: str) -> Word | None:
        """Return a member of ``kind``."""
        if value is None:
            return None
        known = [str(item.value) for item in kind]
        if isinstance(value, str) and value in known:
            return kind(value)
        self.add(path, f"{_shown(value)} is unknown{choices(str(value), known)}")
        return None

    def moment(self, value: object, path: str) -> datetime | None:
        """Return a time with its offset, or a span from the world's start (:mod:`mock_sma.domain.moment`)."""
        if value is None:
            return None
        result = moment_of(value) if isinstance(value, str) else value
        if isinstance(result, datetime) and result.tzinfo is not None:
            return result
        self.add(
            path,
            "has to be a time with an offset like 2025-06-15T12:00:00+02:00, "
            f"or a span from the world's start like P1D or +2h, not {_shown(value)}",
        )
        return None

    def span(self, value: object, path: str, low: timedelta) -> timedelta | None:
        """Return a span that is at least ``low`` long, of an ISO 8601 text or seconds."""
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < MAX_SPAN:
            result: timedelta | None = timedelta(seconds=value)
        else:
            result = parse_length(value) if isinstance(value, str) else None
        if result is None:
            self.add(path, f"has to be a span such as PT5M, P1D or a number of seconds, not {_shown(value)}")
        elif not low <= result <= LONGEST:
            self.add(path, f"has to be at least {span_text(low)} and at most 100 years, not {_shown(value)}")
            return None
        return result


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(value: object) -> str:
    return repr(value)[:60]
