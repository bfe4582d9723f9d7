"""One name, one thing: no two classes of the package are called the same."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.test_layers import modules, tree


def classes() -> dict[str, list[str]]:
    """Return the modules that define a class, by its name; private classes are their module's own business."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(module)
    return found


def test_no_class_name_stands_for_two_things() -> None:
    found = classes()
    assert "Sandbox" in found
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
