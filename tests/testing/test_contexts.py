"""TLS contexts of clients in a test: one for all that say nothing about TLS, and httpx's own again afterwards."""

from __future__ import annotations

import pytest
from httpx._transports import default

from mock_sma import Sandbox, load_scenario
from mock_sma.testing import router
from mock_sma.testing.contexts import made_once


@pytest.mark.slow
def test_clients_that_say_nothing_about_tls_share_a_context() -> None:
    make = default.create_ssl_context
    end = made_once()
    first = default.create_ssl_context(verify=True, cert=None, trust_env=True)
    assert default.create_ssl_context(verify=True, cert=None, trust_env=True) is first
    assert default.create_ssl_context(verify=False) is not first
    assert default.create_ssl_context() is not first  # of another environment
    made_once()()
    assert default.create_ssl_context is not make
    end()
    assert default.create_ssl_context is make


@pytest.mark.slow
def test_a_variable_that_names_other_authorities_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    end = made_once()
    first = default.create_ssl_context()
    monkeypatch.setenv("SSLKEYLOGFILE", "/dev/null")
    assert default.create_ssl_context() is not first
    end()


def test_routers_that_end_in_any_order_leave_nothing() -> None:
    make = default.create_ssl_context
    first, second = (router(Sandbox(load_scenario("sandbox"))) for _ in range(2))
    first.start()
    second.start()
    first.stop()
    assert default.create_ssl_context is not make
    second.stop()
    assert default.create_ssl_context is make
