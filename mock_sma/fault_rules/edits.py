"""The real answer, changed as a fault rule wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.json_patch import merged
from mock_sma.fault_rules.json_patch import PatchError, patched
from mock_sma.sandbox.exchange import Answer

if TYPE_CHECKING:
    from mock_sma.domain.faults import Edit
    from mock_sma.sandbox.handlers.call import Call


def edited(edit: Edit, answer: Answer, call: Call) -> Answer:
    """Return an answer after an edit; where its body cannot be changed so, it stays, and ``why`` says why."""
    body = answer.body
    if edit.merge is not None or edit.patch:
        try:
            body = _changed(edit, body)
        except (PatchError, ValueError) as error:
            reason = "it is not JSON" if isinstance(error, orjson.JSONDecodeError) else str(error)
            call.note("edit", text=f"the answer's body stays as it is: {reason}")
    headers = {name.lower().encode(): value for name, value in edit.headers}
    kept = tuple((name, value) for name, value in answer.headers if name not in headers)
    kind = headers.pop(b"content-type", answer.content_type.decode("latin-1"))
    added = tuple((name, value.encode("latin-1")) for name, value in headers.items() if value is not None)
    content_type = b"" if kind is None else kind.encode("latin-1")
    return Answer(body, answer.status, content_type, (*kept, *added))


def _changed(edit: Edit, body: bytes) -> bytes:
    value = orjson.loads(body)
    return orjson.dumps(patched(value, edit.patch) if edit.patch else merged(value, edit.merge))
