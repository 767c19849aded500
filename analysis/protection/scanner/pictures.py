"""PNG: all that a picture carries beside its dots. The dots themselves are not read."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import printable_runs
from analysis.protection.scanner.fragments import Unread, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BROKEN = mark("it is a broken picture")
UNKNOWN = mark("it holds a block of an unknown kind in which nothing can be read")
BEHIND = mark("there are bytes behind its end in which nothing can be read")
# Dots, palettes and measures; they hold no text.
DOTS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD"}
    | {b"hIST", b"pHYs", b"tIME", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"}
)
LARGEST_TEXT = 16 * 1024 * 1024
HEAD = struct.Struct(">I4s")


def read_picture(source: Source) -> Iterator[Fragment | Unread]:
    """Read the texts, properties and unknown blocks of a PNG, and what stands behind its end.

    Raises
    ------
    UnreadableError
        When its blocks are broken.
    """
    content, place, number = source.content, len(SIGNATURE), 0
    kind = b""
    while kind != b"IEND":
        if place + HEAD.size > len(content):
            raise UnreadableError(BROKEN)
        size, kind = HEAD.unpack_from(content, place)
        body = content[place + HEAD.size : place + HEAD.size + size]
        place += HEAD.size + size + 4
        number += 1
        if len(body) < size or place > len(content):
            raise UnreadableError(BROKEN)
        if kind not in DOTS or kind == b"IEND":
            yield from _read_block(source, kind, body, number)
    behind = content[place:]
    if behind:
        yield from _read_behind(source, behind)


def _read_block(
    source: Source, kind: bytes, body: bytes, number: int
) -> Iterator[Fragment | Unread]:
    words = f"{kind.decode('latin-1')} block {number}"
    if kind == b"tEXt":
        key, _, rest = body.partition(b"\0")
        yield source.hidden(words, _text(rest), key=_text(key))
    elif kind in {b"zTXt", b"iCCP"}:
        key, _, packed = body.partition(b"\0")
        unpacked = unpack_bounded(source, packed[1:])
        said = _text(unpacked) if kind == b"zTXt" else printable_runs(unpacked)
        yield source.hidden(words, said, key=_text(key))
    elif kind == b"iTXt":
        key, _, rest = body.partition(b"\0")
        is_packed, rest = rest[:1] == b"\1", rest[2:]
        language, _, rest = rest.partition(b"\0")
        translated, _, text = rest.partition(b"\0")
        text = unpack_bounded(source, text) if is_packed else text
        name = f"{_text(key)} {_text(language)} {_text(translated)}"
        yield source.hidden(words, _text(text), key=name)
    elif body:
        found = printable_runs(body)
        if found:
            yield source.hidden(words, found)
        elif kind != b"eXIf":
            yield Unread(source.at(words), UNKNOWN)


def _read_behind(source: Source, behind: bytes) -> Iterator[Fragment | Unread]:
    words = "bytes behind the end"
    found = printable_runs(behind)
    if found:
        yield source.hidden(words, found)
    if behind.startswith((SIGNATURE, b"PK\x03\x04", b"%PDF", b"PAR1", b"\x1f\x8b")):
        yield from source.read(source.inside("behind", behind, words, is_hidden=True))
    elif not found:
        yield Unread(source.at(words), BEHIND)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def unpack_bounded(source: Source, packed: bytes) -> bytes:
    """Unpack deflated bytes, but not more than a text of a picture can be.

    Raises
    ------
    UnreadableError
        When they are broken or unpack to too much.
    """
    try:
        unpacked = zlib.decompressobj().decompress(packed, LARGEST_TEXT)
    except zlib.error:
        raise UnreadableError(BROKEN) from None
    source.budget.spend(len(unpacked))
    return unpacked
