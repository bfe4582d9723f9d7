"""Makes a scenario of real traffic: its plants, devices and recorded rows (docs/real-data.md)."""
