"""Text, Markdown, style sheets, scripts and tables with separators."""

from __future__ import annotations

import codecs
import csv
import json
import re
from typing import TYPE_CHECKING, Any

from analysis.protection.scanner.fragments import Part, UnreadableError
from analysis.protection.scanner.json_files import read_value
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

NOT_TEXT = mark("it is neither a kind that the scanner knows nor text in UTF-8")
BROKEN_TABLE = mark("its rows cannot be told apart")
HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.+)$")
# Minified scripts stand on one line: a statement is read as a record of its own.
STATEMENT = re.compile(r"[;{}\n]")
LITERAL = re.compile(r"[{\[]\s*[\"'{\[]")
LONGEST_FIELD = 4 * 1024 * 1024
BYTE_ORDER = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_text(content: bytes) -> str:
    """Read bytes as text.

    Raises
    ------
    UnreadableError
        When they are not UTF-8, nor UTF-16 with its mark.

    Examples
    --------
    >>> decode_text("Куманово".encode("utf-8-sig"))
    'Куманово'
    """
    try:
        text = content.decode("utf-16" if content.startswith(BYTE_ORDER) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(NOT_TEXT) from None
    if "\0" in text:
        raise UnreadableError(NOT_TEXT)
    return text


def read_text(source: Source) -> Iterator[Fragment | Unread]:
    """Read lines, each a record under its heading; a line of JSON is read as that."""
    heading: tuple[str, ...] = ()
    for number, line in enumerate(decode_text(source.content).splitlines(), start=1):
        found = HEADING.match(line)
        if found:
            heading = (found[1],)
        if line.strip():
            part = Part(line)
            yield source.fragment(f"line {number}", (part,), heading)


def read_script(source: Source) -> Iterator[Fragment | Unread]:
    """Read a script: the objects that it holds, and what stands between them by statement."""
    text = decode_text(source.content)
    decoder = json.JSONDecoder()
    rest, begin, found = [], 0, LITERAL.search(text)
    while found:
        value, end = _decode(decoder, text, found.start())
        if end:
            rest.append(text[begin : found.start()])
            begin = end
            yield from read_value(source, value, f"object at character {found.start()}")
        found = LITERAL.search(text, end or found.start() + 1)
    rest.append(text[begin:])
    for number, statement in enumerate(STATEMENT.split("\n".join(rest)), start=1):
        if statement.strip():
            part = Part(statement)
            yield source.fragment(f"statement {number}", (part,))


def _decode(decoder: json.JSONDecoder, text: str, start: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, 0


def read_table(source: Source) -> Iterator[Fragment | Unread]:
    """Read a table with separators: each row under the heads of its columns."""
    text = decode_text(source.content)
    first = text.split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    csv.field_size_limit(LONGEST_FIELD)
    head: list[str] = []
    try:
        for number, row in enumerate(csv.reader(text.splitlines(), delimiter=separator), start=1):
            heads = [*head, *[""] * len(row)]
            parts = tuple(
                Part(cell, key=key) for key, cell in zip(heads, row, strict=False) if cell
            )
            head = head or row
            yield source.fragment(f"row {number}", parts)
    except csv.Error:
        raise UnreadableError(BROKEN_TABLE) from None
