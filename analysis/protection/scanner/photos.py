"""JPEG: notes and properties of a picture, and what stands behind its end."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import printable_runs
from analysis.protection.scanner.fragments import Unread, UnreadableError
from analysis.protection.scanner.pictures import BEHIND, BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source

BEGINNING = b"\xff\xd8\xff"
END = b"\xff\xd9"
# Notes, and the segments in which programs keep properties.
TOLD = frozenset({0xFE, *range(0xE0, 0xF0)})
DOTS = 0xDA
SIZE = struct.Struct(">H")


def read_photo(source: Source) -> Iterator[Fragment | Unread]:
    """Read the notes and properties of a JPEG; its dots are not read.

    Raises
    ------
    UnreadableError
        When its segments are broken.
    """
    content, place, number = source.content, 2, 0
    kind = 0
    while kind != DOTS:
        if place + 4 > len(content) or content[place] != BEGINNING[0]:
            raise UnreadableError(BROKEN)
        kind = content[place + 1]
        (size,) = SIZE.unpack_from(content, place + 2)
        body = content[place + 4 : place + 2 + size]
        place += 2 + size
        number += 1
        if kind in TOLD:
            yield source.hidden(f"segment {number}", printable_runs(body))
    # Within the dots the mark of the end cannot stand; a small picture in a property has its own.
    end = content.find(END, place)
    if end < 0:
        raise UnreadableError(BROKEN)
    behind = content[end + len(END) :].strip(b"\0")
    if not behind:
        return
    found = printable_runs(behind)
    if found:
        yield source.hidden("bytes behind the end", found)
    else:
        yield Unread(source.at("bytes behind the end"), BEHIND)
