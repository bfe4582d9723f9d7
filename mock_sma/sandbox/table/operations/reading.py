"""How read operations of the resource APIs are written down, and the queries that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.event import LogLevel
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Operation, QueryParameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call

DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
DATE_OR_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2})?$"
LEVEL = f"^({'|'.join(LogLevel)})$"

DEACTIVATED = QueryParameter("WithDeactivatedDevices", "also devices that were deactivated (R30)", "boolean")
LIST_QUERY = (
    QueryParameter("WithStatus", "adds the status", "boolean"),
    QueryParameter("WithInstallation", "adds the installation", "boolean"),
    QueryParameter("WithLocation", "adds the location", "boolean"),
    QueryParameter("Filter", "part of the name"),
)
MEASUREMENT_QUERY = (
    QueryParameter(
        "Date",
        "YYYY-MM-DD for Day and Week, YYYY-MM for Month, YYYY for Year; Recent and Total ignore it",
        form=DATE,
        examples=("2025-06-14", "2025-06", "2025"),
    ),
    QueryParameter("WithTotal", "adds the sums of the rows", "boolean"),
    QueryParameter("ReturnEnergyValues", "Wh instead of W", "boolean"),
)
DATE_QUERY = (MEASUREMENT_QUERY[0],)
LOG_QUERY = (
    QueryParameter("From", "first local date, YYYY-MM-DD, or time, YYYY-MM-DDTHH:mm:ss", form=DATE_OR_TIME),
    QueryParameter("To", "last local date, which counts as a whole, or last time", form=DATE_OR_TIME),
    QueryParameter("Level", "Info, Warning, Error or Disturbance, in any case", form=LEVEL),
)
SET_PATH = "/measurements/sets/{setType}/{period}"
SEEING = (401, 403, 404)


def read(
    name: str,
    path: str,
    handler: Callable[[Call], Answer],
    summary: str,
    answer: str,
    query: tuple[QueryParameter, ...] = (),
    *,
    api: Api = Api.MONITORING,
    errors: tuple[int, ...] = (308, *SEEING),
    deprecated: bool = False,
) -> Operation:
    """Return a read operation whose body is the wire model ``answer``; 400 comes with a query, 429 with all."""
    errors = (400, *errors, 429) if query else (*errors, 429)
    return Operation(
        id=name,
        api=api,
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        query=query,
        answer_model=answer,
        errors=errors,
        deprecated=deprecated,
    )
