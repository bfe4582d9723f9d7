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

    requests: Annotated[int, Field(ge=0, le=10_000_000)]
    window: Annotated[float, Field(gt=0, le=86_400)] = Field(300.0, description="[s]")


class ClientDoc(Model):
    """A registered application (R13)."""

    id: Id
    secret: Text
    flow: Flow = Flow.CUSTOM
    redirect_uris: tuple[Text, ...] = ()
    scopes: tuple[Text, ...] = (MONITORING_SCOPE,)
    name: Text | None = None
    terms_url: Text | None = None
    privacy_url: Text | None = None
    quota: QuotaDoc | None = Field(None, description="of its own; left out: the scenario's")


class UserDoc(Model):
    """An SMA account."""

    email: Email
    password: Text = "MyPass123!"  # noqa: S105 - the login that SMA publishes
    country: Country | None = None
    language: Language | None = Field(None, description="of mails and pages; left out: the country's (R05)")
    registered: bool = True
    name: Text | None = None


class ConsentDoc(Model):
    """A consent that exists at the start."""

    email: Email | Literal["*"] = Field(description="of the owner; *: every owner whom no other entry names")
    share: Annotated[float, Field(gt=0, le=1)] = Field(1.0, description="of the owners, where the e-mail is *")
    client_id: Id | None = Field(None, description="left out: every client of the custom flow")
    state: Annotated[ConsentState, BeforeValidator(_capitalised)] = ConsentState.ACCEPTED
    plants: tuple[Id, ...] | None = Field(None, description="left out: all that the owner owns (R07)")
    scope: Text | None = None
    requested_at: Moment | None = None


class AutoAnswerDoc(Model):
    """How an owner answers by themselves."""

    email: Email
    answer: Literal["accept", "reject", "never"]
    after: Span = Field(timedelta(), description="how long after the request")
    client_id: Id | None = None


class SwitchesDoc(Model):
    """Choices where little is known about SMA (docs/decisions.md, How we decide)."""

    sandbox_token_alias: bool = True
    refresh_reuse: RefreshReuse = RefreshReuse.GRACE
    unknown_login_hint: LoginHintPolicy = LoginHintPolicy.PENDING
    simulate_on_production: bool = True
    forbidden_as: Literal[403, 404] = 403
    unknown_as: Literal[404, 501] = 501
    dst_fold: DstFold = DstFold.DUPLICATE
    retry_after: bool = True
    classic_log_ids: bool = False


class AppendDoc(Model):
    """What comes behind the lists of a base, which the same keys outside would replace."""

    clients: tuple[ClientDoc, ...] = ()
    users: tuple[UserDoc, ...] = ()
    plants: tuple[PlantDoc, ...] = ()
    consents: tuple[ConsentDoc, ...] = ()
    auto_answers: tuple[AutoAnswerDoc, ...] = ()
    timeline: tuple[TimelineDoc, ...] = ()
    faults: tuple[dict[str, Any], ...] = ()


class ScenarioDoc(Model):
    """A scenario document."""

    version: Annotated[int, Field(ge=0, le=VERSION)] = VERSION
    extends: Text | tuple[Text, ...] | None = Field(
        None, description="shipped scenarios, or files beside this one; of several each goes over those before it"
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="values by name, for ${name} in this document and in what extends it"
    )
    name: Text = "unnamed"
    description: Annotated[str, Field(max_length=2_000)] = ""
    profile: Profile = Profile.SANDBOX
    now: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    clients: tuple[ClientDoc, ...] | None = Field(
        None, max_length=200, description="left out: demo_api and demo_app with the secret demo_secret"
    )
    users: tuple[UserDoc, ...] = Field((), max_length=MAX_PLANTS)
    templates: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="templates of this file's own: keys of a plant"
    )
    plants: tuple[PlantDoc, ...] = Field((), max_length=MAX_PLANTS)
    consents: tuple[ConsentDoc, ...] = Field((), max_length=MAX_PLANTS)
    auto_answers: tuple[AutoAnswerDoc, ...] = Field((), max_length=MAX_PLANTS)
    generate: GenerateDoc | None = None
    timeline: tuple[TimelineDoc, ...] = Field((), max_length=2_000)
    quota: QuotaDoc | None = None
    faults: tuple[dict[str, Any], ...] = Field((), max_length=200)
    switches: SwitchesDoc = SwitchesDoc()
    append: AppendDoc | None = Field(None, description="lists that come behind those of the base")
