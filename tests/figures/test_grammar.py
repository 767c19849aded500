"""What charts of states say in their files: no number, no mark; a break is a break."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from figures.conftest import GRAMMAR
from figures.gallery import GALLERY, WORDS, draw_sample
from lxml import etree

from analysis.figures.capacity import CapacityError, chart_capacity
from analysis.figures.cascade import chart_cascade, share_steps
from analysis.figures.export import to_svg
from analysis.figures.lines import chart_lines, cut_lines
from analysis.figures.looks import DARK, apply_look
from analysis.figures.map_marks import measure_contrast
from analysis.figures.plan import PlanError, chart_plan
from analysis.figures.states import StateError, check_states
from analysis.figures.theme import HERE, INK, PAPER
from analysis.figures.tiles import ScoreError, chart_tiles
from analysis.text import LANGUAGES

# Of the height of a letter; the mean width of our font is about half of it.
NARROW = 0.38
DATES = ["plan_start", "plan_end", "actual_start", "actual_end"]


def svg_of(kind: str, language: str = "en") -> str:
    return to_svg(draw_sample(kind, language), LANGUAGES[language])


def series(*values: float | None, state: str = "suppressed", **more: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "series": "s",
            "year": range(2000, 2000 + len(values)),
            "value": pd.Series(values, dtype=float),
            "lower": None,
            "upper": None,
            "state": [state if v is None else "zero" if v == 0 else "value" for v in values],
            "word": ["×" if v is None else "" for v in values],
            "break_word": "",
        }
    )
    return rows.assign(**more)


def draw_lines(rows: pd.DataFrame) -> str:
    years = list(range(2000, 2000 + len(rows)))
    return to_svg(chart_lines(rows, ["s"], years, "n"), LANGUAGES["en"])


def count_lines(svg: str) -> list[int]:
    """Count the corners of each line that is drawn."""
    paths = re.findall(rf'<path[^>]*\bd="([^"]*)"[^>]*stroke="{HERE}"', svg)
    return [path.count("L") + 1 for path in paths if "A" not in path and path.count("L")]


@pytest.mark.parametrize(
    ("state", "count", "told"),
    [
        ("suppressed", 3.0, r"'suppressed' and yet holds a number in 'count'"),
        ("no_data", 0.0, r"'no_data' and yet holds a number"),
        ("value", None, r"'value' and has no 'count'"),
        ("value", 0.0, r"A zero is 'zero'"),
        ("zero", 2.0, r"'zero' with 2\.0"),
        ("hidden", None, r"state 'hidden'.*value, zero, suppressed, no_data, not_applicable"),
    ],
)
def test_numbers_and_states_that_differ_are_refused(state, count, told):
    with pytest.raises(StateError, match=told):
        check_states(pd.DataFrame({"count": [count], "state": [state]}), ["count"])


def test_a_refusal_does_not_tell_what_is_withheld():
    rows = pd.DataFrame({"count": [4711.0], "state": ["suppressed"]})
    with pytest.raises(StateError) as refused:
        check_states(rows, ["count"])
    assert "4711" not in str(refused.value)


@pytest.mark.parametrize("limit", ["lower", "upper"])
def test_a_withheld_year_may_have_no_limit_either(limit):
    with pytest.raises(StateError, match=f"number in '{limit}'"):
        draw_lines(series(1, None, 3).assign(**{limit: [0.5, 0.5, 0.5]}))


def test_a_line_is_cut_at_a_gap_and_at_a_break():
    assert count_lines(draw_lines(series(1, 2, 3, 4, 5, 6))) == [6]
    assert count_lines(draw_lines(series(1, 2, 3, None, 5, 6))) == [3, 2]
    broken = series(1, 2, 3, 4, 5, 6, break_word=["", "", "new", "", "", ""])
    assert count_lines(draw_lines(broken)) == [2, 4]
    assert ">new<" in draw_lines(broken)
    missing = series(1, 2, 3, 4, 5, 6).drop(index=2)
    assert cut_lines(missing)["stretch"].tolist() == [0, 0, 1, 1, 1]


def test_fewer_than_five_numbers_are_not_joined():
    assert count_lines(draw_lines(series(1, 2, 3, 4))) == []
    assert count_lines(draw_lines(series(1, 2, 3, 4, None))) == []
    assert count_lines(draw_lines(series(1, 2, 3, 4, 5))) == [5]


def test_a_year_without_a_number_has_a_word_and_no_dot():
    drawn = chart_lines(series(1, None, 0, 4, 5), ["s"], list(range(2000, 2005)), "n").to_dict()
    parts = [(row["part"], row["year"]) for row in drawn["datasets"]["rows"]]
    assert parts == [
        *(("point", year) for year in (2000, 2002, 2003, 2004)),
        ("silent", 2001),
    ]
    hollow = [row["year"] for row in drawn["datasets"]["rows"] if row.get("is_zero")]
    assert hollow == [2002]


def test_a_withheld_step_cannot_be_worked_out():
    rows = pd.DataFrame(
        {
            "step": list("abcd"),
            "count": [113.0, 40.0, None, 20.0],
            "state": ["value", "value", "suppressed", "value"],
            "label": ["113", "40", "× withheld", "20"],
        }
    )
    shares = share_steps(rows)
    assert shares["of_previous"].round(1).fillna(-1).tolist() == [-1, 35.4, -1, -1]
    assert shares["of_first"].round(1).fillna(-1).tolist() == [-1, 35.4, -1, 17.7]
    sets = chart_cascade(rows, ("n", "p", "f"), "{:.1f}".format).to_dict()["datasets"]
    assert [row["step"] for row in sets["bars"]] == ["a", "b", "d"]
    assert [(r["previous"], r["first"]) for r in sets["words"]] == [
        ("", ""),
        ("35.4", "35.4"),
        ("", ""),
        ("", "17.7"),
    ]


@pytest.mark.parametrize("state", ["suppressed", "zero"])
def test_no_share_of_a_first_step_that_is_no_number_or_zero(state):
    first = 0.0 if state == "zero" else None
    shares = share_steps(pd.DataFrame({"count": [first, 4.0], "state": [state, "value"]}))
    assert shares[["of_previous", "of_first"]].isna().all(axis=None)


def test_a_tile_says_score_and_n_or_the_pattern_of_its_state():
    sets = draw_sample("tiles", "en").to_dict()["datasets"]
    assert len(sets["filled"]) == 9
    assert [row["state"] for row in sets["silent"]] == ["suppressed", "no_data", "not_applicable"]
    svg = svg_of("tiles")
    for word in ("withheld", "silent", "off"):
        assert f">{WORDS['en'][word]}<" in svg
    # Two lines cross a withheld tile; one each goes through the two others.
    assert len(re.findall(r"<line\b", svg)) == 4


def test_an_average_is_no_tile():
    rows = pd.DataFrame(
        [{"area": "a", "column": "b", "score": 62.5, "state": "value", "label": "", "n_label": ""}]
    )
    with pytest.raises(ScoreError, match=r"score 62\.5\. Expected 0, 50 or 100"):
        chart_tiles(rows, ["a"], ["b"])


def task(*dates: str) -> pd.DataFrame:
    return pd.DataFrame([dates], columns=DATES).assign(task="t", label="said")


def test_a_task_is_drawn_from_its_dates_alone():
    sets = chart_plan(
        task("2026-01-01", "2026-01-31", "2026-01-11", ""), "2026-01-21", "d"
    ).to_dict()
    (planned,), (done,) = sets["datasets"]["planned"], sets["datasets"]["done"]
    days = 86_400_000
    assert planned["to"] - planned["from"] == 30 * days
    assert done["to"] - done["from"] == 10 * days
    assert done["is_open"]
    blank = chart_plan(task("", "", "", ""), "2026-01-21", "d").to_dict()["datasets"]
    assert blank["planned"] == blank["done"] == []
    assert blank["words"] == [{"task": "t", "label": "said"}]


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (("soon", "", "", ""), r"'t' has the date 'soon'. Expected year-month-day"),
        (("2026-02-01", "2026-01-01", "", ""), r"ends \('plan_end'\) before it begins"),
        (("", "", "", "2026-01-01"), r"ends \('actual_end'\) before it begins"),
        (("2026-02-01", "", "", ""), r"planned without an end"),
        (("", "", "2026-07-01", ""), r"done after the day of the plan \('actual_start'\)"),
    ],
)
def test_dates_that_cannot_be_are_refused(dates, told):
    with pytest.raises(PlanError, match=told):
        chart_plan(task(*dates), "2026-06-15", "d")


def test_a_stock_has_no_area_across_a_gap():
    sets = draw_sample("capacity", "en").to_dict()["datasets"]
    years = {row["year"]: row for row in sets["stock"]}
    assert sorted(years) == [2018, 2019, 2020, 2022, 2023, 2025]
    assert [years[y]["stretch"] for y in sorted(years)] == sorted(
        years[y]["stretch"] for y in years
    )
    assert len({row["stretch"] for row in sets["stock"]}) == 3
    assert [y for y in years if years[y]["is_alone"]] == [2025]
    areas = re.findall(r'aria-roledescription="area mark".*?</g>', svg_of("capacity"), re.DOTALL)
    corners = [p.count("L") for a in areas for p in re.findall(r'\bd="([^"]*)"', a)]
    # Three years and two: nothing is filled up with zeros in between.
    assert max(corners) <= 5


def test_a_stock_is_held_against_two_capacities():
    stock = pd.DataFrame({"year": [2020], "persons": [1.0], "state": ["value"], "word": [""]})
    one = pd.DataFrame({"kind": ["a"], "rank": [0], "year": [2020], "places": [2.0]})
    with pytest.raises(CapacityError, match=r"\[0\]. Expected 0 and 1"):
        chart_capacity(stock, one, "n")


def test_the_dark_look_changes_colours_and_nothing_else():
    spec = {"mark": {"color": HERE, "text": "#1"}, "width": 3, "layer": [{"fill": PAPER}]}
    dark = apply_look(spec, "dark")
    assert dark == {
        "mark": {"color": DARK[HERE], "text": "#1"},
        "width": 3,
        "layer": [{"fill": DARK[PAPER]}],
    }
    assert spec["mark"]["color"] == HERE
    assert apply_look(spec, "light") is spec
    with pytest.raises(ValueError, match="'dim' is no look"):
        apply_look(spec, "dim")


def test_the_inks_of_the_dark_can_be_read():
    assert measure_contrast(DARK[INK], DARK[PAPER]) > 12
    for ink in set(DARK) - {PAPER}:
        if measure_contrast(ink, PAPER) >= 4.5:
            assert measure_contrast(DARK[ink], DARK[PAPER]) >= 4.5, ink


@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("kind", sorted(GALLERY))
def test_every_word_lies_whole_within_the_picture(kind, language):
    svg = svg_of(kind, language)
    _, _, wide, high = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    words = list(walk_words(svg))
    assert words
    for text, left, top, right, bottom in words:
        assert left >= 0, text
        assert right <= wide, text
        assert top >= 0, text
        assert bottom <= high, text
        # The key of a map has it between two numbers.
        assert not text.endswith("\N{HORIZONTAL ELLIPSIS}"), "a label was cut"
    assert "NaN" not in svg


@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("kind", GRAMMAR)
def test_no_word_lies_on_another(kind, language):
    words = list(walk_words(svg_of(kind, language)))
    for place, (text, left, top, right, bottom) in enumerate(words):
        for other, left_2, top_2, right_2, bottom_2 in words[:place]:
            is_beside = right <= left_2 or right_2 <= left
            # A word and the plate of paper below it are the same word twice.
            assert text == other or is_beside or bottom <= top_2 or bottom_2 <= top, (text, other)


def walk_words(svg: str):
    """Give each level word with the least box that it takes: letters narrower than any are."""
    for text in etree.fromstring(svg.encode()).iter("{http://www.w3.org/2000/svg}text"):
        x = y = 0.0
        turned = False
        for element in (text, *text.iterancestors()):
            change = element.get("transform", "")
            turned = turned or "rotate" in change
            moved = re.match(r"translate\(([-\d.e]+),\s*([-\d.e]+)\)", change)
            if moved:
                x, y = x + float(moved[1]), y + float(moved[2])
        size = float(text.get("font-size").removesuffix("px"))
        # A label of several lines has a part for each, so much below the one before.
        for line in list(text) or [text]:
            said, y = line.text or "", y + float(line.get("dy", 0))
            wide = len(said) * size * NARROW
            if said and not turned:
                beside = {"start": 0.0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
                yield said, x - beside, y - size * 0.6, x - beside + wide, y
