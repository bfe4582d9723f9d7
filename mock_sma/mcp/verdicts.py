"""Tools that explain what a program did: the ones to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from mock_sma.coverage.catalogue import BY_NAME, HEAD
from mock_sma.errors import ScenarioError
from mock_sma.frozen import frozen
from mock_sma.scenarios import parse_scenario
from mock_sma.scenarios.load import load_file

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario
    from mock_sma.mcp.link import Link

Limit = Annotated[int, Field(ge=1, le=50)]


@frozen
class JudgingTools:
    """Tools that change nothing."""

    link: Link

    def explain(self, limit: Limit = 5, *, everything: bool = False) -> str:
        """Explain the last requests that were refused, moved or came back empty: why, what to do, and a curl command.

        Begin here when a program of the user fails. It also lists the findings on the program. With `everything`
        requests that went well are shown too.
        """
        with self.link.control() as control:
            return control.report(limit, refused=not everything)

    def findings(self, client_id: str | None = None) -> str:
        """List what the program did wrong or wastefully against SMA's rules and OAuth's, each with its fix.

        It finds mistakes behind answers that look fine: polling, lost refresh tokens, ignored Retry-After.
        """
        with self.link.control() as control:
            return control.findings_as("text", client_id=client_id)

    def coverage(self, limit: Limit = 3, situation: str | None = None) -> str:
        """Tell which situations the program has never met, with a pytest test to copy for each.

        Args:
            limit: number of tests to show.
            situation: show the test of this situation only.
        """
        if situation is not None:
            return _test_of(situation)
        with self.link.control() as control:
            found = control.coverage()
        gaps = [item for item in found["situations"] if not item["seen"]]
        lines = [f"{found['percent']:.0f} % of {len(found['situations'])} situations met; never met:"]
        lines += [f"{item['name']}: {item['about']}" for item in gaps]
        tests = [BY_NAME[item["name"]].test for item in gaps if item["name"] in BY_NAME][:limit]
        return "\n".join([*lines, "", "Tests to copy:", "", HEAD, *("\n" + test for test in tests)])

    def check_scenario(self, document: str | None = None, path: str | None = None) -> str:
        """Check a scenario file: every mistake with its line, key and the nearest valid word.

        Args:
            document: its text, YAML or JSON.
            path: or its path on this machine.
        """
        if (document is None) == (path is None):
            raise ToolError("give either the document or the path of a scenario file")
        try:
            scenario = _parsed(document) if path is None else load_file(Path(path))
        except ScenarioError as error:
            raise ToolError(str(error)) from None
        except OSError as error:
            raise ToolError(f"{path}: cannot be read: {error.strerror}") from None
        return "\n".join(["the scenario is valid", *scenario.warnings])


def _parsed(document: str | None) -> Scenario:
    text = document or ""
    kind = "json" if text.lstrip().startswith("{") else "yaml"
    return parse_scenario(text, format=kind, file=f"document.{kind}")


def _test_of(situation: str) -> str:
    if situation not in BY_NAME:
        raise ToolError(f"there is no situation {situation!r}; there are {', '.join(BY_NAME)}")
    return f"{HEAD}\n\n{BY_NAME[situation].test}"
