"""A synthetic edition of victims, cross-tables and all: the hardest table that there can be.

No country publishes so much: municipality by sex by age by form of exploitation, each year and
all years, with every margin. Protection is proven and timed against it. Areas have invented
names, for a figure of nobody must not stand beside the name of a place.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

COLUMNS = ("area", "region", "level", "sex", "age", "form", "year", "count")
SEXES = ("female", "male")
AGES = ("adult", "child")
FORMS = ("sexual", "labour", "forced_marriage", "other")
COUNTRY = "country"
TOTAL, ALL_YEARS = "total", "all"
FIRST_YEAR = 2018
# A country of eighty municipalities presumes about 260 victims a year; identified ones are fewer.
PER_AREA = 3.25
# Standard deviations of the logarithms: a few municipalities hold most, and no year is the next.
SPREAD_OF_AREAS = 1.0
SPREAD_OF_YEARS = 0.2
# Women and girls are most victims, and sexual exploitation is the most frequent form.
SHARE_OF_SEXES = (0.75, 0.25)
SHARE_OF_AGES = (0.6, 0.4)
SHARE_OF_FORMS = (0.5, 0.25, 0.15, 0.1)


def make_edition(seed: int, areas: int = 80, regions: int = 8, years: int = 8) -> pd.DataFrame:
    """Make the full cross-table of invented victims, with every margin.

    Parameters
    ----------
    seed : int
        The same seed gives the same table.
    areas : int
        Number of municipalities.
    regions : int
        Number of regions; each holds a municipality at least.
    years : int
        Number of years, the first of them 2018.

    Returns
    -------
    pandas.DataFrame, ``(areas + regions + 1) * 3 * 3 * 5 * (years + 1)`` rows
        Text in ``area``, ``region`` (of a municipality; empty otherwise), ``level``
        (municipality, region, country), ``sex``, ``age``, ``form`` and ``year``; persons in
        ``count``. The total of all sexes, ages or forms is ``total``, that of years ``all``.

    Raises
    ------
    ValueError
        When a number is not positive, or there are more regions than municipalities.

    Examples
    --------
    >>> table = make_edition(1, areas=2, regions=1, years=1)
    >>> len(table), list(table["level"].unique())
    (360, ['municipality', 'region', 'country'])
    """
    for name, number in (("areas", areas), ("regions", regions), ("years", years)):
        if number < 1:
            raise ValueError(f"'{name}' is {number}. Give a whole number from 1 up.")
    if regions > areas:
        raise ValueError(
            f"There are {regions} regions and {areas} municipalities. Give at least one "
            "municipality for each region."
        )
    region_of = np.sort(np.arange(areas) % regions)
    finest = _draw_cases(np.random.default_rng(seed), areas, years)
    return _make_frame(_add_margins(finest, region_of, regions), region_of, regions, years)


def _draw_cases(draw: np.random.Generator, areas: int, years: int) -> np.ndarray:
    sizes = draw.lognormal(0.0, SPREAD_OF_AREAS, areas)
    levels = draw.lognormal(0.0, SPREAD_OF_YEARS, years)
    # Sizes are brought to their mean, so that the country is as large as it was meant to be.
    places = PER_AREA * sizes / sizes.mean()
    kinds = np.einsum("i,j,k->ijk", SHARE_OF_SEXES, SHARE_OF_AGES, SHARE_OF_FORMS)
    drawn: np.ndarray = draw.poisson(np.einsum("a,ijk,y->aijky", places, kinds, levels))
    return drawn


def _add_margins(finest: np.ndarray, region_of: np.ndarray, regions: int) -> np.ndarray:
    inside = [finest[region_of == region].sum(axis=0) for region in range(regions)]
    table = np.concatenate([finest, np.stack(inside), finest.sum(axis=0)[None]], axis=0)
    for axis in range(1, table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    return table


def _make_frame(table: np.ndarray, region_of: np.ndarray, regions: int, years: int) -> pd.DataFrame:
    labels = [f"region-{number:02d}" for number in range(1, regions + 1)]
    places = [
        *(
            (f"area-{number:03d}", labels[region], "municipality")
            for number, region in enumerate(region_of, start=1)
        ),
        *((label, "", "region") for label in labels),
        (COUNTRY, "", "country"),
    ]
    times = [*(str(FIRST_YEAR + year) for year in range(years)), ALL_YEARS]
    keys = itertools.product(places, (*SEXES, TOTAL), (*AGES, TOTAL), (*FORMS, TOTAL), times)
    frame = pd.DataFrame([(*place, *rest) for place, *rest in keys], columns=list(COLUMNS[:-1]))
    return frame.assign(count=table.ravel())
