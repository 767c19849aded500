"""Statements say nothing that the interval does not, and every number in them is bound."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assessment.outlook import Outlook, Watch, WatchedMonth
from analysis.assessment.rates import relate_to_residents
from analysis.assessment.series import Series
from analysis.assessment.trends import Trend
from analysis.catalog import load_areas, load_indicators
from analysis.documents import statements
from analysis.documents.model import Sentence
from analysis.documents.statements import (
    coherence,
    composite,
    contrasts,
    hidden,
    joinpoints,
    numbers,
    outlook,
    quality,
    ranks,
    rates,
    shifts,
    smoothing,
    spatial,
    trends,
)
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.methods.composite import Framework, build_composite, simulate_ranks
from analysis.methods.estimates import collect_estimates
from analysis.methods.hidden import estimate_hidden
from analysis.methods.hidden.cautions import SUPPORTED_DISAGREE
from analysis.methods.joinpoint import fit_count_joinpoints
from analysis.methods.quality import (
    check_hierarchy,
    find_attainable_parts,
    measure_completeness,
    measure_item_completeness,
    measure_mirror_asymmetry,
    measure_revisions,
    measure_timing,
)
from analysis.methods.rates import compare_with_rest, estimate_difference, estimate_ratio
from analysis.methods.reasons import NO_FIGURE, NOT_MEANT, TOO_SHORT, WITHHELD
from analysis.methods.shifts import find_level_shifts
from analysis.methods.smoothing import smooth_globally, smooth_relative_risks
from analysis.methods.spatial import (
    find_clusters,
    find_hot_spots,
    measure_geary,
    measure_moran,
    read_neighbours,
)
from analysis.methods.trends import fit_negative_binomial, rank_trends
from analysis.text import LANGUAGES, Translator, translator
from analysis.text.extract import extract_messages

EN = Wording(translator("en"))
INPUTS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb")
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
UP = re.compile(r"\b(rise|rose|rising|increase\w*|increasing|higher|above|more|worse)\b")
DOWN = re.compile(r"\b(fall|fell|falling|decrease\w*|decreasing|lower|below|less|better)\b")
# Says of both sides how likely each is, and so names neither.
BOTH_SIDES = "it may lie above it (probability ) or below it ()."
YEARS = re.compile(r"\b(19|20)\d\d(-\d\d)?\b")
CONSTANTS = re.compile(r"\b95\s?%|\bper 1,000\b|1[.,\s]?000")


def words(said: Sentence | list[Sentence]) -> str:
    """The text of sentences without their bound numbers."""
    every = [said] if isinstance(said, Sentence) else said
    return " ".join("".join(p for p in s.parts if isinstance(p, str)) for s in every)


def listed(said: Sentence | list[Sentence]) -> list[Sentence]:
    return [said] if isinstance(said, Sentence) else said


def with_inputs(result: Result, unit: str = "") -> Result:
    return replace(result, inputs=INPUTS, unit=unit or result.unit)


def result(value: float, lower: float, upper: float, unit: str = "percent") -> Result:
    return Result(
        state="value" if value else "zero",
        value=value,
        lower=lower,
        upper=upper,
        n=40,
        unit=unit,
        method="a method",
        inputs=INPUTS,
    )


def interval(value: float, lower: float, upper: float, shape: tuple[int, ...] = (1,)):
    ends = (np.full(shape, lower), np.full(shape, upper))
    return collect_estimates(np.full(shape, value), {0.95: ends}, n=40, method="a method")


@cache
def computed() -> SimpleNamespace:
    """Results that the methods really give for small arrays."""
    years = np.arange(2008, 2024)
    turning = [201, 223, 237, 270, 290, 325, 350, 391, 388, 402, 379, 393, 401, 386, 390, 397]
    row = read_neighbours(
        range(20), [(i, j) for i in range(20) for j in range(i, i + 4) if i < j < 20]
    )
    figures = [9, 9, 8, 9, 8, 8, *[1, 2, 3, 2, 1, 3, 1] * 2]
    lists = pd.DataFrame(
        {
            "police": [1, 0, 0, 1, 1, 0, 1],
            "ngo": [0, 1, 0, 1, 0, 1, 1],
            "shelter": [0, 0, 1, 0, 1, 1, 1],
            "count": [80, 70, 60, 25, 20, 18, 7],
        }
    )
    plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    table = [[10, 3], [20, 2], [30, 1], [40, 5], [np.nan, 1]]
    levels = [20, 24, 19, 22, 21, 18, 55, 61, 58, 52, 57, 60]
    flat = [20, 24, 19, 22, 21, 18, 25, 21, 18, 22, 17, 20]
    return SimpleNamespace(
        ratio=estimate_ratio([12, 2], [10_000, 10_000], [300, 300], [500_000, 500_000]),
        difference=estimate_difference([12], [10_000], [300], [500_000]),
        rest=compare_with_rest([12, 20, 30], [10_000, 50_000, 40_000]),
        ranks=rank_trends([[3, 5, 6, 9, 11, 14, 15, 19], [19, 15, 14, 11, 9, 6, 5, 3]]),
        long=fit_negative_binomial([9, 2, 8, 3, 12, 1, 11, 5, 15, 2, 18, 6, 20, 4, 25]),
        poisson=fit_negative_binomial([20] * 8 + [21] * 8),
        turning=fit_count_joinpoints(turning, np.full(16, 50_000), years),
        straight=fit_count_joinpoints(turning[:12], np.full(12, 50_000), years[:12], choose=0),
        shifted=find_level_shifts(levels, np.arange(2010, 2022), counted=True),
        fallen=find_level_shifts(levels[::-1], np.arange(2010, 2022), counted=True),
        steady=find_level_shifts(flat, np.arange(2010, 2022), counted=True),
        risks=smooth_relative_risks([2, 0, 14, 5, 21, 3], [5, 6, 7, 7, 11, 9]),
        smooth=smooth_globally([0, 30, 10], [500, 10_000, 9_500], per=1000, unit="per_1000"),
        moran=measure_moran(figures, row, seed=1, permutations=999),
        geary=measure_geary(figures[::-1], row),
        unlike=measure_moran([1, 9] * 10, row, seed=1, permutations=999),
        clusters=find_clusters(figures, row, seed=1),
        spots=find_hot_spots(figures, row, seed=1),
        hidden=estimate_hidden(lists, scope="country", seed=1, draws=200),
        composite=build_composite(table, plan),
        places=simulate_ranks(table, plan, seed=1, draws=50),
        complete=measure_completeness([72, 1999], [80, 2000], [4, 0]),
        items=measure_item_completeness(pd.DataFrame({"sex": ["f", "m"], "age": [17, None]})),
        timing=measure_timing(
            ["2021-12-31"] * 3,
            ["2022-06-30", "2022-06-30", "2022-06-30"],
            ["2022-07-15", "2022-06-30", "2022-06-28"],
        ),
        revised=measure_revisions([[50, 60]], [[52, 59]]),
        mirror=measure_mirror_asymmetry([300, 7], [500, 7]),
        hierarchy=check_hierarchy([10, 10, 10], [[4, 4, 8], [6, 5, 5]]),
    )


@cache
def series() -> Series:
    area = load_areas().find("Куманово")
    years = [
        replace(
            result(30.0, 20.0, 42.0, "persons"),
            period_start=f"{year}-01-01",
            period_end=f"{year}-12-31",
        )
        for year in range(2015, 2025)
    ]
    return Series(load_indicators().get("asylum_applications_persons"), area, tuple(years))


def trend(change: Result, label: str = "rising", note: str = "") -> Trend:
    return Trend(series(), label, change, note=note)


def watch(*, is_alarm: bool) -> Watch:
    month = replace(
        result(30.0, 20.0, 42.0, "persons"), period_start="2024-03-01", period_end="2024-03-31"
    )
    return Watch((WatchedMonth(month, replace(month, value=9.0, upper=17.0), is_alarm),))


def rate(count: float, residents: float = 10_000.0, direction: str = ""):
    def number(value: float) -> Result:
        return Result(
            state="value" if value else "zero",
            value=value,
            reference="cccccccccccc",
            period_end="2024-12-31",
        )

    indicator = replace(series().indicator, direction=direction or series().indicator.direction)
    country = (number(300.0), number(500_000.0))
    return relate_to_residents(indicator, series().area, number(count), number(residents), *country)


def spoken(w: Wording) -> dict[str, Sentence | list[Sentence]]:
    """Every statement about results of the methods, in a language."""
    c = computed()
    names = [f"Place {letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]
    ahead = replace(result(30.0, 20.0, 42.0, "persons"), period_end="2025-12-31")
    risk = [
        smoothing.say_smoothed_risk("A", c.risks, w, place=(i,), inputs=INPUTS) for i in (0, 1, 2)
    ]
    ratio = with_inputs(c.ratio.estimates.at(0))
    return {
        "ratio": contrasts.say_ratio("Butel", "Karposh", ratio, w),
        "ratio, unclear": contrasts.say_ratio(
            "Butel", "Karposh", with_inputs(c.ratio.estimates.at(1)), w
        ),
        "difference": contrasts.say_difference(
            "Butel", "Karposh", with_inputs(c.difference.at(0)), w
        ),
        "rest": contrasts.say_rest("Butel", with_inputs(c.rest.estimates.at(0)), w),
        "rest, adjusted": contrasts.say_rest("Butel", with_inputs(c.rest.estimates.at(0)), w, 0.06),
        "rest, lower": contrasts.say_rest("Butel", with_inputs(c.rest.estimates.at(1)), w, 0.05),
        "ranks": ranks.say_rank_trend(
            "Victims", with_inputs(c.ranks.slope.at(0)), float(c.ranks.p[0]), (2016, 2023), w
        ),
        "ranks, falling": ranks.say_rank_trend(
            "Victims", with_inputs(c.ranks.slope.at(1)), float(c.ranks.p[1]), (2016, 2023), w
        ),
        "long": ranks.say_long_trend("Victims", with_inputs(c.long.change.at()), (2009, 2023), w),
        "long, Poisson": ranks.say_long_trend(
            "Victims",
            with_inputs(c.poisson.change.at()),
            (2008, 2023),
            w,
            str(c.poisson.note[()]),
        ),
        "turning": joinpoints.say_joinpoints("Emigration", c.turning, w, inputs=INPUTS),
        "straight": joinpoints.say_joinpoints("Emigration", c.straight, w, inputs=INPUTS),
        "shifted": shifts.say_level_shifts("Cases", c.shifted, (2010, 2021), w, inputs=INPUTS),
        "fallen": shifts.say_level_shifts("Cases", c.fallen, (2010, 2021), w, inputs=INPUTS),
        "steady": shifts.say_level_shifts("Cases", c.steady, (2010, 2021), w, inputs=INPUTS),
        "risk, unclear": risk[0],
        "risk, below": risk[1],
        "risk, above": risk[2],
        "smoothed rate": smoothing.say_smoothed_rate("A", c.smooth, w, place=(0,), inputs=INPUTS),
        "alike": spatial.say_likeness("Rates", c.moran, w, inputs=INPUTS),
        "alike, by Geary": spatial.say_likeness("Rates", c.geary, w, inputs=INPUTS),
        "not alike": spatial.say_likeness("Rates", c.unlike, w, inputs=INPUTS),
        "cluster": spatial.say_cluster("A", c.clusters, w, place=(0,)),
        "no cluster": spatial.say_cluster("A", c.clusters, w, place=(12,)),
        "spot": spatial.say_cluster("A", c.spots, w, place=(0,)),
        "clusters": spatial.say_clusters("Rates", names, c.clusters, w),
        "spots": spatial.say_clusters("Rates", names, c.spots, w),
        "hidden": hidden.say_hidden("Victims", c.hidden, w, INPUTS),
        "hidden, unsure": hidden.say_hidden(
            "Victims", replace(c.hidden, cautions=(SUPPORTED_DISAGREE,)), w, INPUTS
        ),
        "cautions": hidden.say_cautions(c.hidden, w),
        "composite": composite.say_composite(
            "A", c.composite, c.places, w, place=(0,), inputs=INPUTS
        ),
        "composite, sure": composite.say_composite(
            "A", c.composite, c.places, w, place=(3,), inputs=INPUTS
        ),
        "coverage": composite.say_coverage("A", c.composite, w, place=(0,), inputs=INPUTS),
        "complete": quality.say_completeness("Returns", c.complete, w, place=(0,), inputs=INPUTS),
        "nearly complete": quality.say_completeness(
            "Returns", c.complete, w, place=(1,), inputs=INPUTS
        ),
        "items": quality.say_item_completeness("Records", c.items, w, INPUTS),
        "late": quality.say_timing("Figures", c.timing, w, place=(0,), inputs=INPUTS),
        "in time": quality.say_timing("Figures", c.timing, w, place=(1,), inputs=INPUTS),
        "early": quality.say_timing("Figures", c.timing, w, place=(2,), inputs=INPUTS),
        "revised": quality.say_revisions("Figures", c.revised, w, place=(0,), inputs=INPUTS),
        "mirror": coherence.say_mirror("Flow", c.mirror, w, place=(0,), inputs=INPUTS),
        "mirror, agreed": coherence.say_mirror("Flow", c.mirror, w, place=(1,), inputs=INPUTS),
        "adds up": coherence.say_hierarchy("Parts", c.hierarchy, w, place=(0,), inputs=INPUTS),
        "differs": coherence.say_hierarchy("Parts", c.hierarchy, w, place=(1,), inputs=INPUTS),
        "possible": attainability(w, 77.8, "77.8", 9),
        "impossible": attainability(w, 72.0, "72.0", 66),
        "trend": trends.say_trend(trend(result(5.0, 1.0, 9.0)), w),
        "trend, falling": trends.say_trend(trend(result(-5.0, -9.0, -1.0), "falling"), w),
        "trend, note": trends.say_trend(trend(result(5.0, -1.0, 9.0), note=TOO_SHORT), w),
        "places": trends.say_places([trend(result(5.0, 1.0, 9.0))], w),
        "rate": rates.say_rate(rate(30.0), w),
        "outlook": outlook.say_outlook(Outlook(series(), (ahead,), (ahead,), "naive", ""), w),
        "outlook, wide": outlook.say_outlook(
            Outlook(series(), (), (ahead,), "naive", TOO_SHORT), w
        ),
        "trend, without the pandemic too": trends.say_trend(
            replace(trend(result(5.0, 1.0, 9.0)), without_pandemic="rising"), w
        ),
        "rate, similar": rates.say_rate(rate(6.0), w),
        "alarm": outlook.say_watch(watch(is_alarm=True), w),
        "no alarm": outlook.say_watch(watch(is_alarm=False), w),
    }


def attainability(w: Wording, share: float, printed: str, whole: float) -> Sentence:
    return coherence.say_attainability(
        "Share",
        result(share, share, share),
        len(printed.partition(".")[2]),
        Result(state="value", value=whole, unit="persons", inputs=INPUTS),
        find_attainable_parts(printed, [whole]),
        w,
    )


def silent(w: Wording) -> dict[str, tuple[Sentence | list[Sentence], str]]:
    """Every statement about something that a method does not say, and its reason."""
    few, none = [3, 4, 5], Result(state="suppressed", reason=WITHHELD)
    withheld, years = ["suppressed", "value", "value"], [2020, 2021, 2022]
    row = read_neighbours("abc", ["ab", "bc"])
    plan = Framework({"work": ("jobs",)})
    states = ["suppressed", "value", "value"]
    built = build_composite([[1], [2], [3]], plan, given=states)
    alone = build_composite([[1]], Framework({"a": ("b",)}, goalposts={"b": (0, 2)}))
    one = simulate_ranks([[1]], Framework({"a": ("b",)}, goalposts={"b": (0, 2)}), seed=1, draws=9)
    missing = measure_timing([None], [None], [None])
    early = measure_timing(["2021-12-31"], ["2021-12-10"], ["2021-12-01"])
    nothing = measure_completeness([0], [0])
    blank = measure_revisions([[np.nan, 1]], [[2, np.nan]])
    zero = measure_revisions([[1, 1]], [[0, 0]])
    rates_of = smooth_globally(few, [9, 9, 9], given=withheld)
    no_case = estimate_ratio([2], [9], [0], [9]).estimates.at(0)
    lists = pd.DataFrame({"a": [1, 0, 1], "b": [0, 1, 1], "count": [9, 7, 40]})
    parts = check_hierarchy([9], [[4], [5]], given=[["suppressed"], ["value"]])
    at = {"place": (0,)}
    exact = result(50.0, 50.0, 50.0)
    unusable = find_attainable_parts("50", [0])
    return {
        "ratio": (contrasts.say_ratio("A", "B", no_case, w), "no case to compare with"),
        "difference": (contrasts.say_difference("A", "B", none, w), WITHHELD),
        "rest": (contrasts.say_rest("A", none, w, 0.01), WITHHELD),
        "ranks": (
            ranks.say_rank_trend("A", rank_trends(few).slope.at(), 0.01, (2020, 2022), w),
            TOO_SHORT,
        ),
        "long": (
            ranks.say_long_trend("A", fit_negative_binomial(few).change.at(), (2020, 2022), w),
            TOO_SHORT,
        ),
        "turning": (
            joinpoints.say_joinpoints("A", fit_count_joinpoints(few, [9, 9, 9], years), w),
            TOO_SHORT,
        ),
        "turning, withheld": (
            joinpoints.say_joinpoints(
                "A", fit_count_joinpoints(few, [9, 9, 9], years, given=withheld), w
            ),
            WITHHELD,
        ),
        "shifted": (
            shifts.say_level_shifts(
                "A", find_level_shifts(few, years, counted=True), (2020, 2022), w
            ),
            TOO_SHORT,
        ),
        "risk": (
            smoothing.say_smoothed_risk("A", smooth_relative_risks(few, [1, 2, 3]), w, **at),
            "not enough areas to say",
        ),
        "smoothed rate": (smoothing.say_smoothed_rate("A", rates_of, w, **at), WITHHELD),
        "alike": (
            spatial.say_likeness("A", measure_moran([1, 2, 3], row, seed=1, permutations=99), w),
            "not enough areas to say",
        ),
        "cluster": (
            spatial.say_cluster("A", find_clusters(few, row, seed=1), w, **at),
            "not enough areas to say",
        ),
        "hidden": (
            hidden.say_hidden("A", estimate_hidden(lists, scope="region", seed=1), w),
            "hidden persons are estimated for the whole country only",
        ),
        "composite": (
            composite.say_composite(
                "A",
                built,
                simulate_ranks([[1], [2], [3]], plan, seed=1, draws=9, given=states),
                w,
                **at,
            ),
            WITHHELD,
        ),
        "composite, one area": (
            composite.say_composite("A", alone, one, w, **at),
            "not enough areas to say",
        ),
        "coverage": (composite.say_coverage("A", built, w, **at), WITHHELD),
        "complete": (quality.say_completeness("A", nothing, w, **at), "nothing was to be provided"),
        "items": (
            quality.say_item_completeness(
                "A", measure_item_completeness(pd.DataFrame({"sex": pd.Series(dtype=object)})), w
            ),
            "no records to judge by",
        ),
        "timing": (quality.say_timing("A", missing, w, **at), NO_FIGURE),
        "lag": (quality.say_timing("A", early, w, **at), "came out before the period ended"),
        "revised": (quality.say_revisions("A", blank, w, **at), NO_FIGURE),
        "related": (quality.say_revisions("A", zero, w, **at), "the latest figures are all zero"),
        "mirror": (
            coherence.say_mirror("A", measure_mirror_asymmetry([0], [0]), w, **at),
            "no flow on either side",
        ),
        "adds up": (coherence.say_hierarchy("A", parts, w, **at), WITHHELD),
        "possible": (
            coherence.say_attainability("A", exact, 0, none, find_attainable_parts("50", [9]), w),
            WITHHELD,
        ),
        "possible of none": (
            coherence.say_attainability(
                "A", exact, 0, Result(state="zero", value=0.0), unusable, w
            ),
            "no cases to take a share of",
        ),
        "possible of halves": (
            coherence.say_attainability(
                "A",
                exact,
                0,
                Result(state="value", value=2.5),
                find_attainable_parts("50", [2.5]),
                w,
            ),
            coherence.NO_WHOLE_NUMBER,
        ),
        "trend": (
            trends.say_trend(trend(Result(state="not_applicable", reason=NOT_MEANT)), w),
            NOT_MEANT,
        ),
        "rate": (rates.say_rate(rate(3.0, 0.0), w), "no population to relate the cases to"),
        "outlook": (outlook.say_outlook(Outlook(series(), (), (), "", TOO_SHORT), w), TOO_SHORT),
        "watch": (outlook.say_watch(Watch((), NO_FIGURE), w), NO_FIGURE),
    }


# Numbers that stay where another is silent: the score without a rank, the day without a lag.
STILL_TOLD = {"composite, one area", "lag", "related"}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_silent_statement_gives_its_reason_and_no_number(code: str) -> None:
    w = Wording(translator(code))
    for name, (said, reason) in silent(w).items():
        every = listed(said)
        assert any(w.translate(reason) in str(s) for s in every), name
        held = [n for s in every for n in s.numbers if n.value is not None]
        assert bool(held) == (name in STILL_TOLD), name


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_each_language_says_the_same_numbers(code: str) -> None:
    said = spoken(Wording(translator(code)))
    for name, expected in spoken(EN).items():
        facts, wanted = (
            [(n.value, n.state, n.inputs, n.method) for s in listed(every) for n in s.numbers]
            for every in (said[name], expected)
        )
        assert sorted(facts, key=str) == sorted(wanted, key=str), name
        assert all(str(sentence).strip() for sentence in listed(said[name])), name


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_no_digit_stands_unbound(code: str) -> None:
    w = Wording(translator(code))
    every = {**spoken(w), **{f"{name}, silent": said for name, (said, _) in silent(w).items()}}
    for name, said in every.items():
        left = CONSTANTS.sub("", YEARS.sub("", words(said)))
        assert not re.search(r"\d", left), f"{name}: {left}"


def test_each_number_of_a_method_tells_its_inputs() -> None:
    for name, said in spoken(EN).items():
        for bound in (n for s in listed(said) for n in s.numbers):
            assert bound.inputs or bound.reference, f"{name}: {bound.text}"


EXACT = {
    "outlook, wide": "Asylum applications in the year, Kumanovo: no forecast (not enough years to "
    "say: between 20 and 42 in 2025, four times in five).",
    "trend, falling": "Asylum applications in the year, Kumanovo: a fall from 2015 to 2024, on "
    "average -5.0 % a year (95 % interval: -9.0 % to -1.0 %); without 2020 and 2021 it is not "
    "clear.",
    "trend, without the pandemic too": "Asylum applications in the year, Kumanovo: a rise from "
    "2015 to 2024, on average +5.0 % a year (95 % interval: 1.0 % to 9.0 %).",
    "rate, similar": "Asylum applications in the year, Kumanovo, 2024: 0.600 per 1,000 residents "
    "(95 % interval: 0.220 to 1.3); similar to the country, which has 0.600.",
    "ratio": "Butel, compared with Karposh: a higher rate; 2.00 times the rate (95 % interval: "
    "1.02 to 3.55).",
    "difference": "Butel, compared with Karposh: a higher rate; the rates differ by +0.600 per "
    "1,000 residents (95 % interval: +0.015 to +1.5).",
    "rest, lower": "Butel, compared with all other areas together: a lower rate; 0.48 times the "
    "rate (95 % interval: 0.26 to 0.83).",
    "rest, adjusted": "Butel, compared with all other areas together: no clear difference, "
    "because among so many areas some stand out by chance; 2.16 times the rate (95 % interval of "
    "this area alone: 1.05 to 4.11).",
    "ranks, falling": "Victims, by the order of the years from 2016 to 2023: a fall, with a "
    "median change of -2.2 a year (95 % interval: -2.6 to -2.0).",
    "long": "Victims, the long series from 2009 to 2023: no clear change, on average +8.3 % a "
    "year (95 % interval: -1.3 % to +18.7 %).",
    "turning": "Emigration: the trend turns around 2015; on average from 2008 to 2023: a rise, "
    "+4.6 % a year (95 % interval: +4.1 % to +5.1 %). From 2008 to 2015: a rise, +10.0 % a year "
    "(95 % interval: +9.0 % to +11.0 %). From 2015 to 2023: no clear change, +0.1 % a year (95 % "
    "interval: -0.5 % to +0.7 %).",
    "fallen": "Cases, from 2010 to 2015: on average 57.2 a year (95 % interval, if the years of "
    "the shifts are right: 50.7 to 64.5). From 2016 to 2021: a lower level than before; on "
    "average 20.7 a year (95 % interval, if the years of the shifts are right: 16.9 to 25.2). A "
    "shift says when a level changed, not why.",
    "risk, unclear": "A: not to be told apart from the overall level, with a smoothed relative "
    "risk of 0.51 (95 % interval: 0.11 to 1.19; raw 0.40); it may lie above it (probability 6 %) "
    "or below it (94 %).",
    "risk, below": "A: below the overall level, with a smoothed relative risk of 0.17 (95 % "
    "interval: 0.01 to 0.56; raw 0.00); probability of lying below it: more than 99 %.",
    "smoothed rate": "A: 1.7 per 1,000 residents after smoothing, 0.0 before; its rate was drawn "
    "towards 2.0.",
    "alike, by Geary": "Rates: neighbouring areas are more alike than chance lets expect (Geary's "
    "C 0.27, 20 areas).",
    "not alike": "Rates: no sign that neighbouring areas are more alike than chance lets expect "
    "(Moran's I -0.34, 20 areas).",
    "clusters": "Rates: high together with their neighbours: Place A, Place B, Place C, Place D.",
    "hidden": "Victims: an estimated 507 in all (95 % interval: 446 to 581), of whom 280 are on a "
    "list. On no list: an estimated 227 (95 % interval: 166 to 301). Nobody has counted them; "
    "this is an estimate of those never listed. The models that the lists allow give totals from "
    "504 to 542, and those among them that fit well from 504 to 514.",
    "composite": "A: score 7.1; between rank 3 and rank 4 of 4, counted from the highest score, "
    "as nine in ten ways of making the score have it.",
    "complete": "Returns: of what users need, 90.0 % has come (80 figures needed). Returns: of "
    "what had to be provided, 94.7 % has come (76 figures due).",
    "nearly complete": "Returns: of what users need, 99.95 % has come (2,000 figures needed). "
    "Returns: of what had to be provided, 99.95 % has come (2,000 figures due).",
    "early": "Figures: days from the end of the period to the release: 179. Figures: released "
    "earlier than promised; days early: 2.",
    "revised": "Figures: from the first to the latest figures of 2 periods, a mean change of "
    "+0.500 and a mean size of changes of 1.5, which is 2.7 % of the latest figures.",
    "mirror": "Flow: departures reported at one end less arrivals reported at the other: -200 "
    "(-50.0 % of the mean of both).",
    "differs": "Parts: the parts do not add up to the total; total less parts: +1.",
    "impossible": "Share: no whole number of cases out of 66 gives 72.0 %.",
    "alarm": "2024-03: 30, where no more than 17 was to be expected. A prompt for a look, not a "
    "finding.",
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_results_of_the_methods_read_as_they_should(name: str) -> None:
    said = " ".join(str(s) for s in listed(spoken(EN)[name]))
    assert said.replace(SPACE, " ").replace(MINUS, "-") == EXACT[name]


def comparisons(
    end: Result, ratio: Result, p_value: float, probability: float, label: str
) -> dict[str, Sentence | list[Sentence]]:
    """Statements with a direction, about one interval around 0 and one around 1."""
    c = computed()
    ends = (end.value, end.lower, end.upper)
    average = interval(*ends, shape=())
    segments = interval(*ends, shape=c.turning.apc.shape)
    turning = replace(c.turning, aapc=average, apc=segments)
    straight = replace(c.straight, aapc=average)
    risks = replace(
        c.risks,
        estimates=interval(ratio.value, ratio.lower, ratio.upper),
        above=np.array([probability]),
        raw=np.array([1.3]),
    )
    per = replace(end, unit="per_1000")
    return {
        "difference": contrasts.say_difference("A", "B", per, EN),
        "ranks": ranks.say_rank_trend("A", end, p_value, (2010, 2020), EN),
        "long": ranks.say_long_trend("A", end, (2010, 2020), EN, NOT_MEANT),
        "trend": trends.say_trend(trend(end, label), EN),
        "turning": joinpoints.say_joinpoints("A", turning, EN),
        "straight": joinpoints.say_joinpoints("A", straight, EN),
        "ratio": contrasts.say_ratio("A", "B", ratio, EN),
        "rest": contrasts.say_rest("A", ratio, EN, p_value),
        "risk": smoothing.say_smoothed_risk("A", risks, EN, place=(0,)),
    }


def directions(said: Sentence | list[Sentence]) -> tuple[bool, bool]:
    text = words(said).replace(BOTH_SIDES, "")
    return bool(UP.search(text)), bool(DOWN.search(text))


part = st.floats(0, 1, allow_subnormal=False)
LABELS = st.sampled_from(["rising", "falling", "no_clear_change"])


@settings(max_examples=60)
@given(part, part, st.floats(0, 500), part, part, part, LABELS)
def test_an_interval_that_holds_no_difference_names_no_direction(
    low: float, high: float, size: float, where: float, p_value: float, above: float, label: str
) -> None:
    lower, upper = -size * low, size * high
    end = result(lower + where * (upper - lower), lower, upper)
    # Rounding must not carry the value out of its interval.
    end = replace(end, value=min(max(end.value, lower), upper) or 0.0)
    end = replace(end, state="value" if end.value else "zero")
    shrunk, grown = 1 - low, 1 + upper
    ratio = result(min(max(shrunk + where * (grown - shrunk), shrunk), grown), shrunk, grown)
    for name, said in comparisons(end, ratio, p_value, above, label).items():
        assert directions(said) == (False, False), f"{name}: {words(said)}"


@settings(max_examples=40)
@given(
    st.floats(1e-5, 80),
    part,
    part,
    st.sampled_from([1, -1]),
    st.floats(0, 0.05),
    st.floats(0.95, 1),
)
def test_a_direction_is_that_of_the_interval(
    near: float, first: float, second: float, sign: int, p_value: float, sure: float
) -> None:
    near_, value, far = near, near * (1 + first), near * (1 + first) * (1 + second)
    end = result(sign * value, *sorted((sign * near_, sign * far)))
    times = [(1 + x / 100) ** sign for x in (near_, value, far)]
    ratio = result(times[1], min(times), max(times))
    above = sure if sign > 0 else 1 - sure
    label = "rising" if sign > 0 else "falling"
    expected = (sign > 0, sign < 0)
    for name, said in comparisons(end, ratio, p_value, above, label).items():
        assert directions(said) == expected, f"{name}: {words(said)}"


@pytest.mark.parametrize(
    ("p_value", "probability", "quiet"),
    [
        (0.051, 0.99, {"ranks", "rest"}),
        (float("nan"), 0.99, {"ranks", "rest"}),
        (0.05, 0.949, {"risk"}),
        (0.05, float("nan"), {"risk"}),
        (0.05, 0.95, set()),
    ],
)
def test_a_second_proof_that_fails_takes_the_direction_back(
    p_value: float, probability: float, quiet: set[str]
) -> None:
    said = comparisons(result(3.0, 1.0, 5.0), result(3.0, 1.5, 5.0), p_value, probability, "rising")
    assert {name for name, s in said.items() if not any(directions(s))} == quiet


@settings(max_examples=40)
@given(st.integers(0, 60), st.sampled_from(["", "higher_is_better", "lower_is_better", "none"]))
def test_a_rate_is_placed_only_where_the_country_lies_outside_its_interval(
    count: int, direction: str
) -> None:
    made = rate(float(count), direction=direction)
    said = directions(rates.say_rate(made, EN))
    benchmark = made.benchmark.value
    holds = made.rate.lower <= benchmark <= made.rate.upper
    assert any(said) != holds
    assert not all(said)


@given(part, part, st.floats(0, 900), st.floats(0, 900), st.floats(0.5, 90))
def test_levels_that_touch_are_not_called_higher_or_lower(
    before: float, after: float, first: float, second: float, half: float
) -> None:
    found = computed().shifted
    value = np.full(found.levels.shape, np.nan)
    value[:2] = first, second
    lower, upper = value - half * before, value + half * after
    levels = collect_estimates(
        value,
        {0.95: (lower, upper)},
        n=9,
        method="a method",
    )
    said = shifts.say_level_shifts("A", replace(found, levels=levels), (2010, 2021), EN)
    expected = (bool(lower[1] > upper[0]), bool(upper[1] < lower[0]))
    assert directions(said) == expected


def test_a_trend_of_places_takes_no_direction_from_a_label_alone() -> None:
    wide = result(5.0, -1.0, 9.0)
    said = trends.say_places([trend(wide, "rising"), trend(wide, "falling")], EN)
    assert directions(said) == (False, False)
    assert "no clear change in Kumanovo, Kumanovo" in str(said)


@pytest.mark.parametrize(
    ("sign", "missing", "text"),
    [
        (1, "lower", "none to +4.0"),
        (1, "upper", "+2.0"),
        (-1, "lower", "none to "),
        (-1, "upper", "to none"),
    ],
)
def test_an_interval_without_a_limit_names_no_direction(sign: int, missing: str, text: str) -> None:
    ends = sorted((2.0 * sign, 4.0 * sign))
    half = replace(result(3.0 * sign, *ends), **{missing: None})
    said = ranks.say_long_trend("A", half, (2010, 2020), EN)
    assert directions(said) == (False, False)
    assert "no clear change" in str(said)
    assert text in str(said)


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.983, "98 %"), (0.992, "more than 99 %"), (0.012, "1 %"), (0.009, "less than 1 %")],
)
def test_a_probability_is_never_none_and_never_certain(probability: float, text: str) -> None:
    bound = smoothing._bind_probability(probability, result(1.2, 0.9, 1.6), EN)
    assert bound.text.replace(SPACE, " ") == text
    assert bound.value == pytest.approx(100 * probability)


def test_three_levels_are_each_compared_with_the_one_before() -> None:
    cases = [20, 22, 19, 21, 20, 90, 95, 88, 92, 91, 50, 52, 49, 51, 50]
    made = find_level_shifts(cases, np.arange(2005, 2020), counted=True)
    said = [str(s) for s in shifts.say_level_shifts("Cases", made, (2005, 2019), EN)]
    assert [s.partition(" on average")[0] for s in said] == [
        "Cases, from 2005 to 2009:",
        "From 2010 to 2014: a higher level than before;",
        "From 2015 to 2019: a lower level than before;",
        "A shift says when a level changed, not why.",
    ]


def test_a_part_of_one_becomes_per_cent_with_its_limits() -> None:
    share = numbers.turn_to_percent(result(0.75, 0.5, 0.875, "of 1"))
    assert (share.value, share.lower, share.upper, share.unit) == (75.0, 50.0, 87.5, "percent")


@pytest.mark.parametrize("limit", [float("inf"), None])
def test_a_limit_that_is_not_there_is_a_word(limit: float | None) -> None:
    open_ = replace(result(3.0, 2.0, 4.0), upper=limit)
    bound = numbers.bind_limits(open_, EN, numbers.write_pace)["upper"]
    assert (bound.text, bound.value, bound.state) == ("none", None, "not_applicable")


def test_a_limit_beside_no_difference_does_not_look_like_none() -> None:
    close = contrasts.say_ratio("A", "B", result(1.2, 1.0004, 1.4), EN)
    assert "1.0004 to 1.40" in str(close)
    slow = ranks.say_long_trend("A", result(0.4, 0.03, 0.8), (2010, 2020), EN)
    assert f"+0.03{SPACE}% to +0.8{SPACE}%" in str(slow)
    assert numbers.write_pace(0.05, EN.language) == f"+0.05{SPACE}%"
    assert numbers.write_pace(0.0, EN.language) == f"0.0{SPACE}%"
    assert numbers.write_decimal(-0.0001, EN.language) == f"{MINUS}0.0001"


@pytest.mark.parametrize("missing", [(True, True), (True, False), (False, True)])
def test_a_rank_alone_needs_both_its_limits(missing: tuple[bool, bool]) -> None:
    c = computed()
    ends = tuple(np.where(gone, np.nan, c.places.ranks.value) for gone in missing)
    bare = collect_estimates(
        c.places.ranks.value,
        {0.9: ends},
        n=2,
        method="m",
        refused=[(~c.places.ranks.is_number, NO_FIGURE)],
    )
    said = composite.say_composite("A", c.composite, replace(c.places, ranks=bare), EN, place=(3,))
    assert str(said) == "A: score 100.0; no rank (nothing shows how sure it is)."


def test_one_rank_is_said_only_where_the_interval_is_one_rank() -> None:
    c = computed()
    for place in range(4):
        low, high = c.places.ranks.lower[place], c.places.ranks.upper[place]
        said = str(composite.say_composite("A", c.composite, c.places, EN, place=(place,)))
        assert ("between rank" in said) == (low < high)
        assert ("; rank" in said) == (low == high)


def test_a_number_that_may_not_be_quoted_is_not_in_the_sentence() -> None:
    said = spoken(EN)["hidden, unsure"]
    assert 507.0 not in [n.value for s in said for n in s.numbers]
    assert "no single number can be given; between 446 and 581" in str(said[0])


def test_persons_are_rounded_and_limits_outwards() -> None:
    whole = numbers.turn_to_whole(result(507.5, 446.9, 581.1))
    assert (whole.value, whole.lower, whole.upper) == (508.0, 446.0, 582.0)


@pytest.mark.parametrize(
    ("admissible", "text"),
    [
        ((300.0, 300.0), "Only one model can be worked out, so no range of models can be given."),
        ((300.0, np.inf), "How far other models differ could not be worked out."),
        ((300.9, 400.1), "give totals from 300 to 401, and those among them that fit well"),
    ],
)
def test_the_range_of_models_is_said_or_why_not(admissible: tuple[float, float], text: str) -> None:
    made = replace(computed().hidden, admissible=admissible)
    assert text in str(hidden.say_hidden("A", made, EN)[2])


def test_each_caution_is_a_sentence_of_its_own() -> None:
    made = computed().hidden
    said = [str(s) for s in hidden.say_cautions(made, EN)]
    assert len(said) == len(made.cautions) >= 8
    assert said[0] == "Holds for the whole country only, never for a single municipality."
    refused = estimate_hidden(
        pd.DataFrame({"a": [1, 0, 1], "b": [0, 1, 1], "count": [9, 7, 40]}), scope="region", seed=1
    )
    assert hidden.say_cautions(refused, EN), "cautions stand beside the absence of a number too"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("high_high", "A: high together with its neighbours, more than chance lets expect."),
        ("low_low", "A: low together with its neighbours, more than chance lets expect."),
        ("high_low", "A: high among neighbours that are low, more than chance lets expect."),
        ("low_high", "A: low among neighbours that are high, more than chance lets expect."),
        ("not_significant", "A: nothing about it and its neighbours that chance rules out."),
    ],
)
def test_each_label_has_its_words(label: str, text: str) -> None:
    made = computed().clusters
    found = replace(made, label=np.array([label] * 20, dtype=object))
    assert str(spatial.say_cluster("A", found, EN, place=(0,))) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("high_high", "A: a hot spot; the area and its neighbours together are higher than "),
        ("low_low", "A: a cold spot; the area and its neighbours together are lower than "),
    ],
)
def test_spots_speak_of_the_neighbourhood(label: str, text: str) -> None:
    found = replace(computed().spots, label=np.array([label] * 20, dtype=object))
    assert text in str(spatial.say_cluster("A", found, EN, place=(0,)))


def test_a_label_without_a_figure_is_not_said() -> None:
    row = read_neighbours("abc", ["ab", "bc"])
    made = find_clusters([1, 2, 3], row, seed=1)
    made = replace(made, label=np.array(["high_high"] * 3, dtype=object))
    said = spatial.say_cluster("A", made, EN, place=(0,))
    assert "cannot be said (not enough areas to say)" in str(said)
    every = spatial.say_clusters("Rates", "ABC", made, EN)
    assert "high together" not in str(every)


def test_areas_without_a_word_are_named_apart() -> None:
    row = read_neighbours("abc", ["ab", "bc"])
    said = spatial.say_clusters("Rates", "ABC", find_clusters([1, 2, 3], row, seed=1), EN)
    assert str(said) == "Rates: cannot be said for A, B, C (not enough areas to say)."
    many = read_neighbours(range(31), [(i, i + 1) for i in range(29)])
    figures = [*[1.0, 2.0, 2.0] * 10, 5.0]
    names = [f"Place {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcde"]
    mixed = spatial.say_clusters("Rates", names, find_clusters(figures, many, seed=1), EN)
    assert str(mixed) == (
        "Rates: no area stands out together with its neighbours; cannot be said for Place e "
        "(no neighbouring area)."
    )


def test_a_difference_that_would_tell_a_withheld_part_is_not_written() -> None:
    made = check_hierarchy([9], [[4], [15]], given=[["suppressed"], ["value"]])
    said = coherence.say_hierarchy("Parts", made, EN, place=(0,))
    assert str(said) == "Parts: the parts are more than the total."
    assert said.numbers == ()


def test_limits_of_another_level_are_refused() -> None:
    wide = collect_estimates([2.0], {0.9: ([1.0], [3.0])}, n=4, method="m")
    with pytest.raises(ValueError, match=r"made at the level 0\.9, and the sentence would call"):
        numbers.take_result(wide, (0,), ())


def test_a_unit_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="'times' is no unit that a rate is said in"):
        contrasts.say_difference("A", "B", result(1.0, 0.5, 2.0, "times"), EN)


def test_a_withheld_result_keeps_all_numbers_beside_it_withheld() -> None:
    none = Result(state="suppressed", reason=WITHHELD)
    assert numbers.give_value(none, 4.0) is none
    assert numbers.turn_to_percent(none).value is None
    assert numbers.turn_to_whole(none) is none
    assert numbers.read_side(none) == "unclear"


def test_every_message_is_found_for_the_catalogs() -> None:
    asked: set[str] = set()

    class Listener(Translator):
        def __call__(self, message: str) -> str:
            asked.add(message)
            return message

    w = Wording(Listener(EN.language, NullTranslations()))
    spoken(w)
    silent(w)
    package = Path(statements.__file__).resolve().parents[2]
    found = {m.id for m in extract_messages(package)}
    assert len(asked) > 90
    assert asked <= found


def test_a_printed_share_keeps_its_digits() -> None:
    assert str(attainability(EN, 72.0, "72", 25)).replace(SPACE, " ") == (
        "Share: 72 % of 25 can come from a whole number of cases."
    )
    assert "33.33" in str(attainability(EN, 33.33, "33.33", 9))
