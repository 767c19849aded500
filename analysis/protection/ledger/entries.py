"""Entries of the ledger: what one release was, in counts and hashes, without any figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from analysis.protection.ledger.chain import LedgerError, find_broken_link, hash_record
from analysis.protection.ledger.persons import is_same_person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

WITHHELD = "suppressed"


@dataclass(frozen=True, slots=True)
class TableCounts:
    """One table of a release: an indicator as one source gives it.

    Parameters
    ----------
    indicator_id, source_id : str
    periods : tuple of str
        First and last day, as ``2024-01-01/2024-12-31``.
    cells_shown, cells_withheld : int
    """

    indicator_id: str
    source_id: str
    periods: tuple[str, ...]
    cells_shown: int
    cells_withheld: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One release.

    Parameters
    ----------
    number : int
        From 1, without gaps.
    moment : str
        When it was approved, UTC, as ``2026-03-04T10:00:00Z``.
    author, reviewer : str
        Who submitted it, and who approved it.
    policy_version, tool_version : str
    observations_sha256, sources_sha256 : str
        Hashes of the two public tables.
    cells_shown, cells_withheld : int
    tables : tuple of TableCounts
    remedied : tuple of str
        Ids of observations that are withheld because a person accepted a remedy.
    former_sha256 : str
        Hash of the entry before; empty in the first.
    """

    # No hash of the withheld figures is here: so few are unknown that a hash could be tried out.
    number: int
    moment: str
    author: str
    reviewer: str
    policy_version: str
    tool_version: str
    observations_sha256: str
    sources_sha256: str
    cells_shown: int
    cells_withheld: int
    tables: tuple[TableCounts, ...]
    remedied: tuple[str, ...]
    former_sha256: str

    @property
    def day(self) -> str:
        """The day of approval, ISO."""
        return self.moment[:10]

    @property
    def name(self) -> str:
        """The number as folders and sentences have it."""
        return name_release(self.number)

    @property
    def sha256(self) -> str:
        """Hash of this entry, which the next one carries."""
        return hash_record(asdict(self))


def name_release(number: int) -> str:
    """Write the number of a release in four digits.

    Examples
    --------
    >>> name_release(7)
    '0007'
    """
    return f"{number:04d}"


def read_entry(content: Mapping[str, Any], place: str) -> Entry:
    """Make an entry of the content of its file.

    Parameters
    ----------
    content : mapping
        As ``dataclasses.asdict`` of an entry.
    place : str
        The file, for the sentence of a refusal.

    Returns
    -------
    Entry

    Raises
    ------
    LedgerError
        When something is missing, or is there that does not belong.
    """
    try:
        tables = tuple(
            TableCounts(**{**table, "periods": tuple(table["periods"])})
            for table in content["tables"]
        )
        return Entry(**{**content, "tables": tables, "remedied": tuple(content["remedied"])})
    except (KeyError, TypeError) as fault:
        names = ", ".join(field.name for field in fields(Entry))
        msg = (
            f"{place} is not an entry of the ledger ({fault}). Expected exactly: {names}. "
            f"Restore the file from version control."
        )
        raise LedgerError(msg) from None


def check_entries(entries: Sequence[Entry]) -> None:
    """Hold the entries of a ledger against each other.

    Parameters
    ----------
    entries : sequence of Entry
        By number.

    Raises
    ------
    LedgerError
        When one is missing or was changed, or one person did the work of two.
    """
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            msg = (
                f"Release {name_release(expected)} is missing from the ledger: "
                f"{entry.name} was found in its place. What was public once stays on record; "
                f"restore its folder from version control."
            )
            raise LedgerError(msg)
        if is_same_person(entry.author, entry.reviewer):
            msg = (
                f"Release {entry.name} says that '{entry.author}' submitted it and "
                f"'{entry.reviewer}' approved it. Expected two persons; restore its entry from "
                f"version control."
            )
            raise LedgerError(msg)
    broken = find_broken_link([asdict(entry) for entry in entries])
    if broken is not None:
        former = name_release(broken) if broken else "no release"
        msg = (
            f"The ledger was changed: release {entries[broken].name} does not follow on {former} "
            f"as it stands on record. Restore both from version control; nothing can be "
            f"released on a ledger that does not hold."
        )
        raise LedgerError(msg)


def count_tables(table: pd.DataFrame) -> tuple[TableCounts, ...]:
    """Count the cells of a protected table by indicator and source.

    Parameters
    ----------
    table : pandas.DataFrame
        Protected observations. It is not changed.

    Returns
    -------
    tuple of TableCounts
        By indicator, then source.
    """
    periods = table["period_start"] + "/" + table["period_end"]
    facts = table.assign(period=periods, is_withheld=table["state"].eq(WITHHELD))
    return tuple(
        TableCounts(
            indicator_id=str(indicator),
            source_id=str(source),
            periods=tuple(sorted(set(group["period"]))),
            cells_shown=int((~group["is_withheld"]).sum()),
            cells_withheld=int(group["is_withheld"].sum()),
        )
        for (indicator, source), group in facts.groupby(["indicator_id", "source_id"], sort=True)
    )


__all__ = [
    "WITHHELD",
    "Entry",
    "TableCounts",
    "check_entries",
    "count_tables",
    "name_release",
    "read_entry",
]
