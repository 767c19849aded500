"""Three municipalities, five languages, three kinds of file: one set of numbers."""

from __future__ import annotations

import io
import re
from collections import Counter

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html
from pypdf import PdfReader

from analysis.assessment import load_profile
from analysis.documents.brief_forms import FORMS
from analysis.documents.briefs import write_briefs
from analysis.documents.traces import find_numbers
from analysis.text import LANGUAGES, find_language, parse_number

PLACES = ("kumanovo", "butel", "gevgelija")
RUN = "20260105T0600Z-0a1b2c"
# A number that stands alone: not inside a name, an address, a hash or a date with hyphens.
# Albanian puts a space that does not break between the thousands.
NUMBER = re.compile(r"(?<![\w/.,-])[+−]?\d+(?:[.,]\d+|\N{NO-BREAK SPACE}\d{3})*(?![\w/-])")
# The version of a program or of a data set, such as 2025.12.1, counts nothing.
VERSION = re.compile(r"\b\d+\.\d+\.\d{1,2}\b")
# The counter of pages is furniture, as is what is drawn: classes, axes and labels of a map.
PAGE_OF_PAGES = re.compile(r"\b\d+ / \d+\b")


def word_lines(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def page_lines(content: bytes) -> str:
    tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    for drawn in tree.xpath("//svg"):
        drawn.getparent().remove(drawn)
    for block in tree.xpath("//p|//li|//h1|//h2|//h3|//th|//td|//caption|//figcaption"):
        block.tail = f"\n{block.tail or ''}"
    return tree.xpath("//main")[0].text_content()


def read_bound(name: str, content: bytes) -> list[tuple[str, tuple[str, ...]]]:
    return [(n.text, n.observations) for n in find_numbers(name, content)]


def unbroken(text: str) -> str:
    """One number with its unit, whose spaces were made ordinary ones when it was read."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def read_numbers(text: str, language: str) -> Counter[float]:
    spoken = find_language(language)
    found = NUMBER.findall(VERSION.sub("", text))
    return Counter(parse_number(token.lstrip("+"), spoken) for token in found)


@pytest.fixture(scope="module", params=FORMS)
def files(workspace, tmp_path_factory, request):
    """All files of one form, made in one go: by place, then language, then ending."""
    folder = tmp_path_factory.mktemp("briefs")
    made = {}
    for place in PLACES:
        profile = load_profile(workspace, place)
        for language in LANGUAGES:
            paths = write_briefs(profile, language, workspace, RUN, folder, request.param)
            made[place, language] = {path.suffix: path.read_bytes() for path in paths}
    return made


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_every_file_of_a_place_holds_the_same_bound_numbers(files, place) -> None:
    """As they are bound: the value by its language, and the observations, in reading order."""
    every = {}
    for language in LANGUAGES:
        held = files[place, language]
        assert set(held) == {".docx", ".pdf", ".html"}
        bound = {ending: read_bound(f"a{ending}", content) for ending, content in held.items()}
        assert bound[".docx"] == bound[".html"]
        assert bound[".pdf"] == bound[".html"]
        every[language] = [
            (sorted(read_numbers(unbroken(text), language).elements()), observations)
            for text, observations in bound[".html"]
        ]
    assert len(every["mk"]) >= 10
    for language in LANGUAGES:
        assert every[language] == every["mk"], language


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_every_text_of_a_place_holds_the_same_numbers(files, place) -> None:
    """As a reader sees them, typed or bound: read from the text of each file."""
    every = {}
    for language in LANGUAGES:
        held = files[place, language]
        word = read_numbers(word_lines(held[".docx"]), language)
        page = read_numbers(page_lines(held[".html"]), language)
        assert word == page, (language, word - page, page - word)
        # Paper breaks lines and draws its pictures as text: each number of the page is on it.
        paper = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(held[".pdf"])).pages)
        printed = read_numbers(PAGE_OF_PAGES.sub("", paper), language)
        assert not page - printed, (language, page - printed)
        every[language] = word
    assert len(every["mk"]) > 15
    for language in LANGUAGES:
        assert every[language] == every["mk"], language


def test_a_changed_number_is_seen() -> None:
    assert read_numbers("98.104 лица, −7,0 %", "mk") == Counter([98104.0, -7.0])
    assert read_numbers("98,104 persons, −7.0 %", "en") == Counter([98104.0, -7.0])
    assert read_numbers("98,140 persons, 7.0 %", "en") == Counter([98140.0, 7.0])
    assert read_numbers("GOV-03, 2021-12, a/4, 0a1b2c, F2", "en") == Counter()
