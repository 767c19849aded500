"""Random linked tables: what the product withholds, the attacker does not find out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, reject, settings
from hypothesis import strategies as some

from analysis.protection.linked.assignment import PatternError

from .breach import find_breaches
from .conftest import KINDS, add_margins, get_shape, hide, protect_frame
from .enumeration import TooManyTablesError
from .knowledge import gather
from .policy_check import is_small
from .sweep import sweep

SLOW_ONES = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
# Up to so many fitting tables, all are listed; beyond, programmes are solved.
PLAIN = 2_000


@some.composite
def tables(draw, kinds):
    kind = draw(some.sampled_from(kinds))
    shape = get_shape(kind)
    size = int(np.prod(shape))
    most = draw(some.sampled_from([2, 6, 14]))
    inner = draw(some.lists(some.integers(0, most), min_size=size, max_size=size))
    return add_margins(kind, np.array(inner).reshape(shape)), draw(some.sampled_from([5.0, 10.0]))


def attack(frame, margins, withheld, threshold):
    known = gather([hide(frame, withheld)], margins)
    true = frame["count"].to_numpy()
    try:
        return find_breaches(known, true, threshold, plain=PLAIN)
    except TooManyTablesError:
        return sweep(known, true, threshold)[0]


def check(table):
    (frame, margins), threshold = table
    assume(is_small(frame["count"].to_numpy(), threshold).any())
    try:
        withheld = protect_frame(frame, margins, threshold)
    except PatternError:
        # Refused: nothing is published, so that there is nothing to attack.
        event("refused")
        reject()
    breaches = attack(frame, margins, withheld, threshold)
    assert breaches.empty, f"\n{breaches}\n{hide(frame, withheld)}"


@settings(max_examples=20, suppress_health_check=SLOW_ONES)
@given(table=tables(list(KINDS)))
def test_no_small_count_is_found_out(table):
    check(table)


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(KINDS))
def test_no_small_count_of_five_hundred_tables_is_found_out(kind):
    assert len(KINDS) == 5

    @settings(max_examples=100, suppress_health_check=SLOW_ONES)
    @given(table=tables([kind]))
    def run(table):
        check(table)

    run()


@pytest.mark.parametrize("kind", list(KINDS))
def test_small_counts_alone_withheld_are_found_out(kind):
    broken = 0
    for seed in range(6):
        inner = np.random.default_rng(seed).poisson(4.0, size=get_shape(kind))
        frame, margins = add_margins(kind, inner)
        small = is_small(frame["count"].to_numpy(), 5.0)
        broken += not attack(frame, margins, small, 5.0).empty
    assert broken >= 3
