"""The language, version 1: what a scenario document may say. Its JSON Schema is made from these models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from mock_sma.clock import YEARS
from mock_sma.domain.people import MONITORING_SCOPE, Flow
from mock_sma.domain.scenario import ConsentState, DstFold, LoginHintPolicy, Profile, RefreshReuse
from mock_sma.scenario_file.generate_document import MAX_PLANTS, GenerateDoc
from mock_sma.scenario_file.model import Country, Email, Id, Language, Model, Moment, Span, Text
from mock_sma.scenario_file.plant_document import PlantDoc
from mock_sma.scenario_file.timeline_document import TimelineDoc

VERSION = 1
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))


def _capitalised(value: object) -> object:
    return value.capitalize() if isinstance(value, str) else value


class QuotaDoc(Model):
    """A token bucket per client (R17)."""

    requests: Annotated[int, Field(ge=0, le=10_000_000)] = Field(
        description="requests in a window; more are answered 429"
    )
    window: Annotated[float, Field(gt=0, le=86_400)] = Field(300.0, description="[s]")


class ClientDoc(Model):
    """A registered application (R13)."""

    id: Id = Field(description="its client_id")
    secret: Text = Field(description="its client_secret")
    flow: Flow = Field(Flow.CUSTOM, description="custom: consent by mail; code: in the browser")
    redirect_uris: tuple[Text, ...] = Field((), description="addresses that a code may be sent to (code flow)")
    scopes: tuple[Text, ...] = Field((MONITORING_SCOPE,), description="scopes that it may ask for")
    name: Text | None = Field(None, description="its name in mails and pages; left out: its id")
    terms_url: Text | None = Field(None, description="terms of use that the consent page links to")
    privacy_url: Text | None = Field(None, description="privacy notice that the consent page links to")
    quota: QuotaDoc | None = Field(None, description="of its own; left out: the scenario's")


class UserDoc(Model):
    """An SMA account."""

    email: Email = Field(description="login, and the loginHint of a consent request")
    password: Text = Field("MyPass123!", description="of the login page")
    country: Country | None = Field(None, description="two letters such as DE")
    language: Language | None = Field(None, description="of mails and pages; left out: the country's (R05)")
    registered: bool = Field(True, description="false: invited, and unable to answer until registered (R04)")
    name: Text | None = Field(None, description="in mails and pages")


EmailOrAll = Annotated[str, Field(max_length=320, pattern=r"^(\*|[^@\s]+@[^@\s]+)$")]


class ConsentDoc(Model):
    """A consent that exists at the start."""

    email: EmailOrAll = Field(description="of the owner; *: every owner whom no other entry names")
    share: Annotated[float, Field(gt=0, le=1)] = Field(1.0, description="of the owners, where the e-mail is *")
    client_id: Id | None = Field(None, description="left out: every client of the custom flow")
    state: Annotated[ConsentState, BeforeValidator(_capitalised)] = Field(
        ConsentState.ACCEPTED, description="what has become of it"
    )
    plants: tuple[Id, ...] | None = Field(None, description="left out: all that the owner owns (R07)")
    scope: Text | None = Field(None, description="left out: the client's scopes")
    requested_at: Moment | None = Field(None, description="left out: the world's start")


class AutoAnswerDoc(Model):
    """How an owner answers by themselves."""

    email: Email = Field(description="of the owner")
    answer: Literal["accept", "reject", "never"] = Field(description="what the owner does with each request")
    after: Span = Field(timedelta(), description="how long after the request")
    client_id: Id | None = Field(None, description="left out: every client's requests")


class SwitchesDoc(Model):
    """Choices where little is known about SMA (docs/decisions.md, How we decide)."""

    sandbox_token_alias: bool = Field(True, description="whether the sandbox host gives out tokens as well")
    refresh_reuse: RefreshReuse = Field(
        RefreshReuse.GRACE, description="when a used refresh token is refused: once the newer is used, at once, never"
    )
    unknown_login_hint: LoginHintPolicy = Field(
        LoginHintPolicy.PENDING, description="what asking for an unknown e-mail gets: 201 or 404"
    )
    simulate_on_production: bool = Field(
        True, description="whether the owner's answer can be simulated on production too"
    )
    forbidden_as: Literal[403, 404] = Field(403, description="status for a plant that exists and that no consent opens")
    unknown_as: Literal[404, 501] = Field(501, description="status for an operation of SMA's that is not emulated")
    dst_fold: DstFold = Field(DstFold.DUPLICATE, description="what is sent for the hour that comes twice in autumn")
    retry_after: bool = Field(True, description="whether a 429 says when to come again")
    classic_log_ids: bool = Field(False, description="whether logs of Classic plants have a logId (R31)")


class AppendDoc(Model):
    """What comes behind the lists of a base, which the same keys outside would replace."""

    clients: tuple[ClientDoc, ...] = Field((), description="clients behind those of the base")
    users: tuple[UserDoc, ...] = Field((), description="users behind those of the base")
    plants: tuple[PlantDoc, ...] = Field((), description="plants behind those of the base")
    consents: tuple[ConsentDoc, ...] = Field((), description="consents behind those of the base")
    auto_answers: tuple[AutoAnswerDoc, ...] = Field((), description="auto answers behind those of the base")
    timeline: tuple[TimelineDoc, ...] = Field((), description="timeline behind those of the base")
    faults: tuple[dict[str, Any], ...] = Field((), description="faults behind those of the base")


class ScenarioDoc(Model):
    """A scenario document."""

    version: Annotated[int, Field(ge=0, le=VERSION)] = Field(VERSION, description="of the language")
    extends: Text | tuple[Text, ...] | None = Field(
        None, description="shipped scenarios, or files beside this one; of several each goes over those before it"
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="values by name, for ${name} in this document and in what extends it"
    )
    name: Text = Field("unnamed", description="what it is called, in the library and on every page")
    description: Annotated[str, Field(max_length=2_000)] = Field("", description="what it shows, in a sentence")
    profile: Profile = Field(Profile.SANDBOX, description="what the server stands for: SMA's sandbox, or production")
    now: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)] | None = Field(
        None, description="the time at which the world starts; left out: the present"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = Field(
        None, description="of chance: the same seed makes the same numbers"
    )
    clients: tuple[ClientDoc, ...] | None = Field(
        None, max_length=200, description="left out: demo_api and demo_app with the secret demo_secret"
    )
    users: tuple[UserDoc, ...] = Field(
        (), max_length=MAX_PLANTS, description="SMA accounts; an owner has to be among them"
    )
    templates: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="templates of this file's own: keys of a plant"
    )
    plants: tuple[PlantDoc, ...] = Field(
        (), max_length=MAX_PLANTS, description="the plants, with their devices and events"
    )
    consents: tuple[ConsentDoc, ...] = Field(
        (), max_length=MAX_PLANTS, description="consents that there are at the start"
    )
    auto_answers: tuple[AutoAnswerDoc, ...] = Field(
        (), max_length=MAX_PLANTS, description="owners who answer requests by themselves"
    )
    generate: GenerateDoc | None = Field(None, description="many plants at once, with owners of their own")
    timeline: tuple[TimelineDoc, ...] = Field((), max_length=2_000, description="what happens by itself, and when")
    quota: QuotaDoc | None = Field(
        None, description="requests that each client may make (R17); left out: without limit"
    )
    faults: tuple[dict[str, Any], ...] = Field((), max_length=200, description="rules by which answers go wrong")
    switches: SwitchesDoc = Field(SwitchesDoc(), description="choices where little is known about SMA")
    append: AppendDoc | None = Field(None, description="lists that come behind those of the base")
