"""The direction of the layers, the walls inside the sandbox, and the circles: read from all imports, lazy ones too."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from statistics import median
from typing import TypeVar

import pytest

import mock_sma

ROOT = Path(mock_sma.__file__).parent
LONGEST_FILE = 300
MEDIAN_FUNCTION = 9
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
GROUND = {"errors", "clock", "seeding", "settings"}
Kind = TypeVar("Kind", bound=ast.AST)
BASE = {"errors", "clock", "domain"}
CORE = {"domain", "simulation", "sandbox", "scenario_file"}
SHELLS = GROUND | CORE | {"fault_rules", "recorded", "scenarios", "verdicts", "worlds"}
ALLOWED: dict[str, set[str]] = {
    **{name: set() for name in ("errors", "frozen", "http_library", "leaves", "printable", "version")},
    "clock": {"errors"},
    "seeding": {"errors"},
    "settings": {"errors", "clock"},
    "domain": {"errors", "seeding"},
    "fidelity": {"errors", "domain"},
    "verdicts": {"errors"},
    "truth": {"errors", "clock", "domain", "sandbox", "simulation", "verdicts"},
    "worlds": {"errors", "clock", "domain", "sandbox", "seeding"},
    "mistakes": {"domain", "errors", "scenario_file"},
    "recorded": BASE,
    "overlay": {"domain", "recorded", "simulation"},
    "importer": BASE | {"archive", "recorded", "scenario_file", "seeding", "simulation", "witness"},
    "witness": {"errors", "archive", "domain", "fidelity", "openapi", "sandbox", "version"},
    "archive": {"http_library", "errors", "clock", "domain", "sandbox", "version"},
    "fault_rules": {"errors", "domain", "sandbox", "seeding"},
    "scenario_file": {"errors", "clock", "domain", "leaves", "recorded"},
    "scenarios": {"mistakes", "recorded", "fault_rules", "errors", "seeding", "domain", "scenario_file"},
    "simulation": {"errors", "clock", "leaves", "seeding", "domain"},
    "sandbox": {"errors", "clock", "leaves", "seeding", "domain", "simulation", "verdicts"},
    "explain": {"domain", "sandbox", "simulation"},
    "openapi": {"domain", "fidelity", "sandbox"},
    "pages": {"errors", "domain", "sandbox"},
    "capsule": {"fault_rules", "errors", "domain", "sandbox", "scenario_file", "scenarios"},
    "hosts": {"errors", "sandbox"},
    "coverage": {"verdicts", "domain", "findings", "sandbox", "simulation"},
    "state": {"worlds", "errors", "clock", "domain", "sandbox"},
    "exam": {"verdicts", "errors", "domain", "findings", "printable", "sandbox"},
    "findings": {"verdicts", "domain", "explain", "printable", "sandbox", "simulation"},
    "report": {"verdicts", "explain", "printable", "domain", "sandbox", "findings"},
    "api": SHELLS | {"fidelity", "explain", "capsule", "printable", "report", "findings", "coverage"},
    "control": {"errors", "clock", "http_library"},
    "telemetry": {"clock", "sandbox"},
    "mcp": {"http_library", "errors", "domain", "scenarios", "coverage", "control"},
    "testing": SHELLS
    | {"http_library", "fidelity", "api", "capsule", "control", "hosts", "report", "findings", "coverage", "truth"},
}
"""What a layer may import besides itself. The command line and the package's lazy exports may import all."""

FREE = {"cli", "__main__", "__init__"}

SANDBOX = "mock_sma.sandbox."
VALUES = {"exchange", "hosts", "paths", "claims", "redact", "secrets", "access", "why"}
ROOMS: dict[str, set[str]] = {
    **dict.fromkeys(VALUES, VALUES),
    "wire": VALUES,
    "world": VALUES,
    "handlers": VALUES | {"wire", "world"},
    "table": VALUES | {"wire", "world", "handlers"},
    "recording": VALUES | {"world", "handlers", "table"},
    "sandbox": VALUES | {"wire", "world", "handlers", "table", "recording"},
}
"""What a room of the sandbox may import of the sandbox besides itself."""

CLOCK_CALLS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}


@cache
def modules() -> dict[str, Path]:
    names = {}
    for file in sorted(ROOT.rglob("*.py")):
        parts = ["mock_sma", *file.relative_to(ROOT).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        names[".".join(parts)] = file
    return names


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


LOOKED_AT = (ast.Import, ast.ImportFrom, ast.Call, ast.ClassDef, *FUNCTIONS)


@cache
def nodes_of(parsed: ast.Module) -> list[ast.AST]:
    """Return what the tests below look at: to walk through a tree takes as long as to make it."""
    return [node for node in ast.walk(parsed) if isinstance(node, LOOKED_AT)]


def nodes(module: str, *kinds: type[Kind]) -> list[Kind]:
    return [node for node in nodes_of(tree(module)) if isinstance(node, kinds)]


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def targets(node: ast.stmt) -> list[str]:
    """Return the modules of ours that a statement imports: the submodule where a name is one."""
    known = modules()
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] == "mock_sma"]
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "mock_sma":
        full = [f"{node.module}.{alias.name}" for alias in node.names]
        return [name if name in known else str(node.module) for name in full]
    return []


def all_imports(module: str) -> list[tuple[int, str]]:
    return [(node.lineno, target) for node in nodes(module, ast.Import, ast.ImportFrom) for target in targets(node)]


def is_typing_block(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def top_imports(module: str) -> set[str]:
    """Return what importing a module imports: nothing of functions and of TYPE_CHECKING blocks."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree(module).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or is_typing_block(node):
            continue
        if isinstance(node, ast.stmt):
            found.update(targets(node))
        waiting.extend(ast.iter_child_nodes(node))
    return found - {module}


def offences(module: str) -> list[str]:
    own = layer(module)
    allowed = ALLOWED.get(own, set()) | {own, "frozen", "version"}
    return [
        f"{module}:{line} imports {target}"
        for line, target in all_imports(module)
        if target != "mock_sma" and layer(target) not in allowed
    ]


def test_every_module_belongs_to_a_layer_that_is_described() -> None:
    assert {layer(name) for name in modules()} - FREE <= set(ALLOWED)


@pytest.mark.slow
def test_imports_go_down_the_layers_only() -> None:
    assert [found for module in modules() if layer(module) not in FREE for found in offences(module)] == []


def test_the_check_sees_an_import_inside_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ast.parse("def f():\n    from mock_sma.sandbox.world import journal\n")
    monkeypatch.setitem(globals(), "tree", lambda _: wrong)
    assert offences("mock_sma.domain.plant") == ["mock_sma.domain.plant:2 imports mock_sma.sandbox.world.journal"]


@pytest.mark.slow
def test_no_import_cycles_at_module_level() -> None:
    graph = {name: top_imports(name) for name in modules()}
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, "import cycle: " + " -> ".join((*path[path.index(name) :], name))
        if name in done:
            return
        for target in graph.get(name, set()):
            walk(target, (*path, name))
        done.add(name)

    for name in graph:
        walk(name, ())
    assert done == set(graph)


def rooms_crossed(module: str) -> list[str]:
    """Return what a module of the sandbox imports of a room that its own must not know."""
    if not module.startswith(SANDBOX):
        return []
    own = module.removeprefix(SANDBOX).split(".")[0]
    allowed = ROOMS[own] | {own}
    return [
        f"{module}:{line} imports {target}"
        for line, target in all_imports(module)
        if target.startswith(SANDBOX) and target.removeprefix(SANDBOX).split(".")[0] not in allowed
    ]


def test_rooms_of_the_sandbox_know_those_below_them_only() -> None:
    assert {name.removeprefix(SANDBOX).split(".")[0] for name in modules() if name.startswith(SANDBOX)} == set(ROOMS)
    assert [found for module in modules() for found in rooms_crossed(module)] == []


def test_the_check_of_rooms_sees_a_typing_import(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ast.parse("if TYPE_CHECKING:\n    from mock_sma.sandbox.handlers.call import Call\n")
    monkeypatch.setitem(globals(), "tree", lambda _: wrong)
    assert rooms_crossed("mock_sma.sandbox.world.quota") == [
        "mock_sma.sandbox.world.quota:2 imports mock_sma.sandbox.handlers.call"
    ]


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected parts of a graph that hold more than one module."""
    reached: dict[str, frozenset[str]] = {}
    for start in graph:
        seen = {start}
        waiting = [start]
        while waiting:
            for target in graph.get(waiting.pop(), set()) - seen:
                seen.add(target)
                waiting.append(target)
        reached[start] = frozenset(seen)
    parts = {tuple(sorted(other for other in reached[name] if name in reached.get(other, ()))) for name in graph}
    return [list(part) for part in sorted(parts) if len(part) > 1]


def test_circles_are_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert circles(graph) == [["a", "b", "c"], ["d", "e"]]


@pytest.mark.slow
def test_there_is_no_circle_with_typing_blocks_and_function_bodies_counted() -> None:
    graph = {name: {target for _, target in all_imports(name)} - {name} for name in modules()}
    assert circles(graph) == []


def relative_imports(module: str) -> list[str]:
    return [f"{module}:{node.lineno}" for node in nodes(module, ast.ImportFrom) if node.level]


def test_imports_are_absolute() -> None:
    assert [found for module in modules() for found in relative_imports(module)] == []


def called(function: ast.expr) -> str:
    """Return the last two parts of a name with dots, as ``time.time``."""
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value
    last = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return f"{last}.{function.attr}"


def clock_reads(module: str) -> list[str]:
    names = [(call.lineno, called(call.func)) for call in nodes(module, ast.Call)]
    return [f"{module}:{line} calls {name}" for line, name in names if name in CLOCK_CALLS]


@pytest.mark.slow
def test_only_the_clock_reads_the_system_time() -> None:
    found = [read for module in modules() for read in clock_reads(module)]
    assert [read for read in found if not read.startswith("mock_sma.clock:")] == []
    assert found


def class_names() -> dict[str, list[str]]:
    """Return the modules that define a class, by its name; private classes are their module's own business."""
    found: dict[str, list[str]] = {}
    for module in modules():
        for node in nodes(module, ast.ClassDef):
            if not node.name.startswith("_"):
                found.setdefault(node.name, []).append(module)
    return found


@pytest.mark.slow
def test_no_class_name_stands_for_two_things() -> None:
    found = class_names()
    assert "Sandbox" in found
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


@pytest.mark.slow
def test_files_and_functions_stay_short() -> None:
    files = [file for folder in ("mock_sma", "tests", "tools") for file in (ROOT.parent / folder).rglob("*.py")]
    lengths = {str(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    functions = [node for name in modules() for node in nodes(name, *FUNCTIONS)]
    assert median((node.end_lineno or 0) - node.lineno + 1 for node in functions) <= MEDIAN_FUNCTION
