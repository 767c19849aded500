"""The full demonstration edition, cross-tables and all: each small count against everybody."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.sources.demonstration_edition import make_edition

from .conftest import find_layers, hide, list_edition_margins, protect_edition
from .knowledge import gather
from .policy_check import is_small
from .reduction import reduce
from .sweep import sweep


def attack(edition, withheld, **options):
    known = gather([hide(edition, withheld)], list_edition_margins(edition))
    true = edition["count"].to_numpy(dtype=float)
    region = dict(zip(edition["area"], edition["region"], strict=True))
    scopes = [lambda key: (region[key[0]], key[4]), lambda key: key[4]]
    return sweep(known, true, set_limits(edition), scopes=scopes, **options)


def set_limits(edition):
    return np.where(edition["level"] == "country", 5.0, 10.0)


def check(edition, note):
    withheld = protect_edition(edition, set_limits(edition))
    small = is_small(edition["count"].to_numpy(), set_limits(edition))
    breaches, work = attack(edition, withheld)
    note("small counts", int(small.sum()))
    note("share withheld", float(withheld.mean()))
    note("programmes", (work.programmes, work.single))
    assert breaches.empty, f"{len(breaches)} ways in, such as\n{breaches.head()}"


def test_a_small_edition_holds(note):
    check(make_edition(1, areas=4, regions=2, years=1), note)


def test_an_edition_without_its_small_counts_alone_does_not_hold():
    edition = make_edition(1, areas=4, regions=2, years=1)
    small = is_small(edition["count"].to_numpy(), set_limits(edition))
    breaches, _ = attack(edition, small, persons=False)
    assert len(breaches) > 10


@pytest.mark.slow
def test_an_edition_of_some_years_holds(note):
    check(make_edition(1, areas=6, regions=2, years=2), note)


@pytest.mark.slow
def test_the_full_edition_holds(note):
    # Minutes: thirty-six thousand cells are protected, and attacked by everybody in them.
    edition = make_edition(1)
    pattern = find_layers(edition, set_limits(edition))
    small = is_small(edition["count"].to_numpy(), set_limits(edition))
    # Each hint is held against what is printed; what no hint shows, programmes look for.
    hints = [(move.cells, move.change) for move in pattern.movements]
    breaches, work = attack(edition, pattern.withheld, hints=hints)
    note("small counts", int(small.sum()))
    note("share withheld", float(pattern.withheld.mean()))
    note("programmes", (work.programmes, work.single))
    assert breaches.empty, f"{len(breaches)} ways in, such as\n{breaches.head()}"


def test_hints_that_do_not_fit_what_is_printed_show_nothing():
    edition = make_edition(1, areas=2, regions=1, years=1)
    small = is_small(edition["count"].to_numpy(), set_limits(edition))
    places = np.arange(len(edition))
    one_by_one = [(places[[at]], np.array([size])) for at in places for size in (-1.0, 1.0)]
    broken = [(places, np.full(len(edition), 0.5)), (places, np.full(len(edition), -30.0))]
    breaches, _ = attack(edition, small, persons=False)
    misled, _ = attack(edition, small, persons=False, hints=one_by_one + broken)
    assert set(breaches["cell"]) == set(misled["cell"])
    assert len(breaches) > 5


@pytest.mark.slow
def test_the_full_edition_without_its_small_counts_alone_does_not_hold():
    edition = make_edition(1)
    withheld = is_small(edition["count"].to_numpy(), set_limits(edition))
    true = edition["count"].to_numpy(dtype=float)
    known = gather([hide(edition, withheld)], list_edition_margins(edition))
    system = reduce(known)
    # No programme is needed: what is fixed by subtraction alone is enough.
    fixed = np.diff(system.parts[:, system.group >= 0].tocsr().indptr) == 0
    assert (fixed & withheld).sum() > 100
    assert (true[fixed & withheld] > 0).all()
