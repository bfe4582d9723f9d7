"""The wire: how SMA spells its JSON. Nothing else in the package names a JSON key of the vendor API."""
