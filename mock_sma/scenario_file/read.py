"""From a text or a mapping to a source: size, encoding and format."""

from __future__ import annotations

from typing import Any

from mock_sma.scenario_file.json_text import read_json
from mock_sma.scenario_file.source import Source
from mock_sma.scenario_file.yaml_text import read_yaml

MAX_SIZE = 4 * 1024 * 1024
"""Largest document [bytes]: room for 2,000 plants that are spelt out."""


def read_mapping(value: Any, file: str | None = None) -> Source:
    """Return a source over a mapping that was made in Python; it has no lines."""
    return Source(file, value)


def read_text(text: str | bytes, *, format: str, file: str | None = None) -> Source:  # noqa: A002 - the word
    """Return the document in ``text``.

    Args:
        text: at most :data:`MAX_SIZE` bytes of UTF-8.
        format: ``yaml`` or ``json``.
        file: name for messages.

    Raises:
        ScenarioError: it cannot be read at all.
    """
    source = Source(file)
    size = len(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    if size > MAX_SIZE:
        source.add((), f"the document has {size} bytes; at most {MAX_SIZE} are read")
        source.check()
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            source.add((), f"the document is not UTF-8: byte {error.start} cannot be read")
            source.check()
            raise AssertionError from error
    if format == "json":
        read_json(source, text)
    else:
        read_yaml(source, text)
    source.check()
    return source
