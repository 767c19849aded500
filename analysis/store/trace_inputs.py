"""The observations that a derived one was worked out from, found again in the table itself."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row = dict[str, Any]

TOTAL = "total"
SPLITS = ("sex", "origin", "citizenship", "age", "category")
POPULATION = "resident_population_persons"
DIFFERENCE = "difference of two censuses"
SUM, MONTHS, PLACES = "sum of", "months", "municipalities"
PLACE = "municipality"
YEAR = 4


def find_inputs(row: Row, table: Sequence[Row]) -> tuple[str, ...]:
    """Find what an observation was worked out from.

    Parameters
    ----------
    row : dict
        The observation.
    table : sequence of dict
        All observations.

    Returns
    -------
    tuple of str
        Their ids, in the order of the table; empty for one that was published as it is, and for
        one whose parts are in no table, such as those of areas that were merged.

    Examples
    --------
    >>> split = dict.fromkeys(SPLITS, TOTAL) | {"area_id": "MK-703", "source_id": "s"}
    >>> before = split | {
    ...     "observation_id": "a",
    ...     "indicator_id": POPULATION,
    ...     "method": "as published",
    ...     "period_start": "2002-01-01",
    ...     "period_end": "2002-12-31",
    ... }
    >>> after = before | {
    ...     "observation_id": "b",
    ...     "period_start": "2021-01-01",
    ...     "period_end": "2021-12-31",
    ... }
    >>> change = after | {
    ...     "observation_id": "c",
    ...     "indicator_id": "population_change_persons",
    ...     "method": DIFFERENCE,
    ...     "period_start": "2002-01-01",
    ... }
    >>> find_inputs(change, [before, after, change]), find_inputs(after, [before, after, change])
    (('a', 'b'), ())
    """
    is_part = _choose(row)
    if is_part is None:
        return ()
    return tuple(
        str(other["observation_id"])
        for other in table
        if other is not row and _is_split_alike(row, other) and is_part(other)
    )


def _choose(row: Row) -> Callable[[Row], bool] | None:
    """Choose the rule by which parts are known."""
    method = str(row["method"])
    if method == DIFFERENCE:
        return lambda other: _is_census_of(row, other)
    if method.startswith(SUM) and method.endswith(MONTHS):
        return lambda other: _is_month_of(row, other)
    if method.startswith(SUM) and method.endswith(PLACES):
        members = find_members(str(row["area_id"]))
        return lambda other: _is_place_of(row, other, members)
    return None


def _is_split_alike(row: Row, other: Row) -> bool:
    return all(row[name] == other[name] for name in SPLITS)


def _is_census_of(row: Row, other: Row) -> bool:
    if other["indicator_id"] != POPULATION or other["area_id"] != row["area_id"]:
        return False
    is_last = other["period_end"] == row["period_end"] and other["source_id"] == row["source_id"]
    return bool(is_last or other["period_start"] == row["period_start"])


def _is_month_of(row: Row, other: Row) -> bool:
    same = ("indicator_id", "area_id", "source_id")
    return (
        all(row[name] == other[name] for name in same)
        and other["method"] != row["method"]
        and str(other["period_start"])[:YEAR] == str(row["period_start"])[:YEAR]
    )


def _is_place_of(row: Row, other: Row, members: frozenset[str]) -> bool:
    same = ("indicator_id", "source_id", "period_start", "period_end")
    return all(row[name] == other[name] for name in same) and other["area_id"] in members


@cache
def find_members(area_id: str) -> frozenset[str]:
    """Find the municipalities of today that an area is the sum of.

    As :class:`analysis.catalog.Areas` does; read from its file, because importing it would take
    most of the second in which a number has to be traced.

    Parameters
    ----------
    area_id : str
        A country, a region or a city.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> len(find_members("MK")), len(find_members("MK007"))
    (80, 6)
    """
    # Not by the name of the package of areas, which would be imported for it.
    file = resources.files("analysis").joinpath("catalog", "areas.csv")
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    areas = {row["area_id"]: row for row in rows}
    standing = [a for a in areas.values() if a["level"] == PLACE and not a["merged_into"]]
    if areas[area_id]["level"] == "city":
        return frozenset(a["area_id"] for a in standing if a["is_city_of_skopje"] == "true")
    return frozenset(a["area_id"] for a in standing if area_id in _find_above(a, areas))


def _find_above(area: dict[str, str], areas: Mapping[str, dict[str, str]]) -> set[str]:
    found: set[str] = set()
    while area["parent_id"]:
        found.add(area["parent_id"])
        area = areas[area["parent_id"]]
    return found
