"""The language: plants, devices, events and the people of a plant."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from mock_sma.domain.device import SMA, Charging, DeviceKind
from mock_sma.domain.earlier import MAX_EARLIER
from mock_sma.domain.event import EventKind, LogLevel, ValueMode
from mock_sma.domain.holidays import countries
from mock_sma.domain.people import Relationship, Role
from mock_sma.domain.plant import Gateway, LoadKind
from mock_sma.domain.reading import nearest
from mock_sma.scenario_file.data_document import Data
from mock_sma.scenario_file.model import Degrees, Email, Id, Model, Moment, Positive, Text, text_of
from mock_sma.scenario_file.repetition import Repeated

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Elevation = Annotated[float, Field(ge=-430, le=6000)]
Minutes = Literal[5, 15, 60]

ROLE_WORDS = {
    "administrator": "admin",
    "standard user": "user",
    "standard-user": "user",
    "standarduser": "user",
}


def _role(value: object) -> object:
    if not isinstance(value, str):
        return value
    word = ROLE_WORDS.get(value.lower(), value.lower())
    known = [*ROLE_WORDS, *(role.value for role in Role)]
    if word not in known:
        raise ValueError(f"{value!r} is unknown{nearest(word, known)}")
    return word


class ArrayDoc(Model):
    """A string of modules on one input of an inverter."""

    peak_power: Positive = Field(description="DC power at standard test conditions [W]")
    azimuth: Degrees = Field(180.0, description="direction [° clockwise from north]; 180 is south")
    tilt: Annotated[float, Field(ge=0, le=90)] = Field(30.0, description="slope from the horizontal [°]")


class BatteryDoc(Model):
    """A battery behind an inverter."""

    capacity: Positive = Field(description="usable energy [Wh]")
    max_charge: Positive = Field(description="[W]")
    max_discharge: Positive = Field(description="[W]")
    round_trip_efficiency: Annotated[float, Field(gt=0, le=1)] = 0.9
    nominal_voltage: Positive = Field(51.2, description="[V]")


class DeviceDoc(Model):
    """A device."""

    kind: DeviceKind
    name: Text
    id: Id | None = Field(None, description="digits (ennexOS) or GUID (Classic); left out: the next free one")
    type: Text | None = Field(None, description="the wire's type; left out: the one of the kind")
    product: Text | None = None
    product_id: int | None = None
    serial: Annotated[str, BeforeValidator(text_of)] | None = None
    vendor: Text = SMA
    generator_power: Positive | None = Field(None, description="AC rating [W]")
    generator_power_dc: Positive | None = Field(None, description="DC rating [W]")
    category: Text | None = None
    sub_category: Text | None = None
    is_active: bool = True
    deactivated_at: Moment | None = None
    activated_at: Moment | None = None
    arrays: tuple[ArrayDoc, ...] = ()
    battery: BatteryDoc | None = None
    annual_energy: Positive | None = Field(None, description="[Wh per year]")
    rated_power: Positive | None = Field(None, description="[W]")
    charging: Charging = Field(
        Charging.EVENING, description="of an EV charger: in the evening, or by day on what is left over"
    )
    sets: tuple[Text, ...] | None = Field(None, description="left out: what its instruments allow (R33)")
    is_smart_connected_ready: bool | None = None
    ip_address: Text | None = None
    firmware_version: Text | None = None
    communication_protocol: Text | None = None
    start_up: date | None = None
    is_resetted: bool | None = None
    term_of_guarantee: date | None = None
    data: Data = ()


class EventDoc(Repeated):
    """Something that happens to a plant."""

    kind: EventKind
    start: Moment
    end: Moment | None = Field(None, description="left out: still going on; of a message: it was a moment's")
    device: Id | None = Field(None, description="device id; left out: the whole plant")
    value: float | None = None
    arrives: Moment | None = Field(None, description="of late data: when the rows appear")
    message_tag: int | None = None
    level: LogLevel | None = None
    set: Text | None = Field(None, description="of a value: the measurement set")
    property: Text | None = Field(None, description="of a value: the property of that set")
    mode: ValueMode | None = Field(None, description="of a value: what becomes of it")
    share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="of a value: of the rows that it happens to; left out: all"
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_a_word(cls, value: object) -> object:
        # YAML reads the bare word as nothing.
        if isinstance(value, dict) and value.get("kind") == EventKind.VALUE and value.get("mode", "") is None:
            return {**value, "mode": ValueMode.NULL.value}
        return value


class PlantUserDoc(Model):
    """A person's part in a plant (R01)."""

    email: Email
    role: Annotated[Role, BeforeValidator(_role)] = Role.USER
    relationship: Relationship = Relationship.OWNER
    owner: bool = False


class LoadDoc(Model):
    """Consumption on site."""

    kind: LoadKind = LoadKind.HOUSEHOLD
    annual_energy: Positive = Field(4_000_000.0, description="without the heat pump [Wh per year]")
    heat_pump: Annotated[float, Field(ge=0)] = Field(
        0.0, description="energy of a heat pump [Wh per year]; it follows the air's temperature. 0: there is none"
    )
    holidays: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(
        None, description="country whose national holidays count as Sundays; left out: the address's"
    )

    @field_validator("holidays")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in countries():
            raise ValueError(f"there are no holidays known for {value}{nearest(value, sorted(countries()))}")
        return value


class NormalsDoc(Model):
    """A climate of the plant's own, from January to December."""

    irradiation: Annotated[tuple[Annotated[float, Field(ge=0, le=400)], ...], Field(max_length=12)] = Field(
        (), description="global horizontal [kWh/m² per month], twelve of them; left out: as the nearest sites have it"
    )
    temperature: Annotated[tuple[Annotated[float, Field(ge=-60, le=60)], ...], Field(max_length=12)] = Field(
        (), description="mean of the air [°C], twelve of them; left out: as the nearest sites have it"
    )

    @field_validator("irradiation", "temperature")
    @classmethod
    def _whole_year(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(values) not in (0, 12):
            raise ValueError(f"has to have twelve numbers, from January to December, not {len(values)}")
        return values


class AddressDoc(Model):
    """A plant's address."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    federal_state: Text | None = None
    city: Text | None = None
    zip_code: Annotated[str, BeforeValidator(text_of)] | None = None
    street: Text | None = None
    street_no: Annotated[str, BeforeValidator(text_of)] | None = None


class EarlierDoc(Model):
    """What a plant's numbers were made of until a change; keys that are left out are as by themselves in a plant."""

    until: Moment = Field(description="when that was changed")
    latitude: Latitude = 51.32
    longitude: Longitude = 9.50
    elevation: Elevation = 150.0
    weather: Text | None = None
    climate: NormalsDoc | None = None
    resolution: Minutes | None = None
    measures_grid: bool | None = None
    load: LoadDoc = LoadDoc()
    missing_rows: Annotated[float, Field(ge=0, lt=1)] = 0.0
    devices: tuple[DeviceDoc, ...] = Field((), max_length=200)


class PlantAppendDoc(Model):
    """What comes behind the lists of a plant's template or base, which the same keys outside would replace."""

    devices: tuple[DeviceDoc, ...] = ()
    users: tuple[PlantUserDoc, ...] = ()
    events: tuple[EventDoc, ...] = ()


class PlantDoc(Model):
    """A plant, fully spelt out or from a template."""

    id: Id = Field(description="GUID for Classic, digits for ennexOS (R19)")
    name: Text
    template: Text | None = Field(None, description="a template whose keys this plant takes over")
    timezone: Text = "Europe/Berlin"
    description: Text | None = None
    latitude: Latitude = 51.32
    longitude: Longitude = 9.50
    elevation: Elevation = 150.0
    weather: Text | None = Field(None, description="a sky of its own that all plants of that name are under")
    climate: NormalsDoc | None = Field(None, description="normals of the place; left out: those of the nearest sites")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = "EUR"
    address: AddressDoc | None = None
    gateway: Gateway | None = Field(None, description="left out: data-manager on ennexOS, webconnect on Classic")
    professional_package: bool = False
    resolution: Minutes | None = Field(
        None, description="[min] of Recent, Day and Week (R22); left out: 5 on ennexOS, 15 on Classic"
    )
    earlier_resolution: Minutes | None = Field(
        None, description="[min] of rows from before migrated_at; left out: as resolution"
    )
    commissioned: Annotated[date, Field(ge=date(1980, 1, 1), lt=date(2200, 1, 1))] = date(2020, 1, 1)
    measures_grid: bool | None = Field(
        None, description="left out: whether there is a grid meter or Home Manager; no EnergyBalance without (R24)"
    )
    load: LoadDoc = LoadDoc()
    missing_rows: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="share of rows that never arrive, now and then and for good; an event missing-rows has an end"
    )
    devices: tuple[DeviceDoc, ...] = Field((), max_length=200)
    users: tuple[PlantUserDoc, ...] = Field((), max_length=200)
    owner: Email | None = Field(None, description="short for one standard user with the owner flag")
    events: tuple[EventDoc, ...] = Field((), max_length=2_000)
    previous_ids: dict[str, Id] = Field(default_factory=dict, description="old Classic ids to new ones")
    migrated_at: Moment | None = None
    co2_savings_factor: int | None = None
    serials: tuple[Annotated[str, BeforeValidator(text_of)] | None, ...] = Field(
        (), description="serial numbers of the devices in order, in place of the template's"
    )
    rename: dict[str, str] = Field(default_factory=dict, description="names of the template's devices to other ones")
    data: Data = ()
    earlier: tuple[EarlierDoc, ...] = Field(
        (), max_length=MAX_EARLIER, description="how the plant was before it was changed, in order of time"
    )
    append: PlantAppendDoc | None = Field(None, description="lists that come behind those of the template or base")
