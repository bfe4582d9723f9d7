"""Whom a plant names has to be among the users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.reading import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.scenario_file.plant_document import PlantDoc
    from mock_sma.scenario_file.source import Path, Source


def check_people(source: Source, path: Path, doc: PlantDoc, people: Mapping[str, str]) -> None:
    """Take down every person of a plant who is not among ``people``: e-mails by what they are without their case."""
    emails = [((*path, "users", number, "email"), user.email) for number, user in enumerate(doc.users)]
    if doc.owner is not None:
        emails.append(((*path, "owner"), doc.owner))
    for place, email in emails:
        if email.casefold() not in people:
            hint = nearest(email, list(people.values())) if people else ""
            source.add(place, f"{email!r} is not among the users; add it there{hint}")
