"""What the tests take for granted: the time on the clock, and the people of the shipped scenarios."""

from __future__ import annotations

NOW = "2025-06-15T12:00:00+02:00"
"""Noon of a day in June, Europe/Berlin."""
OWNER = "apiTestUser@apiSandbox.com"
"""Owner of all plants of the scenario ``sandbox``."""
LOGIN = {"username": OWNER, "password": "MyPass123!"}
"""What the sandbox's owner types into the login page."""
HOUSEHOLDER = "owner@example.org"
"""Owner of the plants of the other shipped scenarios, and of those that tests write down."""
