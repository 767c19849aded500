"""A brief that is read back from its page is the one that was written, of each kind."""

from __future__ import annotations

import dataclasses
import io

import docx
import pytest
from docx.oxml.ns import qn

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.web import to_html
from analysis.documents.gate.published import Published, judge_published
from analysis.documents.gate.read_back import ReadBackError, read_back
from analysis.documents.gate.words import (
    check_lengths,
    check_pictures,
    check_places,
    check_policies,
    check_terms,
    count_findings,
)
from analysis.documents.model import Bound, Bullets, Figure, Paragraph, Sentence, Table
from analysis.documents.pdf import to_pdf
from analysis.documents.word import to_docx
from analysis.protection.ledger.standing import Standing
from analysis.text import LANGUAGES

PERIOD = "2014-2025"
RELEASED = Standing("released", 1, "a", "b", "2026-01-01", "x")
READINGS = {
    "ohrid": lambda space: load_profile(space, "ohrid"),
    "migration": lambda space: load_migration(space, "RS", PERIOD),
    "trafficking": lambda space: load_trafficking(space, "MK", PERIOD),
}


def simple(block):
    """A block as plain values, without its drawing."""
    if isinstance(block, Paragraph):
        return (block.role, said(block.sentence))
    if isinstance(block, Bullets):
        return [said(item) for item in block.items]
    if isinstance(block, Table):
        cells = [[c if isinstance(c, Bound) else str(c) for c in row] for row in block.rows]
        return (block.name, block.caption, block.columns, cells, block.notes)
    return (block.picture.name, block.picture.caption, block.picture.alt)


def said(sentence):
    """Joined where a text was written in pieces."""
    parts = []
    for part in sentence.parts:
        if parts and isinstance(part, str) and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


@pytest.mark.parametrize("name", list(READINGS))
def test_what_is_read_back_is_what_was_written(workspace, name) -> None:
    reading = READINGS[name](workspace)
    for language in LANGUAGES:
        brief = compose_brief(reading, language, workspace, "run-7", RELEASED, "long")
        back = read_back(to_html(brief, RELEASED).encode(), f"{brief.name}.html")

        assert (back.name, back.title, back.subtitle) == (brief.name, brief.title, brief.subtitle)
        assert back.language == brief.language
        assert [(s.name, s.heading) for s in back.sections] == [
            (s.name, s.heading) for s in brief.sections
        ]
        assert back.numbers == brief.numbers
        for mine, theirs in zip(back.sections, brief.sections, strict=True):
            assert [simple(b) for b in mine.blocks] == [simple(b) for b in theirs.blocks]
        for check in (check_pictures, check_policies, check_terms, check_places):
            assert check({language: back}) == check({language: brief})
        assert check_lengths({language: back}, {}) == check_lengths({language: brief}, {})
        assert count_findings(back) == count_findings(brief) > 1


@pytest.mark.parametrize(
    "content", [b"", b"<html lang='mk'><main></main></html>", b"<html lang='xx'><main><h1>a</h1>"]
)
def test_another_page_is_refused(content) -> None:
    with pytest.raises(ReadBackError, match=r"'a.html' cannot be read as a brief .* Make it anew"):
        read_back(content, "a.html")


@pytest.fixture(scope="module")
def macedonian(workspace):
    return READINGS["trafficking"](workspace)


def judge(brief, files, reading, page=None):
    page = page or to_html(brief).encode()
    made = Published(read_back(page, f"{brief.name}.html"), files, page)
    checks = judge_published({brief.language.code: made}, reading.data)
    return {c.name: [(f.where, dict(f.parts)) for f in c.findings] for c in checks if c.findings}


def with_block(brief, block):
    return dataclasses.replace(
        brief,
        sections=tuple(
            dataclasses.replace(s, blocks=(*s.blocks, block)) if s.name == "imprint" else s
            for s in brief.sections
        ),
    )


def test_files_as_they_are_written_are_without_fault(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "en", workspace)
    files = {f"{brief.name}.docx": to_docx(brief), f"{brief.name}.pdf": to_pdf(brief)}

    assert judge(brief, files, macedonian) == {}


@pytest.mark.parametrize(("ending", "write"), [(".docx", to_docx), (".pdf", to_pdf)])
@pytest.mark.parametrize("computed", [False, True])
def test_a_withheld_number_in_a_file_alone_is_found(
    macedonian, workspace, ending, write, computed
) -> None:
    frame = macedonian.data.frame
    row = frame.loc[frame["state"] == "suppressed", "observation_id"].iloc[0]
    brief = compose_brief(macedonian, "en", workspace)
    bound = (
        Bound("30 %", 30.0, "", "value", (row,), "share")
        if computed
        else Bound("3", 3.0, row, "value")
    )
    changed = with_block(brief, Paragraph(Sentence(("There are ", bound, "."))))
    found = judge(brief, {f"a{ending}": write(changed)}, macedonian)

    assert found["withheld"] == [(f"a{ending}", {"id": row})]
    assert found["files"] == [(f"en, a{ending}", {"name": f"a{ending}", "number": bound.text})]
    word = Bound("× withheld", None, row, "suppressed")
    told = with_block(brief, Paragraph(Sentence(("There are ", word, "."))))
    assert "withheld" not in judge(told, {f"a{ending}": write(told)}, macedonian)


def test_a_word_file_with_a_mute_picture_is_found(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "en", workspace)
    (figure,) = brief.section("chart").blocks
    blank = Figure(dataclasses.replace(figure.picture, alt="\N{ZERO WIDTH SPACE}"))
    sections = tuple(
        dataclasses.replace(s, blocks=(blank,)) if s.name == "chart" else s for s in brief.sections
    )
    content = to_docx(dataclasses.replace(brief, sections=sections))
    assert judge(brief, {"a.docx": content}, macedonian) == {}
    mute = _without_words(content)

    assert judge(brief, {"a.docx": mute}, macedonian) == {
        "pictures": [("en, a.docx", {"name": "a.docx"})]
    }


def _without_words(content: bytes) -> bytes:
    word = docx.Document(io.BytesIO(content))
    for drawn in word.element.body.iter(qn("wp:docPr")):
        drawn.set("descr", " ")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def test_a_computed_number_without_inputs_is_found_on_the_page(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "en", workspace)
    loose = with_block(brief, Paragraph(Sentence(("There are ", Bound("12", 12.0, "", "value")))))

    assert judge(loose, {}, macedonian) == {"links": [("en, imprint", {"number": "12"})]}
