"""Where the time of a warm Day goes, in microseconds a step: samples of py-spy, times the CPU time of a request.

By hand only: ``pip install py-spy``, and the right to look into another process. ``PYTHONPATH`` chooses the tree.

python benchmarks/steps.py [--requests 40000]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from collections import Counter
from threading import Event, Thread
from typing import TYPE_CHECKING

from bench_server import DAY, SMA, call, load, prepare, raw, serving

if TYPE_CHECKING:
    import psutil

RATE = 400
"""Samples a second."""

STEPS: dict[str, str] = {
    "write": r"writev|uv__write|uv__try_write|UVStream|writelines|sendmsg",
    "record": r"sandbox/(recording|redact|secrets|world/(journal|entry))|seeding|coverage/|api/metrics|api/logs",
    "head": r"api/head",
    "authorise": r"auth/bearer|world/(bearer|sessions|quota)|handlers/quota|exchange\.py:bearer",
    "match": r"sandbox/(table|hosts|worlds|paths)|api/paths|api/app",
    "parse": r"api/(framing|arrival|chunks|host)\b|vendor\.py:request_of|protocol\.py:_?(begun|request)|llhttp",
    "answer": r"sandbox/(handlers|world|exchange|wire)|simulation/",
    "lead": r"sandbox/sandbox|api/vendor|api/protocol|api/connection|api/deadline|clock\.py",
}
"""Patterns of frames, the first that fits the innermost ones of a sample names its step."""


def step_of(stack: list[str]) -> str:
    """Return the step that a sample belongs to: the loop's where no frame is of another one."""
    for frame in reversed(stack):
        named = re.sub(r"^(\S+) \((.*?):\d+\)$", r"\2:\1", frame)
        for step, pattern in STEPS.items():
            if re.search(pattern, named):
                return step
    return "loop and read"


def sampled(pid: int, seconds: int) -> Counter[str]:
    """Return the samples of a process by step."""
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as file:
        command = ["py-spy", "record", "--native", "-p", str(pid), "-d", str(seconds), "-r", str(RATE), "-f", "raw"]
        subprocess.run([*command, "-o", file.name], check=True, capture_output=True)
        found: Counter[str] = Counter()
        for line in file:
            stack, _, count = line.rpartition(" ")
            if "(mock_sma/cli" in stack and "epoll" not in stack.rpartition(";")[2]:  # which waits for most of the time
                found[step_of(stack.split(";"))] += int(count)
        return found


def ask_until(ended: Event, url: str, process: psutil.Process, request: bytes) -> None:
    """Keep a server busy."""
    while not ended.is_set():
        load(url, process, request, 1_000)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=40_000)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    with serving(SMA) as (url, process, _):
        call(url, "GET", "/_mock/ready")
        time.sleep(1.0)
        token, _, _ = prepare(url)
        request = raw("GET", DAY, token=token)
        cost = min(load(url, process, request, options.requests // 8)["cpu_us"] for _ in range(8))
        asking = Thread(target=ask_until, args=(ended := Event(), url, process, request))
        asking.start()
        time.sleep(1.0)
        found = sampled(process.pid, options.seconds)
        ended.set()
        asking.join()
    total = found.total()
    for step in ("loop and read", "parse", "lead", "match", "authorise", "answer", "record", "head", "write"):
        print(f"{step:16}{100 * found[step] / total:6.1f} %{cost * found[step] / total:8.2f} us")
    print(f"{'all':16}{100:6.1f} %{cost:8.2f} us, {total} samples")


if __name__ == "__main__":
    main()
