"""The numbers: sun, PV, load, battery, balance. Knows nothing of HTTP, consent or JSON."""
