"""The seal of one file, and what breaks it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from analysis.documents.seals.units import Unit, UnitsError, read_units

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNK = 4096
# Enough to tell two pieces of one file apart; the whole file is held by its full hash.
SHORT = 16
SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file was when it was made.

    Parameters
    ----------
    sha256 : str
    size : int
        In bytes.
    chunks : tuple of str
        Beginnings of the hashes of each 4,096 bytes.
    units : tuple of (str, str)
        Label and beginning of the hash of each piece that a person reads.
    """

    sha256: str
    size: int
    chunks: tuple[str, ...]
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Where a file first differs from its seal.

    Parameters
    ----------
    first, last : int
        First and last byte of the first part that differs, counted from 0; the parts are of
        4,096 bytes.
    label : str
        The first piece that differs, such as ``sentence 12``; blank where no piece does.
    text : str
        What stands there now; blank where the piece is missing.
    is_unreadable : bool
        Whether the file cannot be read any more as what its name says.
    """

    first: int
    last: int
    label: str
    text: str
    is_unreadable: bool = False


def seal_file(name: str, content: bytes) -> Seal:
    r"""Seal a file.

    Parameters
    ----------
    name : str
        Its ending says which pieces it has.
    content : bytes

    Returns
    -------
    Seal

    Raises
    ------
    UnitsError
        When the file cannot be read as what its name says.

    Examples
    --------
    >>> seal_file("a.csv", b"area,n\nKumanovo,12\n").size
    19
    """
    return Seal(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        chunks=_chunks(content),
        units=tuple((u.label, _short(u.text.encode())) for u in read_units(name, content)),
    )


def find_change(name: str, content: bytes, seal: Seal) -> Change | None:
    r"""Find where a file first differs from what it was.

    Parameters
    ----------
    name : str
    content : bytes
        As it stands now.
    seal : Seal

    Returns
    -------
    Change or None
        None where every byte is the same.

    Examples
    --------
    >>> sealed = seal_file("a.csv", b"area,n\nKumanovo,12\n")
    >>> found = find_change("a.csv", b"area,n\nKumanovo,13\n", sealed)
    >>> found.label, found.text, (found.first, found.last)
    ('line 2', 'Kumanovo, 13', (0, 18))
    """
    if hashlib.sha256(content).hexdigest() == seal.sha256:
        return None
    first, last = _find_range(content, seal)
    try:
        label, text = _find_unit(read_units(name, content), seal.units)
    except UnitsError:
        return Change(first, last, "", "", is_unreadable=True)
    return Change(first, last, label, text)


def _find_range(content: bytes, seal: Seal) -> tuple[int, int]:
    now = _chunks(content)
    place = next(
        (i for i, (a, b) in enumerate(zip_longest(now, seal.chunks)) if a != b),
        # The same parts under another whole: somebody changed the seal, not the file.
        0,
    )
    first = place * CHUNK
    return first, max(first, min(first + CHUNK, max(len(content), seal.size)) - 1)


def _find_unit(now: Sequence[Unit], sealed: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for unit, known in zip_longest(now, sealed):
        if unit is None:
            return known[0], ""
        if known is None:
            return unit.label, _cut(unit.text)
        if (unit.label, _short(unit.text.encode())) != known:
            # A piece that went missing moves all after it: its own label is the honest one.
            return known[0], _cut(unit.text)
    return "", ""


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _chunks(content: bytes) -> tuple[str, ...]:
    return tuple(_short(content[i : i + CHUNK]) for i in range(0, len(content), CHUNK))


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:SHORT]
