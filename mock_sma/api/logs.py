"""What the server writes to stderr: plain lines for people, or one JSON object a line for machines."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson

from mock_sma.printable import printable

if TYPE_CHECKING:
    from typing import Any, TextIO

    from mock_sma.api.delivery import Message, Scope, Send
    from mock_sma.sandbox.world.entry import Entry

FIELDS = "fields"
"""Attribute of a log record with its members beside the message."""

LOGGERS = ("mock_sma", "uvicorn")

_log = logging.getLogger("mock_sma.access")


class Plain(logging.Formatter):
    """Time, level, message and fields in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; a traceback follows in lines of its own."""
        fields = "".join(f" {name}={value}" for name, value in getattr(record, FIELDS, {}).items() if value is not None)
        line = f"{instant(record)} {record.levelname.lower():7} {printable(record.getMessage() + fields)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """A JSON object: ``time``, ``level``, ``logger``, ``message``, the fields, and ``exception`` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        members: dict[str, Any] = {
            "time": instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            members["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(members, default=str).decode()


def instant(record: logging.LogRecord) -> str:
    """Return when a record was made, in real time: logs of other programs are read beside these."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def set_up_logs(form: str, level: str, stream: TextIO | None = None) -> None:
    """Let all that the server logs go to ``stream`` (None: stderr) in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if form == "json" else Plain())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level.upper())
    _log.setLevel(logging.INFO)  # asked for by an option of its own, whatever the level of the rest


def log_exchange(entry: Entry, seconds: float) -> None:
    """Log a vendor request, as free of secrets as the journal."""
    query = f"?{entry.query}" if entry.query else ""
    fields = {
        "status": entry.status,
        "ms": round(seconds * 1e3, 2),
        "operation": entry.operation,
        "client_id": entry.client_id,
        "host": entry.host,
        "id": entry.id,
    }
    _log.info("%s %s%s", entry.method, entry.path, query, extra={FIELDS: fields})


def logging_control(scope: Scope, send: Send) -> Send:
    """Return ``send`` so that the status of a control request is logged; its query may hold anything and is not."""

    async def logged(message: Message) -> None:
        if message["type"] == "http.response.start":
            # As it was sent: decoded, it could hold the end of a line and what looks like another one.
            path = scope.get("raw_path", b"").decode("latin-1") or quote(scope["path"])
            _log.info("%s %s", scope["method"], path, extra={FIELDS: {"status": message["status"]}})
        await send(message)

    return logged
