"""Files of rows: where they may lie, and each read once as long as it does not change."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.errors import RowsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.recording import Recording
    from mock_sma.recorded.options import Options
    from mock_sma.recorded.owner import RowsOwner

SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")
"""Ends of the names of files that may be named."""

MAX_KEPT = 64
MAX_KEPT_BYTES = 256 * 1024 * 1024

_kept: OrderedDict[object, Recording] = OrderedDict()
_lock = Lock()


def located(name: str, directory: str | None, folders: Iterable[Path] | None) -> Path:
    """Return the file that a scenario names.

    Args:
        directory: of the scenario's file; None: the document is no file.
        folders: outside of which nothing may be named, as in a document that came over the network; None: anywhere.

    Raises:
        RowsError: there is no such file, or it must not be read.
    """
    if Path(name).suffix.lower() not in SUFFIXES:
        raise RowsError(f"the name of a file of rows ends in {', '.join(SUFFIXES)}")
    if folders is None:
        path = Path(directory or ".") / name
        if not _is_file(path):
            raise RowsError(f"there is no file {path}; a path is relative to the scenario file")
        return path.resolve()
    allowed = [folder.resolve() for folder in folders]
    for folder in allowed:
        path = (folder / name).resolve()
        if _is_file(path) and (any(path.is_relative_to(own) for own in allowed) or _was_read(path)):
            return path
    # The same words for what is missing and for what is elsewhere: nobody learns which files there are.
    raise RowsError("there is no such file in a scenario folder; put it there, or send it to /_mock/plants/{id}/data")


def rebased(value: Any, directory: Path) -> Any:
    """Return a part of a document in which paths of rows that lie beside its own file are whole ones."""
    if isinstance(value, list):
        return [rebased(item, directory) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _whole(item, directory) if name == "data" else rebased(item, directory) for name, item in value.items()
    }


def _whole(value: Any, directory: Path) -> Any:
    if isinstance(value, list):
        return [_whole(item, directory) for item in value]
    if isinstance(value, dict) and "file" in value:
        return {**value, "file": _whole(value["file"], directory)}
    if isinstance(value, str) and value.lower().endswith(SUFFIXES) and _is_file(directory / value):
        return str((directory / value).resolve())
    return value


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _was_read(path: Path) -> bool:
    """Tell whether a scenario of this process has named it: then it is no news, and its world can be taken back."""
    with _lock:
        return any(key[0] == path for key in _kept if isinstance(key, tuple))


def read_rows_file(path: Path, owner: RowsOwner, options: Options, source: tuple[tuple[str, str], ...]) -> Recording:
    """Return the rows of a file, which is read again only when it has changed.

    Raises:
        RowsError: it cannot be read, or its rows cannot.
    """
    from mock_sma.recorded.reading import recording_of  # noqa: PLC0415 - loaded where there are rows

    plant, device = owner.plant, owner.device
    offered = plant_sets(plant) if device is None else (*device_sets(plant, device), device.kind)
    try:
        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size, plant.timezone, offered, options)
        with _lock:
            found = _kept.get(key)
        if found is None:
            found = recording_of(path.read_bytes(), owner, options, source)
    except OSError as error:
        raise RowsError(f"it cannot be read: {error.strerror}") from None
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > MAX_KEPT or (sum(map(_size, _kept.values())) > MAX_KEPT_BYTES and len(_kept) > 1):
            _kept.popitem(last=False)
    return found


def _size(recording: Recording) -> int:
    return len(recording.ends) * (1 + len(recording.columns))
