"""The briefs of a country, and the evidence statements in them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.assessment.confidence import Confidence
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.briefs import compose_brief, write_briefs
from analysis.documents.briefs.national import BriefError
from analysis.documents.briefs.trafficking_findings import (
    assistance_evidence,
    printed_evidence,
    trafficking_evidence,
)
from analysis.documents.briefs.web import to_html
from analysis.documents.evidence import evidence_sentence, judge_evidence, say_confidence
from analysis.documents.model import Bullets, Figure
from analysis.documents.paper import PaperError
from analysis.documents.pdf import to_pdf
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, translator

PERIOD = "2014-2025"
ENGLISH = Wording(translator("en"))
MAX_TITLE_WORDS = 14


@pytest.fixture(scope="module")
def macedonian(workspace):
    return load_trafficking(workspace, "MK", PERIOD)


@pytest.fixture(scope="module")
def serbian(workspace):
    return load_trafficking(workspace, "RS", PERIOD)


def plain(sentence):
    return str(sentence).replace("\N{NO-BREAK SPACE}", " ")


def test_fewer_than_half_were_given_help_with_moderate_confidence_in_its_time(macedonian) -> None:
    found = assistance_evidence(macedonian, ENGLISH)
    sure = judge_evidence(found, macedonian.data, "2019-06")
    said = plain(evidence_sentence(found, sure, {"unwomen-evaw-mk-2018": 1}, ENGLISH, "run-7"))

    assert plain(found.claim) == (
        "Fewer than half of the persons found were given material help: 40 of 113."
    )
    assert said == (
        "Value: 40 of 113, 35 % (95 % interval 27 % to 45 %) · Period: 2018-03 – 2018-12 · "
        "Area: North Macedonia · Confidence: moderate (read in a secondary source) · "
        "Source: [a] · Limit: the needs of the other 73 are not known, and not every person "
        "accepts help: this is coverage, not unmet need · Run: run-7"
    )


def test_the_same_figure_is_less_sure_when_it_has_grown_old(macedonian) -> None:
    found = assistance_evidence(macedonian, ENGLISH)
    sure = judge_evidence(found, macedonian.data, macedonian.data_date)

    assert sure == Confidence("low", ("old", "second_hand"))


def test_a_share_that_no_whole_number_gives_is_printed_as_published(serbian) -> None:
    victims = next(
        s for s in serbian.victims if any(r.value == 66 and r.year == 2023 for r in s.results)
    )
    found = printed_evidence(serbian, victims, ENGLISH)

    assert plain(found.claim) == (
        "The share of women and girls is printed as 72 %; no whole number out of 66 gives it, so "
        "that we print: about 72 %, as published."
    )
    assert "fails_check" in judge_evidence(found, serbian.data, serbian.data_date).steps
    doubled = replace(
        victims,
        results=tuple(replace(r, value=25.0) if r.value == 66 else r for r in victims.results),
    )
    assert printed_evidence(serbian, doubled, ENGLISH) is None, "18 of 25 are 72 %"
    assert printed_evidence(serbian, None, ENGLISH) is None


def test_a_writer_lowers_the_word_and_the_statement_says_so(macedonian) -> None:
    found = replace(assistance_evidence(macedonian, ENGLISH), lowered="low")
    sure = judge_evidence(found, macedonian.data, "2019-06")

    assert plain(say_confidence(sure, ENGLISH)) == (
        "low (read in a secondary source; lowered by the writer)"
    )


def test_nine_victims_say_nothing_about_a_change(macedonian) -> None:
    of_change = [f for f in trafficking_evidence(macedonian, ENGLISH) if f.is_comparison]

    assert of_change
    for found in of_change:
        sure = judge_evidence(found, macedonian.data, macedonian.data_date)
        assert sure.level == "cannot_say"
        assert plain(say_confidence(sure, ENGLISH)) == "cannot say (fewer than 10 cases)"


@pytest.mark.parametrize("country", ["MK", "RS"])
@pytest.mark.parametrize("load", [load_trafficking, load_migration])
def test_every_brief_has_its_order_and_the_same_numbers_in_all_languages(
    workspace, load, country
) -> None:
    reading = load(workspace, country, PERIOD)
    made = {code: compose_brief(reading, code, workspace) for code in LANGUAGES}
    english = made["en"]

    names = [s.name for s in english.sections if s.name != "policy"]
    assert names == ["key", "chart", "evidence", "unknown", "method", "sources", "imprint"]
    assert len(english.title.split()) <= MAX_TITLE_WORDS
    (bullets,) = english.section("key").blocks
    assert isinstance(bullets, Bullets)
    assert all(any(n.value is not None for n in item.numbers) for item in bullets.items)
    for brief in made.values():
        assert [(n.value, n.reference, n.inputs) for n in brief.numbers] == [
            (n.value, n.reference, n.inputs) for n in english.numbers
        ]


def test_every_number_says_its_rows(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "en", workspace)
    known = set(macedonian.data.frame["observation_id"])

    assert len(brief.numbers) > 15
    for number in brief.numbers:
        rows = {number.reference} if number.reference else set(number.inputs)
        assert rows, number
        assert rows <= known


def test_no_brief_is_made_for_a_place_below_or_above_a_country(workspace) -> None:
    for area in ("kumanovo", "WB"):
        with pytest.raises(BriefError, match="which is no country. Ask for North Macedonia"):
            compose_brief(load_trafficking(workspace, area, PERIOD), "en", workspace)


def test_the_page_of_a_brief_holds_the_numbers_of_the_document(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "mk", workspace, "run-7")
    page = to_html(brief)
    body = page[page.index("<main>") :]

    said = re.findall(r'<data value="([^"]+)"([^>]*)>', body)
    wanted = [n for n in brief.numbers if n.value is not None]
    assert [float(value) for value, _ in said] == [n.value for n in wanted]
    assert all("data-observation" in mark or "data-inputs" in mark for _, mark in said)
    assert '<html lang="mk">' in page
    assert 'name="patokaz:run_id" content="run-7"' in page
    assert not re.search(r'(src|href)="(https?:)?//(?!)', page)
    assert "<script" not in page


def test_a_picture_without_words_is_refused_on_the_page_too(macedonian, workspace) -> None:
    brief = compose_brief(macedonian, "en", workspace)
    (figure,) = brief.section("chart").blocks
    mute = Figure(replace(figure.picture, alt=" "))
    sections = tuple(replace(s, blocks=(mute,)) if s.name == "chart" else s for s in brief.sections)

    with pytest.raises(PaperError, match="has no text alternative. Who cannot see it"):
        to_html(replace(brief, sections=sections))


def test_the_pdf_meets_its_standard_and_three_files_are_written(macedonian, workspace, tmp_path):
    files = write_briefs(macedonian, "sr-Cyrl", workspace, "run-7", tmp_path)

    assert [f.suffix for f in files] == [".docx", ".pdf", ".html"]
    assert {f.stem for f in files} == {"north-macedonia_trafficking_sr-Cyrl"}
    assert b"pdfuaid" in to_pdf(compose_brief(macedonian, "en", workspace))
