"""Rows in Parquet: the types that programs write, and files that are none."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import RowsError, ScenarioError
from mock_sma.recorded.parquet import parquet_sheet
from tests.recorded.helpers import DEVICE_PV, PV, Client, document

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

BEGIN = datetime(2025, 6, 10, 10, 5, tzinfo=UTC)
MOMENTS = [BEGIN + timedelta(minutes=5 * number) for number in range(4)]
LOCAL = [(moment + timedelta(hours=2)).replace(tzinfo=None) for moment in MOMENTS]
TIMES = {
    "local": pa.array(LOCAL, pa.timestamp("us")),
    "in nanoseconds of UTC": pa.array(MOMENTS, pa.timestamp("ns", "UTC")),
    "in milliseconds of a zone": pa.array(MOMENTS, pa.timestamp("ms", "Europe/Berlin")),
    "as texts": pa.array([moment.isoformat() for moment in LOCAL]),
    "as texts of a dictionary": pa.array([moment.isoformat() for moment in MOMENTS]).dictionary_encode(),
}
VALUES = {
    "float": (pa.array([1.5, None, 3.0, 1e-3]), [1.5, None, 3.0, 0.001]),
    "not a number": (pa.array([1.5, float("nan"), 3.0, 4.0]), [1.5, None, 3.0, 4.0]),
    "narrow float": (pa.array([1.5, 2.0, 3.0, 4.0], pa.float32()), [1.5, 2.0, 3.0, 4.0]),
    "whole": (pa.array([1, 2, None, 4], pa.int32()), [1.0, 2.0, None, 4.0]),
    "decimal": (pa.array([Decimal("1.50"), None, Decimal("3.00"), Decimal("4.25")]), [1.5, None, 3.0, 4.25]),
    "text": (pa.array(["1.5", "", None, "4"]), [1.5, None, None, 4.0]),
    "text of a dictionary": (pa.array(["1.5", "2", "2", None]).dictionary_encode(), [1.5, 2.0, 2.0, None]),
}


def served(tmp_path: Path, table: Any, **keys: Any) -> list[Any]:
    parquet.write_table(table, tmp_path / "own.parquet")
    own = Client(document(inverter={"data": {"file": str(tmp_path / "own.parquet"), **keys}}))
    rows = own.rows(DEVICE_PV, "Day", "2025-06-10")
    known = {row["time"]: row.get(PV) for row in rows}
    return [known[moment.isoformat()] for moment in LOCAL]


@pytest.mark.parametrize("times", TIMES)
def test_times_of_all_types_are_read(tmp_path: Path, times: str) -> None:
    table = pa.table({"time": TIMES[times], "power": pa.array([1.0, 2.0, 3.0, 4.0])})
    assert served(tmp_path, table) == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("values", VALUES)
def test_numbers_of_all_types_are_read(tmp_path: Path, values: str) -> None:
    column, expected = VALUES[values]
    assert served(tmp_path, pa.table({"time": TIMES["local"], "power": column})) == expected


def test_units_and_the_index_of_pandas_are_known(tmp_path: Path) -> None:
    table = pa.table({"power [kW]": pa.array([1.0, 2.0, 3.0, 4.5]), "__index_level_0__": TIMES["local"]})
    assert served(tmp_path, table) == [1_000.0, 2_000.0, 3_000.0, 4_500.0]


def test_statistics_of_home_assistant_are_read(tmp_path: Path) -> None:
    hours = [datetime(2025, 6, 10, hour, tzinfo=UTC) for hour in (8, 9, 10)]
    parts = {"start": pa.array(hours, pa.timestamp("us", "UTC")), "statistic_id": pa.array(["sensor.pv"] * 3)}
    table = pa.table(parts | {"mean": pa.array([10.0, None, 30.0]), "sum": pa.array([None] * 3, pa.float64())})
    parquet.write_table(table, tmp_path / "own.parquet")
    own = Client(document(inverter={"data": str(tmp_path / "own.parquet")}))
    rows = own.rows(DEVICE_PV, "Day", "2025-06-10")
    assert [row[PV] for row in rows if row["time"][11:13] in ("11", "13") and PV in row][:2] == [10.0, 30.0]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"when": [1], "power": [1.0]}, "it has no column 'time'; it has when, power"),
        ({"time": pa.array([], pa.timestamp("s")), "power": pa.array([], pa.float64())}, "it has 0 rows"),
        ({"time": [[1]], "power": [1.0]}, r"the column time is of the type list<.*; it has to hold times or numbers"),
        ({"time": [date(2025, 6, 10)], "power": [float("inf")]}, "no finite number"),
        ({"time": [LOCAL[0]], "power": ["much"]}, "'much' is no number in the column pvGeneration"),
        ({"time": [LOCAL[0], LOCAL[0]], "power": [1.0, 2.0]}, "comes twice"),
        ({"time": [LOCAL[0], None], "power": [1.0, 2.0]}, "'' is no time"),
    ],
)
def test_what_cannot_be_served_is_told(tmp_path: Path, table: dict[str, Any], complaint: str) -> None:
    parquet.write_table(pa.table(table), tmp_path / "own.parquet")
    data = {"file": str(tmp_path / "own.parquet"), **({"unit": "Wh"} if "inf" in str(table) else {})}
    with pytest.raises(ScenarioError, match=complaint):
        Client(document(inverter={"data": data}))


@pytest.mark.parametrize("cut", [4, 60, -20])
def test_a_file_that_is_cut_or_torn_is_told(tmp_path: Path, cut: int) -> None:
    parquet.write_table(pa.table({"time": TIMES["local"], "power": [1.0, 2.0, 3.0, 4.0]}), tmp_path / "own.parquet")
    whole = (tmp_path / "own.parquet").read_bytes()
    for data in (whole[:cut], whole[: len(whole) // 3] + b"\0" * 40 + whole[len(whole) // 3 :]):
        with pytest.raises(RowsError, match="it is no sound Parquet file"):
            parquet_sheet(data)


def test_without_pyarrow_a_file_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(RowsError, match="pip install pyarrow, or save it as CSV"):
        parquet_sheet(b"PAR1")
