"""Synthetic tables for demonstration: the shape of the real ones, the numbers of nobody.

Every source of these tables is called ``demo-…``. By that name they are recognised wherever they
go: a build refuses to mix them with real figures, and whatever is made from them says so.

The generator draws from one seed. Totals of residents and of detections are calibrated to the
published ones, so that screens look as they will; everything below a total is invented.
"""

from __future__ import annotations

import calendar
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.catalog import load_areas
from analysis.sources.demonstration_movement import make_movements, name_period
from analysis.sources.published import COLUMNS, SOURCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "demo-"
TOTALS = {2002: 2_022_547, 2021: 1_836_713}
CENSUSES = (2002, 2021)
YEARS = range(2001, 2026)
LAST_YEAR = 2025
KINDS = ("refugees", "asylum_seekers", "stateless", "idps", "others_of_concern")
ORIGINS = ("SYR", "AFG", "MAR", "IRQ", "PAK", "EGY", "TUR", "IRN")
DECISIONS = ("recognized", "other", "rejected", "closed")
STOCKS = ("refugees", "refugees_from_ukraine", "asylum_seekers", "stateless", "idps")
# The height of the invented route by year, in thousands; 2015 stands out as it did.
ROUTE = (3, 2, 5, 6, 20, 43, 764, 130, 12, 6, 15, 27, 62, 144, 99, 21, 4)
FIRST_ROUTE_YEAR = 2009
MONTHS_OF_LAST_YEAR = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A synthetic table, ready to be written."""

    name: str
    content: bytes


def make_tables(seed: int) -> list[Table]:
    """Make every published table and the table of sources.

    Parameters
    ----------
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    list of Table
        Sorted by name; CSV in the columns of ``data_raw/published``.

    Examples
    --------
    >>> [t.name for t in make_tables(1)][:2]
    ['asylum_origins.csv', 'population.csv']
    """
    draw = np.random.default_rng(seed)
    people = _population(draw)
    tables = {
        "population.csv": [*people, *_midyear(draw)],
        "population_printed_totals.csv": _printed_totals(people),
        "unhcr_municipality.csv": list(_registered(draw)),
        "unhcr_country.csv": list(_national(draw)),
        "asylum_origins.csv": list(_origins(draw)),
        "route_detections.csv": list(_route(draw)),
        "registered_migration.csv": list(_registered_migration(draw)),
        "population_movement.csv": list(_movement(draw, people)),
    }
    made = [Table(name, _csv(rows, COLUMNS)) for name, rows in sorted(tables.items())]
    return [*made, Table("sources.csv", _csv(_sources(), SOURCE_COLUMNS))]


def is_demonstration(source_ids: pd.Series) -> bool:
    """Tell whether rows come from synthetic sources.

    Parameters
    ----------
    source_ids : pandas.Series
        Text.

    Returns
    -------
    bool
        True where any does.
    """
    return bool(source_ids.astype(str).str.startswith(PREFIX).any())


def _row(indicator: str, area: str, year: int, value: float | None, **more: str) -> dict[str, str]:
    text = "" if value is None else str(round(value))
    state = "no_data" if value is None else ("zero" if text == "0" else "value")
    row = dict.fromkeys(COLUMNS, "") | {
        "indicator_id": indicator,
        "area_id": area,
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "sex": "total",
        "origin": "total",
        "citizenship": "total",
        "value": text,
        "state": state,
        "status": "provisional" if year == LAST_YEAR else "final",
        "verification": "read",
        "source_id": f"{PREFIX}office",
        "locator": "synthetic",
        "note": "synthetic figure for demonstration",
    }
    return row | more


def share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Share a total out in whole numbers by weight, so that the parts sum to it exactly.

    Parameters
    ----------
    total : int
    weights : numpy.ndarray
        Positive.

    Returns
    -------
    numpy.ndarray
        Whole numbers; the largest remainders are rounded up.

    Examples
    --------
    >>> share_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = total * weights / weights.sum()
    parts: np.ndarray = np.floor(exact).astype(int)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def _population(draw: np.random.Generator) -> list[dict[str, str]]:
    ids = [a.area_id for a in load_areas().children("MK", "municipality")]
    weights = draw.lognormal(9.3, 1.0, len(ids))
    change = draw.normal(0.9, 0.13, len(ids)).clip(0.5, 1.35)
    rows = []
    for year, sizes in ((2002, weights), (2021, weights * change)):
        for area, value in zip(ids, share_out(TOTALS[year], sizes), strict=True):
            rows.append(_row("resident_population_persons", area, year, float(value)))
    return rows


def _midyear(draw: np.random.Generator) -> list[dict[str, str]]:
    rows = []
    total = TOTALS[2021]
    for year in range(2021, LAST_YEAR + 1):
        women = round(total * draw.uniform(0.503, 0.506))
        for sex, value in (("total", total), ("female", women), ("male", total - women)):
            day = f"{year}-06-30"
            rows.append(
                _row("midyear_population_persons", "MK", year, value, sex=sex)
                | {"period_start": day, "period_end": day, "status": "estimate"}
            )
        total -= round(draw.uniform(2_000, 9_000))
    return rows


def _printed_totals(people: list[dict[str, str]]) -> list[dict[str, str]]:
    areas = load_areas()
    rows = []
    for year in CENSUSES:
        for whole in [*areas.at_level("region"), areas.get("MK")]:
            inside = {a.area_id for a in areas.children(whole.area_id, "municipality")}
            total = sum(
                int(p["value"])
                for p in people
                if p["area_id"] in inside and p["period_start"].startswith(str(year))
            )
            rows.append(_row("resident_population_persons", whole.area_id, year, total))
    return rows


def _registered(draw: np.random.Generator) -> Iterable[dict[str, str]]:
    for area in load_areas().children("MK", "municipality"):
        for kind in KINDS:
            if draw.random() < 0.55:  # noqa: PLR2004  # most places have no series of a kind
                continue
            begin = int(draw.integers(2001, 2020))
            level = draw.lognormal(3.0, 1.0)
            for year in range(begin, LAST_YEAR + 1):
                if draw.random() < 0.2:  # noqa: PLR2004  # a year without a return
                    continue
                level = max(1.0, level * draw.lognormal(0, 0.25))
                yield _row(
                    f"unhcr_{kind}_persons",
                    area.area_id,
                    year,
                    float(round(level)),
                    source_id=f"{PREFIX}unhcr",
                )


def _national(draw: np.random.Generator) -> Iterable[dict[str, str]]:
    more = {"source_id": f"{PREFIX}unhcr"}
    for stock in STOCKS:
        level = draw.lognormal(6.0, 1.0)
        for year in YEARS:
            level = max(5.0, level * draw.lognormal(0, 0.2))
            yield _row(f"unhcr_{stock}_persons", "MK", year, round(level), **more)
    for year in YEARS:
        yield _row("asylum_applications_persons", "MK", year, int(draw.integers(50, 2_000)), **more)
        parts = [int(draw.integers(0, 400)) for _ in DECISIONS]
        for name, part in zip(DECISIONS, parts, strict=True):
            yield _row(f"asylum_decisions_{name}_persons", "MK", year, part, **more)
        yield _row("asylum_decisions_total_persons", "MK", year, sum(parts), **more)
        applicants = int(draw.integers(2_000, 15_000))
        yield _row("eu27_first_asylum_applicants_persons", "MK", year, applicants, **more)


def _origins(draw: np.random.Generator) -> Iterable[dict[str, str]]:
    for year in range(2014, LAST_YEAR + 1):
        for origin in ORIGINS:
            yield _row(
                "asylum_applications_persons",
                "MK",
                year,
                int(draw.integers(5, 300)),
                origin=origin,
                source_id=f"{PREFIX}unhcr",
            )


def _route(draw: np.random.Generator) -> Iterable[dict[str, str]]:
    for offset, thousands in enumerate(ROUTE):
        year = FIRST_ROUTE_YEAR + offset
        months = 12 if year < LAST_YEAR else MONTHS_OF_LAST_YEAR
        parts = share_out(thousands * 1000, draw.uniform(0.5, 1.5, months))
        for month, part in enumerate(parts, start=1):
            last = calendar.monthrange(year, month)[1]
            yield _row(
                "route_detections_crossings",
                "ROUTE-WB",
                year,
                float(part),
                period_start=f"{year}-{month:02d}-01",
                period_end=f"{year}-{month:02d}-{last}",
                status="provisional",
                source_id=f"{PREFIX}route",
            )


def _registered_migration(draw: np.random.Generator) -> Iterable[dict[str, str]]:
    for year in range(2012, LAST_YEAR):
        for name in ("registered_emigration_persons", "registered_immigration_persons"):
            yield _row(name, "MK", year, int(draw.integers(400, 3_500)))


def _movement(draw: np.random.Generator, people: list[dict[str, str]]) -> Iterable[dict[str, str]]:
    residents = {
        p["area_id"]: int(p["value"]) for p in people if p["period_start"].startswith("2021")
    }
    for (name, area, year), count in make_movements(draw, residents).items():
        particular = name_period(name, area, year)
        if particular is not None:
            yield _row(name, area, year, count) | particular


def _sources() -> list[dict[str, str]]:
    names = {"office": "Statistical office", "route": "Border agency", "unhcr": "Refugee agency"}
    return [
        dict.fromkeys(SOURCE_COLUMNS, "")
        | {
            "source_id": PREFIX + key,
            "publisher": f"{name} (invented)",
            "title": "Synthetic data for demonstration; no figure is real",
            "address": "patokaz demo",
            "as_of": "2025-12",
            "licence": "none needed",
            "language": "en",
            "verification": "read",
            "how_verified": "drawn from a seed",
        }
        for key, name in sorted(names.items())
    ]


def _csv(rows: Iterable[Mapping[str, str]], columns: tuple[str, ...]) -> bytes:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    keys = [c for c in columns[:7] if c in frame.columns]
    ordered = frame.sort_values([*keys, "source_id"], kind="stable")
    text = io.StringIO()
    ordered.to_csv(text, index=False, lineterminator="\n")
    return text.getvalue().encode("utf-8")
