"""What a reader of a file gives: records of named parts, or the sentence that it could not read.

A fragment is one record of an artefact: a row of a table with the heads of its columns, one
element with its attributes, one object of JSON, one line. What stands in one record is read
together, because that is how a person reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEEPEST = 6
LARGEST = 256 * 1024 * 1024
MOST_PARTS = 20_000

TOO_LARGE = mark("it unpacks to more than the scanner reads; split it or take it out")
TOO_DEEP = mark("it is packed into itself too often; unpack it or take it out")
TOO_MANY = mark("it has more parts than the scanner reads; split it or take it out")


class UnreadableError(ValueError):
    """A file, or a part of one, that cannot be read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One named piece of a record.

    Parameters
    ----------
    text : str
        What stands there.
    key : str
        Under which name: the head of a column, an attribute, a key; blank where it has none.
    observation : str
        Id of the observation that the piece says it shows.
    inputs : tuple of str
        Ids of the observations that it says it was worked out from.
    is_hidden : bool
        Whether readers see it only when they look for it: comments, properties, styles.
    """

    text: str
    key: str = ""
    observation: str = ""
    inputs: tuple[str, ...] = ()
    is_hidden: bool = False


def merge_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Join pieces of one text that only markup has parted: ``1<b>4</b>`` is fourteen.

    Parameters
    ----------
    parts : iterable of Part

    Returns
    -------
    tuple of Part
        Neighbours that agree in all but their text are one.

    Examples
    --------
    >>> merge_parts([Part("1"), Part("4"), Part("5", key="title")])[0].text
    '14'
    """
    merged: list[Part] = []
    for part in parts:
        if merged and replace(merged[-1], text="") == replace(part, text=""):
            merged[-1] = replace(part, text=merged[-1].text + part.text)
        else:
            merged.append(part)
    return tuple(p for p in merged if p.text.strip())


@dataclass(frozen=True, slots=True)
class Fragment:
    """One record of an artefact.

    Parameters
    ----------
    place : str
        Where in the file, in words: ``xl/worksheets/sheet1.xml, row 12``.
    parts : tuple of Part
        What stands in the record.
    context : tuple of str
        Names under which the record stands, nearest first: caption, headings, keys above.
    document : tuple of str
        What the whole file is about: its title and its path.
    is_drawn : bool
        Whether the record is a shape that has a size.

    Examples
    --------
    >>> Fragment("line 3", (Part("Kumanovo"), Part("14", key="persons"))).text
    'Kumanovo persons: 14'
    """

    place: str
    parts: tuple[Part, ...]
    context: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    is_drawn: bool = False

    @property
    def text(self) -> str:
        """The whole record as one text."""
        return " ".join(f"{p.key}: {p.text}" if p.key else p.text for p in self.parts)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of one, that was not read; that is a finding of its own."""

    place: str
    sentence: str


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked from one file: hostile files unpack to more than they are."""

    left: int = LARGEST
    parts: int = MOST_PARTS

    def spend(self, size: int) -> None:
        """Take note of what was unpacked.

        Parameters
        ----------
        size : int
            In bytes.

        Raises
        ------
        UnreadableError
            When one file unpacks to more than is read, or to too many parts.
        """
        self.left -= size
        self.parts -= 1
        if self.left < 0:
            raise UnreadableError(TOO_LARGE)
        if self.parts < 0:
            raise UnreadableError(TOO_MANY)


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes that are to be read, and where they stand.

    Parameters
    ----------
    name : str
        Name of the file or part; its ending tells the kind where the bytes do not.
    content : bytes
    read : callable
        Reads another source: a picture in a document, a file in an archive.
    place : str
        Words that lead to it from the file; blank for the file itself.
    context, document : tuple of str
        As in :class:`Fragment`, for every record in it.
    is_hidden : bool
        Whether all of it is hidden from readers.
    depth : int
        How often it was unpacked.
    budget : Budget
        Shared with all that is unpacked from the same file.
    """

    name: str
    content: bytes
    read: Callable[[Source], Iterator[Fragment | Unread]]
    place: str = ""
    context: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    is_hidden: bool = False
    depth: int = 0
    budget: Budget = field(default_factory=Budget)

    def at(self, words: str) -> str:
        """Say where in the file a record of this source is."""
        return ", ".join(part for part in (self.place, words) if part)

    def fragment(
        self, words: str, parts: tuple[Part, ...], context: tuple[str, ...] = ()
    ) -> Fragment:
        """Make a record of this source; in a hidden source all is hidden."""
        if self.is_hidden:
            parts = tuple(replace(p, is_hidden=True) for p in parts)
        return Fragment(self.at(words), parts, (*context, *self.context), self.document)

    def hidden(
        self, words: str, text: str, key: str = "", context: tuple[str, ...] = ()
    ) -> Fragment:
        """Make a record of one piece that readers do not see."""
        return self.fragment(words, (Part(text, key=key, is_hidden=True),), context)

    def inside(self, name: str, content: bytes, words: str, *, is_hidden: bool = False) -> Source:
        """Give something that is packed into this source.

        Raises
        ------
        UnreadableError
            When it is packed too deeply, or unpacks to too much.
        """
        if self.depth >= DEEPEST:
            raise UnreadableError(TOO_DEEP)
        self.budget.spend(len(content))
        return Source(
            name=name,
            content=content,
            read=self.read,
            place=self.at(words),
            context=self.context,
            document=(name, *self.document),
            is_hidden=is_hidden or self.is_hidden,
            depth=self.depth + 1,
            budget=self.budget,
        )
