"""What commands write: lines that cannot steer a terminal, whatever names and requests they show."""

from __future__ import annotations

import os
import sys

from mock_sma.errors import MockSmaError
from mock_sma.printable import printable


class NobodyReadsError(MockSmaError):
    """Standard output is closed, or whoever read it has gone."""


def say(text: str) -> None:
    """Write lines to standard output; control characters are escaped, ends of lines excepted."""
    put("\n".join(map(printable, text.split("\n"))) + "\n")


def say_json(text: str) -> None:
    """Write a JSON text on a line; what could steer a terminal stands in it as an escape of JSON's own."""
    put("".join(sign if sign.isprintable() else "".join(map("\\u{:04x}".format, _utf16(sign))) for sign in text) + "\n")


def _utf16(sign: str) -> list[int]:
    data = sign.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]


def put(text: str) -> None:
    """Write a text as it is to standard output: a document that somebody asked for.

    Raises:
        NobodyReadsError: standard output was closed when the command began.
        BrokenPipeError: whoever read it has gone.
    """
    if sys.stdout is None:
        raise NobodyReadsError("standard output is closed; redirect it to a file, or to /dev/null")
    sys.stdout.write(text)


def put_line(line: str) -> None:
    """Write a line that somebody waits for, at once.

    Raises:
        NobodyReadsError: nobody does.
    """
    try:
        put(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        let_go()
        raise NobodyReadsError("the reader of standard output is gone, so nobody is waiting for this server") from None


def let_go() -> None:
    """Write to nobody from here on: what the interpreter still holds back would fail once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: object) -> None:
    """Write lines to standard error, as :func:`say` does."""
    if sys.stderr is not None:
        sys.stderr.write("\n".join(map(printable, str(text).split("\n"))) + "\n")
        sys.stderr.flush()
