"""The language: what happens by itself. Each action has a model of its own, so that editors complete it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mock_sma.scenario_file.model import Country, Email, Id, Language, Model, Moment, Span, Text, text_of
from mock_sma.scenario_file.plant_document import DeviceDoc, PlantDoc
from mock_sma.scenario_file.repetition import Repeated


class HappeningDoc(Repeated):
    """When it happens: exactly one of ``at`` and ``after``."""

    at: Moment | None = Field(None, description="a time with its offset, or a span from the world's start")
    after: Span | None = Field(None, description="a span from the world's start")


class ConsentActionDoc(HappeningDoc):
    """An owner answers or revokes, or a request expires."""

    action: Literal["accept", "reject", "revoke", "expire"] = Field(description="what happens")
    email: Email = Field(description="of the owner")
    client_id: Id | None = Field(None, description="left out: every client")


class AddPlantDoc(HappeningDoc):
    """A plant joins the world (R09)."""

    action: Literal["add_plant"] = Field(description="what happens")
    plant: PlantDoc = Field(description="the plant, as in plants")


class ChangePlantDoc(HappeningDoc):
    """A plant's facts become others; what they are not named in stays."""

    action: Literal["change_plant"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    change: dict[str, Any] = Field(
        min_length=1, description="keys of a plant with their new values; null takes one away, lists are replaced"
    )


class AddDeviceDoc(HappeningDoc):
    """A device is put in; it begins then unless it says when."""

    action: Literal["add_device"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    device: DeviceDoc = Field(description="the device, as in the devices of a plant")


class ChangeDeviceDoc(HappeningDoc):
    """A device's facts become others."""

    action: Literal["change_device"] = Field(description="what happens")
    device: Id = Field(description="id of the device")
    change: dict[str, Any] = Field(min_length=1, description="keys of a device with their new values")


class SetOwnerDoc(HappeningDoc):
    """A person gets or loses the owner flag (R10)."""

    action: Literal["set_owner"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    email: Email = Field(description="of the person")
    owner: bool = Field(True, description="false: the flag is taken away")


class ChangeOwnerDoc(HappeningDoc):
    """The owner flag goes to one person and leaves all others (R06)."""

    action: Literal["change_owner"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    email: Email = Field(description="of the person")


class RegisterUserDoc(HappeningDoc):
    """An invited person completes registration (R04)."""

    action: Literal["register_user"] = Field(description="what happens")
    email: Email = Field(description="of the person")


class UserChangeDoc(Model):
    """What an account may become; null takes country, language and name away."""

    email: Email | None = Field(None, description="another login")
    password: Text | None = Field(None, description="another password")
    country: Country | None = Field(None, description="two letters such as DE")
    language: Language | None = Field(None, description="of mails and pages")
    registered: bool | None = Field(None, description="whether registration is complete (R04)")
    name: Text | None = Field(None, description="in mails and pages")


class ChangeUserDoc(HappeningDoc):
    """An account's facts become others; with another e-mail, all that is the person's goes along."""

    action: Literal["change_user"] = Field(description="what happens")
    email: Email = Field(description="of the person")
    change: UserChangeDoc = Field(description="keys of a user with their new values")


class GapDoc(HappeningDoc):
    """The plant or one device falls silent; the next row carries the energy."""

    action: Literal["gap"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    device: Id | None = Field(None, description="id of the device; left out: the whole plant")
    duration: Span | None = Field(None, description="left out: until further notice")


class FaultDoc(HappeningDoc):
    """A device stands still; its energy is lost."""

    action: Literal["fault"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    device: Id = Field(description="id of the device")
    duration: Span | None = Field(None, description="left out: until further notice")


class RestoreDoc(HappeningDoc):
    """Gaps and faults under way end, of the plant or of one device."""

    action: Literal["restore"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    device: Id | None = Field(None, description="id of the device; left out: the whole plant")


class MigrateDoc(HappeningDoc):
    """A Classic plant moves to ennexOS; its old id answers 308."""

    action: Literal["migrate"] = Field(description="what happens")
    plant: Id = Field(description="id of the plant")
    to: Id = Field(description="the new id: digits")


class DeactivateDeviceDoc(HappeningDoc):
    """A device is taken out; its history stays (R30)."""

    action: Literal["deactivate_device"] = Field(description="what happens")
    device: Id = Field(description="id of the device")


class ReplaceDeviceDoc(HappeningDoc):
    """A device is taken out and one like it put in its place."""

    action: Literal["replace_device"] = Field(description="what happens")
    device: Id = Field(description="id of the device")
    to: Id | None = Field(None, description="id of the new one; left out: the next free one")
    name: Text | None = Field(None, description="left out: that of the old one")
    serial: Annotated[str, BeforeValidator(text_of)] | None = Field(None, description="of the new one")


class ChangeQuotaDoc(HappeningDoc):
    """Another quota from now on; without ``requests`` none."""

    action: Literal["change_quota"] = Field(description="what happens")
    requests: Annotated[int, Field(ge=0, le=10_000_000)] | None = Field(
        None, description="requests in a window; left out: without limit"
    )
    window: Annotated[float, Field(gt=0, le=86_400)] = Field(300.0, description="[s]")
    client_id: Id | None = Field(None, description="whose own it is; left out: everybody's who has none of their own")


class AddFaultDoc(HappeningDoc):
    """A fault rule comes into force."""

    action: Literal["add_fault"] = Field(description="what happens")
    rule: dict[str, Any] = Field(description="in the form of faults")


class ClearFaultsDoc(HappeningDoc):
    """All fault rules are taken back."""

    action: Literal["clear_faults"] = Field(description="what happens")


ACTIONS: tuple[type[HappeningDoc], ...] = (
    ConsentActionDoc,
    AddPlantDoc,
    ChangePlantDoc,
    AddDeviceDoc,
    ChangeDeviceDoc,
    SetOwnerDoc,
    ChangeOwnerDoc,
    RegisterUserDoc,
    ChangeUserDoc,
    GapDoc,
    FaultDoc,
    RestoreDoc,
    MigrateDoc,
    DeactivateDeviceDoc,
    ReplaceDeviceDoc,
    ChangeQuotaDoc,
    AddFaultDoc,
    ClearFaultsDoc,
)

TimelineDoc = Annotated[
    ConsentActionDoc
    | AddPlantDoc
    | ChangePlantDoc
    | AddDeviceDoc
    | ChangeDeviceDoc
    | SetOwnerDoc
    | ChangeOwnerDoc
    | RegisterUserDoc
    | ChangeUserDoc
    | GapDoc
    | FaultDoc
    | RestoreDoc
    | MigrateDoc
    | DeactivateDeviceDoc
    | ReplaceDeviceDoc
    | ChangeQuotaDoc
    | AddFaultDoc
    | ClearFaultsDoc,
    Field(discriminator="action"),
]


def model_of(action: object) -> type[HappeningDoc]:
    """Return the model of an action's name; :class:`HappeningDoc` where there is no such action."""
    for model in ACTIONS:
        if action in action_names(model):
            return model
    return HappeningDoc


def action_names(model: type[HappeningDoc]) -> tuple[str, ...]:
    """Return the names of the actions that ``model`` describes."""
    annotation = model.model_fields["action"].annotation
    return tuple(getattr(annotation, "__args__", ()))
