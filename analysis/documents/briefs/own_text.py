"""What a person adds to a brief: one Markdown file for each document and language.

A brief says what the figures say; why it matters now, what could be done and by whom, people
write. Their text is kept apart from what is made, so that a new run never overwrites a sentence
and a sentence never holds a figure: a number in it is a reference, ``{3f2a9c01d4e5}``, which is
filled in from the protected table in the language of the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.documents.briefs.own_tables import is_rule, make_table, split_row
from analysis.documents.model import Bound, Bullets, Paragraph, Section, Sentence
from analysis.text import mark

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.documents.model import Block
    from analysis.documents.wording import Wording
    from analysis.store.read import PublicData

# In the order of a brief; the names are the same in every language.
HEADINGS = {
    "decision": mark("Decision asked"),
    "why_now": mark("Why now"),
    "affected": mark("Who is affected"),
    "options": mark("Options"),
    "recommendations": mark("Recommendations"),
    "objections": mark("Trade-offs and objections"),
}
MOST_WORDS = {"decision": 40, "why_now": 90, "affected": 60, "objections": 60}
REFERENCE = re.compile(r"\{([0-9a-z]*)\}")
HEAD = re.compile(r"#\s*(\S.*?)\s*$")
# What looks like a number and is none: a year, a date, a code such as GOV-03, a finding such as F2.
INNOCENT = re.compile(
    r"\b(?:19|20)\d\d(?:[-–/](?:(?:19|20)?\d\d))?(?:-\d\d)?\b"
    r"|\b\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d\b"
    r"|\b[A-ZА-Ш]{2,}[-\N{NON-BREAKING HYPHEN}]\d+\b"
    r"|\bF\d\b"
)
NUMBER = re.compile(r"[+−-]?\d+(?:[.,\N{NO-BREAK SPACE}]\d+)*\s*%?")
COMMENT = "<!--"


class OwnTextError(ValueError):
    """A text that cannot be put into a brief; the sentence names file and line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, with its place in the file; ``cells`` where it is a row of a table."""

    number: int
    text: str
    is_item: bool
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text of a person, by section.

    Parameters
    ----------
    name : str
        Of the file, for sentences about it.
    sections : dict of str to tuple of Line
    """

    name: str
    sections: dict[str, tuple[Line, ...]]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return tuple(line for lines in self.sections.values() for line in lines)


@dataclass(frozen=True, slots=True)
class BareNumber:
    """A number that somebody typed."""

    line: int
    text: str


def read_own_text(path: Path) -> OwnText | None:
    """Read the text that somebody wrote for a document.

    Parameters
    ----------
    path : pathlib.Path
        Markdown, UTF-8.

    Returns
    -------
    OwnText or None
        None where nobody wrote one.

    Raises
    ------
    OwnTextError
        When the file cannot be read, or has a heading that no brief has.
    """
    if not path.is_file():
        return None
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        msg = f"'{path.name}' is not UTF-8 (byte {wrong.start}). Save it as UTF-8 and build again."
        raise OwnTextError(msg) from wrong
    return parse_own_text(content, f"{path.parent.name}/{path.name}")


def parse_own_text(content: str, name: str) -> OwnText:
    r"""Take a text apart.

    Parameters
    ----------
    content : str
        Headings ``# decision``, ``# why_now``, ``# affected``, ``# options``,
        ``# recommendations`` and ``# objections``; below each, paragraphs (one a line) and items
        that begin with ``-``. Options and recommendations may be a table: rows within ``|``.
    name : str

    Returns
    -------
    OwnText

    Raises
    ------
    OwnTextError
        When a heading is unknown or stands twice, text stands before the first, or a row has
        other columns than its table.

    Examples
    --------
    >>> made = parse_own_text("# why_now\nThe law of 2023 asks for it.\n", "kumanovo/en.md")
    >>> [line.text for line in made.sections["why_now"]]
    ['The law of 2023 asks for it.']
    """
    found: dict[str, list[Line]] = {}
    current = ""
    for number, raw in enumerate(content.splitlines(), start=1):
        text = raw.strip()
        if not text or text.startswith(COMMENT):
            continue
        head = HEAD.match(text)
        if head:
            current = _take_heading(head[1], found, name, number)
        elif not current:
            msg = (
                f"{name}, line {number}: '{text[:40]}' stands before the first heading. Begin "
                f"with one of: {', '.join(f'# {h}' for h in HEADINGS)}."
            )
            raise OwnTextError(msg)
        elif text.startswith("|"):
            _take_row(found[current], text, current, f"{name}, line {number}", number)
        else:
            is_item = text.startswith(("- ", "* "))
            found[current].append(Line(number, text[2:].strip() if is_item else text, is_item))
    return OwnText(name, {h: tuple(found[h]) for h in HEADINGS if found.get(h)})


def _take_heading(head: str, found: dict[str, list[Line]], name: str, number: int) -> str:
    if head not in HEADINGS:
        msg = (
            f"{name}, line {number}: '{head}' is no section that a person writes. Use one of: "
            f"{', '.join(HEADINGS)}."
        )
        raise OwnTextError(msg)
    if head in found:
        msg = f"{name}, line {number}: '{head}' stands twice. Put its text under one heading."
        raise OwnTextError(msg)
    found[head] = []
    return head


def _take_row(held: list[Line], text: str, section: str, where: str, number: int) -> None:
    if is_rule(text):
        # What stands above the rule is the head, which each language has from the catalogs.
        held[:] = [line for line in held if not line.cells]
        return
    try:
        cells = split_row(text, section)
    except ValueError as wrong:
        msg = f"{where}: {wrong}"
        raise OwnTextError(msg) from wrong
    held.append(Line(number, " · ".join(cells), is_item=False, cells=cells))


def find_bare_numbers(own: OwnText) -> tuple[BareNumber, ...]:
    r"""Find the numbers that are typed, which a new run would leave as they are.

    Parameters
    ----------
    own : OwnText

    Returns
    -------
    tuple of BareNumber
        Years, dates and codes such as GOV-03 are none.

    Examples
    --------
    >>> own = parse_own_text("# why_now\nSince 2023 some 40 persons, GOV-03, {ab12}.\n", "a")
    >>> find_bare_numbers(own)
    (BareNumber(line=2, text='40'),)
    """
    return tuple(
        BareNumber(line.number, token[0].strip())
        for line in own.lines
        for token in NUMBER.finditer(INNOCENT.sub("", REFERENCE.sub("", _typed(line))))
    )


def _typed(line: Line) -> str:
    # An amount of money that names its source is no figure of ours: what it says is the source's.
    return " · ".join(c for c in line.cells if "://" not in c) if line.cells else line.text


def fill_own_text(own: OwnText, data: PublicData, w: Wording) -> tuple[Section, ...]:
    """Fill the references of a text, and give its sections.

    Parameters
    ----------
    own : OwnText
    data : PublicData
    w : Wording

    Returns
    -------
    tuple of Section
        In the order of a brief. A withheld number is its word.

    Raises
    ------
    OwnTextError
        When a reference is no published observation; the sentence names file and line.
    """
    return tuple(
        Section(name, w.translate(HEADINGS[name]), _blocks(name, lines, own, data, w))
        for name, lines in own.sections.items()
    )


def _blocks(
    section: str, lines: tuple[Line, ...], own: OwnText, data: PublicData, w: Wording
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    items: list[Sentence] = []
    rows = [
        [_fill(replace(line, text=cell), own, data, w) for cell in line.cells] for line in lines
    ]
    for line in lines:
        if line.cells:
            continue
        said = _fill(line, own, data, w)
        if line.is_item:
            items.append(said)
            continue
        blocks += [Bullets(tuple(items))] if items else []
        items = []
        blocks.append(Paragraph(said))
    blocks += [Bullets(tuple(items))] if items else []
    held = [row for row in rows if row]
    return (*blocks, *([make_table(section, held, w)] if held else []))


def _fill(line: Line, own: OwnText, data: PublicData, w: Wording) -> Sentence:
    parts: list[str | Bound] = []
    for place, part in enumerate(REFERENCE.split(line.text)):
        if place % 2 == 0:
            parts += [part] if part else []
            continue
        try:
            parts.append(w.number(data.find_result(part)))
        except KeyError as unknown:
            msg = (
                f"{own.name}, line {line.number}: '{{{part}}}' is no published figure. Take the id "
                f"from the column observation_id of the table for download."
            )
            raise OwnTextError(msg) from unknown
    if line.cells and len(parts) > 1 and any(isinstance(part, Bound) for part in parts):
        msg = (
            f"{own.name}, line {line.number}: '{line.text[:40]}' mixes words and a figure in one "
            f"cell. Let the figure stand alone in its cell, or say it in a paragraph."
        )
        raise OwnTextError(msg)
    return Sentence(tuple(parts))
