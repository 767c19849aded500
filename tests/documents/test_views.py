from __future__ import annotations

import pandas as pd
import pytest

from analysis.documents.html import section_html
from analysis.documents.model import (
    Bound,
    Column,
    Figure,
    Foreign,
    Paragraph,
    Section,
    Sentence,
    Table,
)
from analysis.documents.view_files import ViewLink, fill_views, rows_of_table
from analysis.documents.views import View, arrange_views
from analysis.text import find_language

ENGLISH = find_language("en")


class Drawn:
    """A picture of which only name, words and drawing matter."""

    def __init__(self, name):
        self.name, self.caption, self.svg = name, f"Caption of {name}", "<svg></svg>"


def table(name, *cells):
    rows = tuple((f"row {i}", cell) for i, cell in enumerate(cells))
    return Table(name, f"Table {name}", (Column("Area"), Column("n")), rows)


def figure(name):
    return Figure(Drawn(name))


def text(role="text"):
    return Paragraph(Sentence(("Words.",)), role)


def shape(blocks):
    return [
        (len(b.figures), len(b.tables)) if isinstance(b, View) else type(b).__name__
        for b in arrange_views(Section("s", "S", tuple(blocks)))
    ]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((), []),
        ((text(), figure("a"), table("a")), ["Paragraph", (1, 1)]),
        ((table("a"), text(), figure("a"), figure("b")), [(2, 1), "Paragraph"]),
        ((table("a"), text("lead"), figure("b")), [(0, 1), "Paragraph", (1, 0)]),
        ((figure("a"), table("a"), text(), table("b")), [(1, 1), "Paragraph", (0, 1)]),
        ((figure("a"), table("a"), text(), figure("b")), [(1, 1), "Paragraph", (1, 0)]),
        ((figure("a"), table("a"), table("b")), [(1, 2)]),
        ((table("sources"), figure("a")), ["Table", (1, 0)]),
    ],
)
def test_neighbours_are_one_view_and_a_table_waits_for_its_charts(blocks, expected):
    assert shape(blocks) == expected


def test_nothing_is_lost_and_nothing_comes_twice():
    blocks = (table("a"), text(), figure("a"), text("lead"), figure("b"), table("b"))
    markup = section_html(Section("s", "S", blocks), ENGLISH)

    for name in ("a", "b"):
        assert markup.count(f'data-table="{name}"') == 1
        assert markup.count(f'data-picture="{name}"') == 1
    assert markup.count("Words.") == 2
    assert markup.count(" checked>") == 2
    assert markup.index('data-picture="a"') < markup.index('data-table="a"')


def test_a_view_shows_its_chart_first_and_a_lone_table_itself():
    both = section_html(Section("s", "S", (figure("a"), table("a"))), ENGLISH)
    alone = section_html(Section("s", "S", (table("a"),)), ENGLISH)

    assert 'id="view-a-chart" checked>' in both
    assert 'id="view-a-table" checked>' not in both
    assert 'id="view-a-table" checked>' in alone
    # Hidden unless the style sheet of a page shows them.
    assert both.count("<input hidden") == both.count("<input") == 2


def test_files_stand_in_the_view_that_they_belong_to():
    section = Section("s", "S", (figure("a"), table("a"), text("lead"), table("b")))
    markup = section_html(section, ENGLISH)
    links = [
        ViewLink("picture:a", "x_a_en.svg", "x_a_en.svg", 2048),
        ViewLink("table:a", "x_a_table_en.csv", "x_a_table_en.csv", 10),
    ]
    filled = fill_views(markup, links, ENGLISH)

    assert 'id="view-a-files"' in filled
    assert 'id="view-b-files"' not in filled
    assert 'href="x_a_en.svg">Chart (SVG, 2 KiB)</a>' in filled
    assert 'href="x_a_table_en.csv">Table (CSV, 1 KiB)</a>' in filled
    assert fill_views(markup, [], ENGLISH) == markup


def test_the_rows_of_a_table_are_those_that_it_prints_the_withheld_ones_too():
    shown = table(
        "a",
        Bound("5", 5.0, "o1", "value"),
        Bound("× withheld", None, "o2", "suppressed"),
        Bound("2.5", 2.5, "", "value", ("o1", "o9"), "rate"),
    )
    rows = pd.DataFrame(
        {
            "observation_id": ["o1", "o2", "o3", "", ""],
            "method": ["count", "count", "count", "rate", "rate"],
            "inputs": ["", "", "", "o1 o9", "o1 o3"],
        }
    )

    assert rows_of_table(shown, rows).index.tolist() == [0, 1, 3]
    assert rows_of_table(table("b", "2°"), rows).empty


def test_a_text_in_another_language_says_so():
    markup = section_html(Section("s", "S", (table("a", Foreign("<Persons>", "en")),)), ENGLISH)

    assert '<span lang="en">&lt;Persons&gt;</span>' in markup
