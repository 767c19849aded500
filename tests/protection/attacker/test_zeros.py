"""What an attacker gains who knows how the publisher treats zeros."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.tables import build_cells
from analysis.sources.demonstration_edition import make_edition

from .breach import find_breaches
from .conftest import hide, list_edition_margins, protect_in_layers
from .intervals import narrow
from .knowledge import gather
from .policy_check import is_small
from .reduction import ContradictionError

ROW = {"x": [dict.fromkeys("abcd", "T")]}


@pytest.fixture(scope="module")
def edition() -> pd.DataFrame:
    return make_edition(1, areas=6, regions=2, years=1)


def protect(frame, margins, *, zeros_shown, insiders=True):
    cells = build_cells(frame, margins, value="count")
    small = is_small(cells.counts, 10.0)
    shown = (cells.counts == 0) & zeros_shown
    return find_pattern(
        cells, small, threshold=10.0, always_shown=shown, insiders=insiders
    ).withheld


def test_who_knows_that_zeros_are_always_shown_sees_through_three_single_cases():
    row = pd.DataFrame({"x": [*"abcdT"], "count": [1.0, 1.0, 1.0, 30.0, 33.0]})
    withheld = protect(row, ROW, zeros_shown=True)
    assert withheld.tolist() == [True, True, True, False, False]
    # Safe by the rule, from insiders too, as long as a withheld count may be none.
    assert find_breaches(gather([hide(row, withheld)], ROW), row["count"].to_numpy(), 10.0).empty
    low, high = narrow(gather([hide(row, withheld)], ROW, least=1.0))
    assert low[:3].tolist() == high[:3].tolist() == [1, 1, 1]


@pytest.mark.slow
def test_an_edition_that_shows_every_zero_tells_much_of_itself(edition, note):
    margins = list_edition_margins(edition)
    true = edition["count"].to_numpy(dtype=float)
    withheld = protect(edition, margins, zeros_shown=True, insiders=False)
    assert not withheld[true == 0].any()
    asked = np.flatnonzero(withheld & is_small(true, 10.0))
    known = gather([hide(edition, withheld)], margins, least=1.0)
    low, high = narrow(known, asked)
    exact = low[asked] == high[asked]
    assert (low[asked][exact] == true[asked][exact]).all()
    note("share worked out by who knows that zeros are shown", exact.mean())
    assert exact.mean() > 0.1


@pytest.mark.slow
def test_an_edition_that_withholds_zeros_like_others_misleads_who_takes_them_for_shown(edition):
    margins = list_edition_margins(edition)
    true = edition["count"].to_numpy(dtype=float)
    withheld = protect(edition, margins, zeros_shown=False, insiders=False)
    assert withheld[true == 0].sum() >= 5
    with pytest.raises(ContradictionError):
        narrow(gather([hide(edition, withheld)], margins, least=1.0))


@pytest.mark.slow
def test_whole_breakdowns_withheld_with_their_zeros_mislead_who_takes_zeros_for_shown(edition):
    margins = list_edition_margins(edition)
    true = edition["count"].to_numpy(dtype=float)
    withheld = protect_in_layers(edition, np.full(len(edition), 10.0))
    assert withheld[true == 0].sum() > 100
    with pytest.raises(ContradictionError):
        narrow(gather([hide(edition, withheld)], margins, least=1.0))
