"""Which guards on figures hold for which kind of return, over all rows that stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog import load_indicators
from analysis.sources.returns import checks
from analysis.sources.returns.cells import CellError, read_cell
from analysis.sources.returns.periods import period_days

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from analysis.sources.returns.columns import Column, Kind
    from analysis.sources.returns.rows import Row

Found = tuple[int, checks.Warned]
PERIOD_COLUMNS = ("month", "period", "quarter")
SCORES = {"training_register": ("pre", "post"), "instrument_answers": ("score",)}


def guard(kind: Kind, rows: pd.DataFrame) -> list[Found]:
    """Hold the rows of a kind against its guards.

    Parameters
    ----------
    kind : Kind
    rows : pandas.DataFrame
        Rows of the ledger that stand, with a unique index.

    Returns
    -------
    list of (int, Warned)
        Index of the row that carries the warning, and the warning.
    """
    if rows.empty:
        return []
    found = list(_scores(kind, rows))
    found += _overlaps(kind, rows)
    if kind.kind_id == "reception_day":
        found += _centres(rows)
    if kind.kind_id == "published_figures":
        found += _printed(rows)
    if kind.kind_id == "indicator_table":
        found += [*_shares(rows), *_sexes(rows)]
    return found


def _scores(kind: Kind, rows: pd.DataFrame) -> Iterator[Found]:
    for name in SCORES.get(kind.kind_id, ()):
        for index, value in rows[name].dropna().items():
            for warned in checks.share_is_in_range(name, float(value)):
                yield int(str(index)), warned


def _overlaps(kind: Kind, rows: pd.DataFrame) -> Iterator[Found]:
    named = [c for c in PERIOD_COLUMNS if c in kind.keys and kind.column(c).holds == "period"]
    if kind.kind_id == "indicator_table":
        days = list(zip(rows["period_start"], rows["period_end"], strict=True))
        others = [k for k in kind.keys if not k.startswith("period_")]
    elif named:
        days = [period_days(str(period)) for period in rows[named[0]]]
        others = [k for k in kind.keys if k != named[0]]
    else:
        return
    dated = pd.Series(days, index=rows.index, dtype=object)
    named_by = rows[others].astype(str).agg(", ".join, axis=1)
    for subject, series in dated.groupby(named_by, sort=True):
        last = int(str(series.index[-1]))
        for warned in checks.periods_are_apart(str(subject), series.tolist()):
            yield last, warned


def _centres(rows: pd.DataFrame) -> Iterator[Found]:
    for centre, days in rows.groupby("facility_id", sort=True):
        listed = [
            checks.CentreDay(
                str(day["date"]),
                _known(day["present"]),
                _known(day["arrivals"]),
                _known(day["departures"]),
            )
            for day in days.to_dict("records")
        ]
        at = {f"{centre} {date}": index for index, date in days["date"].items()}
        for warned in checks.stock_follows_flow(str(centre), listed):
            yield int(str(at[warned.subject])), warned


def _known(value: object) -> float | None:
    number = float(str(value)) if value is not None else math.nan
    return None if math.isnan(number) else number


def _printed(rows: pd.DataFrame) -> Iterator[Found]:
    for index, row in zip(rows.index, rows.to_dict("records"), strict=True):
        for warned in _printed_row(row):
            yield int(index), warned


def _printed_row(row: dict[Hashable, object]) -> Iterator[checks.Warned]:
    subject, value = str(row["figure_id"]), _known(row["value"])
    for parts in _listed(row["parts"]):
        numbers = [float(part) for part in parts.split("+")]
        if value is not None:
            yield from checks.parts_add_up(subject, value, numbers)
    if row["unit"] == "%" and value is not None:
        yield from checks.share_is_in_range(subject, value)
    for share in _listed(row["shares"]):
        counts, _, printed = share.partition("=")
        numerator, _, n = counts.partition("/")
        yield from (
            checks.share_is_attainable(subject, printed, int(n))
            if numerator == "?"
            else checks.share_is_right(subject, float(numerator), float(n), printed)
        )


def _listed(text: object) -> list[str]:
    return [part for part in str(text or "").split("; ") if part]


def _shares(rows: pd.DataFrame) -> Iterator[Found]:
    catalogue = load_indicators()
    for index, row in zip(rows.index, rows.to_dict("records"), strict=True):
        indicator = catalogue.get(str(row["indicator_id"]))
        value = _known(row["value"])
        # A change in per cent may be negative or above 100.
        if indicator.unit == "percent" and "change" not in indicator.indicator_id:
            warned = () if value is None else checks.share_is_in_range(str(index), value)
            yield from ((int(index), each) for each in warned)


def _sexes(rows: pd.DataFrame) -> Iterator[Found]:
    counted = rows.loc[~rows["indicator_id"].str.endswith("_pct")]
    others = [
        "indicator_id",
        "area",
        "period_start",
        "period_end",
        "origin",
        "citizenship",
        "source",
    ]
    for key, group in counted.groupby(others, sort=True):
        values = {row["sex"]: _known(row["value"]) for row in group.to_dict("records")}
        total, parts = values.pop("total", None), list(values.values())
        if total is None or not {"f", "m"} <= set(values) or None in parts:
            continue
        subject = ", ".join(str(part) for part in key)
        at = group.index[group["sex"].eq("total")][0]
        for warned in checks.parts_add_up(subject, total, [float(p or 0) for p in parts]):
            yield int(at), warned


def totals_agree(kind: Kind, rows: Sequence[Row]) -> list[checks.Warned]:
    """Hold the rows of totals of a file against the rows above them.

    Parameters
    ----------
    kind : Kind
    rows : sequence of Row
        All rows of the file, in its order.

    Returns
    -------
    list of Warned
        Where a row since the last total has no number, nothing is concluded.
    """
    found: list[checks.Warned] = []
    block: list[Row] = []
    for row in rows:
        if row.sort == "total":
            found += _total_row(kind, row, block)
            block = []
        elif row.sort in {"record", "failed"}:
            block = [*block, row] if not block or block[0].sheet == row.sheet else [row]
    return found


def _total_row(kind: Kind, row: Row, block: Sequence[Row]) -> Iterator[checks.Warned]:
    for column in kind.columns:
        printed = row.cells.get(column.column_id)
        numbers = [(above.record or {}).get(column.column_id) for above in block]
        known = [float(n) for n in numbers if isinstance(n, int | float)]
        is_sum = column.is_number and isinstance(printed, int | float | str)
        if is_sum and known and len(known) == len(numbers):
            yield from _compare(column, printed, known, row)


def _compare(
    column: Column, printed: object, known: Sequence[float], row: Row
) -> tuple[checks.Warned, ...]:
    try:
        total = read_cell(column, printed).value  # type: ignore[arg-type]
    except CellError:
        return ()
    subject = f"{column.column_id} ({row.sheet}:{row.number})"
    return () if total is None else checks.parts_add_up(subject, total, known)
