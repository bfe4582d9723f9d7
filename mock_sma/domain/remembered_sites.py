"""Climate normals of thirty-two further sites, most of whose sunshine is from memory: better than none near a place.

What could be read of them is what each site says; docs/simulation.md has the deviations.
"""

from __future__ import annotations

from mock_sma.domain.site import Site

SUNSHINE = "the list of temperatures; sunshine is from memory"
"""Temperature agrees within 1 K with Wikipedia's list of cities by average temperature (a copy of about 2022)."""

MEMORY = "from memory"

YEAR = "months are from memory; the year's temperature: a copy of Wikipedia's list"

REMEMBERED = (
    Site(
        "Munich", 48.16, 11.54, 515.0,
        (79, 96, 133, 170, 209, 210, 238, 220, 163, 125, 75, 59),
        (0.5, 1.6, 5.3, 9.7, 14.0, 17.4, 19.3, 19.0, 14.5, 9.8, 4.5, 1.3),
        "Deutscher Wetterdienst",
        "the year's sunshine, 1,777 h, and temperature, 9.7 °C, of 1981 to 2010; months are from memory",
    ),
    Site(
        "Vienna", 48.25, 16.36, 198.0,
        (70, 104, 148, 207, 243, 249, 264, 251, 182, 130, 66, 52),
        (0.3, 1.5, 5.7, 10.7, 15.7, 18.7, 20.8, 20.2, 15.4, 10.2, 5.1, 1.1),
        "GeoSphere Austria", SUNSHINE,
    ),
    Site(
        "Paris", 48.82, 2.34, 75.0,
        (62, 79, 129, 166, 194, 202, 212, 212, 168, 118, 68, 51),
        (5.4, 6.0, 9.2, 12.2, 15.6, 18.8, 20.9, 20.8, 17.2, 13.2, 8.7, 5.9),
        "Météo-France", SUNSHINE,
    ),
    Site(
        "Rome", 41.8, 12.59, 105.0,
        (120, 132, 167, 201, 263, 285, 331, 298, 237, 195, 129, 111),
        (7.5, 8.2, 10.2, 12.6, 17.2, 21.1, 24.1, 24.5, 20.8, 16.4, 11.4, 8.4),
        "Aeronautica Militare", SUNSHINE,
        light=1_570,
    ),
    Site(
        "Seville", 37.42, -5.88, 34.0,
        (183, 189, 220, 238, 293, 317, 354, 328, 244, 217, 181, 154),
        (10.9, 12.5, 15.6, 17.3, 20.7, 25.1, 28.2, 27.9, 25.0, 20.2, 15.1, 11.9),
        "AEMET", SUNSHINE,
        light=1_820,
    ),
    Site(
        "Stockholm", 59.34, 18.06, 44.0,
        (40, 72, 135, 185, 276, 292, 260, 221, 154, 99, 54, 33),
        (-2.8, -3.0, 0.1, 4.6, 10.7, 15.6, 17.2, 16.2, 11.9, 7.5, 2.6, -1.0),
        "SMHI", SUNSHINE,
    ),
    Site(
        "Istanbul", 41.0, 29.0, 40.0,
        (68, 77, 124, 171, 251, 300, 329, 298, 241, 167, 104, 68),
        (5.7, 5.7, 7.0, 11.1, 15.7, 20.4, 22.9, 23.1, 19.8, 15.6, 11.5, 8.0),
        "Meteoroloji Genel Müdürlüğü", SUNSHINE,
    ),
    Site(
        "Riyadh", 24.71, 46.73, 620.0,
        (227, 223, 238, 252, 299, 324, 338, 323, 297, 301, 264, 212),
        (14.0, 16.0, 21.0, 26.0, 32.0, 34.0, 36.0, 35.0, 32.0, 27.0, 21.0, 16.0),
        "National Center for Meteorology", SUNSHINE,
    ),
    Site(
        "Chengdu", 30.7, 103.83, 506.0,
        (53, 52, 83, 114, 121, 117, 131, 156, 77, 61, 58, 50),
        (5.8, 8.0, 12.3, 17.6, 22.0, 24.6, 26.0, 25.4, 21.9, 17.5, 12.4, 7.2),
        "China Meteorological Administration",
        "the years' temperature 2008 and 2009; months are from memory; the year's sunshine: 1,073 h (travel pages)",
        light=1_080,
    ),
    Site(
        "Lhasa", 29.67, 91.13, 3650.0,
        (250, 226, 246, 249, 276, 257, 227, 219, 230, 281, 267, 257),
        (-2.1, 1.1, 4.6, 8.1, 11.9, 15.5, 15.3, 14.5, 12.8, 8.1, 2.2, -1.7),
        "China Meteorological Administration",
        "the list of temperatures; sunshine of year, seasons, August, October: 1970 to 2004; the rest is from memory",
        light=1_980,
    ),
    Site(
        "Hong Kong", 22.3, 114.17, 32.0,
        (145, 102, 100, 113, 139, 144, 198, 182, 174, 197, 178, 170),
        (16.5, 17.1, 19.5, 23.0, 26.3, 28.3, 28.9, 28.7, 27.9, 25.7, 22.2, 18.2),
        "Hong Kong Observatory", "the list of temperatures; sunshine 1981 to 2010",
        light=1_370,
    ),
    Site(
        "Bangkok", 13.73, 100.57, 4.0,
        (273, 249, 269, 258, 217, 178, 172, 160, 155, 199, 234, 262),
        (27.3, 28.5, 29.8, 30.8, 30.5, 29.7, 29.3, 29.2, 28.7, 28.5, 28.4, 27.4),
        "Thai Meteorological Department", SUNSHINE,
        light=1_780,
    ),
    Site(
        "Phoenix", 33.43, -112.02, 337.0,
        (256, 257, 319, 354, 401, 408, 379, 361, 328, 308, 256, 245),
        (13.8, 15.5, 19.1, 23.0, 28.1, 33.1, 34.9, 34.4, 31.4, 24.8, 18.1, 13.1),
        "National Weather Service", f"{SUNSHINE}; the year's sunshine: 3,872 h (travel pages)",
    ),
    Site(
        "Seattle", 47.45, -122.31, 130.0,
        (70, 109, 178, 207, 254, 268, 312, 281, 222, 143, 73, 53),
        (5.9, 6.4, 8.1, 10.5, 14.1, 16.7, 19.6, 19.8, 16.9, 12.1, 8.3, 5.6),
        "National Weather Service", SUNSHINE,
        light=1_260,
    ),
    Site(
        "Toronto", 43.67, -79.4, 113.0,
        (86, 111, 161, 180, 227, 259, 280, 244, 190, 150, 84, 76),
        (-3.5, -2.6, 1.4, 7.9, 14.1, 19.4, 22.3, 21.5, 17.2, 10.7, 4.9, -0.5),
        "Environment Canada", SUNSHINE,
        light=1_390,
    ),
    Site(
        "Mexico City", 19.4, -99.2, 2240.0,
        (219, 216, 239, 221, 208, 173, 176, 177, 153, 184, 193, 200),
        (14.6, 15.9, 18.1, 19.6, 20.0, 19.4, 18.2, 18.3, 18.0, 17.2, 15.9, 14.9),
        "Servicio Meteorológico Nacional", SUNSHINE,
        light=1_960,
    ),
    Site(
        "Lima", -12.02, -77.11, 13.0,
        (179, 169, 139, 184, 116, 51, 29, 32, 37, 65, 89, 139),
        (22.1, 22.7, 22.2, 20.6, 18.8, 17.7, 17.0, 16.6, 16.8, 17.6, 19.0, 20.8),
        "SENAMHI", f"{SUNSHINE}; the year's sunshine: 1,230 h (travel pages)",
        light=1_560,
    ),
    Site(
        "La Paz", -16.51, -68.19, 4060.0,
        (180, 160, 180, 190, 240, 250, 260, 250, 210, 210, 200, 180),
        (9.3, 9.0, 8.9, 8.8, 8.2, 7.3, 6.8, 8.2, 8.7, 10.0, 10.5, 9.7),
        "SENAMHI Bolivia", SUNSHINE,
        light=2_150,
    ),
    Site(
        "Calama", -22.5, -68.9, 2320.0,
        (322, 288, 332, 326, 322, 307, 323, 339, 336, 363, 359, 357),
        (16.2, 16.0, 15.2, 13.6, 11.3, 10.2, 9.8, 11.2, 12.6, 13.9, 14.7, 15.6),
        "Dirección Meteorológica de Chile", "from memory",
        light=2_500,
    ),
    Site(
        "Marseille", 43.44, 5.22, 9.0,
        (145, 174, 239, 245, 293, 333, 369, 327, 259, 187, 153, 135),
        (7.2, 8.0, 11.2, 13.9, 18.0, 21.9, 24.8, 24.4, 20.6, 16.6, 11.2, 8.2),
        "Météo-France", f"{YEAR}, and its sunshine: 2,858 h (The Telegraph)",
    ),
    Site(
        "Ulaanbaatar", 47.92, 106.92, 1310.0,
        (179, 205, 265, 263, 299, 269, 249, 258, 246, 228, 177, 156),
        (-21.6, -16.6, -7.4, 2.0, 10.1, 15.7, 18.2, 16.0, 9.6, 1.4, -9.8, -18.7),
        "National Agency for Meteorology and Environmental Monitoring of Mongolia",
        f"{YEAR}, and its sunshine: 2,800 h (a blog)",
        light=1_550,
    ),
    Site(
        "Bogotá", 4.64, -74.09, 2560.0,
        (156, 128, 107, 88, 83, 94, 114, 117, 108, 96, 103, 134),
        (13.0, 13.4, 13.8, 14.0, 14.1, 13.8, 13.4, 13.4, 13.4, 13.4, 13.4, 13.1),
        "IDEAM", MEMORY,
        light=1_580,
    ),
    Site(
        "Guangzhou", 23.17, 113.33, 41.0,
        (119, 72, 62, 65, 104, 140, 202, 174, 170, 182, 173, 166),
        (13.6, 14.5, 17.9, 22.1, 25.5, 27.6, 28.6, 28.4, 27.1, 24.2, 19.6, 15.3),
        "China Meteorological Administration", YEAR,
        light=1_290,
    ),
    Site(
        "Chicago", 41.98, -87.9, 205.0,
        (136, 136, 187, 215, 282, 311, 318, 283, 227, 193, 113, 106),
        (-3.8, -1.8, 3.9, 9.8, 15.9, 21.4, 24.1, 23.2, 19.1, 12.2, 5.2, -0.8),
        "National Weather Service", f"{YEAR}; the shares of January, summer and year that are sunny (Chicago Tribune)",
        light=1_450,
    ),
    Site(
        "Anchorage", 61.17, -149.99, 40.0,
        (83, 119, 205, 240, 272, 264, 242, 200, 152, 113, 78, 57),
        (-8.3, -6.3, -3.3, 3.2, 9.1, 13.3, 15.2, 13.9, 9.3, 1.8, -5.3, -7.6),
        "National Weather Service", YEAR,
        light=890,
    ),
    Site(
        "Chongqing", 29.58, 106.47, 259.0,
        (22, 36, 76, 104, 106, 104, 168, 174, 98, 50, 37, 18),
        (8.0, 10.3, 14.8, 19.4, 22.8, 25.6, 29.1, 29.0, 24.8, 19.1, 14.4, 9.3),
        "China Meteorological Administration",
        f"{YEAR}; the year's sunshine: 1,000 to 1,200 h, January 0.7 and August 5.6 h a day (travel pages)",
        light=1_040,
    ),
    Site(
        "Shanghai", 31.17, 121.43, 5.0,
        (114, 120, 129, 149, 170, 131, 191, 186, 168, 161, 131, 127),
        (4.8, 6.6, 10.3, 15.6, 20.7, 24.4, 28.6, 28.3, 24.8, 19.7, 13.7, 7.5),
        "China Meteorological Administration", YEAR,
        light=1_350,
    ),
    Site(
        "Kunming", 25.02, 102.68, 1890.0,
        (222, 218, 251, 248, 213, 138, 125, 150, 123, 137, 186, 195),
        (9.1, 11.3, 14.6, 17.8, 19.5, 20.5, 20.1, 19.8, 18.2, 16.0, 12.3, 9.2),
        "China Meteorological Administration", YEAR,
    ),
    Site(
        "Hanoi", 21.03, 105.8, 10.0,
        (72, 47, 48, 89, 174, 167, 181, 170, 170, 160, 137, 117),
        (16.4, 17.7, 20.2, 24.0, 27.3, 29.0, 29.0, 28.5, 27.4, 25.0, 21.6, 18.0),
        "Viet Nam Meteorological and Hydrological Administration", YEAR,
        light=1_270,
    ),
    Site(
        "Manila", 14.58, 120.97, 13.0,
        (177, 198, 226, 258, 223, 162, 133, 133, 132, 158, 153, 152),
        (26.5, 27.0, 28.4, 30.0, 30.1, 29.3, 28.6, 28.4, 28.5, 28.4, 27.8, 26.8),
        "PAGASA", YEAR,
    ),
    Site(
        "Reykjavík", 64.13, -21.9, 52.0,
        (27, 52, 111, 140, 192, 161, 171, 155, 125, 83, 39, 12),
        (-0.5, 0.4, 0.5, 2.9, 6.3, 9.0, 10.6, 10.3, 7.4, 4.4, 1.1, -0.2),
        "Veðurstofa Íslands", f"{YEAR}; the year's sunshine: 1,268 h (The Telegraph)",
        light=780,
    ),
    Site(
        "Ushuaia", -54.8, -68.32, 20.0,
        (167, 147, 133, 102, 68, 42, 56, 84, 123, 164, 180, 167),
        (9.9, 9.6, 8.1, 6.0, 3.8, 1.9, 1.8, 2.6, 4.4, 6.5, 8.0, 9.2),
        "Servicio Meteorológico Nacional", MEMORY,
    ),
)  # fmt: skip
