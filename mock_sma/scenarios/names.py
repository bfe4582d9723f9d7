"""Small tables of names and places for generated portfolios."""

from __future__ import annotations

FIRST_NAMES = (
    *("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hannes", "Ida", "Jonas", "Katrin", "Lukas"),
    *("Marie", "Nils", "Olivia", "Paul", "Ronja", "Stefan", "Tina", "Uwe", "Vera", "Wolf", "Yara", "Zoe"),
)
LAST_NAMES = (
    *("Albrecht", "Becker", "Conrad", "Dietrich", "Ebert", "Fischer", "Graf", "Hartmann", "Imhof", "Jung"),
    *("Keller", "Lang", "Meyer", "Neumann", "Otto", "Peters", "Roth", "Schulz", "Thiel", "Vogt", "Wagner"),
)
STREETS = (
    *("Ahornweg", "Bachstrasse", "Dorfstrasse", "Eichenweg", "Feldstrasse", "Gartenweg", "Hauptstrasse"),
    *("Lindenallee", "Mittelweg", "Parkstrasse", "Ringstrasse", "Schulstrasse", "Sonnenweg", "Waldweg"),
)
CITIES = (
    ("Niestetal", "34266", "Hessen", 51.31, 9.57),
    ("Kassel", "34117", "Hessen", 51.32, 9.50),
    ("Hamburg", "20095", "Hamburg", 53.55, 10.00),
    ("Berlin", "10115", "Berlin", 52.53, 13.38),
    ("Leipzig", "04109", "Sachsen", 51.34, 12.37),
    ("Erfurt", "99084", "Thüringen", 50.98, 11.03),
    ("Freiburg", "79098", "Baden-Württemberg", 48.00, 7.85),
    ("Ulm", "89073", "Baden-Württemberg", 48.40, 9.99),
    ("München", "80331", "Bayern", 48.14, 11.57),
    ("Regensburg", "93047", "Bayern", 49.02, 12.10),
    ("Köln", "50667", "Nordrhein-Westfalen", 50.94, 6.96),
    ("Rostock", "18055", "Mecklenburg-Vorpommern", 54.09, 12.14),
)
"""Name, postal code, state, latitude and longitude [°]."""

Place = tuple[str, str, str, float, float, str]
"""Name, postal code, state, latitude and longitude [°], time zone."""

ABROAD: dict[str, tuple[Place, ...]] = {
    "AT": (
        ("Wien", "1010", "Wien", 48.21, 16.37, "Europe/Vienna"),
        ("Graz", "8010", "Steiermark", 47.07, 15.44, "Europe/Vienna"),
    ),
    "CH": (
        ("Bern", "3011", "Bern", 46.95, 7.45, "Europe/Zurich"),
        ("Chur", "7000", "Graubünden", 46.85, 9.53, "Europe/Zurich"),
    ),
    "NL": (
        ("Utrecht", "3511", "Utrecht", 52.09, 5.12, "Europe/Amsterdam"),
        ("Groningen", "9711", "Groningen", 53.22, 6.57, "Europe/Amsterdam"),
    ),
    "FR": (
        ("Lyon", "69001", "Rhône", 45.76, 4.84, "Europe/Paris"),
        ("Nantes", "44000", "Loire-Atlantique", 47.22, -1.55, "Europe/Paris"),
    ),
    "ES": (
        ("Sevilla", "41001", "Sevilla", 37.39, -5.98, "Europe/Madrid"),
        ("Zaragoza", "50001", "Zaragoza", 41.65, -0.89, "Europe/Madrid"),
    ),
    "IT": (
        ("Bologna", "40121", "Emilia-Romagna", 44.49, 11.34, "Europe/Rome"),
        ("Bari", "70121", "Puglia", 41.12, 16.87, "Europe/Rome"),
    ),
    "GB": (
        ("Bristol", "BS1", "England", 51.45, -2.59, "Europe/London"),
        ("Leeds", "LS1", "England", 53.80, -1.55, "Europe/London"),
    ),
    "US": (
        ("Boston", "02108", "Massachusetts", 42.36, -71.06, "America/New_York"),
        ("Sacramento", "95814", "California", 38.58, -121.49, "America/Los_Angeles"),
    ),
    "AU": (
        ("Sydney", "2000", "New South Wales", -33.87, 151.21, "Australia/Sydney"),
        ("Newcastle", "2300", "New South Wales", -32.93, 151.78, "Australia/Sydney"),
    ),
}
"""Places outside Germany by country, for portfolios that spread over some."""

GERMANY: tuple[Place, ...] = tuple((*city, "Europe/Berlin") for city in CITIES)
