"""CPU time of a client token, of checking one, and of the pages.

usage: bench_tokens.py [--count 2000]

Goals: minting a client token (access and refresh, the whole answer) at most 1.5 ms; checking one that was seen
before at most 60 microseconds, as part of a call that does nothing else.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from typing import TYPE_CHECKING

import orjson
from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.handlers.auth.bearer import authorise
from mock_sma.sandbox.handlers.call import Call
from mock_sma.sandbox.hosts import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2025-06-15T12:00:00+02:00"
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
AUTHORIZE = "client_id=demo_app&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fcallback"
BATCH = 100


def cpu(work: Callable[[], object], count: int) -> float:
    """Return the median CPU time of one call [s], over batches."""
    work()
    samples = []
    for _ in range(max(1, count // BATCH)):
        begun = time.process_time()
        for _ in range(BATCH):
            work()
        samples.append((time.process_time() - begun) / BATCH)
    return statistics.median(samples)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=2_000)
    count: int = arguments.parse_args().count
    world = Sandbox(load_scenario("sandbox"), now=NOW)
    kind = {b"content-type": b"application/x-www-form-urlencoded"}
    mint = Request("POST", "/oauth2/token", headers=kind, body=FORM)
    bearer = orjson.loads(world.handle(mint).body)["access_token"].encode()
    asked = Request("GET", "/v1/plants", headers={b"authorization": b"Bearer " + bearer})

    def check() -> object:
        return authorise(Call(world, asked, LOCAL, {}, world.clock.time()))

    gc.freeze()
    page = Request("GET", "/oauth2/auth", AUTHORIZE)
    rows = (
        ("mint a client token, the whole request", cpu(lambda: world.handle(mint), count), 1_500.0),
        ("check a token seen before", cpu(check, count * 10), 60.0),
        ("show the login page, the whole request", cpu(lambda: world.handle(page), count // 4), None),
    )
    for name, seconds, goal in rows:
        tail = "" if goal is None else f"   goal {goal:7.0f} µs   {'met' if seconds * 1e6 <= goal else 'MISSED'}"
        print(f"{name:42}{seconds * 1e6:9.1f} µs{tail}")
        figure(name, seconds * 1e6, "µs", goal="" if goal is None else f"< {goal:g}")


if __name__ == "__main__":
    main()
