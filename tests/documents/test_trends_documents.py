"""The documents on migration and trafficking: same numbers in each language, none unbound."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import pytest

from analysis.assessment.migration import make_migration
from analysis.assessment.outlook import MODELS as MODELS_TRIED
from analysis.assessment.trafficking import make_trafficking
from analysis.documents.html import section_html
from analysis.documents.model import Bullets, Figure, Table
from analysis.documents.trends.migration import compose_migration
from analysis.documents.trends.outlook import METHODS
from analysis.documents.trends.trafficking import compose_trafficking
from analysis.methods.forecast.baselines import list_baselines
from analysis.methods.forecast.combine import COMBINED
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.read import read_public
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.documents.model import Document
    from analysis.workspace import Workspace

Composer = "Callable[[str, str, str], Document]"
CASES = [(t, a) for t in ("migration", "trafficking") for a in ("MK", "RS", "WB", "kumanovo")]


@pytest.fixture(scope="module")
def compose(workspace: Workspace) -> Callable[[str, str, str], Document]:
    data = read_public(workspace)

    @functools.cache
    def read(topic: str, area: str):
        make = make_migration if topic == "migration" else make_trafficking
        return make(data, area, "2014-2025")

    @functools.cache
    def write(topic: str, area: str, code: str) -> Document:
        found = read(topic, area)
        return (compose_migration if topic == "migration" else compose_trafficking)(found, code)

    return write


@pytest.mark.parametrize(("topic", "area"), CASES)
def test_every_language_has_the_same_numbers(
    compose: Callable[[str, str, str], Document], topic: str, area: str
) -> None:
    facts = {
        code: [
            (n.value, n.reference, n.inputs, n.state) for n in compose(topic, area, code).numbers
        ]
        for code in LANGUAGES
    }
    assert facts["mk"]
    for code, numbers in facts.items():
        assert sorted(numbers, key=str) == sorted(facts["mk"], key=str), code


@pytest.mark.parametrize("code", ["mk", "en"])
@pytest.mark.parametrize(("topic", "area"), CASES)
def test_a_complete_language_shows_no_mark_of_another(
    compose: Callable[[str, str, str], Document], topic: str, area: str, code: str
) -> None:
    document = compose(topic, area, code)
    page = "".join(section_html(s, document.language) for s in document.sections)
    assert "[en]" not in page
    assert "[en]" not in document.title + document.subtitle


@pytest.mark.parametrize(("topic", "area"), CASES)
def test_every_number_is_an_observation_or_names_what_it_was_made_of(
    compose: Callable[[str, str, str], Document], workspace: Workspace, topic: str, area: str
) -> None:
    table = read_table(workspace.public / OBSERVATIONS).set_index("observation_id")
    for number in compose(topic, area, "en").numbers:
        if number.inputs:
            assert number.method
            assert not number.reference
            assert set(number.inputs) <= set(table.index)
        elif number.reference:
            row = table.loc[number.reference]
            assert number.state == row["state"]
            assert number.value is None or number.value == row["value"]
        else:
            assert number.value is None, number


@pytest.mark.parametrize(("topic", "area"), CASES)
def test_no_digit_of_a_sentence_is_typed_by_hand(
    compose: Callable[[str, str, str], Document], topic: str, area: str
) -> None:
    """What is not bound is a year, a level of confidence, or the name of a resolution."""
    allowed = re.compile(
        r"(19|20)\d\d(-\d\d)?|95 %|1,000|S/RES/1244|UNSCR 1244/1999|\b(GRETA|Article) ?\d+"
    )
    document = compose(topic, area, "en")
    for section in document.sections:
        for block in section.blocks:
            sentences = block.items if isinstance(block, Bullets) else ()
            for sentence in sentences:
                loose = "".join(p for p in sentence.parts if isinstance(p, str))
                assert not re.search(r"\d", allowed.sub("", loose)), loose


def test_the_sections_come_in_the_order_of_the_notebooks(
    compose: Callable[[str, str, str], Document], checkout
) -> None:
    for topic, notebook in (
        ("migration", "03_migration_trends"),
        ("trafficking", "04_trafficking_trends"),
    ):
        text = (checkout / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
        shown = re.findall(r'show\(document, \\"(\w+)\\"\)', text)
        assert shown == [s.name for s in compose(topic, "MK", "en").sections]


def test_a_picture_never_mixes_flows_and_stocks(
    compose: Callable[[str, str, str], Document],
) -> None:
    document = compose("migration", "MK", "en")
    named = {
        name: set(block.picture.data["kind"])
        for name in ("flows", "stocks")
        for block in document.section(name).blocks
        if isinstance(block, Figure)
    }
    assert named["flows"]
    assert named["stocks"]
    assert not named["flows"] & named["stocks"]


def test_labels_and_ohid_marker_stand_under_their_own_names(
    compose: Callable[[str, str, str], Document],
) -> None:
    (table,) = (
        b
        for b in compose("migration", "MK", "en").section("flows").blocks
        if isinstance(b, Table) and b.name == "flow_trends"
    )
    heads = [c.label for c in table.columns]
    assert heads.index("Which way") < heads.index("OHID marker, last five years")
    row = next(r for r in table.rows if str(r[0]) == "Asylum applications in the year")
    assert str(row[heads.index("Which way")]) == "fell"
    assert str(row[heads.index("OHID marker, last five years")]) == "increasing"
    assert not any(str(r[0]).startswith("Registered emigration") for r in table.rows)
    silent = [
        str(item)
        for b in compose("migration", "MK", "en").section("flows").blocks
        if isinstance(b, Bullets)
        for item in b.items
    ]
    said = "whether it rose or fell cannot be said (not enough years to say)."
    assert f"Registered emigration in the year, North Macedonia: {said}" in silent


def test_kosovo_carries_its_footnote_wherever_it_is_named(
    compose: Callable[[str, str, str], Document],
) -> None:
    for topic in ("migration", "trafficking"):
        document = compose(topic, "WB", "en")
        page = "".join(section_html(s, document.language) for s in document.sections)
        assert "Kosovo*" in page
        assert "UNSCR 1244/1999" in page
        alone = compose(topic, "MK", "en")
        assert "UNSCR 1244/1999" not in "".join(
            section_html(s, alone.language) for s in alone.sections
        )


def test_a_municipality_reads_why_it_has_no_victims(
    compose: Callable[[str, str, str], Document],
) -> None:
    summary = compose("trafficking", "kumanovo", "en").section("summary").blocks[0]
    assert str(summary.items[0]).startswith("Victims of trafficking in human beings are not shown")


def test_every_method_that_a_forecast_may_choose_has_words() -> None:
    assert {*list_baselines(), COMBINED, *MODELS_TRIED} <= set(METHODS)


@pytest.mark.parametrize("topic", ["migration", "trafficking"])
def test_every_row_of_the_region_names_its_country(
    compose: Callable[[str, str, str], Document], topic: str
) -> None:
    document = compose(topic, "WB", "en")
    tables = [
        b
        for s in document.sections
        for b in s.blocks
        if isinstance(b, Table) and "_trends_" in b.name
    ]
    assert len(tables) > 2
    countries = {"Albania", "Bosnia and Herzegovina", "Montenegro", "North Macedonia"}
    countries |= {"Serbia", "Kosovo*"}
    for table in tables:
        assert table.columns[0].label == "Place"
        assert {str(row[0]) for row in table.rows} <= countries
        assert table.caption not in countries
    assert [bool(t.notes) for t in tables].count(True) <= 3
