"""The server of the command record."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from mock_sma.api.logs import set_up_logs
from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import Proxy
from mock_sma.api.server import Server, run
from mock_sma.api.tunnel import ProxyProtocol
from mock_sma.archive.forward import Forwarder
from mock_sma.archive.writing import ArchiveWriter
from mock_sma.cli.output import complain, put_line
from mock_sma.cli.parts import listening, own_certificates, url_host
from mock_sma.printable import printable
from mock_sma.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def record(out: Path, upstream: str | None, *, host: str, port: int, tls_dir: str | None, as_json: bool) -> int:
    """Hand requests on and write them down, until a signal ends it.

    Args:
        upstream: origin that all requests go to; None: SMA's own hosts.

    Raises:
        MockSmaError: the port is taken, or a directory cannot be written.
        OSError: the archive cannot be written.
    """
    settings = read_settings({"host": host, "port": port} | ({"tls_dir": tls_dir} if tls_dir else {}))
    set_up_logs("plain", "warning")
    whither = "SMA's own servers" if upstream is None else upstream
    complain(
        f"mock-sma record passes every call on to {whither} and writes it to {out}, which you alone can read. Tokens, "
        "passwords, secrets, codes and cookies are struck out; names, e-mails, ids and values stay."
    )
    tls = own_certificates(settings)
    sock = listening(settings)
    writer = ArchiveWriter(out)
    url = f"http://{url_host(host)}:{sock.getsockname()[1]}"

    def ready() -> None:
        facts = {"event": "ready", "url": url, "proxy": url, "ca": str(tls.authority), "out": str(out)}
        text = f"mock-sma record ready on {url}, as a proxy for SMA's hosts; clients must trust {tls.authority}"
        put_line(json.dumps(facts) if as_json else printable(text))

    protocol = partial(ProxyProtocol, proxy=Proxy(tls.context(), lambda goal: False, Protocol))  # noqa: ARG005
    server = Server(Forwarder(writer, upstream), on_ready=ready, protocol=protocol)
    try:
        run(server, sock)
    finally:
        writer.close()
        complain(f"mock-sma record: {writer.count} exchanges are in {out}")
    return 0
