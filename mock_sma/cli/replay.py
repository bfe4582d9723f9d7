"""The command replay: ask the requests of a capsule again, and tell which answers are the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.output import say

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mock_sma.capsule import Outcome


def add_replay(command: ArgumentParser) -> None:
    """Add the options of the command."""
    command.add_argument("file", metavar="CAPSULE", help="file saved from GET /_mock/capsule")
    command.add_argument("--quiet", action="store_true", help="show only differences and the totals")
    command.set_defaults(run=_replay)


def _replay(arguments: dict[str, object]) -> int:
    from mock_sma.capsule import Verdict, read_capsule, replay  # noqa: PLC0415 - a world is a heavy import

    capsule = read_capsule(Path(str(arguments["file"])).read_bytes())
    forgotten = capsule.total - len(capsule.requests)
    if forgotten:
        which = "1 older request was" if forgotten == 1 else f"{forgotten} older requests were"
        say(f"{which} no longer in the journal; the replay starts after that, with new tokens")
    counts: Counter[Verdict] = Counter()
    for outcome in replay(capsule):
        counts[outcome.verdict] += 1
        if outcome.verdict is Verdict.DIFFERENT or not arguments["quiet"]:
            say(_line(outcome))
    say(", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict))
    return 1 if counts[Verdict.DIFFERENT] else 0


def _line(outcome: Outcome) -> str:
    entry = outcome.before
    query = f"?{entry.query}" if entry.query else ""
    text = f" ({outcome.text})" if outcome.text else ""
    return f"{outcome.verdict:9} {entry.status} {entry.method} {entry.path}{query}{text}"
