"""The text that ``mock-sma init`` writes."""

from __future__ import annotations

STARTER = """\
# My first world: one house with a battery, whose owner has said yes.
#
# Check this file:  mock-sma check FILE       Run it:  mock-sma serve --scenario FILE --watch
# Every key: docs/scenarios.md. Editors complete it by the next line and the file scenario.schema.json beside this one.
# yaml-language-server: $schema=scenario.schema.json
version: 1
name: my-world

# The start of the clock; leave it out to begin now.
now: "2025-06-15T12:00:00+02:00"

# Clients may be left out: demo_api (custom flow) and demo_app (code flow) with demo_secret are there then.
users:
  - {email: owner@example.org, password: "MyPass123!", country: DE, name: Olivia Owner}

# Digits make an ennexOS plant, a GUID a Classic one (R19). Templates: household, household-battery,
# household-battery-ev, commercial-roof, pv-only. Every key written here wins over the template's.
plants:
  - id: 2100
    name: Sonnenhof
    template: household-battery
    owner: owner@example.org

# Take this out to begin without a consent: then every list of plants is empty (R12).
consents:
  - {email: owner@example.org, state: Accepted}

# What happens by itself, at a time or after a span.
timeline:
  - {after: P1D, action: revoke, email: owner@example.org}
"""
