"""Registers of millions of rows: counted where they lie, never kept.

DuckDB reads the file once, with bounded memory, and hands over sums of areas and periods. A row
that cannot be read is counted under a reason: the rows counted and the rows rejected are together
the lines of the file.
"""

from __future__ import annotations

import glob
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd

from analysis.sources.published import COLUMNS
from analysis.sources.register_beginning import check_beginning
from analysis.sources.register_spec import (
    DIMENSIONS,
    RegisterColumn,
    RegisterError,
    RegisterSpec,
)

if TYPE_CHECKING:
    from pathlib import Path

TOTAL = "total"
MEMORY = "256MB"
THREADS = 2
CHUNK = 1 << 20
UNREAD = "the line does not have the fields of the header"


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """What a register came to.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns as in :data:`analysis.sources.published.COLUMNS`.
    rows_read, rows_counted : int
    rejected : dict of str to int
        Rows by the reason why they are not counted.
    """

    frame: pd.DataFrame
    rows_read: int
    rows_counted: int
    rejected: dict[str, int]

    @property
    def rows_rejected(self) -> int:
        """All rows that are not counted."""
        return sum(self.rejected.values())


def aggregate_register(path: Path, spec: RegisterSpec) -> pd.DataFrame:
    """Count a register by area, period and the dimensions of its spec.

    Parameters
    ----------
    path : pathlib.Path
        A CSV with a header, in UTF-8, not compressed.
    spec : RegisterSpec

    Returns
    -------
    pandas.DataFrame
        As ``frame`` of :func:`count_register`; ``attrs`` holds ``rows_read``,
        ``rows_counted`` and ``rejected``.

    Raises
    ------
    RegisterError
        As :func:`count_register`.

    Examples
    --------
    >>> aggregate_register(Path("crossings.csv"), spec).attrs["rejected"]  # doctest: +SKIP
    {'unknown code in point': 3}
    """
    counts = count_register(path, spec)
    frame = counts.frame.copy()
    frame.attrs = {
        "rows_read": counts.rows_read,
        "rows_counted": counts.rows_counted,
        "rejected": dict(counts.rejected),
    }
    return frame


def count_register(path: Path, spec: RegisterSpec) -> RegisterCounts:
    """Count a register and tell what of it was not counted.

    Parameters
    ----------
    path : pathlib.Path
    spec : RegisterSpec

    Returns
    -------
    RegisterCounts
        A cell that no row speaks of has no row: nothing is known of it, and it is not zero.

    Raises
    ------
    RegisterError
        When there is no such file, its header is not that of the spec, or it looks personal.

    Examples
    --------
    >>> count_register(Path("crossings.csv"), spec).rows_rejected  # doctest: +SKIP
    3
    """
    check_beginning(path, spec)
    groups = _group(path, spec)
    rows = _lines(path) - 1
    fine = groups.loc[groups["key"].ge(0)]
    found = groups.loc[groups["key"].lt(0)].set_index("key")["rows"]
    reasons = enumerate(_checks(spec), 1)
    rejected = {reason: int(found[-n]) for n, (_, reason) in reasons if -n in found.index}
    counted = int(fine["rows"].sum())
    unread = rows - counted - sum(rejected.values())
    if unread:
        rejected[UNREAD] = unread
    if unread < 0:
        msg = f"'{path.name}' changed while it was read: {-unread} rows too many. Read it again."
        raise RegisterError(msg)
    return RegisterCounts(_tidy(fine, path.name, spec), rows, counted, rejected)


def _lines(path: Path) -> int:
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def _group(path: Path, spec: RegisterSpec) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as scratch:
        settings: dict[str, Any] = {
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": scratch,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allowed_paths": [str(path), glob.escape(str(path))],
            "enable_external_access": False,
            "lock_configuration": True,
        }
        with duckdb.connect(":memory:") as engine:
            for name, value in settings.items():
                engine.execute(f"SET {name} = {_literal(value)}")
            try:
                return engine.execute(_query(path, spec)).df()
            except duckdb.Error as failure:
                # What DuckDB says may quote a row, so only the kind of failure is passed on.
                msg = (
                    f"'{path.name}' could not be counted ({type(failure).__name__}). Expected a "
                    f"CSV in UTF-8 with '{spec.delimiter}' between fields; correct the file."
                )
        raise RegisterError(msg)


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(v) for v in value)}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _checks(spec: RegisterSpec) -> list[tuple[str, str]]:
    checks = [("day IS NULL OR year(day) NOT BETWEEN 1900 AND 2100", "no readable date")]
    checks += [(f"k{n} IS NULL", f"unknown code in {c.name}") for n, c in enumerate(spec.coded)]
    return [
        *checks,
        ("said IS NULL", "no count"),
        # A cast would round 3.7 to 4.
        ("amount IS NULL OR amount::VARCHAR <> said", "the count is not a whole number"),
        ("amount < 0", "the count is negative"),
    ]


def _fine(spec: RegisterSpec) -> str:
    # The same as none of the checks, in a few tests: nearly all rows need no other.
    codes = " + ".join(f"k{n}" for n in range(len(spec.coded)))
    numbers = "amount >= 0 AND amount::VARCHAR = said"
    return f"year(day) BETWEEN 1900 AND 2100 AND {codes} >= 0 AND {numbers}"


def _query(path: Path, spec: RegisterSpec) -> str:
    date = next(_quoted(c.name) for c in spec.columns if c.kind == "date")
    said = next((_quoted(c.name) for c in spec.columns if c.kind == "count"), "'1'")
    day = f"TRY_STRPTIME({date}, {_literal(spec.date_format)})::DATE"
    if spec.date_format == "%Y-%m-%d":
        day = f"CASE WHEN length({date}) = 10 THEN TRY_CAST({date} AS DATE) END"
    # All that rows are grouped by becomes one number, which is several times faster than texts
    # and keeps every text of the register out of the groups. A cast to an ENUM is a look-up.
    key = f"((year(day) * 12 + month(day) - 1) // {spec.months})"
    codes = []
    for n, column in enumerate(spec.coded):
        known = ", ".join(map(_literal, column.codes))
        codes.append(
            f"enum_code(TRY_CAST({_quoted(column.name)} AS ENUM({known})))::BIGINT AS k{n}"
        )
        key = f"({key} * {len(column.codes)} + k{n})"
    # What is rejected has a number below zero, which tells the reason.
    rejected = " ".join(f"WHEN {test} THEN {-n}" for n, (test, _) in enumerate(_checks(spec), 1))
    types = ", ".join(f"{_literal(c.name)}: 'VARCHAR'" for c in spec.columns)
    return f"""
        SELECT key, count(*) AS rows, sum(CASE WHEN key >= 0 THEN amount END)::DOUBLE AS persons
        FROM (
            SELECT amount, CASE WHEN {_fine(spec)} THEN {key} ELSE CASE {rejected} END END AS key
            FROM (
                SELECT {day} AS day, {", ".join(codes)}, {said} AS said,
                       TRY_CAST({said} AS BIGINT) AS amount
                FROM read_csv({_literal(glob.escape(str(path)))}, columns = {{{types}}},
                              auto_detect = false, header = true, ignore_errors = true,
                              delim = {_literal(spec.delimiter)}, quote = '"', escape = '"',
                              compression = 'none', hive_partitioning = false)
            )
        )
        GROUP BY key
    """  # noqa: S608 - every name and value in it went through _quoted or _literal


def _tidy(groups: pd.DataFrame, file_name: str, spec: RegisterSpec) -> pd.DataFrame:
    rest = groups["key"].to_numpy()
    coded: dict[str, Any] = {}
    for column in reversed(spec.coded):
        rest, code = np.divmod(rest, len(column.codes))
        coded[column.kind] = np.array(list(column.codes.values()), dtype=object)[code]
    start = (rest * spec.months - 12 * 1970).astype("datetime64[M]")
    end = (start + spec.months).astype("datetime64[D]") - 1
    frame = pd.DataFrame(
        {
            "indicator_id": coded.get("indicator", spec.indicator_id),
            "area_id": coded["area"],
            "period_start": start.astype("datetime64[D]").astype(str),
            "period_end": end.astype(str),
            **{name: coded.get(name, TOTAL) for name in DIMENSIONS},
            "value": groups["persons"].to_numpy(dtype=float),
        }
    )
    # Several codes of the register may be one with us.
    keys = [name for name in frame.columns if name != "value"]
    summed = frame.groupby(keys, as_index=False, sort=True)[["value"]].sum()
    summed = summed.assign(
        state=np.where(summed["value"].eq(0), "zero", "value"),
        status=spec.status,
        verification=spec.verification,
        source_id=spec.source_id,
        locator=file_name,
        note="",
    )
    return summed[list(COLUMNS)]


__all__ = [
    "RegisterColumn",
    "RegisterCounts",
    "RegisterError",
    "RegisterSpec",
    "aggregate_register",
    "count_register",
]
