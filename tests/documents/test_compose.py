"""The page of a municipality: same numbers in each language, no number that is not bound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.assessment import load_profile
from analysis.documents.compose import compose_profile
from analysis.documents.html import section_html
from analysis.documents.model import Bullets, Document, Figure, Paragraph, Table, block_numbers
from analysis.sources.boundary_files import workspace_boundaries
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.workspace import Workspace

PLACES = ("kumanovo", "butel", "gevgelija")


def _document(workspace: Workspace, place: str, code: str) -> Document:
    profile = load_profile(workspace, place)
    return compose_profile(profile, code, workspace_boundaries(workspace))


@pytest.mark.parametrize("place", PLACES)
def test_every_language_has_the_same_numbers(workspace: Workspace, place: str) -> None:
    facts = {
        code: [
            (n.value, n.reference, n.state)
            for s in _document(workspace, place, code).sections
            for b in s.blocks
            for n in block_numbers(b)
        ]
        for code in LANGUAGES
    }
    expected = facts["mk"]
    assert len(expected) > 60
    for code, numbers in facts.items():
        assert sorted(numbers, key=str) == sorted(expected, key=str), code


@pytest.mark.parametrize("code", ["mk", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_a_complete_language_shows_no_mark_of_another(
    workspace: Workspace, place: str, code: str
) -> None:
    document = _document(workspace, place, code)
    for section in document.sections:
        assert "[en]" not in section_html(section, document.language), section.name


def test_the_page_for_kumanovo_names_the_census(workspace: Workspace) -> None:
    document = _document(workspace, "kumanovo", "en")
    page = "".join(section_html(s, document.language) for s in document.sections)
    assert "In the census of 2021, Kumanovo had" in page
    assert re.search(r'<data value="98104" data-observation="\w{12}">98,104</data> residents', page)
    assert "Census of Population, Households and Dwellings 2021" in page


def test_a_jump_of_coverage_is_called_one(workspace: Workspace) -> None:
    document = _document(workspace, "gevgelija", "en")
    lead = document.section("registered").blocks[0]
    assert isinstance(lead, Paragraph)
    assert (
        "4,900, after 31 in 2024. A jump of that size is more likely a change of coverage"
        in str(lead.sentence)
    )


def test_what_we_do_not_know_is_never_empty(workspace: Workspace) -> None:
    block = _document(workspace, "butel", "en").section("unknown").blocks[0]
    assert isinstance(block, Bullets)
    assert len(block.items) > 10
    assert any("Victims of trafficking" in str(item) for item in block.items)


def test_stocks_and_flows_share_no_picture_and_no_column(workspace: Workspace) -> None:
    context = _document(workspace, "kumanovo", "en").section("context")
    names = [b.picture.name for b in context.blocks if isinstance(b, Figure)]
    assert names == ["applications", "route"]
    table = next(b for b in context.blocks if isinstance(b, Table) and b.name == "national")
    counted = {str(row[0]): str(row[2]) for row in table.rows}
    assert counted["Refugees registered by UNHCR"] == "at the end of the period"
    assert counted["Asylum applications in the year"] == "during the year"


def test_no_digit_of_a_sentence_was_typed_by_hand(workspace: Workspace) -> None:
    allowed = re.compile(r"\b(19|20)\d\d\b|per 1,000 residents|30 June")
    for place in PLACES:
        for section in _document(workspace, place, "en").sections:
            for block in section.blocks:
                sentences = (
                    block.items
                    if isinstance(block, Bullets)
                    else (block.sentence,)
                    if isinstance(block, Paragraph)
                    else ()
                )
                for sentence in sentences:
                    free = "".join(p for p in sentence.parts if isinstance(p, str))
                    assert not re.search(r"\d", allowed.sub("", free)), free


def test_pictures_have_words_and_load_nothing(workspace: Workspace) -> None:
    document = _document(workspace, "butel", "mk")
    pictures = [b.picture for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    assert {p.name for p in pictures} == {"change", "map", "registered", "applications", "route"}
    for picture in pictures:
        assert len(picture.alt) > 20
        assert picture.alt != picture.caption
        assert 'role="img" aria-label="' in picture.svg
        outside = re.findall(r"https?://[^\s\"']+", picture.svg)
        assert set(outside) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert "<script" not in picture.svg


def test_a_picture_is_drawn_alike_twice(workspace: Workspace) -> None:
    one = _document(workspace, "butel", "mk")
    two = _document(workspace, "butel", "mk")
    for a, b in zip(one.sections, two.sections, strict=True):
        assert section_html(a, one.language) == section_html(b, two.language)


def test_the_numbers_of_a_bar_are_those_of_the_table(workspace: Workspace) -> None:
    section = _document(workspace, "kumanovo", "en").section("registered")
    picture = next(b.picture for b in section.blocks if isinstance(b, Figure))
    table = next(b for b in section.blocks if isinstance(b, Table))
    drawn = sorted(picture.data["persons"].dropna())
    printed = sorted(n.value for n in block_numbers(table) if n.value is not None)
    assert drawn == printed
    assert picture.data.loc[picture.data["is_withheld"], "persons"].isna().all()


def test_an_unknown_section_names_those_there_are(workspace: Workspace) -> None:
    with pytest.raises(KeyError, match="'weather' is not a section .* It has: summary, residents"):
        _document(workspace, "butel", "en").section("weather")
