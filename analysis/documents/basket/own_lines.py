"""A line of one's own beside an entry: filled in where it refers to figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.briefs.own_text import (
    REFERENCE,
    Line,
    OwnText,
    fill_own_text,
    find_bare_numbers,
)
from analysis.documents.model import Paragraph

if TYPE_CHECKING:
    from analysis.documents.basket.entries import Entry
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.store.read import PublicData

# Any section that a person may write; the line of an entry is no section of a brief.
OWN_SECTION = "why_now"


def fill_line(entry: Entry, place: int, data: PublicData, w: Wording) -> Sentence:
    """Fill the references in a line of one's own.

    Parameters
    ----------
    entry : Entry
        With a line.
    place : int
        In the basket, from 1.
    data : PublicData
    w : Wording

    Returns
    -------
    Sentence

    Raises
    ------
    OwnTextError
        When a reference in it is no published observation.
    """
    made = fill_own_text(_own_text(entry, place), data, w)[0].blocks[0]
    if not isinstance(made, Paragraph):
        msg = f"The line '{entry.line}' is no paragraph."
        raise TypeError(msg)
    return made.sentence


def list_bare_numbers(entry: Entry) -> tuple[str, ...]:
    """List the numbers that somebody typed in a line.

    Parameters
    ----------
    entry : Entry

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from analysis.documents.basket.entries import Entry, parse_reference
    >>> held = Entry(parse_reference("migration?#table:flows"), "Since 2023 some 40 persons.")
    >>> list_bare_numbers(held)
    ('40',)
    """
    return tuple(bare.text for bare in find_bare_numbers(_own_text(entry, 1)))


def list_unknown_numbers(entry: Entry, data: PublicData) -> tuple[str, ...]:
    """List the references of a line that are no published observation.

    Parameters
    ----------
    entry : Entry
    data : PublicData

    Returns
    -------
    tuple of str
    """
    unknown = []
    for asked in REFERENCE.findall(entry.line):
        try:
            data.find_result(asked)
        except KeyError:
            unknown.append(str(asked))
    return tuple(unknown)


def _own_text(entry: Entry, place: int) -> OwnText:
    line = Line(place, entry.line, is_item=False)
    return OwnText("the brief basket", {OWN_SECTION: (line,) if entry.line else ()})
