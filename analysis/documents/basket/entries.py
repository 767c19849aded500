"""What a basket holds: references in an order, each with a line of its owner's own, never a figure.

A reference says where something is shown and what: ``migration?area=serbia#table:flows``. The
figures are read anew from the public zone each time, so that a basket of last month cannot bring
last month's numbers into a brief, and nobody can put a number in that is not published.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

# More than any brief takes; a server has to work out each of them.
MOST_ENTRIES = 40
LONGEST_REFERENCE = 300
LONGEST_LINE = 300
KINDS = ("picture", "table", "finding")
FORM = re.compile(
    r"(?P<view>[a-z][a-z_]{0,39})\?(?P<query>[\w=&%.+~-]*)#"
    r"(?P<kind>picture|table|finding):(?P<name>[\w-]{1,90})",
    re.ASCII,
)
EXAMPLE = "municipal_profile?area=kumanovo#table:residents"


class BasketError(ValueError):
    """A basket, or something that was to be put into one, that cannot be used."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where something is shown, and what.

    Parameters
    ----------
    view : str
        Name of the dashboard.
    query : str
        What is chosen there, without the language.
    kind : str
        ``picture``, ``table`` or ``finding``.
    name : str
        Its name in that view, the same in every language.
    """

    view: str
    query: str
    kind: str
    name: str

    def __str__(self) -> str:
        """Write it as it stands in a basket."""
        return f"{self.view}?{self.query}#{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was collected, with a line of one's own."""

    reference: Reference
    line: str = ""


def parse_reference(text: str) -> Reference:
    """Take a reference apart.

    Parameters
    ----------
    text : str

    Returns
    -------
    Reference

    Raises
    ------
    BasketError
        When it has not the form of one.

    Examples
    --------
    >>> parse_reference("municipal_profile?area=kumanovo#table:residents").name
    'residents'
    """
    if len(text) > LONGEST_REFERENCE:
        msg = (
            f"'{text[:40]}…' has {len(text)} characters; a reference has at most "
            f"{LONGEST_REFERENCE}. Collect it anew in the dashboard."
        )
        raise BasketError(msg)
    found = FORM.fullmatch(text)
    if found is None:
        msg = f"'{text}' is no reference. Collect it in the dashboard; one looks so: '{EXAMPLE}'."
        raise BasketError(msg)
    return Reference(found["view"], found["query"], found["kind"], found["name"])


def add_entry(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    """Put something behind all others; what is there already stays where it is.

    Parameters
    ----------
    entries : tuple of Entry
    entry : Entry

    Returns
    -------
    tuple of Entry

    Raises
    ------
    BasketError
        When the basket is full.
    """
    if any(held.reference == entry.reference for held in entries):
        return entries
    if len(entries) >= MOST_ENTRIES:
        msg = (
            f"The basket is full: it holds {MOST_ENTRIES} entries. Export it, or take something "
            f"out first."
        )
        raise BasketError(msg)
    return (*entries, Entry(entry.reference, clean_line(entry.line)))


def remove_entry(entries: tuple[Entry, ...], place: int) -> tuple[Entry, ...]:
    """Take an entry out.

    Parameters
    ----------
    entries : tuple of Entry
    place : int
        From 1.

    Returns
    -------
    tuple of Entry
    """
    _check_place(entries, place)
    return (*entries[: place - 1], *entries[place:])


def move_entry(entries: tuple[Entry, ...], place: int, steps: int) -> tuple[Entry, ...]:
    """Move an entry up (negative) or down; at an end it stays.

    Parameters
    ----------
    entries : tuple of Entry
    place : int
        From 1.
    steps : int

    Returns
    -------
    tuple of Entry

    Examples
    --------
    >>> both = tuple(Entry(Reference("migration", "", "table", n)) for n in ("a", "b"))
    >>> [e.reference.name for e in move_entry(both, 2, -1)]
    ['b', 'a']
    """
    _check_place(entries, place)
    rest = [*entries[: place - 1], *entries[place:]]
    target = min(max(place - 1 + steps, 0), len(rest))
    return (*rest[:target], entries[place - 1], *rest[target:])


def write_line(entries: tuple[Entry, ...], place: int, line: str) -> tuple[Entry, ...]:
    """Write a line of one's own to an entry, or take it back with a blank one.

    Parameters
    ----------
    entries : tuple of Entry
    place : int
        From 1.
    line : str

    Returns
    -------
    tuple of Entry

    Raises
    ------
    BasketError
        When it is too long.
    """
    _check_place(entries, place)
    changed = replace(entries[place - 1], line=clean_line(line))
    return (*entries[: place - 1], changed, *entries[place:])


def clean_line(line: str) -> str:
    r"""Make one line of what was typed.

    Parameters
    ----------
    line : str

    Returns
    -------
    str

    Raises
    ------
    BasketError
        When it is too long.

    Examples
    --------
    >>> clean_line(" Why\nnow\x00 ")
    'Why now'
    """
    made = " ".join("".join(c if c.isprintable() else " " for c in line).split())
    if len(made) > LONGEST_LINE:
        msg = (
            f"The line '{made[:40]}…' has {len(made)} characters; at most {LONGEST_LINE} belong "
            f"to an entry. Longer text is written in the document."
        )
        raise BasketError(msg)
    return made


def read_entries(content: str) -> tuple[Entry, ...]:
    """Read a basket as it was kept: in a browser, or in a file.

    Parameters
    ----------
    content : str
        JSON: a list of ``{"reference": …, "line": …}``.

    Returns
    -------
    tuple of Entry
        In its order; what stands there twice, once.

    Raises
    ------
    BasketError
        When it is none, or too long, or a reference in it has not the form of one.

    Examples
    --------
    >>> read_entries("[]")
    ()
    """
    try:
        held = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as broken:
        msg = "What was kept of the basket cannot be read. Empty it and collect anew."
        raise BasketError(msg) from broken
    if not isinstance(held, list) or not all(_is_entry(one) for one in held):
        msg = "What was kept is no basket: a list of references is. Empty it and collect anew."
        raise BasketError(msg)
    if len(held) > MOST_ENTRIES:
        msg = f"The basket holds {len(held)} entries; at most {MOST_ENTRIES} go into a document."
        raise BasketError(msg)
    entries: tuple[Entry, ...] = ()
    for one in held:
        entries = add_entry(entries, Entry(parse_reference(one["reference"]), one.get("line", "")))
    return entries


def _is_entry(one: object) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("reference"), str)
        and isinstance(one.get("line", ""), str)
    )


def write_entries(entries: tuple[Entry, ...]) -> str:
    """Write a basket so that :func:`read_entries` reads the same.

    Parameters
    ----------
    entries : tuple of Entry

    Returns
    -------
    str
        JSON, the same for the same basket.
    """
    held = [{"reference": str(e.reference), "line": e.line} for e in entries]
    return json.dumps(held, ensure_ascii=False)


def _check_place(entries: tuple[Entry, ...], place: int) -> None:
    if not 1 <= place <= len(entries):
        msg = f"There is no entry {place}: the basket holds {len(entries)}. Count from 1."
        raise BasketError(msg)
