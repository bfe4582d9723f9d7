"""The server: its tools, and what an agent is told first."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING

from mcp.server import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations

from mock_sma.mcp.changes import WorldTools
from mock_sma.mcp.examine import exam
from mock_sma.mcp.verdicts import JudgingTools
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.mcp.link import Link

INSTRUCTIONS = (
    "mock-sma is a local emulator of SMA's Monitoring API for solar plants, independent of SMA. It answers at {url}: "
    "the tool scenario tells the credentials. When a program fails, call explain first, then findings. "
    "Let owners answer with consent, move time with clock, let requests fail with fault, compare stored energies with "
    "plant_truth, and write tests for what coverage shows as never met."
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)
RUNS = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=True)


def server_of(link: Link, *, runs_programs: bool) -> MCPServer:
    """Return the server, without a transport.

    Args:
        link: the emulator that it speaks of.
        runs_programs: whether it has the tool that runs programs of this machine.
    """
    verdicts, changes = JudgingTools(link), WorldTools(link)
    judging = (verdicts.explain, verdicts.findings, verdicts.coverage, verdicts.check_scenario)
    tools = [_tool(function, READS, structured=False) for function in judging]
    tools.append(_tool(changes.plant_truth, READS))
    tools += (_tool(change, WRITES) for change in (changes.scenario, changes.clock, changes.consent, changes.fault))
    if runs_programs:
        tools.append(_tool(exam, RUNS, structured=False))
    told = INSTRUCTIONS.format(url=link.url)
    return MCPServer("mock-sma", version=__version__, instructions=told, log_level="WARNING", tools=tools)


def _tool(function: Callable[..., object], hints: ToolAnnotations, *, structured: bool | None = None) -> Tool:
    """Return a tool that refuses an argument which it does not have: an agent that guesses a name is told."""
    tool = Tool.from_function(function, description=getdoc(function), annotations=hints, structured_output=structured)
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool
