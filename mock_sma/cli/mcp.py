"""The command mcp: tools for agents and editors, over standard input and output or over HTTP."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mock_sma.cli.command import URL_HELP, whole
from mock_sma.cli.health import place_at
from mock_sma.cli.output import complain, put_line
from mock_sma.cli.serve_options import add_settings, settings_from
from mock_sma.errors import MockSmaError, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mcp.server import MCPServer

    from mock_sma.mcp.link import Link
    from mock_sma.settings import Settings

EPILOG = (
    "An agent starts it as a program and talks to it over standard input and output; docs/agents.md has the "
    "configuration of several. Without --url it starts a world of its own, on a free port of this machine, with the "
    "options of serve. --http serves the tools over streamable HTTP on this machine, at /mcp."
)
OPTIONS = frozenset({"scenario", "scenario_dir", "consent", "port", "seed", "now", "rate"})
"""Settings of serve that the world of its own takes."""


def add_mcp(mcp: ArgumentParser) -> None:
    """Add the options of the command."""
    from mock_sma.settings import SETTINGS  # noqa: PLC0415 - only this command needs them

    mcp.epilog = EPILOG
    mcp.add_argument("--url", help=f"use the emulator that runs there, and start none; {URL_HELP.partition(' (')[0]}")
    mcp.add_argument("--world", metavar="NAME", help="name of a world of that emulator other than the default one")
    mcp.add_argument("--http", type=whole, metavar="PORT", help="serve HTTP on this port; 0 picks a free one")
    mcp.add_argument(
        "--run-programs", action="store_true", help="with --http: also offer the tool exam, which runs programs"
    )
    add_settings(mcp, frozenset(SETTINGS) - OPTIONS)
    mcp.set_defaults(run=_mcp)


def _mcp(arguments: dict[str, object]) -> int:
    url, world, port, runs = (arguments.pop(name) for name in ("url", "world", "http", "run_programs"))
    if find_spec("mcp") is None:
        raise MockSmaError(
            "mock-sma mcp needs the extra mcp: pip install 'mock-sma[mcp]'; without installing: "
            "uvx --from 'mock-sma[mcp]' mock-sma mcp"
        )
    if runs and port is None:
        raise UsageError("--run-programs belongs to --http; over standard input exam is always offered")
    with ExitStack() as ends:
        if url is None:
            if world is not None:
                raise UsageError("--world names a world of a running emulator; give its --url too")
            link = _own(settings_from({"port": 0, **{k: v for k, v in arguments.items() if v is not None}}), ends)
        else:
            link = _running(str(url), None if world is None else str(world), arguments)
        from mock_sma.mcp.server import server_of  # noqa: PLC0415 - after what may be wrong with the options

        server = server_of(link, runs_programs=port is None or bool(runs))
        if isinstance(port, int):
            _serve_http(server, port)
        else:
            complain(f"mock-sma mcp: tools for {link.url} over standard input and output")
            server.run("stdio")
    return 0


def _running(url: str, world: str | None, options: dict[str, object]) -> Link:
    from mock_sma.mcp.link import Link  # noqa: PLC0415 - as above

    if given := [name for name, value in options.items() if value is not None]:
        raise UsageError(f"--{given[0].replace('_', '-')} is for a world of its own; leave it out, or leave out --url")
    place = place_at(url)
    return Link(place.origin, place.token, world)


def _own(settings: Settings, ends: ExitStack) -> Link:
    """Begin to serve a world until the stack ends."""
    from mock_sma.api.background import Background  # noqa: PLC0415 - as above
    from mock_sma.cli.parts import app_of, listening, world_of  # noqa: PLC0415 - as above
    from mock_sma.mcp.link import Link  # noqa: PLC0415 - as above
    from mock_sma.scenarios import Library, load_scenario  # noqa: PLC0415 - as above
    from mock_sma.worlds.worlds import Worlds  # noqa: PLC0415 - as above

    # What others may set by variables for a server is not for this one: it is on this machine, and nobody else's.
    settings = replace(settings, host="127.0.0.1", tls=None, tls_cert=None, tls_key=None, control_token=None)
    library = Library(settings.scenario_dir)
    world = world_of(settings, partial(load_scenario, settings.scenario, library=library), complain)
    sock = listening(settings)
    server = Background(app_of(settings, Worlds(world), library), sock)
    ends.callback(server.close)
    return Link(f"http://127.0.0.1:{sock.getsockname()[1]}")


def _serve_http(server: MCPServer, port: int) -> None:
    import uvicorn  # noqa: PLC0415 - as above

    from mock_sma.api.server import bind  # noqa: PLC0415 - as above

    try:
        sock = bind("127.0.0.1", port)
    except (OSError, OverflowError) as error:
        raise MockSmaError(f"cannot listen on 127.0.0.1 port {port}: {error}; --http 0 picks a free port") from None
    config = uvicorn.Config(server.streamable_http_app(host="127.0.0.1"), log_level="warning", ws="none")
    put_line(f"mock-sma mcp ready on http://127.0.0.1:{sock.getsockname()[1]}/mcp")
    uvicorn.Server(config).run(sockets=[sock])
