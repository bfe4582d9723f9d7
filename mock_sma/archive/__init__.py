"""HTTP Archives (HAR 1.2): real traffic, written down without secrets and read again (docs/real-data.md)."""
