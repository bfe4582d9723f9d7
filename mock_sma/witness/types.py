"""What a field of a model may look like on the wire: type, and form of numbers and texts."""

from __future__ import annotations

import re
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel

from mock_sma.witness.literals import Members, Number

if TYPE_CHECKING:
    from collections.abc import Sequence

DECIMAL, WHOLE, TEXT, SWITCH, NOTHING = (
    "a number with a decimal point",
    "a whole number",
    "a text",
    "true or false",
    "null",
)
LIST, OBJECT, EXPONENT = "a list", "an object", "a number with an exponent"

SIX = "a number with six decimals"
STAMP = "a text YYYY-MM-DDTHH:mm:ss"
INSTANT = "a text YYYY-MM-DDTHH:mm:ss.fffffff, perhaps with Z"

FORMS = {
    SIX: re.compile(r"-?\d+\.\d{6}"),
    STAMP: re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}"),
    INSTANT: re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{7}Z?"),
}

FORMED = {
    ("AddressBody", "longitude"): SIX,
    ("AddressBody", "latitude"): SIX,
    ("Row", "time"): STAMP,
    ("Installation", "startUpUtc"): STAMP,
    ("DeviceDetails", "startUpUtc"): STAMP,
    ("LeanDevice", "deactivatedAt"): STAMP,
    ("LogItem", "timestamp"): STAMP,
    ("ConsentBody", "expirationDate"): INSTANT,
}
"""Fields whose values have a form beyond their type."""


def inner(annotation: Any) -> Any:
    """Return an annotation without ``| None``."""
    if get_origin(annotation) in (Union, UnionType):
        kept = [part for part in get_args(annotation) if part is not type(None)]
        return kept[0] if len(kept) == 1 else annotation
    return annotation


def item_of(annotation: Any) -> Any:
    """Return what a list is of; None: it is no list."""
    return get_args(annotation)[0] if get_origin(annotation) is list else None


def word_of(annotation: Any) -> str:
    """Return what a field is on the wire."""
    if annotation is str:
        return TEXT
    if annotation is bool:
        return SWITCH
    if annotation is int:
        return WHOLE
    if annotation is float:
        return DECIMAL
    if get_origin(annotation) is list:
        return LIST
    return OBJECT if get_origin(annotation) is dict or _is_model(annotation) else "anything"


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def seen_as(value: Any) -> str:  # noqa: PLR0911 - a table
    """Return what a value is."""
    if isinstance(value, Number):
        if "e" in value or "E" in value:
            return EXPONENT
        return DECIMAL if "." in value else WHOLE
    if isinstance(value, Members):
        return OBJECT
    if isinstance(value, bool):
        return SWITCH
    if isinstance(value, str):
        return TEXT
    if isinstance(value, list):
        return LIST
    return NOTHING


def form_of(value: str, known: Sequence[str]) -> str:
    """Return which form a value has, or what it is without one."""
    found = next((name for name in known if FORMS[name].fullmatch(value)), None)
    if found is not None:
        return found
    if isinstance(value, Number) and "." in value:
        return f"a number with {len(value.partition('.')[2])} decimals"
    if isinstance(value, Number):
        return WHOLE
    # A stamp of another kind is told by its signs alone; what it says is somebody's.
    return (
        "a text of the form " + re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "0", value))[:40]
        if re.fullmatch(r"[\d:.+TZ\- ]{4,40}", value)
        else "a text of another form"
    )
