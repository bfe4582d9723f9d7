"""The reference in ``docs/scenarios.md``, made from the models."""

from __future__ import annotations

import json
import re
from typing import Any

from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.scenario_file.timeline_document import HappeningDoc
from mock_sma.scenarios.library import first_comment, shipped
from tools.generated.file import ROOT

PART = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)

CITED = re.compile(r"docs/(\w+\.md), ([\w ]+)")
"""A section of a page, as docstrings name it."""

ENTRY = "TimelineEntry"

EXAMPLES = "examples/scenarios"


def renewed(text: str) -> str:
    """Return the page with its generated parts made anew."""
    parts = {"library": library, "examples": examples, "templates": templates, "reference": reference}
    return PART.sub(lambda found: found[1] + parts[found[2]]() + found[3], text)


def library() -> str:
    """Return the table of the shipped scenarios."""
    rows = [f"| `{name}` | {about} |\n" for name, about in shipped()]
    return "| scenario | shows |\n|---|---|\n" + "".join(rows)


def examples() -> str:
    """Return the table of the files in ``examples/scenarios``."""
    files = sorted((ROOT / EXAMPLES).glob("*.yaml"))
    rows = [f"| [{file.stem}](../{EXAMPLES}/{file.name}) | {first_comment(file)} |\n" for file in files]
    return "| file | shows |\n|---|---|\n" + "".join(rows)


def templates() -> str:
    """Return the table of the built-in templates."""
    rows = []
    for name, plant in BUILT_IN.items():
        devices = ", ".join(device["product"] for device in plant["devices"])
        rows.append(f"| `{name}` | {devices} |\n")
    return "| template | devices |\n|---|---|\n" + "".join(rows)


def reference() -> str:
    """Return a table per model: key, kind of value, default, meaning."""
    schema = ScenarioDoc.model_json_schema()
    models = {"ScenarioDoc": schema, **schema["$defs"]}
    tables = [_table(name, model) for name, model in models.items() if "properties" in model]
    return "\n".join([tables[0], _entry(), *tables[1:], _words(schema["$defs"])])


def _entry() -> str:
    """Return the table of what every entry of the timeline has."""
    model = HappeningDoc.model_json_schema()
    model["description"] = "What each entry has besides the keys of its action, which has a table of its own."
    return _table(ENTRY, model)


def _words(models: dict[str, Any]) -> str:
    """Return the table of the values that are one of several words, and below it what its cells cannot hold."""
    head = "### Words\n\nValues of a few words, and times.\n\n| value | is one of | meaning |\n|---|---|---|\n"
    rows, below = "", ""
    for name, model in models.items():
        if "anyOf" in model:
            rows += f"| {name} | | {model['description']} |\n"
        if "enum" not in model:
            continue
        meaning, _, more = _linked(model["description"]).replace("``", "`").partition("\n\n")
        rows += f"| {name} | {', '.join(f'`{word}`' for word in model['enum'])} | {' '.join(meaning.split())} |\n"
        if more:
            below += f"\n{name}:\n\n```text\n{more.replace('`', '')}\n```\n"
    return head + rows + below


def _linked(text: str) -> str:
    """Return a description with links to the sections that it names."""
    return CITED.sub(lambda found: f"[{found[2]}]({found[1]}#{found[2].lower().replace(' ', '-')})", text)


def _table(name: str, model: dict[str, Any]) -> str:
    title = name.removesuffix("Doc")
    head = f"### {title}\n\n{_linked(model['description'])}\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
    required = model.get("required", ())
    is_entry = "action" in model["properties"]
    keys = [key for key in model["properties"] if not is_entry or key not in HappeningDoc.model_fields]
    rows = [_row(key, model["properties"][key], required=key in required) for key in keys]
    return head + "".join(rows)


def _row(key: str, value: dict[str, Any], *, required: bool) -> str:
    default = "**required**" if required else f"`{json.dumps(value['default'])}`" if "default" in value else ""
    return f"| `{key}` | {_kind(value)} | {default} | {_linked(value.get('description', ''))} |\n"


def _kind(value: dict[str, Any]) -> str:
    if "discriminator" in value or "$ref" in value:
        name = ENTRY if "discriminator" in value else str(value["$ref"]).rsplit("/", 1)[-1]
        return name.removesuffix("Doc")
    for union in ("anyOf", "oneOf"):
        if union in value:
            return " or ".join(kind for item in value[union] if (kind := _kind(item)) != "null")
    if "enum" in value:
        return " or ".join(f"`{word}`" for word in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value.get("type") == "array":
        return f"list of {_kind(value.get('items', {}))}"
    return str(value.get("format") or value.get("type") or "any")
