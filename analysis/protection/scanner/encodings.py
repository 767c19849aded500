"""Texts that stand packed in other texts: base64 and data addresses."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

PACKED = re.compile(r"(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/_-]{12,}={0,2}")
HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+|[a-z_]+|[A-Z_]+|[A-Za-z]?[a-z]+(?:[-_/][a-z]+)*")
BINARY = (b"\x89PNG", b"PK\x03\x04", b"%PDF", b"PAR1")
BLOCK = 4
LEAST_PRINTABLE = 0.95


def read_packed(source: Source, fragment: Fragment, times: int = 2) -> Iterator[Fragment | Unread]:
    """Unpack what stands as base64 in a record.

    Parameters
    ----------
    source : Source
        Where the record stands.
    fragment : Fragment
    times : int
        How often base64 in base64 is unpacked.

    Yields
    ------
    Fragment or Unread
        Texts as hidden records in the context of the record; files as what they are.
    """
    for part in fragment.parts:
        for found in PACKED.findall(part.text):
            content = unpack_base64(found)
            if content.startswith(BINARY):
                inner = source.inside("packed", content, f"{fragment.place}, base64")
                yield from source.read(inner)
                continue
            text = _readable(content)
            if not text:
                continue
            beside = [p for p in fragment.parts if p is not part]
            own = Part(text, key=part.key, observation=part.observation, is_hidden=True)
            place = f"{fragment.place}, base64"
            unpacked = replace(fragment, place=place, parts=(*beside, own), is_drawn=False)
            yield unpacked
            if times > 1:
                alone = replace(unpacked, parts=(own,), context=(fragment.text, *fragment.context))
                yield from read_packed(source, alone, times - 1)


def unpack_base64(text: str) -> bytes:
    """Unpack base64 in either alphabet, with its padding or without.

    Examples
    --------
    >>> unpack_base64("S3VtYW5vdm8gMjAyMw"), unpack_base64("5e4abff54b71")
    (b'Kumanovo 2023', b'')
    """
    if HEXADECIMAL.fullmatch(text):
        return b""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) % BLOCK == 1:
        return b""
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % BLOCK), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _readable(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    good = sum(letter.isprintable() or letter.isspace() for letter in text)
    return text if text and good >= LEAST_PRINTABLE * len(text) else ""
