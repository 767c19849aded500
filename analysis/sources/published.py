"""Cited figures that ship with the project: the tables of ``data_raw/published``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.sources.published_rules import TOTAL, PublishedError, check_rows

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "indicator_id",
    "area_id",
    "period_start",
    "period_end",
    "sex",
    "origin",
    "citizenship",
    "value",
    "state",
    "status",
    "verification",
    "source_id",
    "locator",
    "note",
)
# What few tables split by. A table without such a column is of all, and says so nowhere.
SPLITS = ("age", "category")
SOURCE_COLUMNS = (
    "source_id",
    "publisher",
    "title",
    "address",
    "as_of",
    "licence",
    "language",
    "verification",
    "how_verified",
)
SOURCES_FILE = "sources.csv"
# Totals that others printed. They are held against our sums and never become observations.
CHECK_FILES = frozenset({"population_printed_totals.csv"})


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table as it lies on disk.

    Parameters
    ----------
    name : str
        File name.
    snapshot_id : str
        File name and the beginning of its SHA-256: the exact bytes that a number came from.
    frame : pandas.DataFrame
        Text as written, with ``line``, the line of the file that each row stands on. It has every
        dimension: what it does not split by is ``total``.
    is_check : bool
        Whether the table only serves to check sums.
    """

    name: str
    snapshot_id: str
    frame: pd.DataFrame
    is_check: bool

    def __post_init__(self) -> None:
        """Complete the dimensions."""
        object.__setattr__(self, "frame", complete_dimensions(self.frame))


def complete_dimensions(frame: pd.DataFrame) -> pd.DataFrame:
    """Say of a table that does not split by age or category that it is of all.

    Parameters
    ----------
    frame : pandas.DataFrame
        It is not changed.

    Returns
    -------
    pandas.DataFrame
        With the columns of :data:`SPLITS`; those that were there stay as they are.

    Examples
    --------
    >>> complete_dimensions(pd.DataFrame({"age": ["child"]})).to_dict("records")
    [{'age': 'child', 'category': 'total'}]
    """
    return frame.assign(**{name: TOTAL for name in SPLITS if name not in frame.columns})


def read_published(folder: Path) -> list[PublishedTable]:
    """Read every published table of a folder, in the order of names.

    Parameters
    ----------
    folder : pathlib.Path
        ``data_raw/published`` of a workspace.

    Returns
    -------
    list of PublishedTable

    Raises
    ------
    PublishedError
        When the folder is empty, a column is missing or unknown, a source is not listed, or a row
        breaks a rule of :mod:`analysis.sources.published_rules`.
    """
    files = sorted(p for p in folder.glob("*.csv") if p.name != SOURCES_FILE)
    if not files:
        msg = f"'{folder}' holds no published tables. Restore data_raw/published from the project."
        raise PublishedError(msg)
    known = set(read_sources(folder)["source_id"])
    tables = [_read_table(path, known) for path in files]
    # All at once: a schema costs more by the table than by the row.
    check_rows(pd.concat([t.frame.assign(file=t.name) for t in tables], ignore_index=True))
    return tables


def read_sources(folder: Path) -> pd.DataFrame:
    """Read the one table of sources.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        One row a source, all text, sorted by ``source_id``.

    Raises
    ------
    PublishedError
        When the table is missing or a source is listed twice.
    """
    path = folder / SOURCES_FILE
    if not path.is_file():
        msg = f"'{path}' is missing. Every figure needs its source: restore the file."
        raise PublishedError(msg)
    frame = _read_text(path, SOURCE_COLUMNS)
    twice = sorted(frame.loc[frame["source_id"].duplicated(), "source_id"])
    if twice:
        msg = f"{SOURCES_FILE} lists '{twice[0]}' more than once. Keep one row a source."
        raise PublishedError(msg)
    return frame.drop(columns="line").sort_values("source_id", ignore_index=True)


def _read_table(path: Path, known_sources: set[str]) -> PublishedTable:
    frame = _read_text(path, COLUMNS, SPLITS)
    strangers = frame.loc[~frame["source_id"].isin(known_sources)]
    if len(strangers):
        row = strangers.iloc[0]
        msg = (
            f"{path.name}, line {row['line']}: source '{row['source_id']}' is not in "
            f"{SOURCES_FILE}. Add the source there, with publisher, title and address."
        )
        raise PublishedError(msg)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return PublishedTable(
        name=path.name,
        snapshot_id=f"{path.name}@{digest[:12]}",
        frame=frame,
        is_check=path.name in CHECK_FILES,
    )


def _read_text(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = [c for c in columns if c not in frame.columns]
    unknown = [c for c in frame.columns if c not in {*columns, *optional}]
    if missing or unknown:
        what = f"lacks the column '{missing[0]}'" if missing else f"has a column '{unknown[0]}'"
        msg = f"{path.name} {what}. Expected exactly: {', '.join(columns)}."
        raise PublishedError(msg)
    # Line 1 is the header. No field of these tables may hold a line break.
    return frame.assign(line=range(2, len(frame) + 2))
