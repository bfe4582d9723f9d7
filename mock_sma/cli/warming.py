"""What every situation of an exam needs, loaded and worked out once, before a process for each is forked."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import orjson

from mock_sma.cli.output import complain
from mock_sma.cli.running import led_to
from mock_sma.clock import Clock, monotonic
from mock_sma.exam.curriculum import CURRICULUM
from mock_sma.exam.judgement import Ending, reasons
from mock_sma.hosts.space import HOME, HTTPS
from mock_sma.hosts.way import Way
from mock_sma.scenarios import load_scenario
from mock_sma.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.cli.running import Led

TIMEOUT = 10.0
"""Time that an answer may take [s]; a server that is not that quick is not warmed, which only costs time."""

TASKS = Path("/proc/self/task")
"""Where Linux shows a process's threads."""


def warm(folder: Path) -> None:
    """Serve the plain day, read it as a client does and judge it; no thread is left, so that forking is safe.

    Args:
        folder: for certificates and bundles.
    """
    case, present = CURRICULUM[0], Clock().now()
    settings = Settings(port=0, rate=1.0, log_level="error")
    with ExitStack() as ends:
        led = led_to(settings, folder, ends, lambda: load_scenario(case.document(present)))
        try:
            _read(led, str(case.yesterday(present)))
        except OSError as error:
            complain(f"mock-sma: the exam begins without a trial run: {error}")
        ending = Ending(status=0, seconds=0.0, limit=None, answer=folder / "none.json")
        list(reasons(case, led.world, ending))
        assert led.tls.authority is not None
        led.environment(Way((str(HOME), HTTPS), None, led.tls.authority, led.bundles))
        own = threading.get_native_id()
        begun = [each.native_id for each in threading.enumerate() if each.native_id != own]
    _see_off(begun)
    assert threading.active_count() == 1, threading.enumerate()


def _see_off(threads: Iterable[int | None]) -> None:
    """Wait until the system has ended threads too.

    Python takes a thread for ended while OpenSSL still tidies up after it, under a lock that all processes forked then
    would find taken for ever.
    """
    until = monotonic() + TIMEOUT
    while any((TASKS / str(number)).exists() for number in threads) and monotonic() < until:
        time.sleep(0.001)


def _read(led: Led, day: str) -> None:
    opener = build_opener(ProxyHandler({}))
    client = next(iter(led.world.clients.values()))
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    with opener.open(f"{led.url}/oauth2/token", urlencode(form).encode(), TIMEOUT) as answer:
        headers = {"Authorization": f"Bearer {orjson.loads(answer.read())['access_token']}"}
    (plant, *_) = led.world.estate.plants
    sets = f"/monitoring/v1/plants/{plant}/measurements/sets"
    for path in ("/monitoring/v1/plants", sets, f"{sets}/EnergyBalance/Day?Date={day}&ReturnEnergyValues=true"):
        with opener.open(Request(led.url + path, headers=headers), timeout=TIMEOUT) as answer:  # noqa: S310 - ours
            answer.read()
