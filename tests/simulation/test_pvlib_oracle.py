"""pvlib as oracle for sun, sky and module temperature."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mock_sma.domain.sites import SITES as KNOWN
from mock_sma.simulation import pv, sky
from mock_sma.simulation.slots import Run
from mock_sma.simulation.sun import sun_position
from tests.late import Late

if TYPE_CHECKING:
    from pandas import DataFrame, DatetimeIndex

    from mock_sma.domain.site import Site

pytestmark = pytest.mark.slow  # pandas and pvlib take longer to load than to ask
pd, pvlib = Late("pandas"), Late("pvlib")
SITES = {
    "Kassel": (51.31, 9.48),
    "Tromsø": (69.65, 18.96),
    "Madrid": (40.42, -3.70),
    "Cairo": (30.04, 31.24),
    "Nairobi": (-1.29, 36.82),
    "Cape Town": (-33.92, 18.42),
    "Mumbai": (19.08, 72.88),
    "Tokyo": (35.68, 139.69),
    "Sydney": (-33.87, 151.21),
    "Apia": (-13.83, -171.77),
    "Denver": (39.74, -104.99),
    "Ushuaia": (-54.80, -68.30),
}
SEASONS = (date(2024, 3, 20), date(2024, 6, 21), date(2025, 9, 22), date(2023, 12, 21))


def slots(on: date) -> tuple[Run, DatetimeIndex]:
    """Return the 288 slots of a UTC day, for us, and their middles, for pvlib."""
    times = pd.date_range(pd.Timestamp(on, tz="UTC") + pd.Timedelta(seconds=150), periods=288, freq="5min")
    return Run(int(times[0].timestamp()) // 300, 288), times


@cache
def place_of_sun(site: str, on: date) -> DataFrame:
    """Return where pvlib sees the sun in the middle of each slot."""
    return pvlib.solarposition.spa_python(slots(on)[1], *SITES[site])


@pytest.mark.parametrize("on", SEASONS, ids=str)
@pytest.mark.parametrize("site", SITES)
def test_sun_stands_where_pvlib_sees_it(site: str, on: date) -> None:
    latitude, longitude = SITES[site]
    run, _ = slots(on)
    ours = sun_position(run, latitude, longitude)
    theirs = place_of_sun(site, on)
    zenith = np.degrees(np.arccos(np.clip(ours.up, -1.0, 1.0)))
    assert np.abs(zenith - theirs["zenith"].to_numpy()).max() < 0.3
    # Near the zenith an azimuth turns by 180° within minutes; the angle between the two directions counts.
    turn = np.degrees(np.arctan2(ours.east, ours.north)) - theirs["azimuth"].to_numpy()
    aside = np.abs((turn + 180.0) % 360.0 - 180.0) * np.hypot(ours.east, ours.north)
    assert aside.max() < 0.3


@pytest.mark.parametrize("on", SEASONS, ids=str)
@pytest.mark.parametrize("site", SITES)
def test_a_clear_day_has_the_energy_of_pvlibs_haurwitz_sky(site: str, on: date) -> None:
    latitude, longitude = SITES[site]
    run, _ = slots(on)
    ours = sky.clear_sky(sun_position(run, latitude, longitude).up).sum() / 12.0
    zenith = place_of_sun(site, on)["zenith"]
    theirs = pvlib.clearsky.haurwitz(zenith)["ghi"].sum() / 12.0
    assert ours == pytest.approx(theirs, rel=0.03, abs=1.0)


@pytest.mark.parametrize("on", SEASONS, ids=str)
@pytest.mark.parametrize("site", SITES)
def test_a_tilted_plane_gets_the_clear_day_energy_that_pvlib_gives_it(site: str, on: date) -> None:
    latitude, longitude = SITES[site]
    tilt, azimuth = 30.0, 180.0 if latitude > 0.0 else 0.0
    run, times = slots(on)
    sun = sun_position(run, latitude, longitude)
    clear = sky.clear_sky(sun.up)
    ours = sky.plane_of_array(sky.split(clear, sun), sun, tilt, azimuth).sum() / 12.0
    place = place_of_sun(site, on)
    ghi = pd.Series(clear, index=times)  # the same light for both: here the tilting is on trial
    parts = pvlib.irradiance.erbs(ghi, place["zenith"], on.timetuple().tm_yday)
    incidence = pvlib.irradiance.aoi(tilt, azimuth, place["zenith"], place["azimuth"])
    above = pvlib.irradiance.get_extra_radiation(on.timetuple().tm_yday)
    sky_parts = pvlib.irradiance.haydavies(
        tilt, azimuth, parts["dhi"], parts["dni"], above, place["zenith"], place["azimuth"], return_components=True
    )
    glass = pvlib.iam.ashrae(incidence, b=0.05)
    beam = (parts["dni"] * np.cos(np.radians(incidence)).clip(lower=0.0) + sky_parts["poa_circumsolar"]) * glass
    diffuse = sky_parts["poa_isotropic"]
    ground = pvlib.irradiance.get_ground_diffuse(tilt, ghi, albedo=sky.ALBEDO)
    theirs = (beam + diffuse + ground).fillna(0.0).sum() / 12.0
    assert ours == pytest.approx(theirs, rel=0.01, abs=10.0)


@pytest.mark.parametrize("site", KNOWN, ids=lambda site: site.name)
def test_a_clear_day_is_brighter_than_one_as_turbid_as_the_worlds_map_says_by_a_twentieth_a_unit(site: Site) -> None:
    # The model of Ineichen and Perez with the monthly map of Linke turbidity that pvlib ships (SoDa, 2003). Ours knows
    # no turbidity: it is as bright as a sky of 2.5, and the index that the clouds leave of it makes up for the haze.
    days = [slots(date(2023, month, 15)) for month in range(1, 13)]
    suns = [sun_position(run, site.latitude, site.longitude) for run, _ in days]
    high = [month for month, sun in enumerate(suns) if sun.up.max() >= 0.64]  # 40°: lower suns are dimmed by more
    ours = np.array([sky.clear_sky(suns[month].up).sum() for month in high]) * sky.thinner_air(site.elevation)
    times = days[high[0]][1].append([days[month][1] for month in high[1:]])
    turbidity = pvlib.clearsky.lookup_linke_turbidity(times, site.latitude, site.longitude, interp_turbidity=False)
    zenith = pvlib.solarposition.spa_python(times, site.latitude, site.longitude)["apparent_zenith"]
    mass = pvlib.atmosphere.get_relative_airmass(zenith)
    mass = pvlib.atmosphere.get_absolute_airmass(mass, pvlib.atmosphere.alt2pres(site.elevation))
    bright = pvlib.clearsky.ineichen(zenith, mass, turbidity, site.elevation)["ghi"]
    theirs = bright.to_numpy().reshape(-1, 288).sum(axis=1)
    expected = 1.0 + 0.05 * (turbidity.to_numpy()[::288] - 2.5)
    assert ours / theirs == pytest.approx(expected, abs=0.12)


def test_cells_are_as_warm_as_pvlibs_faiman_model_says() -> None:
    light, air = np.array([0.0, 200.0, 800.0, 1_000.0]), np.array([-10.0, 5.0, 25.0, 40.0])
    wind = np.array([0.0, 1.0, 2.0, 7.0])
    theirs = pvlib.temperature.faiman(light, air, wind_speed=wind, u0=25.0, u1=6.84)
    assert pv.cell_temperature(light, air, wind) == pytest.approx(theirs)


def test_an_inverter_has_the_curve_of_pvlibs_pvwatts() -> None:
    rating = 10_000.0
    dc = np.array([50.0, 500.0, 3_000.0, 9_000.0, 10_200.0, 14_000.0])
    nominal = pv.NOMINAL_EFFICIENCY
    theirs = pvlib.inverter.pvwatts(dc, rating / nominal, eta_inv_nom=nominal, eta_inv_ref=0.9637)
    assert np.minimum(pv.inverter(dc, rating), rating) == pytest.approx(theirs, rel=1e-6)
