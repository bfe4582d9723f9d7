"""What the server logs, in both forms; nothing by itself."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import TYPE_CHECKING

import pytest

from mock_sma.api.logs import FIELDS, LOGGERS, set_up_logs
from tests.server_process import get, serve, token

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/monitoring/v1/plants"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Give a stream to log to, and put the loggers back."""
    loggers = [logging.getLogger(name) for name in (*LOGGERS, "mock_sma.access")]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield io.StringIO()
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


FORGED = "%0A2026-01-01T00:00:00.000Z%20info%20%20%20%20GET%20/forged%1b%5b31m%C2%9b"
PLACES = ("/monitoring/v1/plants/x", "/_mock/health/x", "/nowhere/", "/portal/")


def logged(*arguments: str) -> list[str]:
    """Return what a server logs while it is asked for a token, plants and its health, and where lines are forged."""
    with serve(*arguments) as (process, ready):
        token(ready["url"])
        get(f"{ready['url']}{PATH}?code=secret&a=b")
        get(f"{ready['url']}/_mock/health?token=secret")
        for place in PLACES:
            get(f"{ready['url']}{place}{FORGED}")
            get(f"{ready['url']}{place}{FORGED}", headers={"Host": "evil.test"})
        process.terminate()
        assert process.stderr is not None
        return process.stderr.read().split("\n")[:-1]


@pytest.fixture(scope="module")
def plain() -> list[str]:
    """Return the access log in plain form."""
    return logged("--access-log")


@pytest.mark.slow
def test_nothing_is_logged_by_itself() -> None:
    assert logged() == []


@pytest.mark.slow
def test_the_access_log_as_json_has_what_a_search_needs_and_no_secret() -> None:
    lines = logged("--access-log", "--log-format", "json")
    asked, refused, control = (json.loads(line) for line in lines[:3])
    assert (asked["message"], asked["status"], asked["client_id"]) == ("POST /oauth2/token", 200, "demo_api")
    assert asked["operation"]
    assert re.fullmatch(r"[0-9a-f]{16}", asked["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", asked["time"])
    assert (asked["level"], asked["logger"]) == ("info", "mock_sma.access")
    assert 0.0 < asked["ms"] < 10_000.0
    assert (refused["message"], refused["status"]) == (f"GET {PATH}?code=***&a=b", 401)
    assert (control["message"], control["status"]) == ("GET /_mock/health", 200)
    assert "secret" not in "".join(lines)


@pytest.mark.slow
def test_the_access_log_in_plain_form_is_a_line_each(plain: list[str]) -> None:
    assert [line.split(" ", 1)[1].split("status=")[0].strip() for line in plain[:3]] == [
        "info    POST /oauth2/token",
        f"info    GET {PATH}?code=***&a=b",
        "info    GET /_mock/health",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_a_path_ends_no_line_of_the_log_and_sets_no_colour(place: str, plain: list[str]) -> None:
    assert len(plain) == 3 + 2 * len(PLACES)
    lines = plain[3 + 2 * PLACES.index(place) :][:2]
    assert all(line.isprintable() and f"GET {place}%0A2026" in line for line in lines)


def test_what_is_logged_of_a_field_is_escaped(stream: io.StringIO) -> None:
    set_up_logs("plain", "info", stream)
    logging.getLogger("mock_sma.x").info("a\x1b[31m", extra={FIELDS: {"client_id": "x\nforged\u2028y"}})
    assert stream.getvalue().rstrip("\n").endswith(r"a\x1b[31m client_id=x\nforged\u2028y")


def failure() -> logging.LogRecord:
    try:
        int("no such luck")
    except ValueError as error:
        text = (type(error), error, error.__traceback__)
        return logging.LogRecord("mock_sma.x", logging.ERROR, __file__, 1, "it %s", ("failed",), text)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_failure_brings_its_traceback(form: str, stream: io.StringIO) -> None:
    set_up_logs(form, "warning", stream)
    logging.getLogger("mock_sma.x").handle(failure())
    text = stream.getvalue()
    if form == "json":
        assert text.count("\n") == 1
        text = json.loads(text)["exception"]
    assert "ValueError: invalid literal for int() with base 10: 'no such luck'" in text


def test_the_level_holds_for_all_but_the_access_log(stream: io.StringIO) -> None:
    set_up_logs("json", "error", stream)
    logging.getLogger("uvicorn.error").warning("not this")
    logging.getLogger("mock_sma.other").error("this", extra={FIELDS: {"when": None}})
    logging.getLogger("mock_sma.access").info("and this")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["this", "and this"]
