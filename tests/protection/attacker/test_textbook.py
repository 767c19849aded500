"""Published answers: the attacker finds the intervals of the book, and the product holds it off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.protection.linked.levels import weigh_cells
from analysis.protection.linked.optimum import find_cheapest_pattern
from analysis.protection.linked.tables import build_cells

from .breach import find_breaches
from .conftest import add_margins, get_shape, hide, protect_frame
from .intervals import narrow
from .knowledge import gather
from .policy_check import is_small

# How much dearer than the cheapest pattern a quick one may be.
DEARER = 1.10


def read_table(cells, names):
    """A table of a book with its margins, and how it adds up."""
    frame = pd.DataFrame(cells).set_axis([*names, "count"], axis=1)
    wide = frame.pivot_table(index=names[0], columns=names[1], values="count", margins=True,
                             aggfunc="sum", margins_name="all")  # fmt: skip
    long = wide.reset_index().melt(id_vars=names[0], value_name="count")
    margins = {
        name: [{code: "all" for code in long[name].unique() if code != "all"}] for name in names
    }
    return long, margins


def find_places(frame, pairs, names):
    return pd.MultiIndex.from_frame(frame[names]).isin([tuple(pair) for pair in pairs])


@pytest.fixture
def investment(oracle):
    cells = oracle("g18_sdc_textbook")["cases"][0]["input"]["table"]
    return read_table(cells, ["row", "col"])


@pytest.mark.parametrize("case", [0, 1])
def test_the_intervals_of_the_book(oracle, investment, case):
    frame, margins = investment
    told = oracle("g18_sdc_textbook")["cases"][case]
    withheld = find_places(frame, told["input"]["suppressed"], ["row", "col"])
    known = gather([hide(frame, withheld)], margins)
    low, high = narrow(known)
    for name, interval in told["expected"]["intervals"].items():
        place = known.look_up(tuple(name.split("|")))
        assert [low[place], high[place]] == interval


@pytest.mark.parametrize("case", [0, 1, 2])
def test_the_ranges_of_rounded_rows(oracle, case):
    told = oracle("g19_sdc_rounding")["cases"][case]
    cells, total = told["input"]["published_cells"], told["input"]["published_total"]
    names = ["a", "b", "c"]
    known = gather(
        [pd.DataFrame({"x": [*names, "T"], "count": [float("nan")] * 4})],
        {"x": [dict.fromkeys(names, "T")]},
    )
    # A figure rounded to five is at most two away from the count.
    for name, figure in zip([*names, "T"], [*cells, total], strict=True):
        place = known.look_up((name,))
        known.lowest[place], known.highest[place] = max(0, figure - 2), figure + 2
    low, high = narrow(known)
    ranges = [[low[known.look_up((name,))], high[known.look_up((name,))]] for name in names]
    assert ranges == told["expected"]["ranges"]


def list_oracle_tables(oracle):
    case = oracle("g18_sdc_textbook")["cases"][3]["input"]
    rounding = oracle("g19_sdc_rounding")["cases"][-1]["input"]
    education = [
        {"row": row, "col": col, "value": value}
        for row, values in zip(rounding["rows"], rounding["table"], strict=True)
        for col, value in zip(rounding["cols"], values, strict=True)
    ]
    return {
        "two by three": read_table(case, ["age", "prov"]),
        "counties by education": read_table(education, ["row", "col"]),
    }


@pytest.mark.parametrize("name", ["two by three", "counties by education"])
@pytest.mark.parametrize("threshold", [4.0, 5.0])
def test_tables_of_books_hold_and_cost_little_more_than_the_cheapest(oracle, name, threshold, note):
    frame, margins = list_oracle_tables(oracle)[name]
    true = frame["count"].to_numpy(dtype=float)
    small = is_small(true, threshold)
    assert not find_breaches(gather([hide(frame, small)], margins), true, threshold).empty
    withheld = protect_frame(frame, margins, threshold, tidy=True)
    assert find_breaches(gather([hide(frame, withheld)], margins), true, threshold).empty
    cells = build_cells(frame, margins, value="count")
    best = find_cheapest_pattern(cells, small, threshold=threshold)
    cost = weigh_cells(cells)[withheld & ~small].sum()
    note("share withheld", withheld.mean())
    note("share withheld by the cheapest", best.withheld.mean())
    assert cost <= DEARER * best.cost + 1e-9
    assert withheld.mean() <= DEARER * best.withheld.mean()


@pytest.mark.parametrize("threshold", [5.0, 10.0])
def test_simple_suppression_by_rows_and_columns_withholds_more_or_tells(threshold, note):
    simple = pytest.importorskip("analysis.protection.linked.simple")
    ours, theirs, told = 0, 0, 0
    for seed in range(5):
        inner = np.random.default_rng(seed).poisson(7.0, get_shape("two ways"))
        frame, margins = add_margins("two ways", inner)
        true = frame["count"].to_numpy()
        cells = build_cells(frame, margins, value="count")
        plain = simple.suppress_rows_and_columns(cells, is_small(true, threshold))
        withheld = protect_frame(frame, margins, threshold, tidy=True)
        ours, theirs = ours + withheld.sum(), theirs + plain.sum()
        told += not find_breaches(gather([hide(frame, plain)], margins), true, threshold).empty
        assert find_breaches(gather([hide(frame, withheld)], margins), true, threshold).empty
    note("withheld by us and by the simple way", (int(ours), int(theirs)))
    assert told or theirs >= ours
