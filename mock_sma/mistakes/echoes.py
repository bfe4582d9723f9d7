"""Complaints that only say again what another one has said, and nobody needs to read twice."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.errors import Problem

    Below = dict[tuple[str | None, str], list[Problem]]

LACKS = re.compile(r"\bneeds (.+)|\bthe (key .+?) is missing")
KEY = re.compile(r"'\w+'|\w+_\w+")
NOTHING = "says nothing"
ABSENT = re.compile(r"^belongs to '?(\w+)'?, which is missing")
NO_SETS = "the plant does not offer"
EQUIPMENT = {"template", "devices"}
MEANT = re.compile(r"^unknown key '.*?'; did you mean '([^']+)'")


def without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in their order, each once.

    A key that is misspelt, or has a value that cannot stand, is also one that its mapping lacks: only the key is told.
    """
    once = list(dict.fromkeys(problems))
    below = _below(once)
    return [item for item in once if not _is_echo(item, below)]


def _below(problems: Iterable[Problem]) -> Below:
    """Return problems by file and by the path of each mapping that they stand in: there may be thousands."""
    found = defaultdict(list)
    for item in problems:
        for end in (0, *(dot.start() for dot in re.finditer(r"\.", item.path))):
            found[item.file, item.path[:end]].append(item)
    return found


def _is_echo(item: Problem, below: Below) -> bool:
    if lacks := LACKS.search(item.message):
        named = next(filter(None, lacks.groups()))
        words = _words_below(item.path, item, below)
        return not words.isdisjoint(word.strip("'") for word in KEY.findall(named.partition(";")[0]))
    if item.message.startswith(NOTHING):
        return bool(_words_below(item.path, item, below))
    if absent := ABSENT.search(item.message):
        return absent.group(1) in _words_below(item.path.rpartition(".")[0], item, below)
    if item.message.startswith(NO_SETS):
        return bool(EQUIPMENT & _words_below(item.path.partition(".")[0], item, below))
    return False


def _words_below(path: str, item: Problem, below: Below) -> set[str]:
    """Return the keys of the mapping at ``path`` that other problems stand at or below, and those that are meant."""
    start = f"{path}." if path else ""
    words = set()
    for other in below.get((item.file, path), ()):
        if other is item:
            continue
        key, *deeper = re.split(r"[.\[]", other.path[len(start) :])
        words.add(key)
        if not deeper and (meant := MEANT.search(other.message)):
            words.add(meant.group(1))
    return words
