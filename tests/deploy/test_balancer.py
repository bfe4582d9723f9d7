"""examples/deploy: two servers on one store behind haproxy are one emulator, also where one of them is killed."""

from __future__ import annotations

import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from mock_sma.cli import main
from tests.parity import stories_auth, stories_data, stories_mishaps  # noqa: F401 - they fill STORIES
from tests.parity.stories import STORIES
from tests.parity.test_parity import compare
from tests.parity.ways import by_respx, by_url
from tests.redis_server import PROGRAM, free_port, redis
from tests.server_process import PATIENCE, PLAIN, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
CONFIG = Path(__file__).parent.parent.parent / "examples" / "deploy" / "haproxy.cfg"
PASSWORD = "of-the-store"
WORLDS = 50

pytestmark = [
    pytest.mark.slow,  # starts a store, two servers and a balancer
    pytest.mark.skipif(HAPROXY is None or PROGRAM is None, reason="needs haproxy and a Redis or Valkey server"),
]


class Deployed(NamedTuple):
    """What runs: the balancer's URL, and the servers behind it."""

    url: str
    servers: list[subprocess.Popen[str]]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with ExitStack() as stack:
        safe = ("--appendonly", "yes", "--appendfsync", "always", "--requirepass", PASSWORD)
        store = stack.enter_context(redis(tmp_path_factory.mktemp("store"), *safe))
        state = f"redis://:{PASSWORD}@127.0.0.1:{store.port}/0"
        servers = [stack.enter_context(serve("--rate", "0", MOCK_SMA_STATE=state)) for _ in range(2)]
        url = stack.enter_context(balancer([facts["url"].removeprefix("http://") for _, facts in servers]))
        yield Deployed(url, [process for process, _ in servers])


@contextmanager
def balancer(servers: list[str]) -> Iterator[str]:
    """Run haproxy as its configuration says; gives its URL once it has found the servers."""
    assert HAPROXY is not None
    port = free_port()
    one, two = servers
    env = {"BIND": f"127.0.0.1:{port}", "SERVER_ONE": one, "SERVER_TWO": two}
    subprocess.run([HAPROXY, "-c", "-f", str(CONFIG)], env=env, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen([HAPROXY, "-db", "-f", str(CONFIG)], env=env, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while not is_ready(url):
                assert time.monotonic() < until
                time.sleep(0.05)
            yield url
        finally:
            process.terminate()


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_mock/ready", trust_env=False, verify=PLAIN, timeout=60).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(
    "name", ["a_refresh_token_is_refused_once_the_newer_one_is_used", "r17_a_quota_that_fills_again"]
)
def test_a_story_is_the_same_through_the_balancer(name: str, deployed: Deployed) -> None:
    compare(by_url(STORIES[name], deployed.url), by_respx(STORIES[name]))


def test_fifty_worlds_on_two_servers_never_meet(deployed: Deployed) -> None:
    with httpx.Client(base_url=deployed.url, trust_env=False, verify=PLAIN, timeout=PATIENCE) as http:

        def lives(number: int) -> None:
            """Make a world, be its only client, and hold what it says against what was done to it."""
            path = f"/_mock/worlds/of-{number}"
            made = ok(http.post("/_mock/worlds", json={"name": f"of-{number}", "scenario": "sandbox", "rate": 0}))
            client = made["clients"][0]
            form = {
                "grant_type": "client_credentials",
                "client_id": client["client_id"],
                "client_secret": client["client_secret"],
            }
            bearer = {"authorization": f"Bearer {ok(http.post('/oauth2/token', data=form))['access_token']}"}
            plants = lambda: ok(http.get("/monitoring/v1/plants", headers=bearer))["plants"]  # noqa: E731
            assert plants() == []
            begun = ok(http.get(f"{path}/clock"))["now"]
            if number % 2:
                ok(http.post(f"{path}/consents/apiTestUser@apiSandbox.com/accept"))
            ok(http.post(f"{path}/clock/advance", json={"seconds": number}))
            assert bool(plants()) == bool(number % 2)
            assert ok(http.get(f"{path}/clock"))["now"] != begun or not number
            told = ok(http.get(f"{path}/requests"))
            assert [entry["path"] for entry in reversed(told)] == ["/oauth2/token", *["/monitoring/v1/plants"] * 2]
            ok(http.delete(path))

        before = len(ok(http.get("/_mock/requests")))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lives, range(WORLDS)))
        assert len(ok(http.get("/_mock/requests"))) == before  # none of it went to the default world
        assert [world["name"] for world in ok(http.get("/_mock/worlds"))] == ["default"]


def test_a_server_that_is_killed_is_not_missed(deployed: Deployed) -> None:
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
    assert main(["health", deployed.url, "--ready"]) == 0
    with httpx.Client(base_url=deployed.url, trust_env=False, verify=PLAIN, timeout=PATIENCE) as http:
        ok(http.put("/_mock/scenario", json={"name": "sandbox"}))
        bearer = {"authorization": f"Bearer {ok(http.post('/oauth2/token', data=form))['access_token']}"}
        ok(http.get("/monitoring/v1/plants", headers=bearer))
        assert len({entry["server"] for entry in ok(http.get("/_mock/requests"))}) == 2
        deployed.servers[0].kill()
        deployed.servers[0].wait()
        for _ in range(20):
            ok(http.get("/monitoring/v1/plants", headers=bearer))
        assert len(ok(http.get("/_mock/requests"))) == 22


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None
