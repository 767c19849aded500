"""A document before it has a format: sentences, tables and pictures with bound numbers.

Pages, Word files and PDF are three ways to write the same blocks; a number stands in a block
once, with the observation that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from analysis.figures import Picture
    from analysis.methods.result import State
    from analysis.text import Language


@dataclass(frozen=True, slots=True)
class Bound:
    """A number in a text, bound to its observation.

    Parameters
    ----------
    text : str
        As the reader sees it: ``98.104``, or the word for a withheld or missing number.
    value : float, optional
        The number; blank where there is none to show.
    reference : str
        Id of the observation; blank only where there is no row, or where a method worked the
        number out.
    state : str
    inputs : tuple of str
        Ids of the observations that a method worked it out from.
    method : str
        Name of that method, as in ``docs/methods``; blank for an observation.
    """

    text: str
    value: float | None
    reference: str
    state: State
    inputs: tuple[str, ...] = ()
    method: str = ""

    def __str__(self) -> str:
        """Give the text."""
        return self.text


class Foreign(str):
    """A text in another language than its document: who reads aloud has to know.

    Parameters
    ----------
    text : str
    language : str
        Code of its language.

    Examples
    --------
    >>> Foreign("Persons", "en").language
    'en'
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Make the text; it is text like any other, with its language."""
        made = super().__new__(cls, text)
        made.language = language
        return made


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text with bound numbers in it, in order."""

    parts: tuple[str | Bound, ...]

    def __str__(self) -> str:
        """Give the whole as plain text."""
        return "".join(str(part) for part in self.parts)

    @property
    def numbers(self) -> tuple[Bound, ...]:
        """The bound numbers, in order."""
        return tuple(p for p in self.parts if isinstance(p, Bound))


Role = Literal["text", "lead", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``role`` says how it is set."""

    sentence: Sentence
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column; numbers are set to the right."""

    label: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a head row; the first column heads its rows."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Bound, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in a document."""

    picture: Picture


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks; ``name`` is the same in every language."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document comes from; the same for the same inputs, so it holds no clock.

    Parameters
    ----------
    run_id : str
        Id of the run; blank while an expert works in a notebook by hand.
    data_date : str
        Date of the newest source.
    data_sha256 : str
        Hash of the public table.
    version : str
        Version of Patokaz.
    """

    run_id: str
    data_date: str
    data_sha256: str
    version: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language."""

    name: str
    title: str
    subtitle: str
    language: Language
    sections: tuple[Section, ...]
    provenance: Provenance
    keywords: tuple[str, ...] = field(default=())
    # What a reader has to see before any number: that the figures are synthetic.
    notice: str = ""

    def section(self, name: str) -> Section:
        """Give a section by its name.

        Raises
        ------
        KeyError
            When the document has no such section; the sentence lists those it has.
        """
        for section in self.sections:
            if section.name == name:
                return section
        known = ", ".join(s.name for s in self.sections)
        msg = f"'{name}' is not a section of '{self.title}'. It has: {known}."
        raise KeyError(msg)

    @property
    def numbers(self) -> tuple[Bound, ...]:
        """Every bound number of the document, in reading order."""
        return tuple(n for s in self.sections for b in s.blocks for n in block_numbers(b))


def block_numbers(block: Block) -> tuple[Bound, ...]:
    """List the bound numbers of a block, in reading order."""
    if isinstance(block, Paragraph):
        return block.sentence.numbers
    if isinstance(block, Bullets):
        return tuple(n for item in block.items for n in item.numbers)
    if isinstance(block, Table):
        return tuple(c for row in block.rows for c in row if isinstance(c, Bound))
    return ()
