"""Whether the words of a brief can be published: length, pictures, dates, terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.documents.briefs.own_text import MOST_WORDS
from analysis.documents.gate.check import Check, Finding, settle
from analysis.documents.model import Bullets, Figure, Paragraph, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.documents.briefs.own_text import OwnText
    from analysis.documents.model import Document

TITLE_WORDS, KEY_WORDS, ALL_WORDS = 14, 25, 1400
# Words that harm or mislead, by language; beginnings of words, as they are inflected.
AVOIDED: Mapping[str, tuple[str, ...]] = {
    "en": ("illegal migrant", "illegal person", "illegal immigrant", "migrant wave", "minors"),
    "mk": ("илегалн", "нелегалн", "мигрантски бран", "малолетници"),
    "sq": ("emigrant ilegal", "migrant ilegal", "persona ilegal", "valë migrant"),
    "sr-Cyrl": ("илегалн", "мигрантски талас"),
    "sr-Latn": ("ilegaln", "migrantski talas"),
}
LONG = mark("{count} words, at most {most} are read")
NO_ALTERNATIVE = mark("the picture {name} has no text alternative")
SAME_AS_CAPTION = mark("the text alternative of the picture {name} only repeats its caption")
NO_DATE = mark("the policy {name} stands without a date")
AVOID = mark("the word {word} is not used here: see the glossary")
LACKS = mark("a recommendation says no {what}")
DATED = re.compile(r"\b(?:19|20)\d\d\b")
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


def check_recommendations(own: Mapping[str, OwnText]) -> Check:
    """Check that each recommendation says by when, and by what it is measured.

    Parameters
    ----------
    own : mapping of str to OwnText

    Returns
    -------
    Check
        Open where one does not; who does what, no program can read.
    """
    found = []
    for text in own.values():
        for line in text.sections.get("recommendations", ()):
            where = f"{text.name}, {line.number}"
            if not DATED.search(line.text):
                found.append(Finding(LACKS, where, (("what", mark("year")),)))
            if not MEASURED.search(line.text):
                found.append(Finding(LACKS, where, (("what", mark("indicator")),)))
    title = mark("Recommendations say by when, and how they are measured")
    return settle("recommendations", title, found, "open")


def _too_long(text: str, most: int, where: str) -> Finding | None:
    count = len(text.split())
    if count <= most:
        return None
    return Finding(LONG, where, (("count", str(count)), ("most", str(most))))


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
