"""Climate normals of sites on all continents: sunshine and temperature, as weather services publish them.

Rounded to whole hours and tenths of a degree. They make data look like a place's, and are no climate record. Most were
put down from memory and then held against what could be read: above all two lists that gather the services' normals,
Wikipedia's cities by sunshine duration (of about 2022) and by average temperature (of about 2024); they name no period.
Each site says what it was held against, and what of it is still from memory; docs/simulation.md has the deviations.
"""

from __future__ import annotations

from mock_sma.domain.further_sites import FURTHER
from mock_sma.domain.remembered_sites import REMEMBERED
from mock_sma.domain.site import DAYS, Site

LISTS = "both lists"
"""Sunshine agrees within 9 % of every month and 3 % of the year, temperature within 1 K."""

HELD = (
    Site(
        "Kassel", 51.31, 9.48, 230.0,
        (44, 71, 118, 169, 203, 206, 213, 197, 147, 98, 48, 36),
        (0.9, 1.6, 4.9, 9.2, 13.2, 16.5, 18.5, 18.2, 14.0, 9.5, 5.0, 1.9),
        "Deutscher Wetterdienst",
        "the service's year (1991 to 2003) and Hesse's seasons; months are from memory",
    ),
    Site(
        "Berlin", 52.47, 13.40, 50.0,
        (47, 74, 121, 159, 220, 222, 217, 211, 156, 112, 51, 37),
        (0.6, 1.4, 4.8, 8.9, 14.3, 17.1, 19.2, 18.9, 14.5, 9.7, 4.7, 2.0),
        "Deutscher Wetterdienst",
        "both lists; Dahlem (1981 to 2010)",
    ),
    Site(
        "London", 51.48, -0.45, 25.0,
        (62, 78, 115, 169, 199, 204, 212, 205, 149, 117, 73, 52),
        (5.2, 5.3, 7.6, 9.9, 13.3, 16.4, 18.7, 18.5, 15.7, 12.0, 8.0, 5.5),
        "Met Office", LISTS,
        light=1_020,
    ),
    Site(
        "Tromsø", 69.65, 18.94, 100.0,
        (3, 32, 112, 160, 218, 221, 205, 167, 92, 49, 6, 0),
        (-4.4, -4.2, -2.7, 0.3, 4.8, 9.1, 11.8, 10.8, 6.7, 2.7, -1.1, -3.3),
        "Meteorologisk institutt",
        "temperatures: list; sunshine: summer's normal, other months are from memory",
    ),
    Site(
        "Helsinki", 60.20, 24.96, 20.0,
        (38, 70, 138, 194, 284, 297, 291, 238, 150, 93, 36, 29),
        (-3.9, -4.7, -1.3, 3.9, 10.2, 14.6, 17.8, 16.3, 11.5, 6.6, 1.6, -2.0),
        "Ilmatieteen laitos", LISTS,
    ),
    Site(
        "Madrid", 40.41, -3.68, 670.0,
        (149, 158, 211, 230, 268, 315, 355, 332, 259, 199, 144, 124),
        (6.3, 7.9, 11.2, 12.9, 16.7, 22.2, 25.6, 25.1, 20.9, 15.1, 9.9, 6.9),
        "Agencia Estatal de Meteorología", LISTS,
        light=1_700,
    ),
    Site(
        "Athens", 37.89, 23.74, 15.0,
        (130, 139, 182, 231, 292, 336, 363, 341, 276, 208, 153, 127),
        (10.3, 10.6, 12.3, 15.9, 20.6, 25.2, 28.0, 27.7, 23.9, 19.3, 15.4, 11.9),
        "Hellenic National Meteorological Service",
        "both lists; the service's temperatures; sunshine by the Deutscher Wetterdienst",
    ),
    Site(
        "Cairo", 30.13, 31.40, 75.0,
        (213, 234, 269, 291, 324, 357, 363, 351, 311, 292, 248, 198),
        (13.6, 14.9, 16.9, 21.2, 24.5, 27.3, 27.6, 27.4, 26.0, 23.3, 18.9, 15.0),
        "WMO", LISTS,
    ),
    Site(
        "Lagos", 6.58, 3.33, 40.0,
        (164, 168, 174, 180, 177, 114, 99, 109, 114, 167, 186, 192),
        (27.3, 28.5, 28.5, 28.0, 27.1, 25.6, 25.3, 25.1, 25.5, 26.4, 27.2, 27.2),
        "WMO", LISTS,
    ),
    Site(
        "Nairobi", -1.30, 36.76, 1_798.0,
        (288, 266, 267, 204, 189, 159, 130, 127, 180, 226, 198, 257),
        (18.0, 18.8, 19.4, 19.2, 17.8, 16.3, 15.6, 15.9, 17.3, 18.5, 18.4, 18.1),
        "WMO", LISTS,
    ),
    Site(
        "Johannesburg", -26.13, 28.23, 1_695.0,
        (250, 225, 239, 237, 276, 267, 284, 284, 281, 270, 249, 264),
        (19.5, 19.0, 18.0, 15.3, 12.6, 9.6, 10.0, 12.5, 15.9, 17.1, 17.9, 19.0),
        "WMO", LISTS,
    ),
    Site(
        "Cape Town", -33.97, 18.60, 42.0,
        (338, 297, 293, 234, 205, 175, 193, 212, 225, 278, 310, 334),
        (20.4, 20.4, 19.2, 16.9, 14.4, 12.5, 11.9, 12.4, 13.7, 15.6, 17.9, 19.5),
        "South African Weather Service", LISTS,
    ),
    Site(
        "Dubai", 25.25, 55.36, 10.0,
        (254, 230, 255, 294, 344, 342, 322, 316, 309, 304, 285, 254),
        (19.1, 20.5, 23.6, 27.6, 31.4, 33.4, 35.5, 35.9, 33.3, 29.8, 25.3, 21.2),
        "Dubai Meteorological Office",
        "both lists; a table of 1991 to 2020 (temperatures)",
    ),
    Site(
        "New Delhi", 28.58, 77.20, 216.0,
        (215, 216, 239, 261, 263, 197, 166, 177, 219, 269, 247, 216),
        (13.8, 16.5, 22.1, 28.7, 32.8, 34.0, 30.9, 29.7, 29.0, 26.1, 20.5, 15.3),
        "India Meteorological Department", LISTS,
    ),
    Site(
        "Mumbai", 18.90, 72.82, 11.0,
        (270, 258, 274, 284, 296, 149, 73, 76, 165, 240, 246, 253),
        (23.9, 24.9, 27.1, 28.9, 30.2, 29.2, 27.8, 27.5, 27.7, 28.8, 28.0, 25.9),
        "India Meteorological Department", LISTS,
    ),
    Site(
        "Beijing", 39.93, 116.28, 55.0,
        (194, 195, 232, 252, 283, 261, 212, 221, 232, 222, 185, 181),
        (-3.1, 0.2, 6.7, 14.8, 20.8, 24.9, 26.7, 25.5, 20.8, 13.7, 5.0, -0.9),
        "China Meteorological Administration", LISTS,
        light=1_530,
    ),
    Site(
        "Tokyo", 35.69, 139.75, 25.0,
        (185, 166, 163, 177, 168, 125, 146, 169, 121, 131, 148, 178),
        (5.2, 5.7, 8.7, 13.9, 18.2, 21.4, 25.0, 26.4, 22.8, 17.5, 12.1, 7.6),
        "Japan Meteorological Agency",
        "both lists; the agency's year (1981 to 2010)",
        light=1_410,
    ),
    Site(
        "Singapore", 1.37, 103.98, 15.0,
        (172, 183, 193, 174, 180, 178, 188, 181, 156, 155, 130, 134),
        (26.8, 27.3, 27.8, 28.2, 28.6, 28.5, 28.2, 28.1, 28.0, 27.9, 27.2, 26.8),
        "Meteorological Service Singapore", LISTS,
        light=1_640,
    ),
    Site(
        "Darwin", -12.42, 130.89, 30.0,
        (177, 162, 211, 261, 298, 297, 313, 319, 291, 291, 252, 214),
        (28.3, 28.2, 28.3, 28.3, 27.0, 25.1, 25.0, 25.9, 27.9, 29.2, 29.5, 29.0),
        "Bureau of Meteorology", LISTS,
    ),
    Site(
        "Perth", -31.92, 115.87, 25.0,
        (357, 319, 304, 249, 208, 177, 189, 223, 231, 298, 318, 357),
        (24.5, 24.9, 23.1, 19.7, 16.3, 13.8, 13.0, 13.5, 14.8, 17.2, 20.2, 22.6),
        "Bureau of Meteorology", LISTS,
    ),
    Site(
        "Sydney", -33.86, 151.21, 39.0,
        (233, 206, 211, 213, 205, 171, 208, 248, 243, 245, 228, 245),
        (23.5, 23.4, 22.1, 19.5, 16.6, 14.2, 13.4, 14.5, 17.0, 18.9, 20.4, 22.1),
        "Bureau of Meteorology",
        "both lists; the bureau's winter; temperatures of 1991 to 2020 are from memory",
    ),
    Site(
        "Auckland", -37.01, 174.79, 7.0,
        (229, 195, 189, 157, 140, 110, 128, 143, 149, 181, 187, 195),
        (19.1, 19.7, 18.4, 16.1, 14.0, 11.8, 10.9, 11.3, 12.7, 14.2, 15.7, 17.8),
        "NIWA", LISTS,
        light=1_500,
    ),
    Site(
        "Honolulu", 21.32, -157.93, 2.0,
        (214, 213, 259, 252, 281, 286, 306, 303, 279, 244, 200, 200),
        (22.8, 22.8, 23.4, 24.3, 25.3, 26.4, 27.0, 27.4, 27.2, 26.4, 25.1, 23.6),
        "NOAA", LISTS,
        light=2_010,
    ),
    Site(
        "Los Angeles", 34.02, -118.29, 56.0,
        (225, 223, 267, 304, 276, 276, 364, 350, 279, 255, 217, 219),
        (14.4, 14.9, 15.9, 17.3, 18.8, 20.7, 23.1, 23.5, 22.8, 20.3, 16.9, 14.2),
        "NOAA", LISTS,
    ),
    Site(
        "Denver", 39.76, -104.87, 1_611.0,
        (215, 211, 256, 276, 290, 315, 325, 306, 272, 249, 194, 196),
        (-0.6, 0.4, 4.6, 8.8, 14.1, 19.7, 23.5, 22.4, 17.4, 10.4, 3.7, -1.2),
        "NOAA", LISTS,
    ),
    Site(
        "New York", 40.78, -73.97, 40.0,
        (163, 163, 213, 226, 257, 257, 268, 268, 219, 211, 151, 139),
        (0.6, 2.1, 6.1, 11.9, 17.1, 22.1, 24.9, 24.3, 20.2, 14.1, 8.9, 3.3),
        "NOAA", LISTS,
    ),
    Site(
        "Miami", 25.79, -80.32, 3.0,
        (220, 217, 277, 294, 301, 289, 309, 288, 262, 260, 221, 216),
        (20.1, 21.3, 22.9, 24.7, 26.9, 28.4, 28.9, 29.0, 28.3, 26.6, 23.9, 21.4),
        "NOAA", LISTS,
        light=1_800,
    ),
    Site(
        "Rio de Janeiro", -22.90, -43.17, 11.0,
        (212, 201, 206, 181, 186, 175, 189, 185, 146, 152, 169, 180),
        (26.3, 26.6, 26.0, 24.4, 22.8, 21.8, 21.3, 21.8, 22.2, 22.9, 24.0, 25.3),
        "Instituto Nacional de Meteorologia", LISTS,
    ),
    Site(
        "Buenos Aires", -34.58, -58.48, 25.0,
        (279, 241, 229, 220, 174, 132, 143, 174, 189, 227, 252, 267),
        (24.9, 23.6, 21.9, 17.9, 14.5, 11.7, 11.0, 12.8, 14.6, 17.8, 20.7, 23.3),
        "Servicio Meteorológico Nacional", LISTS,
    ),
    Site(
        "Santiago de Chile", -33.44, -70.68, 520.0,
        (363, 302, 273, 201, 155, 120, 146, 161, 186, 248, 306, 347),
        (20.9, 20.1, 18.1, 14.3, 11.0, 8.4, 8.1, 9.5, 11.7, 14.4, 17.1, 19.7),
        "Dirección Meteorológica de Chile", LISTS,
    ),
    Site(
        "Mawson", -67.60, 62.87, 16.0,
        (257, 217, 164, 114, 50, 0, 19, 93, 153, 233, 261, 276),
        (0.0, -4.3, -10.2, -14.6, -16.5, -16.6, -17.9, -18.7, -17.5, -13.2, -5.8, -0.6),
        "Bureau of Meteorology",
        "the bureau's table, as Wikipedia had it",
    ),
)  # fmt: skip

SITES = (*HELD, *REMEMBERED, *FURTHER)
"""All of them."""

__all__ = ["DAYS", "HELD", "LISTS", "SITES", "Site"]
