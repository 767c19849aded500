"""The attacker itself: shown to be right by hand-made tables, and to share no code with us."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .breach import find_breaches
from .enumeration import TooManyTablesError, list_tables
from .intervals import narrow
from .knowledge import gather
from .persons import find_persons
from .policy_check import is_safe, is_small
from .reduction import ContradictionError
from .sweep import sweep

HERE = Path(__file__).parent
ROW = {"x": [{"a": "T", "b": "T", "c": "T"}]}


def make_row(**counts):
    return pd.DataFrame({"x": list(counts), "count": list(counts.values())}, dtype=object)


def bounds_of(knowledge, *keys):
    low, high = narrow(knowledge)
    tables = list_tables(knowledge)
    assert (tables.min(axis=0) == low).all(), "programmes and plain listing differ"
    assert (tables.max(axis=0) == high).all(), "programmes and plain listing differ"
    places = [knowledge.look_up(key) for key in keys]
    return [(low[at], high[at]) for at in places]


def test_the_attacker_imports_nothing_of_the_product():
    files = [path for path in HERE.glob("*.py") if not path.name.startswith(("test_", "conftest"))]
    assert len(files) >= 7
    allowed = {"__future__", "collections", "dataclasses", "typing", "itertools"}
    allowed |= {"numpy", "pandas", "scipy", "highspy"}
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                # One dot is this folder; two would be the tests around it.
                assert node.level <= 1
                names = set() if node.level else {str(node.module).split(".")[0]}
            else:
                continue
            assert names <= allowed, f"{path.name} imports {names - allowed}"


def test_one_blank_in_a_row_is_worked_out():
    known = gather([make_row(a=2, b=np.nan, c=4, T=9)], ROW)
    assert bounds_of(known, ("b",)) == [(3, 3)]


def test_two_blanks_share_what_is_left():
    known = gather([make_row(a=np.nan, b=np.nan, c=4, T=9)], ROW)
    assert bounds_of(known, ("a",), ("b",), ("c",)) == [(0, 5), (0, 5), (4, 4)]


def test_a_cell_that_is_not_in_the_table_counts_persons_all_the_same():
    known = gather([make_row(a=np.nan, b=3, T=9)], ROW)
    assert bounds_of(known, ("a",), ("c",)) == [(0, 6), (0, 6)]


def test_whole_numbers_are_narrower_than_fractions():
    extra = [({("a",): 2.0, ("b",): 3.0}, 7.0)]
    known = gather([make_row(a=np.nan, b=np.nan, c=np.nan, T=9)], ROW, others=extra)
    assert bounds_of(known, ("a",), ("b",)) == [(2, 2), (1, 1)]


def test_who_believes_that_zeros_are_shown_knows_more():
    row = make_row(a=np.nan, b=np.nan, c=4, T=9)
    assert bounds_of(gather([row], ROW, least=1.0), ("a",)) == [(1, 4)]


def test_unbounded_counts_are_said_to_be_so():
    known = gather([make_row(a=np.nan, b=np.nan, c=4, T=np.nan)], ROW)
    low, high = narrow(known)
    places = [known.look_up((name,)) for name in "abT"]
    assert low[places].tolist() == [0, 0, 4]
    assert np.isinf(high[places]).all()
    with pytest.raises(TooManyTablesError, match="No printed figure bounds"):
        list_tables(known)


def test_totals_that_are_withheld_are_bounded_too():
    ways = {"x": [{"a": "T", "b": "T"}], "y": [{"u": "S", "v": "S"}]}
    cells = {
        ("a", "u"): np.nan, ("a", "v"): 4, ("a", "S"): np.nan,
        ("b", "u"): np.nan, ("b", "v"): 5, ("b", "S"): np.nan,
        ("T", "u"): 7, ("T", "v"): 9, ("T", "S"): 16,
    }  # fmt: skip
    frame = pd.DataFrame([(*key, value) for key, value in cells.items()],
                         columns=["x", "y", "count"])  # fmt: skip
    known = gather([frame], ways)
    assert bounds_of(known, ("a", "u"), ("a", "S"), ("b", "S")) == [(0, 7), (4, 11), (5, 12)]


def test_a_former_release_tells():
    first = make_row(a=np.nan, b=np.nan, c=4, T=9)
    second = make_row(a=np.nan, b=3, c=np.nan, T=9)
    assert bounds_of(gather([second], ROW), ("a",)) == [(0, 6)]
    assert bounds_of(gather([first, second], ROW), ("a",), ("c",)) == [(2, 2), (4, 4)]


def test_a_revision_makes_a_new_unknown_of_what_it_touches():
    first = make_row(a=np.nan, b=np.nan, c=4, T=9)
    second = make_row(a=np.nan, b=3, c=4, T=10)
    known = gather([first, second], ROW)
    assert known.names[known.look_up(("a",))] == (("a",), 1)
    assert known.names[known.look_up(("c",))] == (("c",), 0)
    low, high = narrow(known)
    assert (low[known.look_up(("a",))], high[known.look_up(("a",))]) == (3, 3)
    assert (low[known.look_up(("a",), 0)], high[known.look_up(("a",), 0)]) == (0, 5)
    told = gather([first, second], ROW, told=[[], [("T",), ("b",)]])
    low, high = narrow(told)
    assert (low[told.look_up(("a",), 0)], high[told.look_up(("b",), 0)]) == (3, 2)


def test_a_count_below_a_total_that_did_not_change_is_taken_for_the_same():
    ways = {"x": [{"a": "R", "b": "R", "R": "T", "c": "T"}]}
    first = make_row(a=np.nan, b=np.nan, R=9, c=4, T=13)
    second = make_row(a=np.nan, b=3, R=9, c=6, T=15)
    known = gather([first, second], ways)
    assert known.look_up(("a",), 0) == known.look_up(("a",), 1)
    assert bounds_of(known, ("a",)) == [(6, 6)]


def test_figures_of_two_releases_that_clash_are_refused():
    with pytest.raises(ValueError, match="printed as 4 and as 5, and nobody said"):
        gather([make_row(c=4), make_row(c=5)], ROW, told=[[], []])
    with pytest.raises(ContradictionError, match="differ by"):
        narrow(gather([make_row(a=1, b=1, c=1, T=4)], ROW))
    with pytest.raises(ContradictionError, match="smaller than"):
        narrow(gather([make_row(a=np.nan, b=np.nan, c=5, T=4)], ROW))


def test_an_insider_subtracts_the_own_case():
    true = np.array([2.0, 1.0, 9.0, 12.0])
    known = gather([make_row(a=np.nan, b=np.nan, c=9, T=12)], ROW)
    assert find_breaches(known, true, 5.0, persons=False).empty
    breach = find_breaches(known, true, 5.0)
    assert breach[["cell", "low", "high", "knows"]].to_numpy().tolist() == [
        [("a",), 2, 2, (("b",), 0)]
    ]
    pd.testing.assert_frame_equal(breach, find_breaches(known, true, 5.0, plain=99))


def test_a_total_of_one_and_its_part_are_one_person():
    ways = {"x": [{"a": "R", "b": "R", "R": "T", "c": "T"}]}
    known = gather([make_row(a=np.nan, b=0, R=np.nan, c=np.nan, T=5)], ways)
    true = np.array([1.0, 0.0, 1.0, 4.0, 5.0])
    (person,) = find_persons(known, true)
    assert person.alone.tolist() == [0, 2]
    assert person.counted.tolist() == [0, 2, 4]


@pytest.mark.parametrize(
    ("true", "low", "high", "counted", "safe"),
    [
        (3, 2, 4, 0, False),  # small, and there
        (3, 2, 10, 0, True),
        (3, 2, 9, 0, False),
        (3, 0, 4, 0, True),
        (3, 0, 3, 0, False),
        (3, 3, 12, 0, False),
        (9, 8, 10, 0, True),
        (3, 1, 4, 1, True),  # none besides the own case
        (3, 2, 4, 1, False),
        (3, 2, 10, 1, True),
        (3, 2, 9, 1, False),
    ],
)
def test_the_rule(true, low, high, counted, safe):
    numbers = (np.array([number]) for number in (true, low, high))
    assert is_safe(*numbers, 10, counted).tolist() == [safe]


def test_small_counts_are_those_from_one_up_to_the_threshold():
    assert is_small(np.array([0, 1, 4, 5, 10]), np.array([5, 5, 5, 5, 10])).tolist() == [
        False, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_programmes_and_plain_listing_agree(seed):
    draw = np.random.default_rng(seed)
    inner = draw.integers(0, 5, size=(3, 2, 2))
    table = inner
    for axis in range(3):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    index = pd.MultiIndex.from_product([[*"abcT"], [*"uvS"], [*"pqP"]], names=["x", "y", "z"])
    counts = pd.Series(table.ravel().astype(float), index=index)
    counts[draw.random(len(counts)) < 0.45] = np.nan
    counts[("T", "S", "P")] = inner.sum()
    ways = {
        "x": [dict.fromkeys("abc", "T")],
        "y": [dict.fromkeys("uv", "S")],
        "z": [dict.fromkeys("pq", "P")],
    }
    known = gather([counts.rename("count").reset_index()], ways)
    low, high = narrow(known)
    tables = list_tables(known)
    assert (tables.min(axis=0) == low).all()
    assert (tables.max(axis=0) == high).all()
    assert (low <= table.ravel()).all()
    assert (table.ravel() <= high).all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("threshold", [5.0, 10.0])
def test_the_sweep_finds_what_exact_work_finds(make_table, seed, threshold):
    frame, margins = make_table(seed)
    true = frame["count"].to_numpy()
    withheld = is_small(true, threshold) | (np.random.default_rng(seed).random(len(true)) < 0.3)
    known = gather([frame.assign(count=frame["count"].where(~withheld))], margins)
    exact = find_breaches(known, true, threshold)
    found, _ = sweep(known, true, threshold, scopes=[lambda key: key[0]])
    for outsider in (True, False):
        # Of a count that everybody works out, the sweep does not ask what insiders know.
        open_to_all = set(exact.loc[exact["knows"].isna(), "cell"])
        left, right = (
            {
                (row.cell, row.knows)
                for row in table[table["knows"].isna() == outsider].itertuples()
                if outsider or row.cell not in open_to_all
            }
            for table in (exact, found)
        )
        assert left == right


def test_the_sweep_says_what_is_printed_and_refuses_a_table_that_does_not_fit():
    known = gather([make_row(a=2, b=np.nan, c=np.nan, T=14)], ROW)
    found, _ = sweep(known, np.array([2.0, 3.0, 9.0, 14.0]), 5.0)
    assert found[["cell", "reason"]].to_numpy().tolist() == [[("a",), "printed"]]
    with pytest.raises(ValueError, match="The true table does not fit what is published."):
        sweep(known, np.array([2.0, 3.0, 8.0, 14.0]), 5.0)
