"""Consents: requests, the owners' answers, and what they open to a token (contract: RULES R04 to R12)."""
