"""German or English: which of the two a reader gets in mails, pages and logs (R05, R31)."""

from __future__ import annotations

import re

LANGUAGES = ("de", "en")

GERMAN_COUNTRIES = frozenset({"DE", "AT", "CH", "LI", "LU"})
"""Countries whose people read German; which ones SMA counts is not known (R05, chosen)."""

_RANGE = re.compile(r"(\*|[a-z]{1,8})(?:-[a-z0-9]{1,8})*[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)
"""A language range with its weight (RFC 9110, section 12.5.4); its subtags do not matter here."""


def language_of_country(country: str | None) -> str:
    """Return the language of a country (ISO 3166, two letters); English where it is not known."""
    return "de" if country in GERMAN_COUNTRIES else "en"


def language_of_tags(tags: list[str]) -> str | None:
    """Return the first language that there is of some tags (RFC 5646), None where there is none."""
    return next((name for tag in tags if (name := tag.lower().partition("-")[0]) in LANGUAGES), None)


def accepted_language(header: str | None) -> str | None:
    """Return the language that a reader likes better; None: they name neither, or refuse both.

    A part of the header that is malformed is passed over.

    Args:
        header: ``Accept-Language`` (RFC 9110, section 12.5.4), or None.
    """
    found = [match for part in (header or "").lower().split(",") if (match := _RANGE.fullmatch(part.strip()))]
    weights: dict[str, float] = {}
    for name, weight in (match.groups() for match in found):
        weights[name] = max(weights.get(name, 0.0), 1.0 if weight is None else float(weight))
    named = [name for name in weights if name in LANGUAGES]
    if not named:
        return None
    # Of equal weights the one that was written first counts; what is not named is as welcome as ``*``.
    best = max(dict.fromkeys((*named, *LANGUAGES)), key=lambda name: weights.get(name, weights.get("*", 0.0)))
    return best if weights.get(best, weights.get("*", 0.0)) > 0 else None
