"""Text from outside, made fit for a line of a log or a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text in which nothing ends the line, moves the cursor or changes colours; escapes stand for it."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
