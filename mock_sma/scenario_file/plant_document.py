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

ROLE_WORDS = {"administrator": "admin", "standard user": "user", "standard-user": "user", "standarduser": "user"}


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
    round_trip_efficiency: Annotated[float, Field(gt=0, le=1)] = Field(
        0.9, description="share of the energy put in that comes out again"
    )
    nominal_voltage: Positive = Field(51.2, description="[V]")


class DeviceDoc(Model):
    """A device."""

    kind: DeviceKind = Field(description="what it is, and so what it measures")
    name: Text = Field(description="as the portal shows it")
    id: Id | None = Field(None, description="digits (ennexOS) or GUID (Classic); left out: the next free one")
    type: Text | None = Field(None, description="the wire's type; left out: the one of the kind")
    product: Text | None = Field(None, description="product name; left out: a usual one of the kind")
    product_id: int | None = Field(None, description="SMA's product number; left out: a usual one of the kind")
    serial: Annotated[str, BeforeValidator(text_of)] | None = Field(None, description="serial number")
    vendor: Text = Field(SMA, description="its maker")
    generator_power: Positive | None = Field(None, description="AC rating [W]")
    generator_power_dc: Positive | None = Field(None, description="DC rating [W]")
    category: Text | None = Field(None, description="of a consumer, such as Consumer")
    sub_category: Text | None = Field(None, description="of a consumer, such as Dishwasher")
    is_active: bool = Field(True, description="false: taken out, with its history kept (R30)")
    deactivated_at: Moment | None = Field(None, description="when it was taken out")
    activated_at: Moment | None = Field(None, description="when it was put in; left out: with the plant")
    arrays: tuple[ArrayDoc, ...] = Field((), description="strings of modules behind an inverter")
    battery: BatteryDoc | None = Field(None, description="the battery behind an inverter")
    annual_energy: Positive | None = Field(None, description="[Wh per year]")
    rated_power: Positive | None = Field(None, description="[W]")
    charging: Charging = Field(
        Charging.EVENING, description="of an EV charger: in the evening, or by day on what is left over"
    )
    sets: tuple[Text, ...] | None = Field(None, description="left out: what its instruments allow (R33)")
    is_smart_connected_ready: bool | None = Field(None, description="as the wire says it; left out: not sent")
    ip_address: Text | None = Field(None, description="as the wire says it; left out: not sent")
    firmware_version: Text | None = Field(None, description="as the wire says it; left out: not sent")
    communication_protocol: Text | None = Field(None, description="as the wire says it; left out: not sent")
    start_up: date | None = Field(None, description="day of the first start, as the wire says it")
    is_resetted: bool | None = Field(None, description="as the wire says it; left out: not sent")
    term_of_guarantee: date | None = Field(None, description="day on which the guarantee ends, as the wire says it")
    data: Data = ()


class EventDoc(Repeated):
    """Something that happens to a plant."""

    kind: EventKind = Field(description="what happens")
    start: Moment = Field(description="when it begins")
    end: Moment | None = Field(None, description="left out: still going on; of a message: it was a moment's")
    device: Id | None = Field(None, description="device id; left out: the whole plant")
    value: float | None = Field(None, description="how much, in the unit of the kind: a share, [W] or [Wh]")
    arrives: Moment | None = Field(None, description="of late data: when the rows appear")
    message_tag: int | None = Field(None, description="number of the log entry's message")
    level: LogLevel | None = Field(None, description="of the log entry")
    text: Annotated[str, Field(min_length=1, max_length=1_000)] | None = Field(
        None, description="of the log entry, in every language"
    )
    log_id: Id | None = Field(None, description="Event ID of the log entry; Classic has none (R31)")
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

    email: Email = Field(description="one of the users")
    role: Annotated[Role, BeforeValidator(_role)] = Field(Role.USER, description="rights in the portal")
    relationship: Relationship = Field(Relationship.OWNER, description="to the plant, such as owner or installer")
    owner: bool = Field(False, description="the owner flag: who carries it consents for the plant (R06)")


class LoadDoc(Model):
    """Consumption on site."""

    kind: LoadKind = Field(LoadKind.HOUSEHOLD, description="whose consumption it is like")
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

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(None, description="two letters such as DE")
    federal_state: Text | None = Field(None, description="federal state")
    city: Text | None = Field(None, description="city")
    zip_code: Annotated[str, BeforeValidator(text_of)] | None = Field(None, description="postal code")
    street: Text | None = Field(None, description="street")
    street_no: Annotated[str, BeforeValidator(text_of)] | None = Field(None, description="house number")


class EarlierDoc(Model):
    """What a plant's numbers were made of until a change; keys that are left out are as by themselves in a plant."""

    until: Moment = Field(description="when that was changed")
    latitude: Latitude = Field(51.32, description="[° north]")
    longitude: Longitude = Field(9.50, description="[° east]")
    elevation: Elevation = Field(150.0, description="above sea [m]")
    weather: Text | None = Field(None, description="a sky of its own by name")
    climate: NormalsDoc | None = Field(None, description="normals of the place")
    resolution: Minutes | None = Field(None, description="[min] of Recent, Day and Week")
    measures_grid: bool | None = Field(None, description="whether the grid was measured")
    load: LoadDoc = Field(LoadDoc(), description="consumption on site")
    missing_rows: Annotated[float, Field(ge=0, lt=1)] = Field(0.0, description="share of rows that never arrived")
    devices: tuple[DeviceDoc, ...] = Field((), max_length=200, description="inverters, meters, batteries and others")


class PlantAppendDoc(Model):
    """What comes behind the lists of a plant's template or base, which the same keys outside would replace."""

    devices: tuple[DeviceDoc, ...] = Field((), description="devices behind those of the template or base")
    users: tuple[PlantUserDoc, ...] = Field((), description="users behind those of the template or base")
    events: tuple[EventDoc, ...] = Field((), description="events behind those of the template or base")


class PlantDoc(Model):
    """A plant, fully spelt out or from a template."""

    id: Id = Field(description="GUID for Classic, digits for ennexOS (R19)")
    name: Text = Field(description="as the portal shows it")
    template: Text | None = Field(None, description="a template whose keys this plant takes over")
    timezone: Text = Field("Europe/Berlin", description="zone of its local times, by its IANA name")
    description: Text | None = Field(None, description="as the wire says it; left out: not sent")
    latitude: Latitude = Field(51.32, description="[° north]")
    longitude: Longitude = Field(9.50, description="[° east]")
    elevation: Elevation = Field(150.0, description="above sea [m]")
    weather: Text | None = Field(None, description="a sky of its own that all plants of that name are under")
    climate: NormalsDoc | None = Field(None, description="normals of the place; left out: those of the nearest sites")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        "EUR", description="three letters such as EUR"
    )
    address: AddressDoc | None = Field(None, description="where it stands, as the wire says it")
    gateway: Gateway | None = Field(None, description="left out: data-manager on ennexOS, webconnect on Classic")
    professional_package: bool = Field(
        False, description="Classic data are processed in 15 minutes, not two hours (R25)"
    )
    resolution: Minutes | None = Field(
        None, description="[min] of Recent, Day and Week (R22); left out: 5 on ennexOS, 15 on Classic"
    )
    earlier_resolution: Minutes | None = Field(
        None, description="[min] of rows from before migrated_at; left out: as resolution"
    )
    commissioned: Annotated[date, Field(ge=date(1980, 1, 1), lt=date(2200, 1, 1))] = Field(
        date(2020, 1, 1), description="first day with data"
    )
    measures_grid: bool | None = Field(
        None, description="left out: whether there is a grid meter or Home Manager; no EnergyBalance without (R24)"
    )
    load: LoadDoc = Field(LoadDoc(), description="consumption on site")
    missing_rows: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="share of rows that never arrive, now and then and for good; an event missing-rows has an end"
    )
    devices: tuple[DeviceDoc, ...] = Field((), max_length=200, description="inverters, meters, batteries and others")
    users: tuple[PlantUserDoc, ...] = Field((), max_length=200, description="people with access")
    owner: Email | None = Field(None, description="short for one standard user with the owner flag")
    events: tuple[EventDoc, ...] = Field(
        (), max_length=2_000, description="gaps, faults, snow and more, past and coming"
    )
    previous_ids: dict[str, Id] = Field(default_factory=dict, description="old Classic ids to new ones")
    migrated_at: Moment | None = Field(None, description="when it moved from Classic to ennexOS (R19)")
    co2_savings_factor: int | None = Field(None, description="[g/kWh] of the CO₂ that a kWh saves")
    serials: tuple[Annotated[str, BeforeValidator(text_of)] | None, ...] = Field(
        (), description="serial numbers of the devices in order, in place of the template's"
    )
    rename: dict[str, str] = Field(default_factory=dict, description="names of the template's devices to other ones")
    data: Data = ()
    earlier: tuple[EarlierDoc, ...] = Field(
        (), max_length=MAX_EARLIER, description="how the plant was before it was changed, in order of time"
    )
    append: PlantAppendDoc | None = Field(None, description="lists that come behind those of the template or base")
