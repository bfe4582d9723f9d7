"""Findings on the client of a journal: what it did wrong or wastefully, by rules that are functions of entries."""

from __future__ import annotations

from mock_sma.findings.judge import findings_of, judge

__all__ = ["findings_of", "judge"]
