"""Fonts: the texts of their table of names, and what stands behind their last table."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import printable_runs
from analysis.protection.scanner.fragments import UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

BROKEN = mark("it is a broken font")
HEAD = struct.Struct(">4sHHHH")
TABLE = struct.Struct(">4sIII")
NAME_HEAD = struct.Struct(">HHH")
NAME = struct.Struct(">HHHHHH")
BEGINNINGS = (b"\0\1\0\0", b"OTTO", b"true")
ALIGNED = 4
MACINTOSH = 1


def read_font(source: Source) -> Iterator[Fragment | Unread]:
    """Read the names of a font; the outlines of its letters are not read.

    Raises
    ------
    UnreadableError
        When its tables are broken.
    """
    content = source.content
    try:
        _, tables, *_ = HEAD.unpack_from(content, 0)
        places = [TABLE.unpack_from(content, HEAD.size + i * TABLE.size) for i in range(tables)]
        tables_of_names = [content[s : s + size] for t, _, s, size in places if t == b"name"]
        names = [_names(table) for table in tables_of_names]
    except struct.error:
        raise UnreadableError(BROKEN) from None
    for number, text in enumerate((t for found in names for t in found), start=1):
        yield source.hidden(f"name {number}", text)
    for tag, _, start, size in places:
        if tag in {b"meta", b"DSIG"} and size:
            words = f"table {tag.decode('latin-1')}"
            yield source.hidden(words, printable_runs(content[start : start + size]))
    end = max((start + size for *_, start, size in places), default=0)
    behind = content[end + -end % ALIGNED :].strip(b"\0")
    if behind:
        yield source.hidden("bytes behind the end", printable_runs(behind))


def _names(table: bytes) -> list[str]:
    _, count, strings = NAME_HEAD.unpack_from(table, 0)
    found = []
    for number in range(count):
        platform, *_, size, start = NAME.unpack_from(table, NAME_HEAD.size + number * NAME.size)
        raw = table[strings + start : strings + start + size]
        found.append(raw.decode("latin-1" if platform == MACINTOSH else "utf-16-be", "replace"))
    return found
