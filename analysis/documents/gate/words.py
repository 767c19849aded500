"""Whether the words of a brief can be published: length, pictures, dates, terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.documents.brief_forms import LONG, PAGES
from analysis.documents.briefs.forms import PLACES, form_of
from analysis.documents.briefs.own_tables import TABLES
from analysis.documents.briefs.own_text import MOST_WORDS
from analysis.documents.gate.check import Check, Finding, settle
from analysis.documents.model import Bullets, Figure, Paragraph, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.documents.briefs.own_text import Line, OwnText
    from analysis.documents.model import Document

TITLE_WORDS, KEY_WORDS, METHOD_WORDS, ALL_WORDS = 14, 25, 100, 1400
# Words that harm or mislead, by language; beginnings of words, as they are inflected.
AVOIDED: Mapping[str, tuple[str, ...]] = {
    "en": ("illegal migrant", "illegal person", "illegal immigrant", "migrant wave", "minors"),
    "mk": ("илегалн", "нелегалн", "мигрантски бран", "малолетници"),
    "sq": ("emigrant ilegal", "migrant ilegal", "persona ilegal", "valë migrant"),
    "sr-Cyrl": ("илегалн", "мигрантски талас"),
    "sr-Latn": ("ilegaln", "migrantski talas"),
}
TOO_LONG = mark("{count} words, at most {most} are read")
PAPER = mark("{count} pages, at most {most} belong to this form")
NO_ALTERNATIVE = mark("the picture {name} has no text alternative")
SAME_AS_CAPTION = mark("the text alternative of the picture {name} only repeats its caption")
NO_DATE = mark("the policy {name} stands without a date")
AVOID = mark("the word {word} is not used here: see the glossary")
LACKS = mark("a recommendation says no {what}")
DATED = re.compile(r"\b(?:19|20)\d\d\b")
EMPTY = mark("nobody has written it yet; begin with `patokaz brief … --start-text`")
NAMED = re.compile(r"\bF(\d)\b")
MEASURED = re.compile(r"\b[A-Z]{2,}-\d{2}\b")


def check_lengths(briefs: Mapping[str, Document], own: Mapping[str, OwnText]) -> Check:
    """Check that a brief is short enough to be read.

    Parameters
    ----------
    briefs : mapping of str to Document
    own : mapping of str to OwnText

    Returns
    -------
    Check
    """
    found = []
    for language, brief in briefs.items():
        measured = [("title", brief.title, TITLE_WORDS)]
        measured += [("key", str(i), KEY_WORDS) for i in _bullets(brief, "key")]
        measured.append(("brief", " ".join(_texts(brief)), ALL_WORDS))
        if form_of(brief) == LONG:
            measured.append(("method", " ".join(_bullets(brief, "method")), METHOD_WORDS))
        found += [_too_long(text, most, f"{language}, {where}") for where, text, most in measured]
    for text in own.values():
        for name, most in MOST_WORDS.items():
            said = " ".join(line.text for line in text.sections.get(name, ()))
            found.append(_too_long(said, most, f"{text.name}, {name}"))
    kept = [one for one in found if one is not None]
    return settle("lengths", mark("Title, key messages and texts keep their length"), kept, "open")


def check_pictures(briefs: Mapping[str, Document]) -> Check:
    """Check that every picture says its finding to who cannot see it.

    Parameters
    ----------
    briefs : mapping of str to Document

    Returns
    -------
    Check
    """
    found = []
    for language, brief in briefs.items():
        for section in brief.sections:
            for picture in (b.picture for b in section.blocks if isinstance(b, Figure)):
                where, name = f"{language}, {section.name}", (("name", picture.name),)
                if not picture.alt.strip():
                    found.append(Finding(NO_ALTERNATIVE, where, name))
                elif picture.alt.strip() == picture.caption.strip():
                    found.append(Finding(SAME_AS_CAPTION, where, name))
    return settle("pictures", mark("Every picture has a text alternative"), found)


def check_policies(briefs: Mapping[str, Document]) -> Check:
    """Check that every policy stands with the date of its status.

    Parameters
    ----------
    briefs : mapping of str to Document

    Returns
    -------
    Check
    """
    found = [
        Finding(NO_DATE, f"{language}, {section.name}", (("name", str(row[0])),))
        for language, brief in briefs.items()
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "policies"
        for row in block.rows
        if not DATED.search(str(row[1]))
    ]
    return settle("policies", mark("Every policy stands with its date"), found)


def check_terms(briefs: Mapping[str, Document]) -> Check:
    """Check that no word stands in a brief that harms or misleads.

    Parameters
    ----------
    briefs : mapping of str to Document

    Returns
    -------
    Check
    """
    found = [
        Finding(AVOID, f"{language}, {section.name}", (("word", word),))
        for language, brief in briefs.items()
        for section in brief.sections
        # Titles of sources stand as published.
        if section.name != "sources"
        for word in AVOIDED.get(language, ())
        if any(word in text.lower() for block in section.blocks for text in _said(block))
    ]
    return settle("terms", mark("Words are those of the glossary"), found)


def check_recommendations(own: Mapping[str, OwnText], findings: int = 0) -> Check:
    """Check that each recommendation says who, what, by when, with which money, and how measured.

    Parameters
    ----------
    own : mapping of str to OwnText
    findings : int
        How many findings the brief has; nothing is held against them where none are counted.

    Returns
    -------
    Check
        Open where one does not. In a sentence only the year and the indicator can be read by a
        program; in a row of the table, each cell.
    """
    found = []
    for text in own.values():
        for name in TABLES:
            for line in text.sections.get(name, ()):
                where = f"{text.name}, {line.number}"
                lacking = _lacking(line, name, findings)
                found += [Finding(LACKS, where, (("what", what),)) for what in lacking]
    title = mark("Recommendations say who does what by when, and how it is measured")
    return settle("recommendations", title, found, "open")


def _lacking(line: Line, name: str, findings: int) -> list[str]:
    """List what a recommendation or an option does not say."""
    if name == "options":
        return [h for h, cell in zip(TABLES[name], line.cells, strict=False) if not cell]
    if not line.cells:
        lacking = [] if DATED.search(line.text) else [mark("year")]
        return lacking + ([] if MEASURED.search(line.text) else [mark("indicator")])
    heads = TABLES[name]
    empty = [head for head, cell in zip(heads, line.cells, strict=True) if not cell]
    when, measured, finding = line.cells[2], line.cells[4], line.cells[5]
    if when and not DATED.search(when):
        empty.append(mark("year"))
    if measured and not MEASURED.search(measured):
        empty.append(mark("indicator"))
    named = [int(number) for number in NAMED.findall(finding)]
    if finding and (not named or (findings and max(named) > findings)):
        empty.append(mark("finding that the brief has"))
    return empty


def check_pages(briefs: Mapping[str, Document], counted: Mapping[str, int]) -> Check:
    """Check that a brief has the pages of its form.

    Parameters
    ----------
    briefs : mapping of str to Document
    counted : mapping of str to int
        Pages of the PDF, by language.

    Returns
    -------
    Check
        Open where it has more; the facts alone have no limit.
    """
    found = []
    for language, brief in briefs.items():
        most = PAGES.get(form_of(brief))
        if most is not None and counted[language] > most:
            parts = (("count", str(counted[language])), ("most", str(most)))
            found.append(Finding(PAPER, language, parts))
    return settle("pages", mark("The brief has the pages of its form"), found, "open")


def check_places(briefs: Mapping[str, Document]) -> Check:
    """Check that no place is left for what only a person can write.

    Parameters
    ----------
    briefs : mapping of str to Document

    Returns
    -------
    Check
        Open where one is: a draft shows the place, a release may not.
    """
    found = [
        Finding(EMPTY, f"{language}, {section.name}")
        for language, brief in briefs.items()
        for section in brief.sections
        if section.name in PLACES
        and any(isinstance(b, Paragraph) and b.role == "warning" for b in section.blocks)
    ]
    return settle("places", mark("What only people can say is written"), found, "open")


def count_findings(brief: Document) -> int:
    """Count the findings of a brief."""
    blocks = brief.section("evidence").blocks
    return sum(isinstance(b, Paragraph) and b.role == "lead" for b in blocks)


def _too_long(text: str, most: int, where: str) -> Finding | None:
    count = len(text.split())
    if count <= most:
        return None
    return Finding(TOO_LONG, where, (("count", str(count)), ("most", str(most))))


def _bullets(brief: Document, name: str) -> list[str]:
    blocks = [b for s in brief.sections if s.name == name for b in s.blocks]
    return [str(item) for b in blocks if isinstance(b, Bullets) for item in b.items]


def _texts(brief: Document) -> Iterable[str]:
    for section in brief.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph | Bullets):
                yield from _said(block)


def _said(block: object) -> list[str]:
    if isinstance(block, Paragraph):
        return [str(block.sentence)]
    if isinstance(block, Bullets):
        return [str(item) for item in block.items]
    if isinstance(block, Table):
        return [block.caption, *(str(cell) for row in block.rows for cell in row)]
    return [block.picture.caption, block.picture.alt] if isinstance(block, Figure) else []
