"""The server: its tools, and what an agent is told first."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING

from mcp.server import MCPServer
from mcp_types import ToolAnnotations

from mock_sma.mcp.changes import WorldTools
from mock_sma.mcp.examine import exam
from mock_sma.mcp.verdicts import JudgingTools
from mock_sma.version import __version__

if TYPE_CHECKING:
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
    server = MCPServer(
        "mock-sma", version=__version__, instructions=INSTRUCTIONS.format(url=link.url), log_level="WARNING"
    )
    verdicts, changes = JudgingTools(link), WorldTools(link)
    for tool in (verdicts.explain, verdicts.findings, verdicts.coverage, verdicts.check_scenario):
        server.add_tool(tool, description=getdoc(tool), annotations=READS, structured_output=False)
    server.add_tool(changes.plant_truth, description=getdoc(changes.plant_truth), annotations=READS)
    for change in (changes.scenario, changes.clock, changes.consent, changes.fault):
        server.add_tool(change, description=getdoc(change), annotations=WRITES)
    if runs_programs:
        server.add_tool(exam, description=getdoc(exam), annotations=RUNS, structured_output=False)
    return server
