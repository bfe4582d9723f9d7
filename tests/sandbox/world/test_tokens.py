"""Tokens as they are made: signed, or in a life only told apart."""

from __future__ import annotations

import pytest

from mock_sma.sandbox.world import tokens
from mock_sma.sandbox.world.tokens import TokenMaker

CLAIMS = {"typ": "Bearer", "jti": "1"}


@pytest.mark.parametrize("quick", [False, True])
def test_a_token_is_read_by_whoever_has_forgotten_it(monkeypatch: pytest.MonkeyPatch, *, quick: bool) -> None:
    maker = TokenMaker("default", 1, "HS512")
    maker.is_quick = quick
    token = maker.access(CLAIMS)
    monkeypatch.setattr(tokens, "_made", {})
    assert maker.read_access(token).claims == CLAIMS
    head, payload, signature = token.split(".")
    assert len(signature) == 342  # 256 bytes, as of SMA's key
    for wrong in (f"{head}.{payload}.{signature[:-8]}AAAAAAAA", f"{head}.e30.{signature}", "x", f"{head}.{payload}"):
        assert maker.read_access(wrong).claims is None
    other = TokenMaker("other", 1, "HS512")
    other.is_quick = quick
    assert other.read_access(token).claims is None
    assert maker.read_access(maker.refresh({**CLAIMS, "typ": "Refresh"})).claims is None
