"""Observations that follow from others: sums over areas, changes, sums over months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.store.rates import MIDYEAR, residual_net_migration
from analysis.store.schema import DIMENSIONS, KEYS

if TYPE_CHECKING:
    from analysis.catalog import Area, Areas

POPULATION = "resident_population_persons"
ROUTE = "route_detections_crossings"
BIRTHS = "live_births_persons"
DEATHS = "deaths_persons"
MONTHS = 12
PERIOD = ["period_start", "period_end"]


def derive(observations: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Add what follows from the observations.

    Parameters
    ----------
    observations : pandas.DataFrame
        As read; without ``observation_id``.
    areas : Areas

    Returns
    -------
    pandas.DataFrame
        The observations with the derived rows behind them. ``method`` says how each was made.
    """
    with_sums = pd.concat(
        [observations, sum_areas(observations, areas), sum_months(observations)],
        ignore_index=True,
    )
    made = [with_sums, measure_change(with_sums), balance_population(observations)]
    return pd.concat(made, ignore_index=True)


def balance_population(observations: pd.DataFrame) -> pd.DataFrame:
    """Compute net migration as the residual of population, births and deaths of one source.

    Only what a single source gives is put into one balance: estimates of two offices differ by
    more than a year's migration.
    """
    needed = {MIDYEAR, BIRTHS, DEATHS}
    made = []
    for _, part in observations.loc[observations["indicator_id"].isin(needed)].groupby("source_id"):
        if set(part["indicator_id"]) == needed:
            made.append(residual_net_migration(part, BIRTHS, DEATHS))
    if not made:
        return observations.iloc[:0]
    return pd.concat(made, ignore_index=True)[list(observations.columns)]


def sum_areas(observations: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Sum residents over the municipalities of each region, the City of Skopje, the country.

    A sum is made only where every municipality of the area has a value: a missing part is
    never counted as zero.
    """
    census = observations.loc[
        observations["indicator_id"].eq(POPULATION) & observations["state"].isin(["value", "zero"])
    ]
    rows = []
    for area, members in _groups(areas):
        inside = census.loc[census["area_id"].isin(members)]
        for _, part in inside.groupby([*PERIOD, *DIMENSIONS, "source_id"]):
            if set(part["area_id"]) != members:
                continue
            total = float(part["value"].sum())
            rows.append(
                part.iloc[0].to_dict()
                | {
                    "area_id": area.area_id,
                    "value": total,
                    "numerator": total,
                    "state": "value" if total else "zero",
                    "method": f"sum of {len(members)} municipalities",
                    "snapshot_id": _all_snapshots(part),
                    "verification": "derived",
                    "line": 0,
                    "note": "",
                }
            )
    return pd.DataFrame(rows, columns=observations.columns)


def _groups(areas: Areas) -> list[tuple[Area, set[str]]]:
    municipalities = areas.at_level("municipality")
    whole = [*areas.at_level("region"), areas.get("MK")]
    groups = [(a, {m.area_id for m in areas.children(a.area_id, "municipality")}) for a in whole]
    city = {m.area_id for m in municipalities if m.is_city_of_skopje}
    return [*groups, *((a, city) for a in areas.at_level("city"))]


def _all_snapshots(part: pd.DataFrame) -> str:
    """Name every file that a sum was made from: a part may come from a newer one."""
    return " + ".join(sorted(set(part["snapshot_id"])))


def sum_months(observations: pd.DataFrame) -> pd.DataFrame:
    """Sum the detections of a year where all twelve months are there."""
    months = observations.loc[
        observations["indicator_id"].eq(ROUTE) & observations["state"].isin(["value", "zero"])
    ]
    rows = []
    for (year, *_), part in months.groupby(
        [months["period_start"].str[:4], "area_id", "source_id"]
    ):
        if part["period_start"].nunique() != MONTHS:
            continue
        total = float(part["value"].sum())
        rows.append(
            part.iloc[0].to_dict()
            | {
                "period_start": f"{year}-01-01",
                "period_end": f"{year}-12-31",
                "value": total,
                "numerator": total,
                "state": "value" if total else "zero",
                "method": "sum of 12 months",
                "snapshot_id": _all_snapshots(part),
                "verification": "derived",
                "line": 0,
                "note": "",
            }
        )
    return pd.DataFrame(rows, columns=observations.columns)


def measure_change(observations: pd.DataFrame) -> pd.DataFrame:
    """Compute the change of residents between one census and the next, in persons and per cent.

    Both are full counts, so there is no interval. Per cent is of the earlier census, which is
    kept as denominator.
    """
    census = observations.loc[
        observations["indicator_id"].eq(POPULATION) & observations["state"].eq("value")
    ].sort_values(["area_id", "period_start"])
    rows = []
    for _, part in census.groupby(["area_id", *DIMENSIONS]):
        for (_, before), (_, after) in zip(
            part.iloc[:-1].iterrows(), part.iloc[1:].iterrows(), strict=True
        ):
            difference = float(after["value"] - before["value"])
            shared = after.to_dict() | {
                "period_start": before["period_start"],
                "numerator": difference,
                "state": "value" if difference else "zero",
                "method": "difference of two censuses",
                "verification": "derived",
                "line": 0,
                "note": "",
            }
            rows += [
                shared | {"indicator_id": "population_change_persons", "value": difference},
                shared
                | {
                    "indicator_id": "population_change_pct",
                    "denominator": float(before["value"]),
                    "value": 100 * difference / float(before["value"]),
                },
            ]
    return pd.DataFrame(rows, columns=observations.columns)


def duplicated_keys(observations: pd.DataFrame) -> pd.DataFrame:
    """List the rows whose keys occur more than once."""
    return observations.loc[observations.duplicated(list(KEYS), keep=False)]
