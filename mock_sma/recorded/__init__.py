"""Reads and writes rows that somebody has recorded: the files that ``data`` of a scenario names (docs/data.md)."""
