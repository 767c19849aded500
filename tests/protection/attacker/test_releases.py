"""Ten releases with revised figures: together they tell no more than each may by itself."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.levels import weigh_cells
from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.tables import link_cells

from .conftest import hide, protect_frame
from .knowledge import gather
from .policy_check import is_small
from .sweep import sweep

AREAS = {"a": "R", "b": "R", "c": "Q", "d": "Q", "R": "T", "Q": "T"}
SEXES = {"f": "both", "m": "both"}
DIMENSIONS = ["area", "sex", "year"]
THRESHOLD = 5.0
# What is withheld for good costs nothing any more.
FREE = 1e-3


def make_sequence(seed: int, releases: int) -> list[pd.DataFrame]:
    """True tables: each adds a year and revises a few counts of former years, up and down."""
    draw = np.random.default_rng(seed)
    inner = np.empty((4, 2, 0))
    made = []
    for number in range(releases):
        changes = draw.integers(-2, 3, inner.shape) * (draw.random(inner.shape) < 0.2)
        # No person is counted below none, and what is none stays so.
        inner = np.where(inner > 0, np.maximum(inner + changes, 1), inner)
        inner = np.concatenate([inner, draw.poisson(6.0, (4, 2, 1))], axis=2)
        regions = [inner[:2].sum(axis=0), inner[2:].sum(axis=0), inner.sum(axis=0)]
        table = np.concatenate([inner, np.stack(regions)])
        for axis in (1, 2):
            table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
        years = [f"y{year}" for year in range(number + 1)]
        # The sum of so many years is a figure of its own: it is not the sum of more years.
        names = [[*"abcdRQT"], ["f", "m", "both"], [*years, f"until y{number}"]]
        index = pd.MultiIndex.from_product(names, names=DIMENSIONS)
        made.append(pd.Series(table.ravel(), index=index, name="count").reset_index())
    return made


def list_margins(releases: int):
    sums = [
        {f"y{year}": f"until y{number}" for year in range(number + 1)} for number in range(releases)
    ]
    return {"area": [AREAS], "sex": [SEXES], "year": sums}


def find_revised(tables: list[pd.DataFrame]) -> list[set[tuple[str, ...]]]:
    """Cells whose true count changed: the publisher marks them, so that nothing is guessed."""
    told: list[set[tuple[str, ...]]] = [set()]
    for before, after in itertools.pairwise(tables):
        old, new = (table.set_index(DIMENSIONS)["count"] for table in (before, after))
        both = old.index.intersection(new.index)
        told.append(set(both[old[both] != new[both]]))
    return told


def gather_all(published, tables):
    told = find_revised(tables)[: len(published)]
    known = gather(published, list_margins(len(tables)), told=told)
    true = np.full(len(known.names), np.nan)
    for table, versions in zip(tables, known.versions, strict=False):
        for *key, count in table[[*DIMENSIONS, "count"]].itertuples(index=False):
            true[versions[tuple(key)]] = count
    assert not np.isnan(true).any()
    return known, true


def publish_with_regard(tables):
    """Each release is protected together with all former ones."""
    published: list[pd.DataFrame] = []
    for number, table in enumerate(tables):
        blank = table.assign(count=np.nan)
        known, true = gather_all([*published, blank], tables)
        cells = link_cells(true, known.rows, right_side=known.sums)
        printed = ~np.isnan(known.figures)
        small = is_small(true, THRESHOLD) & ~printed
        here = np.array([known.look_up(tuple(key)) for key in table[DIMENSIONS].to_numpy()])
        former = np.ones(len(true), dtype=bool)
        former[here] = False
        cost = np.where(former, FREE, weigh_cells(cells))
        options = {"weights": cost, "threshold": THRESHOLD}
        zeros = (true == 0) & ~former
        try:
            found = find_pattern(cells, small, always_shown=printed | zeros, **options)
        except PatternError:
            found = find_pattern(cells, small, always_shown=printed, **options)
        published.append(hide(table, found.withheld[here]))
        assert number == len(published) - 1
    return published


def publish_one_by_one(tables):
    """Each release is protected as if it were the only one."""
    margins = list_margins(len(tables))
    return [
        hide(table, protect_frame(table, margins | {"year": [way]}, THRESHOLD))
        for table, way in zip(tables, margins["year"], strict=True)
    ]


def attack(published, tables, **options):
    known, true = gather_all(published, tables)
    return sweep(known, true, THRESHOLD, **options)[0]


def test_four_releases_together_tell_nothing():
    tables = make_sequence(3, 4)
    published = publish_with_regard(tables)
    assert attack(published, tables).empty
    assert any(revised for revised in find_revised(tables))
    shown = sum(int(release["count"].notna().sum()) for release in published)
    assert shown > 0.2 * sum(len(release) for release in published)


def test_releases_that_do_not_look_back_tell():
    tables = make_sequence(3, 4)
    published = publish_one_by_one(tables)
    assert not attack(published, tables, persons=False).empty
    for number, release in enumerate(published):
        alone = gather([release], list_margins(len(tables)) | {
            "year": [list_margins(len(tables))["year"][number]]
        })  # fmt: skip
        assert sweep(alone, tables[number]["count"].to_numpy(), THRESHOLD)[0].empty


@pytest.mark.slow
def test_ten_releases_together_tell_nothing(note):
    tables = make_sequence(10, 10)
    published = publish_with_regard(tables)
    assert attack(published, tables).empty
    blank = sum(int(release["count"].isna().sum()) for release in published)
    note("share withheld", blank / sum(len(release) for release in published))


@pytest.mark.slow
def test_ten_releases_that_do_not_look_back_tell():
    tables = make_sequence(10, 10)
    assert not attack(publish_one_by_one(tables), tables, persons=False).empty
