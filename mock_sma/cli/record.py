"""The command record: real traffic, written down without its secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.cli.command import whole
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

EPILOG = (
    "This is the only command that lets a call go to SMA. Point a program's HTTPS_PROXY at it and let it trust the "
    "authority that it names; or ask it like a server, with --upstream. Tokens, passwords, secrets, codes and cookies "
    "are struck out before anything is written; names, e-mails, ids and values stay. mock-sma witness and mock-sma "
    "import read the file."
)


def add_record(record: ArgumentParser) -> None:
    """Add the options of the command."""
    record.epilog = EPILOG
    record.add_argument("--out", metavar="FILE.har", required=True, help="archive to write; readable by you alone")
    record.add_argument("--upstream", metavar="URL", help="server that all calls go to, in place of SMA's own hosts")
    record.add_argument("--port", type=whole, default=8080, help="port to listen on; 0 picks a free one (default 8080)")
    record.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    record.add_argument("--tls-dir", metavar="DIR", help="directory for the certificates of SMA's host names")
    record.add_argument("--json", dest="json_", action="store_true", help="print the ready line as JSON")
    record.set_defaults(run=_record)


def _record(arguments: dict[str, object]) -> int:
    upstream = arguments["upstream"]
    if upstream is not None:
        url = urlsplit(str(upstream))
        if url.scheme not in ("http", "https") or not url.hostname or url.query:
            raise UsageError(f"--upstream takes an address such as http://127.0.0.1:8080, not {upstream!r}")
    from mock_sma.cli.recording import record  # noqa: PLC0415 - after what may be wrong with the options

    port = arguments["port"]
    assert isinstance(port, int)
    return record(
        Path(str(arguments["out"])),
        None if upstream is None else str(upstream),
        host=str(arguments["host"]),
        port=port,
        tls_dir=None if arguments["tls_dir"] is None else str(arguments["tls_dir"]),
        as_json=bool(arguments["json_"]),
    )
