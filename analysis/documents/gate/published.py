"""The gate before an edition: the briefs that lie ready, read back from their files."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from lxml import etree

from analysis.documents.briefs.own_text import HEADINGS, Line, OwnText, find_bare_numbers
from analysis.documents.gate.check import Check, Finding, settle
from analysis.documents.gate.numbers import (
    BARE,
    UNKNOWN,
    WITHHELD,
    check_languages,
    check_links,
    check_withheld,
)
from analysis.documents.gate.words import check_pictures, check_policies, check_terms
from analysis.documents.model import Bullets, Paragraph, Table
from analysis.documents.traces import TracesError, find_numbers
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.documents.model import Block, Document, Section, Sentence
    from analysis.documents.traces import TracedNumber
    from analysis.store.read import PublicData

    # Numbers by language and name of file.
    Held = Mapping[str, Mapping[str, tuple[TracedNumber, ...]]]

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
BODY = "word/document.xml"
KEY, TITLE = "key", "title"
# How sure an interval is: a rule, and no figure.
LEVEL = re.compile(r"\b95[\s\N{NO-BREAK SPACE}]?%")
MUTE = mark("a picture of the file {name} has no text alternative")
APART = mark("the file {name} does not print the numbers of the page: the first is {number}")


@dataclass(frozen=True, slots=True)
class Published:
    """A brief in one language, as it lies ready.

    Parameters
    ----------
    document : Document
        Read back from its page.
    files : mapping of str to bytes
        Its Word file and its PDF, by name.
    page : bytes
        The page itself.
    is_current : bool
        Whether it is of the newest figures; a former one says on each page of which day it is.
    own : OwnText or None
        The text of a person that lies there now, for the line of what is wrong.
    """

    document: Document
    files: Mapping[str, bytes]
    page: bytes
    is_current: bool = True
    own: OwnText | None = None


def judge_published(briefs: Mapping[str, Published], data: PublicData) -> tuple[Check, ...]:
    """Hold a brief, as its files have it, against all that forbids publication.

    Parameters
    ----------
    briefs : mapping of str to Published
        By language.
    data : PublicData
        The public table as it is now.

    Returns
    -------
    tuple of Check
        The same checks, by the same names, as before it was written; ``files`` is one more.
    """
    every = {code: brief.document for code, brief in briefs.items()}
    # Those of a former day have numbers of that day, which differ from those of today.
    current = {code: brief.document for code, brief in briefs.items() if brief.is_current}
    held = {
        code: {name: _numbers(name, content) for name, content in brief.files.items()}
        for code, brief in briefs.items()
    }
    return (
        _check_links(every, current, data),
        _add(check_withheld(every, data), _find_withheld(held, data)),
        check_languages(current),
        _check_bare(briefs),
        _add(check_pictures(every), _find_mute(briefs)),
        check_policies(every),
        check_terms(every),
        _check_files(briefs, held),
    )


def _check_links(
    every: Mapping[str, Document], current: Mapping[str, Document], data: PublicData
) -> Check:
    found = check_links(every, data)
    kept = [
        one
        for one in found.findings
        if one.message != UNKNOWN or one.where.partition(",")[0] in current
    ]
    return settle(found.name, found.title, kept)


def _add(check: Check, more: list[Finding]) -> Check:
    return settle(check.name, check.title, [*check.findings, *more])


def _find_withheld(held: Held, data: PublicData) -> list[Finding]:
    frame = data.frame
    withheld = set(frame.loc[frame["state"] == "suppressed", "observation_id"])
    return [
        Finding(WITHHELD, name, (("id", row),))
        for files in held.values()
        for name, numbers in files.items()
        for number in numbers
        if any(character.isdigit() for character in number.text)
        for row in number.observations
        if row in withheld
    ]


def _check_bare(briefs: Mapping[str, Published]) -> Check:
    found = []
    for language, brief in briefs.items():
        lines = {b.text: b.line for b in find_bare_numbers(brief.own)} if brief.own else {}
        bound = _read_bound(brief.document)
        for section, text in _own_sections(brief.document):
            for bare in find_bare_numbers(text):
                if section == TITLE and _plain(bare.text) in bound:
                    # A title is words alone: what it says has to stand bound further down.
                    continue
                where = f"{language}, {section}"
                if brief.own and bare.text in lines:
                    where = f"{brief.own.name}, {lines[bare.text]}"
                found.append(Finding(BARE, where, (("number", bare.text),)))
    return settle("bare", mark("No number is typed by hand"), found)


def _read_bound(document: Document) -> set[str]:
    """Read the numbers that are bound, without signs and spaces."""
    lines = tuple(Line(0, number.text, is_item=False) for number in document.numbers)
    return {_plain(bare.text) for bare in find_bare_numbers(OwnText("", {TITLE: lines}))}


def _plain(text: str) -> str:
    return "".join(text.split()).lstrip("+\N{MINUS SIGN}-")


def _own_sections(document: Document) -> Iterator[tuple[str, OwnText]]:
    """Give what may hold no typed number: the title, key messages, people's texts."""
    yield TITLE, OwnText("", {TITLE: (Line(0, document.title, is_item=False),)})
    for section in document.sections:
        if section.name == KEY or section.name in HEADINGS:
            yield section.name, OwnText("", {section.name: tuple(_lines(section))})


def _lines(section: Section) -> Iterator[Line]:
    for block in section.blocks:
        for text in _typed(block):
            yield Line(0, text, is_item=False)


def _typed(block: Block) -> Iterator[str]:
    """Give the words of a block without its bound numbers."""
    if isinstance(block, Paragraph):
        yield _unbound(block.sentence)
    elif isinstance(block, Bullets):
        yield from (_unbound(item) for item in block.items)
    elif isinstance(block, Table):
        # An amount of money whose source stands below the table is not ours to bind.
        sourced = {note.partition(": http")[0] for note in block.notes}
        cells = (cell for row in block.rows for cell in row if isinstance(cell, str))
        yield from (cell for cell in cells if cell not in sourced)


def _unbound(sentence: Sentence) -> str:
    return LEVEL.sub(" ", " ".join(p for p in sentence.parts if isinstance(p, str)))


def _find_mute(briefs: Mapping[str, Published]) -> list[Finding]:
    return [
        Finding(MUTE, f"{language}, {name}", (("name", name),))
        for language, brief in briefs.items()
        for name, content in brief.files.items()
        if name.endswith(".docx") and _has_mute(content)
    ]


def _has_mute(content: bytes) -> bool:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read(BODY), parser)
    return any(not (drawn.get("descr") or "").strip() for drawn in body.iter(DRAWING))


def _check_files(briefs: Mapping[str, Published], held: Held) -> Check:
    found = []
    for language, brief in briefs.items():
        wanted = _numbers(f"{language}.html", brief.page)
        for name, numbers in held[language].items():
            if numbers != wanted:
                apart = next((a or b) for a, b in zip_longest(numbers, wanted) if a != b)
                parts = (("name", name), ("number", apart.text if apart else ""))
                found.append(Finding(APART, f"{language}, {name}", parts))
    return settle("files", mark("Word file, PDF and page print the same numbers"), found)


def _numbers(name: str, content: bytes) -> tuple[TracedNumber, ...]:
    try:
        return find_numbers(name, content)
    except TracesError:
        # None says where it comes from; the scan for withheld numbers reads its text all the same.
        return ()
