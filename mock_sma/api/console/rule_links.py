"""Rule numbers in texts, as links to the sentences they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import pass_context
from markupsafe import Markup, escape

from mock_sma.fidelity import load_ledger

if TYPE_CHECKING:
    from jinja2.runtime import Context

RULE = re.compile(r"\b(R\d\d)\b")


@pass_context
def ruled(context: Context, text: object) -> Markup:
    """Return a text in which each rule number leads to its sentence, which it also shows when pointed at."""
    place = context["visit"].link("fidelity", kind="rule")
    parts = RULE.split(str(text))
    return Markup("").join(_linked(part, place) if number % 2 else escape(part) for number, part in enumerate(parts))


def _linked(name: str, place: str) -> Markup:
    row = load_ledger().find("rule", name)
    if row is None:
        return escape(name)
    return Markup('<a class="rule" href="{}#{}" title="{}">{}</a>').format(place, name, row.note, name)
