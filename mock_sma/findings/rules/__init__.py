"""All rules, in the order of docs/findings.md."""

from __future__ import annotations

from mock_sma.findings.rules import addresses, authorization, consent, data, quota, tokens

RULES = (*tokens.RULES, *authorization.RULES, *consent.RULES, *quota.RULES, *data.RULES, *addresses.RULES)
