"""What a person adds to a brief: its place, its numbers, and what is wrong with it."""

from __future__ import annotations

import shutil

import pytest

from analysis.assessment import load_profile
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.own_text import (
    BareNumber,
    OwnTextError,
    find_bare_numbers,
    parse_own_text,
    read_own_text,
)
from analysis.documents.model import Bullets, Paragraph
from analysis.documents.word import to_docx
from analysis.workspace import Workspace

POPULATION = "resident_population_persons"


@pytest.fixture
def space(workspace, tmp_path):
    shutil.copytree(workspace.public, tmp_path / "data_processed" / "public")
    return Workspace(tmp_path)


@pytest.fixture
def write(space):
    def put(text, language="en", stem="kumanovo"):
        path = space.brief_texts / stem / f"{language}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put


def compose(space, language="en"):
    return compose_brief(load_profile(space, "kumanovo"), language, space)


def test_a_text_stands_behind_the_evidence_with_its_numbers_filled_in(space, write) -> None:
    profile = load_profile(space, "kumanovo")
    result = profile.residents[0].after
    text = (
        "<!-- for the December session -->\n# recommendations\n- The council adds a line.\n"
        "- The post is filled by 2026.\n\n"
        f"# why_now\nThe census counted {{{result.reference}}} residents.\n"
    )
    for language in ("en", "mk"):
        write(text, language)
    made = compose(space)

    names = [s.name for s in made.sections]
    place = names.index("evidence")
    assert names[place + 1 : place + 3] == ["why_now", "recommendations"]
    (paragraph,) = made.section("why_now").blocks
    assert isinstance(paragraph, Paragraph)
    assert str(paragraph.sentence) == "The census counted 98,104 residents."
    assert [(n.value, n.reference) for n in paragraph.sentence.numbers] == [
        (98104.0, result.reference)
    ]
    (bullets,) = made.section("recommendations").blocks
    assert isinstance(bullets, Bullets)
    assert len(bullets.items) == 2
    (in_macedonian,) = compose(space, "mk").section("why_now").blocks
    assert "98.104" in str(in_macedonian.sentence)


def test_without_a_text_a_brief_is_what_it_was(space, write) -> None:
    plain = compose(space)
    write("# why_now\nNow.\n", "sq")
    write("# why_now\nNow.\n", stem="butel")

    assert [s.name for s in compose(space).sections] == [s.name for s in plain.sections]
    assert to_docx(compose(space)) == to_docx(plain)


def test_a_withheld_number_is_its_word(space, write) -> None:
    frame = load_profile(space, "ohrid").data.frame
    withheld = frame.loc[frame["state"] == "suppressed", "observation_id"].iloc[0]
    write(f"# affected\nThere are {{{withheld}}} persons.\n")
    (paragraph,) = compose(space).section("affected").blocks

    assert "× withheld" in str(paragraph.sentence)
    assert paragraph.sentence.numbers[0].value is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# conclusion\nx\n", "kumanovo/en.md, line 1: 'conclusion' is no section .* Use one of"),
        ("Hello\n", "kumanovo/en.md, line 1: 'Hello' stands before the first heading. Begin with"),
        ("# why_now\na\n# why_now\nb\n", "line 3: 'why_now' stands twice"),
        ("# why_now\n\nSome {nosuch} here\n", "line 3: '{nosuch}' is no published figure. Take"),
        ("# why_now\nSome {} here\n", "line 2: '{}' is no published figure"),
        ("# why_now\n| a | b |\n", "line 2: 'why_now' has no table. Write a paragraph"),
        ("# options\n| a | b |\n", "line 2: the row has 2 cells. Expected 6 .* Legal basis"),
    ],
)
def test_a_text_that_cannot_be_put_in_names_its_line(space, write, text, sentence) -> None:
    write(text)

    with pytest.raises(OwnTextError, match=sentence):
        compose(space)


def test_another_encoding_is_refused(write) -> None:
    path = write("")
    path.write_bytes("# why_now\nЗошто".encode("cp1251"))

    with pytest.raises(OwnTextError, match="'en.md' is not UTF-8 .* Save it as UTF-8"):
        read_own_text(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("some 40 persons", ["40"]),
        ("35 % of 113", ["35 %", "113"]),
        ("1.234,5 денари", ["1.234,5"]),
        ("−7,0\N{NO-BREAK SPACE}%", ["−7,0\N{NO-BREAK SPACE}%"]),
        ("in 2023, from 2018-03 to 31.12.2018, 2014–2024, 2014-24", []),
        ("GOV-03 and ПРГ-1", []),
        ("{ab12} of {cd34}", []),
        ("20235", ["20235"]),
    ],
)
def test_a_typed_number_is_found_and_a_year_or_a_code_is_none(text, found) -> None:
    own = parse_own_text(f"# options\n\n- {text}\n", "a/b.md")

    assert find_bare_numbers(own) == tuple(BareNumber(3, token) for token in found)


OPTIONS = "# options\n| a | b | c | d | e | f |\n|---|---|---|:--|--:|---|\n"


def test_a_table_keeps_its_rows_its_figures_and_the_sources_of_its_money(space, write) -> None:
    result = load_profile(space, "kumanovo").residents[0].after
    reference = f"{{{result.reference}}}"
    write(
        f"{OPTIONS}| Do nothing | {reference} | not costed | yes | | law |\n"
        "| A | more | 500 000 MKD (https://example.org/budget) | yes | some | law |\n"
        "<!-- a note -->\nBoth are open.\n"
    )
    paragraph, table = compose(space).section("options").blocks

    assert str(paragraph.sentence) == "Both are open."
    first, second = table.rows
    assert first[0] == "Do nothing"
    assert (first[1].value, first[1].reference) == (98104.0, result.reference)
    assert first[4] == ""
    assert second[2] == "500 000 MKD"
    assert table.notes == ("500 000 MKD: https://example.org/budget",)
    assert [n.text for n in compose(space).section("options").blocks[1].rows[0][1:2]] == ["98,104"]


def test_a_cell_with_words_and_a_figure_is_refused(space, write) -> None:
    result = load_profile(space, "kumanovo").residents[0].after
    write(f"{OPTIONS}| A | about {{{result.reference}}} | c | d | e | f |\n")

    with pytest.raises(OwnTextError, match=r"line 4: 'about .* mixes words and a figure in one"):
        compose(space)


def test_money_without_a_source_is_a_typed_number() -> None:
    rows = (
        "| A | 40 persons | 500 MKD | d | e | F2 |\n| B | b | 700 (https://e.org/1) | d | e | f |\n"
    )
    own = parse_own_text(OPTIONS + rows, "a/b.md")

    assert find_bare_numbers(own) == (BareNumber(4, "40"), BareNumber(4, "500"))
