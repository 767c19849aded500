"""Hidden persons: what the lists may say, what they may not, and how that is put."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.hidden import cautions as said
from analysis.methods.hidden import (
    compute_chapman,
    estimate_chapman,
    estimate_hidden,
    list_estimates,
    read_captures,
)
from analysis.methods.hidden.chapman import TOO_FEW_SHARED
from analysis.methods.hidden.estimate import NO_UPPER, NOT_EVEN_INDEPENDENT, ONLY_COUNTRY
from analysis.methods.hidden.models import build_design
from analysis.methods.reasons import NO_FIGURE, WITHHELD

BASICS = "g15_mse_basics"


def table_of(counts: dict[str, int], names: str = "ABCDE") -> pd.DataFrame:
    rows = [[int(mark) for mark in history] for history in counts]
    width = len(next(iter(counts)))
    return pd.DataFrame(rows, columns=list(names[:width])).assign(count=list(counts.values()))


def good_table() -> pd.DataFrame:
    return table_of({"100": 80, "010": 70, "001": 60, "110": 25, "101": 20, "011": 18, "111": 7})


def estimate(table: pd.DataFrame, **options):
    return estimate_hidden(table, **{"scope": "country", "seed": 1, "draws": 200} | options)


# Two lists


def test_chapman_is_that_of_the_oracle(oracles) -> None:
    cases = [case for case in oracles.read(BASICS)["cases"] if "n1" in case["input"]]
    assert len(cases) == 3
    for case in cases:
        one, two, both = (case["input"][name] for name in ("n1", "n2", "both"))
        total, variance = compute_chapman([one], [two], [both])
        assert total[0] == pytest.approx(case["expected"]["chapman"], rel=1e-9)
        assert variance[0] == pytest.approx(case["expected"]["chapman_var"], rel=1e-9)


def test_lincoln_petersen_is_independence_of_two_lists(oracles) -> None:
    case = oracles.read(BASICS)["cases"][0]
    one, two, both = (case["input"][name] for name in ("n1", "n2", "both"))
    rows = table_of({"10": one - both, "01": two - both, "11": both})
    listed = list_estimates(build_design(2, 1), read_captures(rows).counts)
    assert listed["total"][0] == pytest.approx(case["expected"]["lincoln_petersen"], rel=1e-9)


def test_fewer_than_seven_shared_persons_say_nothing() -> None:
    made = estimate_chapman([60, 60, 60], [45, 45, 45], [6, 7, np.nan])
    assert list(made.state) == ["not_applicable", "value", "no_data"]
    assert list(made.reason) == [TOO_FEW_SHARED, "", NO_FIGURE]
    assert list(made.n) == pytest.approx([99, 98, np.nan], nan_ok=True)


def test_limits_of_two_lists_are_lognormal_in_the_hidden_persons() -> None:
    made = estimate_chapman([200], [150], [30])
    seen = 320
    above, below = made.upper[0] - seen, made.lower[0] - seen
    hidden = made.value[0] - seen
    assert above * below == pytest.approx(hidden**2)
    _, variance = compute_chapman([200], [150], [30])
    ratio = np.exp(1.959963984540054 * np.sqrt(np.log(1 + variance[0] / hidden**2)))
    assert above / hidden == pytest.approx(ratio)
    wider = estimate_chapman([200], [150], [30], level=0.99)
    assert wider.upper[0] > made.upper[0]
    assert wider.lower[0] < made.lower[0]


def test_a_list_within_the_other_hides_nobody() -> None:
    made = estimate_chapman([30], [50], [30])
    assert (made.value[0], made.lower[0], made.upper[0]) == (50, 50, 50)
    whole = estimate(table_of({"10": 0, "01": 20, "11": 30}))
    assert whole.total.value[0] == 50
    assert whole.hidden.state[0] == "zero"


def test_withheld_counts_stay_withheld() -> None:
    made = estimate_chapman([200], [150], [30], given=["suppressed"])
    assert made.at(0).reason == WITHHELD
    assert np.isnan(made.n[0])


@settings(max_examples=40)
@given(st.integers(7, 60), st.integers(0, 300), st.integers(0, 300))
def test_chapman_holds_its_estimate_and_narrows_with_more_persons(both, one, two) -> None:
    small = estimate_chapman([both + one], [both + two], [both])
    large = estimate_chapman([9 * (both + one)], [9 * (both + two)], [9 * both])
    assert small.lower[0] <= small.value[0] <= small.upper[0]
    assert small.lower[0] >= both + one + two - 1e-6
    narrow = (large.upper - large.lower) / large.value
    assert narrow <= (small.upper - small.lower) / small.value + 1e-12


def test_order_of_areas_does_not_matter_and_inputs_stay(rng) -> None:
    both = rng.integers(0, 40, 30)
    one, two = both + rng.integers(0, 99, 30), both + rng.integers(0, 99, 30)
    kept = one.copy()
    order = rng.permutation(30)
    made = estimate_chapman(one, two, both)
    again = estimate_chapman(one[order], two[order], both[order])
    np.testing.assert_array_equal(again.value, made.value[order])
    np.testing.assert_array_equal(again.upper, made.upper[order])
    np.testing.assert_array_equal(one, kept)


def test_two_lists_are_flagged_as_independence_assumed() -> None:
    made = estimate(table_of({"10": 170, "01": 120, "11": 30}))
    assert made.total.value[0] == pytest.approx(978.0645161290323)
    assert made.total.value[0] - made.hidden.value[0] == pytest.approx(320)
    assert made.total.upper[0] - made.hidden.upper[0] == pytest.approx(320)
    assert made.total.lower[0] - made.hidden.lower[0] == pytest.approx(320)
    assert said.INDEPENDENCE_ASSUMED in made.cautions
    assert made.admissible == made.supported == (made.total.value[0], made.total.value[0])
    few = estimate(table_of({"10": 170, "01": 120, "11": 6}))
    assert few.total.at(0).reason == TOO_FEW_SHARED
    assert few.total.n[0] == 296


# Three lists and more


def test_an_estimate_never_comes_alone() -> None:
    made = estimate(good_table())
    captures = read_captures(good_table())
    total, hidden = made.total.at(0), made.hidden.at(0)
    assert total.value - hidden.value == pytest.approx(captures.seen)
    assert total.lower <= total.value <= total.upper
    assert total.lower >= captures.seen
    assert total.n == hidden.n == captures.seen
    assert total.upper - hidden.upper == pytest.approx(captures.seen)
    assert total.unit == "persons"
    able = made.models[made.models["code"] == 0]
    assert made.admissible == (able["total"].min(), able["total"].max())
    assert made.admissible[0] <= made.supported[0] <= made.supported[1] <= made.admissible[1]
    assert made.best == able["model"].iloc[0]
    assert made.chosen in set(able["model"])
    assert made.cautions[: len(said.ALWAYS)] == said.ALWAYS
    assert made.names == ("A", "B", "C")


def test_supported_models_are_those_within_ten_of_the_lowest_bic(oracles) -> None:
    made = estimate(oracles.lists("netherlands_5list"))
    able = made.models[made.models["code"] == 0]
    near = able[able["bic"] - able["bic"].min() <= 10]["total"]
    assert made.supported == (near.min(), near.max())
    assert made.supported != made.admissible


def test_nothing_is_said_below_the_country() -> None:
    for scope in ("region", "municipality"):
        made = estimate(good_table(), scope=scope)
        assert made.total.at(0).reason == made.hidden.at(0).reason == ONLY_COUNTRY
        assert np.isnan(made.total.n[0]), "n would give the size of a municipality's lists"
        assert np.isnan(made.admissible).all()
        assert made.models.empty
        assert (made.chosen, made.best) == ("", "")
        assert made.names == ("A", "B", "C")
    with pytest.raises(ValueError, match="The scope 'village' is unknown; give one of country"):
        estimate(good_table(), scope="village")


def test_withheld_and_blank_rows_silence_everything() -> None:
    table = good_table()
    withheld = estimate(table, given=["value"] * 6 + ["suppressed"])
    assert withheld.total.at(0).state == "suppressed"
    assert withheld.total.at(0).reason == WITHHELD
    assert withheld.total.at(0).n is None
    assert withheld.models.empty
    blank = table.assign(count=[80, 70, None, 25, 20, 18, 7])
    assert estimate(blank).total.at(0).reason == NO_FIGURE
    assert estimate(table, given=["value"] * 6 + ["no_data"]).total.at(0).state == "no_data"
    assert estimate(table, given=["value"] * 7).total.is_number[0]
    with pytest.raises(ValueError, match="There are 2 states for 7 rows; give one state a row"):
        estimate(table, given=["value", "value"])


def test_too_few_shared_persons_say_nothing() -> None:
    nine = table_of({"100": 80, "010": 70, "001": 60, "110": 5, "101": 3, "011": 1})
    made = estimate(nine)
    assert made.total.at(0).reason == TOO_FEW_SHARED
    assert made.total.n[0] == 219
    ten = nine.assign(count=[80, 70, 60, 6, 3, 1])
    assert estimate(ten).total.is_number[0]
    nobody = nine.assign(count=0)
    assert estimate(nobody).total.at(0).state == "not_applicable"


def test_a_list_that_holds_everybody_gives_no_estimate() -> None:
    made = estimate(table_of({"111": 12, "110": 5, "101": 6, "100": 3}))
    assert made.total.at(0).reason == NOT_EVEN_INDEPENDENT
    assert made.total.n[0] == 26
    assert made.models.empty


def test_a_model_that_does_not_fit_is_named_so() -> None:
    same = table_of({"110": 30, "001": 40, "100": 0, "010": 0})
    assert said.BADLY_FITTED in estimate(same).cautions
    assert said.BADLY_FITTED not in estimate(good_table()).cautions


def test_an_open_upper_limit_is_said_and_not_drawn(monkeypatch) -> None:
    from analysis.methods.hidden import estimate as module
    from analysis.methods.hidden.bootstrap import Bootstrap

    drawn = Bootstrap(total=550.0, draws=np.linspace(400, 700, 90), failed=10, acceleration=0.0)
    monkeypatch.setattr(module, "draw_totals", lambda *_, **__: drawn)
    made = estimate(good_table())
    assert made.total.at(0).reason == NO_UPPER
    assert said.DRAWS_FAILED in made.cautions
    assert said.WIDE not in made.cautions


def test_the_interval_reaches_to_an_estimate_at_the_edge_of_its_draws(monkeypatch) -> None:
    from analysis.methods.hidden import estimate as module
    from analysis.methods.hidden.bootstrap import Bootstrap

    for total in (300.0, 900.0):
        drawn = Bootstrap(total, np.linspace(400, 700, 200), failed=0, acceleration=0.0)
        monkeypatch.setattr(module, "draw_totals", lambda *_, drawn=drawn, **__: drawn)
        made = estimate(good_table()).total.at(0)
        assert made.lower <= total <= made.upper


def test_the_interval_never_falls_below_the_persons_who_were_seen(monkeypatch) -> None:
    from analysis.methods.hidden import estimate as module
    from analysis.methods.hidden.bootstrap import Bootstrap

    drawn = Bootstrap(400.0, np.linspace(200, 600, 200), failed=0, acceleration=0.0)
    monkeypatch.setattr(module, "draw_totals", lambda *_, **__: drawn)
    made = estimate(good_table())
    assert made.total.lower[0] == 280
    assert made.hidden.lower[0] == 0


def test_cautions_are_bound_to_their_conditions(oracles) -> None:
    plain = estimate(good_table()).cautions
    assert said.ONE_MODEL_LEFT in plain
    for message in (said.NO_OVERLAP, said.SPARSE_OVERLAPS, said.ISOLATED_LIST, said.MOSTLY_ALONE):
        assert message not in plain
    dutch = estimate(oracles.lists("netherlands_5list"))
    for message in (
        said.NO_OVERLAP,
        said.SPARSE_OVERLAPS,
        said.MOSTLY_ALONE,
        said.MODELS_DISAGREE,
        said.SUPPORTED_DISAGREE,
        said.CHOICES_DISAGREE,
        said.WIDE,
    ):
        assert message in dutch.cautions
    assert said.ISOLATED_LIST not in dutch.cautions
    assert said.ONE_MODEL_LEFT not in dutch.cautions
    assert dutch.total.upper[0] > 3 * dutch.total.lower[0]
    alone = read_captures(table_of({"100": 40, "010": 30, "001": 20, "110": 16}))
    assert said.ISOLATED_LIST in said.warn_of_lists(alone)


def test_edges_of_the_conditions() -> None:
    def warned(**counts: int) -> tuple[str, ...]:
        return said.warn_of_lists(read_captures(table_of({k[1:]: v for k, v in counts.items()})))

    assert said.SPARSE_OVERLAPS in warned(h10=9, h01=9, h11=4)
    assert said.SPARSE_OVERLAPS not in warned(h10=9, h01=9, h11=5)
    assert said.MOSTLY_ALONE not in warned(h10=45, h01=45, h11=10)
    assert said.MOSTLY_ALONE in warned(h10=46, h01=45, h11=10)
    assert said.warn_of_spread(2, 3, "far") == ()
    assert said.warn_of_spread(2, 3.01, "far") == ("far",)
    assert said.warn_of_spread(np.nan, np.nan, "far") == ()


def test_order_of_rows_and_of_lists_does_not_change_the_estimate(oracles) -> None:
    table = oracles.lists("uk2013_4list")
    made = estimate(table)
    turned = estimate(table.iloc[::-1][["GO", "count", "PFNCA", "LA", "NG"]])
    assert turned.total.value[0] == pytest.approx(made.total.value[0], rel=1e-9)
    assert turned.admissible == pytest.approx(made.admissible, rel=1e-9)
    rows = estimate(table.iloc[::-1])
    np.testing.assert_array_equal(rows.total.lower, made.total.lower)
    np.testing.assert_array_equal(rows.total.upper, made.total.upper)


def test_inputs_are_not_changed_and_seeds_decide() -> None:
    table = good_table()
    kept = table.copy(deep=True)
    one, two, other = estimate(table), estimate(table), estimate(table, seed=2)
    pd.testing.assert_frame_equal(table, kept)
    assert one.total.upper[0] == two.total.upper[0]
    assert one.total.upper[0] != other.total.upper[0]
    assert one.total.value[0] == other.total.value[0]


def test_the_interval_narrows_with_more_persons_and_widens_with_the_level() -> None:
    table = good_table()
    small = estimate(table).total
    large = estimate(table.assign(count=table["count"] * 9)).total
    assert (large.upper - large.lower)[0] / large.value[0] < 0.6 * (
        (small.upper - small.lower)[0] / small.value[0]
    )
    low = estimate(table, level=0.8).total
    assert low.lower[0] > small.lower[0]
    assert low.upper[0] < small.upper[0]
    with pytest.raises(ValueError, match="A confidence level of 95 was asked for"):
        estimate(table, level=95)
    with pytest.raises(ValueError, match="99 draws were asked for, and limits need 100 or more"):
        estimate(table, draws=99)


# Reading capture histories


def test_persons_are_counted_by_history() -> None:
    persons = pd.DataFrame({"A": [1, 1, 0, 1], "B": [0, 0, 1, 1]})
    table = read_captures(persons, count=None)
    assert list(table.counts) == [2, 1, 1]
    assert (table.seen, table.shared, table.lists) == (4, 1, 2)
    assert table.overlaps.tolist() == [[3, 1], [1, 2]]
    assert table.histories.tolist() == [[1, 0], [0, 1], [1, 1]]


def test_totals_of_the_published_tables_are_as_published(oracles) -> None:
    published = oracles.published()
    assert len(published) == 5
    for name, entry in published.items():
        assert read_captures(oracles.lists(name)).seen == entry["n"], name


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"A": [1], "count": [3]}, "The table has 1 lists, and this method wants 2 to 9"),
        ({"A": [1], "B": [2], "count": [3]}, "Row 0 holds 2 under 'B'; write 1 for on the list"),
        ({"A": [1], "B": ["x"], "count": [3]}, "A mark of a list cannot be read: .*Write 1"),
        ({"A": [1, 0], "B": [1, 0], "count": [3, 0]}, "Row 1 is a history on no list, and nobody"),
        ({"A": [1, 1], "B": [0, 0], "count": [3, 4]}, "The history 10 is in the table more than"),
        ({"A": [1], "B": [0], "count": [2.5]}, "The column 'count' holds 2.5, and persons are"),
        ({"A": [1], "B": [0], "count": [-2]}, "The column 'count' holds -2, and persons are"),
        ({"A": [1], "B": [0], "count": [np.inf]}, "The column 'count' holds inf, and persons"),
        ({"A": [1], "B": [0], "count": ["<5"]}, "The column 'count' cannot be read as numbers"),
        ({"A": [1], "B": [0], "n": [2]}, "There is no column 'count' of counts; the columns are"),
    ],
)
def test_tables_that_are_none_get_a_sentence(table, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_captures(pd.DataFrame(table))


def test_wrong_overlaps_of_two_lists_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="9 persons are on both lists, and one of them has only 8"):
        compute_chapman([8], [20], [9])
    with pytest.raises(ValueError, match=r"The shapes differ: first \(1,\), second \(2,\)"):
        compute_chapman([8], [20, 20], [3])
