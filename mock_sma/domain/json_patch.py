"""Changes of JSON values: merge patches (RFC 7396), and the operations of JSON Patch (RFC 6902)."""

from __future__ import annotations

from typing import Any

from mock_sma.frozen import frozen

OPERATIONS = {
    "add": ("path", "value"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "move": ("from", "path"),
    "copy": ("from", "path"),
    "test": ("path", "value"),
}
"""Keys that an operation needs, by its name (RFC 6902, section 4)."""


@frozen(kw_only=True)
class PatchOperation:
    """One operation of a JSON Patch.

    Attributes:
        op: a key of :data:`OPERATIONS`.
        path: pointer to what is changed.
        source: pointer to what is moved or copied, ``from`` in the document.
        value: put there, or compared with.
    """

    op: str
    path: str
    source: str | None = None
    value: Any = None

    def document(self) -> dict[str, Any]:
        """Return it as the RFC writes it."""
        given = {"path": self.path, "from": self.source, "value": self.value}
        return {"op": self.op} | {name: given[name] for name in OPERATIONS[self.op]}


def merged(target: Any, patch: Any) -> Any:
    """Return a value with a merge patch over it (RFC 7396); null takes a member away."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
