"""Small tables of German names and places for generated portfolios."""

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
