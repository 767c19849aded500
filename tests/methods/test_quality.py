"""Quality of figures: complete, in time, revised, coherent, possible."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.quality import (
    check_hierarchy,
    confirm_share,
    count_answers,
    count_duplicates,
    find_attainable_parts,
    list_attainable_pairs,
    measure_age_heaping,
    measure_completeness,
    measure_item_completeness,
    measure_mirror_asymmetry,
    measure_revisions,
    measure_timing,
)
from analysis.methods.quality.coherence import NO_FLOW
from analysis.methods.quality.completeness import NO_RECORDS, NOTHING_REQUIRED
from analysis.methods.quality.revisions import NOTHING_TO_RELATE
from analysis.methods.quality.timing import BEFORE_ITS_END
from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, WITHHELD
from analysis.sources.returns.checks import share_is_attainable

CLOSE = {"abs": 1e-9}


@pytest.fixture(scope="module")
def worked(oracles):
    return {
        case["name"]: (case["input"], case["expected"])
        for case in oracles.read("g21_quality_indicators")["cases"]
    }


def test_completeness_is_that_of_the_worked_example(worked) -> None:
    put, told = worked["R1_completeness"]
    made = measure_completeness([put["provided"]], [put["required_cells"]], [put["derogations"]])
    assert made.producer.value[0] == pytest.approx(told["producer"], **CLOSE)
    assert made.user.value[0] == pytest.approx(told["user"], **CLOSE)
    assert made.producer.n[0] == put["required_cells"] - put["derogations"]


def test_completeness_of_items_is_that_of_the_worked_example(worked) -> None:
    put, told = worked["item_completeness"]
    rows = np.arange(put["records"])
    table = pd.DataFrame(
        {name: np.where(rows < blank, None, "told") for name, blank in put["missing"].items()}
    )
    made = measure_item_completeness(table)
    assert dict(zip(made.items, made.estimates.value, strict=True)) == pytest.approx(
        told["rate"], **CLOSE
    )
    assert made.mean == pytest.approx(told["mean_rate"], **CLOSE)


def test_timing_is_that_of_the_worked_example(worked) -> None:
    put, told = worked["TP1_TP3"]
    made = measure_timing(
        [put["reference_period_end"]], [put["planned_release"]], [put["actual_release"]]
    )
    assert made.time_lag.value[0] == told["time_lag_days"]
    assert made.punctuality.value[0] == told["punctuality_days"]


def test_revisions_are_those_of_the_worked_example(worked) -> None:
    put, told = worked["A6_revisions"]
    made = measure_revisions(put["first"], put["latest"])
    assert made.mean.value == pytest.approx(told["MR"], **CLOSE)
    assert made.mean_absolute.value == pytest.approx(told["MAR"], **CLOSE)
    assert made.relative.value == pytest.approx(told["RMAR"], **CLOSE)


def test_mirror_flows_are_those_of_the_worked_example(worked) -> None:
    put, told = worked["CC1_mirror"]
    made = measure_mirror_asymmetry([put["outflow_reported_by_A"]], [put["inflow_reported_by_B"]])
    assert made.absolute.value[0] == told["absolute"]
    assert made.relative.value[0] == pytest.approx(told["asymmetry_relative_to_mean"], **CLOSE)


def test_duplicates_are_those_of_the_worked_example(worked) -> None:
    put, told = worked["duplicates"]
    made = count_duplicates(pd.DataFrame({"id": put["ids"]}), ["id"])
    assert made.records == told["n_records"]
    assert made.unique == told["n_unique"]
    assert made.excess == told["excess_duplicates"]
    assert made.repeated.tolist() == [False, False, True, False, False, True, True]


def test_completeness_beyond_what_was_required_is_complete_for_the_producer() -> None:
    made = measure_completeness([9, 3, np.nan, 0], [10, 3, 5, 0], [2, 3, 0, 0])
    assert made.producer.value[0] == 1
    assert made.user.value[0] == pytest.approx(0.9)
    assert list(made.producer.reason) == ["", NOTHING_REQUIRED, NO_FIGURE, NOTHING_REQUIRED]
    assert list(made.user.reason) == ["", "", NO_FIGURE, NOTHING_REQUIRED]
    with pytest.raises(ValueError, match="There are 11 cells provided, and only 10 are relevant"):
        measure_completeness([11], [10])
    with pytest.raises(ValueError, match="There are 11 derogations, and only 10 are relevant"):
        measure_completeness([1], [10], 11)
    with pytest.raises(ValueError, match=r"relevant \(1,\), derogations \(2,\)"):
        measure_completeness([1], [10], [1, 1])


def test_a_reported_zero_is_an_answer_and_a_blank_is_none() -> None:
    states = [
        ["zero", "zero", "value"],
        ["no_data", "no_data", "value"],
        ["suppressed", "not_applicable", "no_data"],
    ]
    answered, asked, zeros = count_answers(states)
    assert answered.tolist() == [3, 1, 1]
    assert asked.tolist() == [3, 3, 2]
    assert zeros.tolist() == [2, 0, 0]
    assert count_answers(states, axis=0)[0].tolist() == [2, 1, 2]
    with pytest.raises(ValueError, match="'missing' is no state of a figure; it has to be one of"):
        count_answers(["value", "missing"])


def test_unknown_is_an_answer_and_an_empty_table_says_so() -> None:
    made = measure_item_completeness(pd.DataFrame({"sex": ["unknown", None, np.nan, "f"]}))
    assert made.estimates.value.tolist() == [0.5]
    assert made.estimates.n.tolist() == [4]
    empty = measure_item_completeness(pd.DataFrame({"sex": []}))
    assert list(empty.estimates.reason) == [NO_RECORDS]
    assert np.isnan(empty.mean)
    assert np.isnan(measure_item_completeness(pd.DataFrame(index=[1, 2])).mean)


def test_dates_that_are_missing_or_too_early_say_so() -> None:
    made = measure_timing(
        ["2024-12-31", "2024-12-31", None, "2024-12-31"],
        ["2025-03-01", "", "2025-03-01", "2024-12-20"],
        ["2025-02-27", "2024-12-31", "2025-03-01", "2024-12-20"],
    )
    assert list(made.time_lag.reason) == ["", "", NO_FIGURE, BEFORE_ITS_END]
    assert made.time_lag.value[:2].tolist() == [58, 0]
    assert list(made.punctuality.reason) == ["", NO_FIGURE, "", ""]
    assert made.punctuality.value[0] == -2
    days = pd.to_datetime(["2024-02-28", None]).to_numpy()
    leap = measure_timing(days, days, np.array(["2024-03-01", "2024-03-01"]))
    assert leap.time_lag.value[0] == 2
    assert leap.time_lag.at(1).state == "no_data"
    assert measure_timing([np.nan], ["2024-01-01"], ["2024-01-02"]).punctuality.value[0] == 1
    with pytest.raises(ValueError, match="planned holds '31.12.2024', which is no date"):
        measure_timing(["2024-12-31"], ["31.12.2024"], ["2025-01-01"])
    with pytest.raises(ValueError, match=r"The shapes differ: period_end \(1,\), planned \(2,\)"):
        measure_timing(["2024-12-31"], ["2024-12-31"] * 2, ["2024-12-31"])


def test_periods_that_either_vintage_lacks_are_left_out() -> None:
    made = measure_revisions(
        [[100, np.nan, 80], [np.nan] * 3, [4, 0, 0], [0, 0, 0]],
        [[90, 117, np.nan], [1, 2, 3], [0, 0, 0], [0, 0, 0]],
    )
    assert made.mean.value[0] == -10
    assert made.mean_absolute.value[0] == 10
    assert made.relative.value[0] == pytest.approx(10 / 90)
    assert made.mean.n.tolist() == [1, 0, 3, 3]
    assert list(made.relative.reason) == ["", NO_FIGURE, NOTHING_TO_RELATE, NOTHING_TO_RELATE]
    assert list(made.mean.state) == ["value", "no_data", "value", "zero"]
    balance = measure_revisions([10, 10], [-5, 15])
    assert balance.relative.value == pytest.approx(1)
    with pytest.raises(ValueError, match="A single figure was given, and revisions are measured"):
        measure_revisions(1, 2)
    with pytest.raises(ValueError, match=r"first \(1,\), latest \(2,\)"):
        measure_revisions([1], [2, 3])


def test_mirror_flows_keep_their_sign_and_say_when_there_is_none() -> None:
    made = measure_mirror_asymmetry([0, 10, 0, np.nan], [10, 0, 0, 5])
    assert made.relative.value[:2].tolist() == [-2, 2]
    assert list(made.relative.reason[2:]) == [NO_FLOW, NO_FIGURE]
    assert list(made.absolute.state) == ["value", "value", "zero", "no_data"]
    with pytest.raises(ValueError, match="The shapes differ"):
        measure_mirror_asymmetry([1], [1, 2])


def test_a_country_is_the_sum_of_its_parts_and_of_the_unknown() -> None:
    parts = np.array([[4, 4, 4, np.nan, np.nan], [5, 5, 8, 9, 11]], dtype=float)
    made = check_hierarchy([10, 10, 10, 10, 10], parts, [1, 0, 1, 0, 0])
    assert list(made.verdict) == [
        "coherent",
        "differs",
        "parts_exceed_total",
        "not_checked",
        "parts_exceed_total",
    ]
    assert made.difference.value[:3].tolist() == [0, 1, -3]
    assert list(made.difference.state[3:]) == ["no_data"] * 2
    near = check_hierarchy([10, 10], [[4, 4], [5, 4]], tolerance=1)
    assert list(near.verdict) == ["coherent", "differs"]
    above = check_hierarchy([10, 10], [[6, 6], [5, 6]], tolerance=1)
    assert list(above.verdict) == ["coherent", "parts_exceed_total"]
    turned = check_hierarchy([10, 10, 10, 10, 10], parts.T, [1, 0, 1, 0, 0], axis=1)
    assert list(turned.verdict) == list(made.verdict)
    assert list(check_hierarchy([np.nan], [[4], [5]]).verdict) == ["not_checked"]


def test_the_difference_never_tells_a_hidden_part() -> None:
    states = [["value"], ["suppressed"]]
    made = check_hierarchy([10], [[6], [4]], given=states)
    assert list(made.difference.reason) == [WITHHELD]
    assert list(made.verdict) == ["not_checked"]
    # That the shown parts alone exceed the total says nothing of the hidden one.
    assert list(check_hierarchy([5], [[6], [4]], given=states).verdict) == ["parts_exceed_total"]
    assert list(check_hierarchy([8], [[6], [4]], given=states).verdict) == ["not_checked"]


def test_a_wrong_hierarchy_gets_a_sentence() -> None:
    with pytest.raises(
        ValueError, match=r"The totals have the shape \(2,\) and the parts \(2, 3\)"
    ):
        check_hierarchy([1, 2], np.zeros((2, 3)))
    with pytest.raises(ValueError, match="A tolerance of -1 was given, and it is a number from 0"):
        check_hierarchy([1], [[1]], tolerance=-1)
    with pytest.raises(ValueError, match=r"total \(1,\), unknown \(2,\)"):
        check_hierarchy([1], [[1]], [0, 0])


def test_two_blanks_are_not_the_same_person() -> None:
    table = pd.DataFrame({"born": [1990, 1990, 1990, None, None], "sex": ["f", "f", "m", "f", "f"]})
    made = count_duplicates(table, ["born", "sex"])
    assert (made.records, made.unique, made.excess, made.blank) == (5, 2, 1, 2)
    assert made.repeated.tolist() == [False, True, False, False, False]
    assert count_duplicates(table.iloc[:0], ["sex"]).records == 0
    with pytest.raises(ValueError, match=r"\['name'\] cannot be used. Name columns of the table: "):
        count_duplicates(table, ["name"])
    with pytest.raises(ValueError, match="Duplicates are found by key columns, and none cannot"):
        count_duplicates(table, [])


def test_heaping_counts_ages_that_end_in_nought_and_five() -> None:
    ages = np.arange(100)
    even, all_heaped = np.full(100, 7), np.where(ages % 5 == 0, 7, 0)
    outside = np.where((ages < 23) | (ages > 62), 1000, 7)
    made = measure_age_heaping([even, all_heaped, outside, 0 * even])
    assert made.estimates.value[:3].tolist() == [100, 500, 100]
    assert list(made.grade) == ["highly_accurate", "very_rough", "highly_accurate", "not_graded"]
    assert made.estimates.n.tolist() == [280, 56, 280, 0]
    assert made.estimates.at(3).reason == NO_POPULATION
    # The youngest and the oldest age count too.
    edge = np.zeros(100)
    edge[[22, 23, 25, 60, 62, 63]] = [100, 1, 1, 1, 1, 100]
    assert measure_age_heaping(edge).estimates.value == 250
    part = measure_age_heaping(even[20:70], first_age=20)
    assert part.estimates.value == 100
    hidden = measure_age_heaping([even, np.full(100, np.nan)], given=["suppressed", "value"])
    assert list(hidden.estimates.reason) == [WITHHELD, NO_FIGURE]
    assert list(hidden.grade) == ["not_graded"] * 2
    for first, length in ((24, 80), (0, 62)):
        with pytest.raises(ValueError, match=f"The ages go from {first} to {first + length - 1}"):
            measure_age_heaping(np.ones(length), first_age=first)


def test_heaping_grades_change_at_their_bounds() -> None:
    ages = np.arange(100)
    # 8 of the 40 ages end in 0 or 5: with h persons each, and 100 at others, the index is known.
    wanted = np.array([104.99, 105, 110, 125, 175])
    heaped = 400 * wanted / (500 - wanted)
    made = measure_age_heaping(np.where(ages % 5 == 0, heaped[:, None], 100))
    assert made.estimates.value == pytest.approx(wanted)
    told = ["highly_accurate", "fairly_accurate", "approximate", "rough", "very_rough"]
    # A bound itself may fall to either side by rounding; just above it is beyond it.
    made = measure_age_heaping(np.where(ages % 5 == 0, heaped[:, None] + 1e-6, 100))
    assert list(made.grade) == told


def test_printed_shares_that_no_whole_person_gives_are_found() -> None:
    made = find_attainable_parts(["77.8", "72", "62,12", "50 %", "101", "0"], [9, 66, 66, 3, 9, 9])
    assert made.attainable.tolist() == [True, False, True, False, False, True]
    assert made.lowest[[0, 2, 5]].tolist() == [7, 41, 0]
    assert made.highest[[0, 2, 5]].tolist() == [7, 41, 0]
    assert np.isnan(made.lowest[[1, 3, 4]]).all()
    assert (made.below[1], made.above[1]) == (47, 48)
    many = find_attainable_parts("4.7", 16_257)
    assert (many.lowest, many.highest) == (756, 772)
    # 0.5 % of 200 is one; 0.25 % of 400 lies between 0.2 and 0.3, and may be printed as either.
    between = find_attainable_parts(["0.2", "0.3", "0.1"], [400] * 3)
    assert between.attainable.tolist() == [True, True, False]
    assert not find_attainable_parts("99", [np.nan, 0, 2.5]).attainable.any()
    assert np.isnan(find_attainable_parts("99", [0]).below).all()
    assert not find_attainable_parts("-3", 9).attainable


@settings(max_examples=80)
@given(st.integers(1, 3000), st.data(), st.integers(0, 4))
def test_every_share_of_whole_persons_is_attainable(whole, data, decimals) -> None:
    part = data.draw(st.integers(0, whole))
    printed = f"{100 * part / whole:.{decimals}f}"
    made = find_attainable_parts(printed, whole)
    assert made.attainable
    assert made.lowest <= part <= made.highest
    for beyond, step in ((made.lowest, -1), (made.highest, 1)):
        other = 100 * (beyond + step) / whole
        # Beyond 0 and 100 % there is nobody, however near it lies.
        assert not 0 <= other <= 100 or abs(other - float(printed)) > 0.5 * 10**-decimals - 1e-12
    assert confirm_share(part, whole, printed)


@settings(max_examples=80)
@given(st.integers(1, 400), st.integers(0, 1100), st.integers(0, 1))
def test_the_check_of_returns_says_the_same(whole, digits, decimals) -> None:
    printed = f"{digits / 10**decimals:.{decimals}f}"
    warned = share_is_attainable("F", printed, whole)
    made = find_attainable_parts(printed, whole)
    assert bool(made.attainable) == (not warned)
    if warned and float(printed) <= 100:
        assert dict(warned[0].remark.parts)["below"] == f"{made.below:g}"


def test_all_pairs_of_a_percentage_are_listed() -> None:
    made = list_attainable_pairs("33", 12)
    tried = [
        (whole, part)
        for whole in range(1, 13)
        for part in range(whole + 1)
        if round(100 * part / whole) == 33
    ]
    assert list(made.itertuples(index=False, name=None)) == tried
    wide = list_attainable_pairs("50", 301, 300)
    assert wide["whole"].tolist() == [300] * 3 + [301] * 4
    assert wide["part"].tolist() == [149, 150, 151, 149, 150, 151, 152]
    assert list_attainable_pairs("72", 66, 66).empty
    with pytest.raises(ValueError, match="Wholes from 1 to 0 were asked for"):
        list_attainable_pairs("50", 0)


def test_shares_are_held_against_their_two_numbers() -> None:
    made = confirm_share(
        [7, 7, 8, np.nan, 0, 770],
        [9, 9, 9, 9, 0, 16_257],
        ["77.8", "77.7", "88.9", "1", "0", "4.7"],
    )
    assert made.tolist() == [True, False, True, False, False, True]
    with pytest.raises(ValueError, match=r"The parts have the shape \(2,\) and the wholes \(3,\)"):
        confirm_share([1, 2], [3, 3, 3], "33")
    with pytest.raises(ValueError, match="'about 5' cannot be read as a printed percentage"):
        find_attainable_parts("about 5", 9)
    with pytest.raises(ValueError, match="with at most 15 decimals"):
        find_attainable_parts("5.1234567890123456", 9)
    with pytest.raises(ValueError, match=r"printed shares of the shape \(2,\) and wholes of the"):
        find_attainable_parts(["5", "6"], [9, 9, 9])


def test_the_largest_numbers_do_not_run_over() -> None:
    made = find_attainable_parts("999.999999", 10**9)
    assert not made.attainable
    assert made.below == 9_999_999_990
    assert find_attainable_parts("99.999999", 10**9).lowest == 999_999_985
    # As many digits as a table calculation keeps; 41 of 66, and the share next to it.
    long = find_attainable_parts(["62.121212121212", "62.121212121213"], 66)
    assert long.attainable.tolist() == [True, False]
    assert long.lowest[0] == 41
    assert not find_attainable_parts("123456789012", 10**9).attainable
    assert find_attainable_parts(["100", "62.121212121212"], [7, 66]).highest.tolist() == [7, 41]


def test_order_of_rows_and_inputs(rng) -> None:
    whole = rng.integers(1, 200, 60)
    printed = [f"{value:.0f}" for value in rng.uniform(0, 100, 60)]
    order, kept = rng.permutation(60), whole.copy()
    made = find_attainable_parts(printed, whole)
    turned = find_attainable_parts([printed[place] for place in order], whole[order])
    assert np.array_equal(turned.lowest, made.lowest[order], equal_nan=True)
    assert (whole == kept).all()
    table = pd.DataFrame({"a": rng.integers(0, 9, 60), "b": 1})
    before = table.copy()
    assert (
        count_duplicates(table, ["a"]).excess == count_duplicates(table.iloc[order], ["a"]).excess
    )
    pd.testing.assert_frame_equal(table, before)
