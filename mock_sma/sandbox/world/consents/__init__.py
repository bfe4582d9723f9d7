"""Consents: requests, the owners' answers, and what they open to a token (R04 to R12)."""
