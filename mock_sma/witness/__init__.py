"""Holds real traffic against the emulator: rows of the ledger confirmed or refuted (docs/real-data.md)."""
