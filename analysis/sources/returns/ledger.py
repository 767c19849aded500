"""The ledger of accepted rows: written whole or not at all, with its history."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.sources.returns.remarks import ImportRefused, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.sources.returns.columns import Kind

# Where a row came from, which file took its place, and the warnings that stay with it.
BOOKKEEPING = ("file_sha256", "sheet", "row", "superseded_by", "warning")
ACCEPTED = "accepted"
ASIDE = "aside"
# What was handed over lies in these: as accepted, to be mended, and as it came.
ROOMS = (ACCEPTED, ASIDE, "returns")
EVERYBODY_ELSE = 0o007


def ledger_path(received: Path, kind: Kind) -> Path:
    """Give the file of the ledger of a kind."""
    return received / ACCEPTED / f"{kind.kind_id}.parquet"


def empty_ledger(kind: Kind) -> pd.DataFrame:
    """Make a ledger without rows."""
    return _typed(pd.DataFrame(columns=[*kind.ledger_columns, *BOOKKEEPING]), kind)


def read_ledger(received: Path, kind: Kind) -> pd.DataFrame:
    """Read the ledger of a kind, with its history.

    Parameters
    ----------
    received : pathlib.Path
        ``data_raw/received`` of a workspace.
    kind : Kind

    Returns
    -------
    pandas.DataFrame
        Columns of the kind, each number with its state, and :data:`BOOKKEEPING`. A row that
        another file replaced says so in ``superseded_by``.
    """
    path = ledger_path(received, kind)
    if not path.is_file():
        return empty_ledger(kind)
    frame = pd.read_parquet(path, engine="pyarrow")
    return _typed(frame.reindex(columns=[*kind.ledger_columns, *BOOKKEEPING]), kind)


def active_rows(ledger: pd.DataFrame) -> pd.DataFrame:
    """Give the rows that stand, without those that were replaced."""
    return ledger.loc[ledger["superseded_by"].eq("")]


def _typed(frame: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    numbers = {c.column_id for c in kind.columns if c.is_number}
    types = {
        name: "float64" if name in numbers else "int64" if name in {"sheet", "row"} else "object"
        for name in frame.columns
    }
    return frame.astype(types)


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Write a table as Parquet in memory; the same rows give the same bytes."""
    out = io.BytesIO()
    frame.to_parquet(out, engine="pyarrow", index=False, compression="zstd")
    return out.getvalue()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: readers never see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def close_rooms(received: Path) -> None:
    """Let nobody but owner and group enter what was handed over, where the system knows of them.

    The folder around it stays open: an institution's own map lies there, which dashboards draw.

    Parameters
    ----------
    received : pathlib.Path
        ``data_raw/received`` of a workspace.
    """
    if os.name != "posix":
        return
    for room in (received / name for name in ROOMS):
        mode = room.stat().st_mode if room.is_dir() else 0
        if mode & EVERYBODY_ELSE:
            # Of a colleague's folder only the colleague may say so.
            with contextlib.suppress(PermissionError):
                room.chmod(mode & 0o770)


@contextlib.contextmanager
def alone(received: Path) -> Iterator[None]:
    """Hold the ledgers for one import, so that two at once do not lose rows.

    Raises
    ------
    ImportRefused
        When another import holds them.
    """
    lock = received / ACCEPTED / ".import.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        message = mark(
            "Another import is running. Wait until it ends; if none is, delete the file {file}."
        )
        raise ImportRefused(remark(message, file=f"received/{ACCEPTED}/{lock.name}")) from None
    try:
        os.close(handle)
        close_rooms(received)
        yield
    finally:
        lock.unlink(missing_ok=True)
        close_rooms(received)
