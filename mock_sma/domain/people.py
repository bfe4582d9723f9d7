"""People, their parts in a plant, and the applications that ask them (rules R01 to R06, R13)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.domain.languages import language_of_country
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.quota import Quota

MONITORING_SCOPE = "monitoringApi:read"


class Role(StrEnum):
    """Permission role on a plant. ennexOS calls ``user`` standard user and ``admin`` administrator."""

    ADMIN = "admin"
    INSTALLER = "installer"
    USER = "user"
    GUEST = "guest"


ADMINISTERING = frozenset({Role.ADMIN, Role.INSTALLER})
"""Roles that administer a plant's users (R02)."""


class Relationship(StrEnum):
    """What a person is to a plant (R01)."""

    OWNER = "owner"
    INSTALLER = "installer"
    OPERATOR = "operator"


class Flow(StrEnum):
    """How a client gets a consent; one flow per client."""

    CUSTOM = "custom"
    CODE = "code"


@frozen(kw_only=True)
class User:
    """An SMA account.

    Attributes:
        email: matched without regard to case.
        password: the password of the login page; recognisably fake in every shipped scenario.
        country: ISO 3166 two letters; None when the user never gave it (R05).
        language: ``de`` or ``en`` of mails and pages; None: the country's.
        registered: False for an invited person who never completed registration (R04).
        name: shown in the portal.
    """

    email: str
    password: str = "MyPass123!"  # noqa: S105 - the login that SMA publishes for its sandbox
    country: str | None = None
    language: str | None = None
    registered: bool = True
    name: str | None = None

    @property
    def key(self) -> str:
        """E-mail as it is compared."""
        return self.email.casefold()

    @property
    def mail_language(self) -> str:
        """``de`` or ``en`` (R05)."""
        return self.language or language_of_country(self.country)


@frozen(kw_only=True)
class PlantUser:
    """A person's part in one plant (R01)."""

    email: str
    role: Role = Role.USER
    relationship: Relationship = Relationship.OWNER
    owner: bool = False

    @property
    def key(self) -> str:
        """E-mail as it is compared."""
        return self.email.casefold()


@frozen(kw_only=True)
class Client:
    """A registered application (R13).

    Attributes:
        redirect_uris: the redirect URIs of the code flow; a loopback URI matches on any port (RFC 8252, section 7.3).
        scopes: what the client is entitled to.
        name: shown on the consent screen, with the three links.
        quota: its own quota; None: the world's.
    """

    id: str
    secret: str
    flow: Flow = Flow.CUSTOM
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = (MONITORING_SCOPE,)
    name: str | None = None
    terms_url: str | None = None
    privacy_url: str | None = None
    quota: Quota | None = None


def usual_client(clients: Iterable[Client]) -> Client | None:
    """Return the client that programs under test use: the first one of the custom flow, else the first one at all."""
    found = list(clients)
    return next((client for client in found if client.flow is Flow.CUSTOM), found[0] if found else None)
