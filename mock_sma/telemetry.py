"""Each exchange as a span of OpenTelemetry, sent to a collector by OTLP over HTTP.

It needs the extra ``otel``. Names of attributes are those of the semantic conventions for HTTP servers; what only an
emulator knows begins with ``mock_sma.``: above all why an answer is what it is.
"""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mock_sma.clock import system_time
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.util.types import AttributeValue

    from mock_sma.sandbox.world.entry import Entry

PATH = "/v1/traces"
"""Where a collector takes spans, below its base address (OTLP 1.x, section OTLP/HTTP Request)."""

LAST = 0.4
"""Time that the last spans have to leave, when a server ends [s]; a collector may be gone."""


class Telemetry:
    """An observer of exchanges.

    Args:
        endpoint: base address of a collector, such as ``http://127.0.0.1:4318``.
        exporter: in place of the one that sends there.
    """

    def __init__(self, endpoint: str, exporter: SpanExporter | None = None) -> None:
        names = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "mock-sma"}
        resource = Resource.create({**names, "service.version": __version__})
        # Its end is ours: at the interpreter's end it would wait half a minute for a collector that is gone.
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        sender = exporter or OTLPSpanExporter(endpoint.rstrip("/") + PATH)
        self._provider.add_span_processor(BatchSpanProcessor(sender))
        self._tracer = self._provider.get_tracer("mock-sma", __version__)
        self._context = TraceContextTextMapPropagator()

    def observe(self, entry: Entry, seconds: float) -> None:
        """Take an exchange down, which is over and took ``seconds``."""
        end = round(system_time() * 1e9)
        route = _routes().get(entry.operation or "")
        span = self._tracer.start_span(
            f"{entry.method} {route}" if route else entry.method,
            self._context.extract({"traceparent": entry.traceparent}),
            SpanKind.SERVER,
            attributes(entry, route),
            start_time=end - round(seconds * 1e9),
        )
        if entry.status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)

    def close(self) -> None:
        """Send what is left, for a moment."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(LAST)


def attributes(entry: Entry, route: str | None) -> dict[str, AttributeValue]:
    """Return the attributes of an exchange; what is empty is left out."""
    found: dict[str, AttributeValue | None] = {
        "http.request.method": entry.method,
        "http.response.status_code": entry.status,
        "http.route": route,
        "url.scheme": entry.origin.partition("://")[0],
        "url.path": entry.path,
        "url.query": entry.query,
        "server.address": entry.host,
        "user_agent.original": entry.user_agent,
        "mock_sma.request_id": entry.id,
        "mock_sma.operation": entry.operation,
        "mock_sma.client_id": entry.client_id,
        "mock_sma.emulated_time": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds"),
        "mock_sma.why": [str(step) for step in entry.why.steps],
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


@cache
def _routes() -> dict[str, str]:
    return {item.id: item.path for item in OPERATIONS}
