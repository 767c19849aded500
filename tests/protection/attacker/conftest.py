"""Tables to attack, and the product's protection of them: what is attacked, not who attacks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.layers import find_layered_pattern
from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.tables import build_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.protection.linked.pattern import Pattern

    Margins = Mapping[str, Sequence[Mapping[str, str]]]

AREAS = {"a": "R", "b": "R", "c": "Q", "d": "Q", "R": "T", "Q": "T"}
KINDS: dict[str, dict[str, tuple[str, str]]] = {
    "two ways": {"x": ("abc", "T"), "y": ("uvw", "S")},
    "three ways": {"x": ("abc", "T"), "y": ("uv", "S"), "z": ("pq", "P")},
    "areas in regions": {"x": ("abcd", "T"), "y": ("uv", "S")},
    "two linked tables": {"x": ("abc", "T"), "y": ("uv", "S"), "z": ("pqr", "P")},
    "years": {"x": ("abc", "T"), "y": ("uv", "S"), "year": ("12", "all")},
}


def get_shape(kind: str) -> tuple[int, ...]:
    """How many counts a table of a kind has, in each way."""
    return tuple(len(names) for names, _ in KINDS[kind].values())


def add_margins(kind: str, inner: np.ndarray) -> tuple[pd.DataFrame, Margins]:
    """The frame of all cells of a table of a kind, and how its codes add up."""
    ways, table = KINDS[kind], inner.astype(float)
    names = [[*codes, total] for codes, total in ways.values()]
    margins: dict[str, list[dict[str, str]]] = {
        way: [dict.fromkeys(codes, total)] for way, (codes, total) in ways.items()
    }
    if kind == "areas in regions":
        names[0], margins["x"] = [*"abcdRQT"], [AREAS]
        parts = [table[:2].sum(axis=0), table[2:].sum(axis=0), table.sum(axis=0)]
        table = np.concatenate([table, np.stack(parts)])
    for axis in range(int(kind == "areas in regions"), table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    index = pd.MultiIndex.from_product(names, names=list(ways))
    frame = pd.Series(table.ravel(), index=index, name="count").reset_index()
    if kind == "two linked tables":
        frame = frame[(frame["y"] == "S") | (frame["z"] == "P")].reset_index(drop=True)
    return frame, margins


def protect_frame(
    frame: pd.DataFrame,
    margins: Margins,
    threshold: np.ndarray | float,
    *,
    insiders: bool = True,
    tidy: bool = False,
) -> np.ndarray:
    """Which cells the product withholds; zeros only where nothing else helps."""
    cells = build_cells(frame, margins, value="count")
    small = (cells.counts > 0) & (cells.counts < threshold)
    options: dict[str, Any] = {"threshold": threshold, "insiders": insiders, "tidy": tidy}
    try:
        return find_pattern(cells, small, **options).withheld
    except PatternError:
        none = np.zeros(len(cells), dtype=bool)
        return find_pattern(cells, small, always_shown=none, **options).withheld


def protect_edition(edition: pd.DataFrame, threshold: np.ndarray) -> np.ndarray:
    """Which cells of the demonstration edition the product withholds.

    In an edition of several years, breakdowns of municipalities are withheld as a whole.
    """
    if edition["year"].nunique() <= len(("one year", "all years")):
        return protect_frame(edition, list_edition_margins(edition), threshold)
    return protect_in_layers(edition, threshold)


def protect_in_layers(edition: pd.DataFrame, threshold: np.ndarray) -> np.ndarray:
    """Which cells the product withholds where breakdowns of municipalities are held."""
    return find_layers(edition, threshold).withheld


def find_layers(edition: pd.DataFrame, threshold: np.ndarray) -> Pattern:
    """What the product withholds then, and the movements that it says prove it."""
    cells = build_cells(edition, list_edition_margins(edition), value="count")
    is_broken_down = (edition[["sex", "age", "form"]] != "total").any(axis=1)
    return find_layered_pattern(
        cells,
        (cells.counts > 0) & (cells.counts < threshold),
        held=((edition["level"] == "municipality") & is_broken_down).to_numpy(),
        always_shown=np.zeros(len(cells), dtype=bool),
        blocks=edition["year"].where(edition["year"] != "all", "").to_numpy(dtype=object),
        threshold=threshold,
    )


def hide(frame: pd.DataFrame, withheld: np.ndarray) -> pd.DataFrame:
    """What readers see."""
    return frame.assign(count=frame["count"].astype(float).where(~withheld))


def list_edition_margins(edition: pd.DataFrame) -> Margins:
    """How the codes of the demonstration edition add up."""
    own = edition[edition["level"] == "municipality"].drop_duplicates("area")
    regions = edition.loc[edition["level"] == "region", "area"].unique()
    areas = dict(zip(own["area"], own["region"], strict=True)) | dict.fromkeys(regions, "country")
    margins: dict[str, list[dict[str, str]]] = {"area": [areas]}
    for way, total in (("sex", "total"), ("age", "total"), ("form", "total"), ("year", "all")):
        parts = edition.loc[edition[way] != total, way].unique()
        margins[way] = [dict.fromkeys(parts, total)]
    return margins


@pytest.fixture
def make_table() -> Callable[[int], tuple[pd.DataFrame, Margins]]:
    """Makes a small table of a seed; kinds take turns."""

    def make(seed: int) -> tuple[pd.DataFrame, Margins]:
        kind = list(KINDS)[seed % len(KINDS)]
        inner = np.random.default_rng(seed).poisson(3.0, size=get_shape(kind))
        return add_margins(kind, inner)

    return make


@pytest.fixture
def note() -> Callable[[str, object], object]:
    """Says a figure that was measured; `pytest -rP` shows them all."""
    return lambda name, value: sys.stdout.write(f"{name}: {value}\n")
