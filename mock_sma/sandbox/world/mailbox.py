"""The mails SMA would have sent: kept here, sent to nobody (R05, R14)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.people import Client, User

MAX_MAILS = 1_000

TEXTS = {
    "de": (
        "[mock-sma] {app} bittet um Zugriff auf Ihre Anlagendaten",
        (
            "Guten Tag {name},\n\ndie Anwendung {app} möchte die Daten Ihrer PV-Anlagen lesen.\n"
            "Erlauben oder ablehnen können Sie das hier:\n\n{link}\n\n"
            "Die Anfrage verfällt nach sieben Tagen.\n\n"
            "Dies ist eine Testnachricht von mock-sma, nicht von SMA, und wurde niemandem geschickt.\n"
        ),
    ),
    "en": (
        "[mock-sma] {app} asks for access to your plant data",
        (
            "Hello {name},\n\nthe application {app} would like to read the data of your PV plants.\n"
            "You can permit or decline this here:\n\n{link}\n\nThe request expires after seven days.\n\n"
            "This is a test message of mock-sma. It is not from SMA and was sent to nobody.\n"
        ),
    ),
}
"""Subject and body by language (R05)."""


@frozen(kw_only=True)
class Mail:
    """One mail.

    Attributes:
        language: ``de`` or ``en``.
        link: opens the login and then the consent screen of this very request.
        sent_at: emulated time [s since the epoch].
    """

    to: str
    language: str
    subject: str
    body: str
    link: str
    sent_at: float
    consent_id: str


class Mailbox(Sequence[Mail]):
    """The mails of a world, oldest first; the oldest are forgotten over the bound."""

    def __init__(self) -> None:
        self._mails: deque[Mail] = deque(maxlen=MAX_MAILS)

    def invite(self, record: Consent, user: User, client: Client, origin: str, now: float) -> Mail:
        """Write the mail of a consent request, in the language of the owner's country (R05)."""
        subject, body = TEXTS[user.mail_language]
        link = f"{origin}/portal/consents/{record.id}"
        facts = {"app": client.name or client.id, "name": user.name or user.email, "link": link}
        mail = Mail(
            to=user.email,
            language=user.mail_language,
            subject=subject.format_map(facts),
            body=body.format_map(facts),
            link=link,
            sent_at=now,
            consent_id=record.id,
        )
        self._mails.append(mail)
        return mail

    def clear(self) -> None:
        """Forget all mails."""
        self._mails.clear()

    @overload
    def __getitem__(self, index: int) -> Mail: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mail]: ...
    def __getitem__(self, index: int | slice) -> Mail | list[Mail]:
        return list(self._mails)[index]

    def __len__(self) -> int:
        return len(self._mails)
