"""The Python side as it is promised, and the details that tests of other projects rely on."""

from __future__ import annotations

import httpx
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.testing import router, strategies
from mock_sma.testing.faker import SmaProvider
from tests.facts import NOW, OWNER
from tests.server_process import PLAIN

TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}

pytest_plugins = ["pytester"]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(load_scenario("sandbox"), now=NOW)


def bearer() -> dict[str, str]:
    return {"Authorization": "Bearer " + httpx.post(TOKEN, data=FORM, verify=PLAIN).json()["access_token"]}


def test_the_verbs(sandbox: Sandbox) -> None:
    sandbox.clock.advance(minutes=5)
    sandbox.consents.accept(OWNER)
    with router(sandbox):
        headers = bearer()
        assert len(httpx.get(PLANTS, headers=headers).json()["plants"]) == 9
        sandbox.consents.revoke(OWNER, client_id="demo_api")
        assert httpx.get(PLANTS, headers=headers).json() == {"plants": []}
        assert "consent" in sandbox.requests[-1].why
        sandbox.clock.advance(seconds=301)
        assert httpx.get(PLANTS, headers=headers).status_code == 401
        assert "expired" in sandbox.requests[-1].why
    entry = sandbox.requests[-1]
    assert (entry.method, entry.path, entry.status, entry.client_id) == (
        "GET",
        "/monitoring/v1/plants",
        401,
        "demo_api",
    )
    assert entry.id
    assert sandbox.requests[0].path == "/oauth2/token"


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"fault": "truncated_body"}, httpx.RemoteProtocolError),
        ({"fault": "connection_reset"}, httpx.ReadError),
        ({"fault": "empty_response"}, httpx.RemoteProtocolError),
        ({"delay": 30}, httpx.ReadTimeout),
    ],
)
def test_faults_in_process_raise_httpxs_errors_at_once(
    sandbox: Sandbox, effect: dict[str, object], error: type
) -> None:
    with router(sandbox), httpx.Client(timeout=5, verify=PLAIN) as http:
        headers = bearer()
        sandbox.faults.add({"match": {"path": "/v1/plants"}, "effect": effect, "times": 1})
        with pytest.raises(error):
            http.get(PLANTS, headers=headers)
        assert http.get(PLANTS, headers=headers).status_code == 200


def test_a_short_delay_moves_the_clock(sandbox: Sandbox) -> None:
    with router(sandbox), httpx.Client(timeout=5, verify=PLAIN) as http:
        headers = bearer()
        sandbox.faults.add({"effect": {"delay": 2}})
        before = sandbox.clock.time()
        assert http.get(PLANTS, headers=headers).status_code == 200
        assert sandbox.clock.time() == before + 2
        sandbox.faults.clear()


def test_a_spent_quota_says_so(sandbox: Sandbox) -> None:
    with router(sandbox):
        headers = bearer()
        sandbox.faults.add({"effect": {"quota_exhausted": True}})
        assert httpx.get(PLANTS, headers=headers).status_code == 429
        assert "quota" in sandbox.requests[-1].why


def test_strategies_and_provider_have_their_names() -> None:
    for name in ("scenarios", "plants", "consent_stories", "fault_plans"):
        assert callable(getattr(strategies, name))
    assert SmaProvider


@pytest.mark.slow
def test_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import httpx
        import pytest

        FORM = {FORM!r}

        def plants(http, token_url, plants_url, form):
            token = http.post(token_url, data=form).json()["access_token"]
            return http.get(plants_url, headers={{"Authorization": "Bearer " + token}}).json()["plants"]

        def test_sandbox(sma_sandbox):
            assert sma_sandbox.clock.isoformat().startswith("2025-06-15T12:00:00")
            assert sma_sandbox.clock.frozen

        @pytest.mark.sma(consent="accepted", now="2025-01-01T00:00:00+01:00")
        def test_mock(sma_mock, sma_sandbox):
            assert sma_mock.sandbox is sma_sandbox
            assert sma_mock.router is not None
            with httpx.Client() as http:
                assert len(plants(http, {TOKEN!r}, {PLANTS!r}, FORM)) == 9
            assert sma_sandbox.clock.isoformat().startswith("2025-01-01")
            with pytest.raises(Exception):
                httpx.get("https://example.org/")

        @pytest.mark.sma(scenario="classic", consent="accepted")
        async def test_async(sma_mock):
            async with httpx.AsyncClient() as http:
                answer = await http.post({TOKEN!r}, data=FORM)
                assert answer.status_code == 200

        @pytest.mark.sma(consent="accepted")
        def test_server(sma_server):
            form = FORM | {{"client_id": sma_server.client_id, "client_secret": sma_server.client_secret}}
            with httpx.Client(base_url=sma_server.url, trust_env=False) as http:
                assert len(plants(http, "/oauth2/token", "/monitoring/v1/plants", form)) == 9
            assert sma_server.sandbox.requests[-1].status == 200

        def test_fails(sma_mock):
            httpx.get({PLANTS!r})
            assert False
        """
    )
    useless = ("randomly", "cacheprovider", "schemathesis", "hypothesispytest", "faker", "xdist", "pytest_cov")
    without = (word for name in useless for word in ("-p", f"no:{name}"))
    result = pytester.runpytest_subprocess(*without, "-o", "asyncio_mode=auto")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*mock-sma*", "*/monitoring/v1/plants*401*"])
