"""Exchanges as spans: their attributes, their trace, and what happens where no collector is."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode

from mock_sma.api.app import App
from mock_sma.capsule import capsule_of, opened
from mock_sma.cli import main
from mock_sma.telemetry import Telemetry
from mock_sma.worlds.worlds import Worlds
from tests.sandbox_helpers import ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


class Kept(SpanExporter):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS


class Collector(BaseHTTPRequestHandler):
    taken: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        self.taken.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[HTTPServer]:
    Collector.taken = []
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def spans(*headers: dict[str, str], status: int | None = None) -> list[ReadableSpan]:
    """Return the spans of requests for the plants by a client without consent."""
    world, kept = make(), Kept()
    telemetry = Telemetry("http://127.0.0.1:9", kept)
    bearer = tokens(world)["access_token"]
    if status is not None:
        world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"status": status}})
    for more in headers:
        ask(world, "GET", "/v1/plants?Filter=a", bearer=bearer, headers=more, host="monitoring.smaapis.de")
        telemetry.observe(world.requests[-1], 0.25)
    telemetry.close()
    return kept.spans


def test_an_exchange_is_a_server_span_that_says_why() -> None:
    (span,) = spans({"user-agent": "reader/1"})
    found = dict(span.attributes or {})
    assert span.name == "GET /v1/plants"
    assert span.kind.name == "SERVER"
    assert (span.end_time or 0) - (span.start_time or 0) == 250_000_000
    assert found["http.response.status_code"] == 200
    assert found["http.route"] == "/v1/plants"
    assert found["url.query"] == "Filter=a"
    assert found["server.address"] == "monitoring.smaapis.de"
    assert found["user_agent.original"] == "reader/1"
    assert found["mock_sma.client_id"] == "demo_api"
    assert found["mock_sma.emulated_time"] == "2025-06-15T10:00:00.000+00:00"
    assert any("consents open 0 of 9 plants" in step for step in found["mock_sma.why"])  # type: ignore[union-attr]
    assert span.resource.attributes["service.name"] == "mock-sma"
    assert span.parent is None


def test_it_belongs_to_the_trace_of_the_request() -> None:
    with_parent, without = spans({"traceparent": TRACEPARENT}, {"traceparent": "00-0-0-01"})
    assert with_parent.parent is not None
    assert f"{with_parent.parent.span_id:016x}" == PARENT
    assert f"{with_parent.get_span_context().trace_id:032x}" == TRACE  # type: ignore[union-attr]
    assert without.parent is None


def test_errors_of_the_server_are_errors_and_those_of_the_client_are_not() -> None:
    assert [span.status.status_code for span in spans({}, status=503)] == [StatusCode.ERROR]
    assert [span.status.status_code for span in spans({}, status=404)] == [StatusCode.UNSET]


def test_a_collector_gets_them_by_otlp(collector: HTTPServer) -> None:
    telemetry = Telemetry(f"http://127.0.0.1:{collector.server_port}/")
    world = make()
    ask(world, "GET", "/v1/plants", headers={"traceparent": TRACEPARENT})
    telemetry.observe(world.requests[-1], 0.001)
    telemetry.close()
    ((path, body),) = Collector.taken
    assert path == "/v1/traces"
    (sent,) = ExportTraceServiceRequest.FromString(body).resource_spans
    (span,) = sent.scope_spans[0].spans
    assert span.trace_id.hex() == TRACE
    why = next(item for item in span.attributes if item.key == "mock_sma.why")
    assert "the request has no bearer token" in [item.string_value for item in why.value.array_value.values]


@pytest.mark.slow
async def test_the_server_tells_it_of_vendor_requests() -> None:
    kept = Kept()
    telemetry = Telemetry("http://127.0.0.1:9", kept)
    shell = httpx.ASGITransport(App(Worlds(make()), observers=(telemetry.observe,)))
    async with httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080") as client:
        await client.get("/v1/plants", headers={"traceparent": TRACEPARENT})
        await client.get("/_mock/clock")
        listed = (await client.get("/_mock/requests")).json()[0]
        whole = (await client.get(f"/_mock/requests/{listed['id']}")).json()
        (archived,) = (await client.get("/_mock/requests.har")).json()["log"]["entries"]
        page = (await client.get(f"/_mock/console/requests/{listed['id']}")).text
    telemetry.close()
    assert [span.name for span in kept.spans] == ["GET /v1/plants"]
    assert listed["traceparent"] == whole["traceparent"] == TRACEPARENT
    assert {"name": "traceparent", "value": TRACEPARENT} in archived["request"]["headers"]
    assert TRACEPARENT in page


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        TRACEPARENT.upper(),
    ],
)
def test_what_is_no_trace_context_is_not_kept(sent: str) -> None:
    world = make()
    ask(world, "GET", "/v1/plants", headers={"traceparent": sent})
    assert world.requests[-1].traceparent == ""


def test_a_capsule_keeps_the_trace() -> None:
    world = make()
    ask(world, "GET", "/v1/plants", headers={"traceparent": TRACEPARENT})
    assert opened(capsule_of(world)).requests[-1].traceparent == TRACEPARENT


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    monkeypatch.delitem(sys.modules, "mock_sma.telemetry", raising=False)
    assert main(["serve", "--port", "0", "--otlp", "http://127.0.0.1:4318"]) == 1
    assert "pip install 'mock-sma[otel]'" in capsys.readouterr().err


def test_a_collector_without_a_scheme_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--otlp", "127.0.0.1:4318"]) == 2
    assert "--otlp: must be an address such as http://127.0.0.1:4318" in capsys.readouterr().err
