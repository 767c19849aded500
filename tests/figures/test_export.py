"""Charts become files that load nothing, say what they show and look alike each time."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from analysis.figures.charts import chart_change, chart_registered, chart_route
from analysis.figures.client import forget_drawings
from analysis.figures.export import specification, to_png, to_svg
from analysis.figures.theme import FONT
from analysis.text import find_language

YEARS = pd.DataFrame(
    {
        "year": range(2000, 2026),
        "count": [1000.0 * i for i in range(26)],
        "label": ["" for _ in range(26)],
        "is_provisional": [False] * 25 + [True],
    }
)
NAMED = pd.DataFrame(
    {
        "area": ["Куманово", "Североисточен регион", "Северна Македонија"],
        "pct": [-7.0, -11.5, -9.2],
        "label": ["−7,0 %", "−11,5 %", "−9,2 %"],
        "rank": [0, 1, 2],
    }
)


def test_numbers_on_axes_follow_the_language() -> None:
    chart = chart_route(YEARS, "count", "")
    assert ">20.000<" in to_svg(chart, find_language("mk"))
    assert ">20,000<" in to_svg(chart, find_language("en"))


def test_labels_that_overlap_leave_no_hidden_text() -> None:
    narrow = alt.Chart(YEARS).mark_bar().encode(x="year:Q", y="count:Q").properties(width=60)
    svg = to_svg(narrow, find_language("en"))
    assert "<text" in svg
    assert 'opacity="0"' not in svg


def test_the_text_alternative_is_escaped() -> None:
    svg = to_svg(chart_route(YEARS, "x", ""), find_language("en"), title='5 < 6 & "so"')
    assert 'role="img" aria-label="5 &lt; 6 &amp; &quot;so&quot;"' in svg


def test_the_font_is_ours_whatever_the_machine_has() -> None:
    chart = chart_change(NAMED, NAMED[["pct"]], "axis", "all")
    assert specification(chart)["config"]["font"] == FONT
    assert FONT in to_svg(chart, find_language("mk"))


@pytest.mark.parametrize("code", ["mk", "en"])
def test_the_same_chart_is_the_same_bytes(code: str) -> None:
    language = find_language(code)
    chart = chart_change(NAMED, NAMED[["pct"]], "axis", "all")
    first = to_svg(chart, language), to_png(chart, language)
    forget_drawings()
    assert (to_svg(chart, language), to_png(chart, language)) == first


def test_every_bar_has_its_width_to_scale() -> None:
    chart = chart_change(NAMED, pd.DataFrame({"pct": [-20.0, 10.0]}), "axis", "all").to_dict()
    assert chart["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-20.0, 10.0]


def test_a_withheld_year_has_a_mark_and_no_bar() -> None:
    rows = pd.DataFrame(
        {
            "kind": ["k", "k"],
            "order": [0, 0],
            "year": [2020, 2021],
            "persons": [12.0, None],
            "label": ["12", ""],
            "is_withheld": [False, True],
            "is_provisional": [False, False],
        }
    )
    svg = to_svg(chart_registered(rows, "withheld", "", [2020, 2021, 2022]), find_language("en"))
    assert svg.count(">×<") == 1
    assert svg.count('aria-roledescription="bar"') == 1
