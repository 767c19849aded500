"""Executed notebooks: all outputs in all their forms, the states of widgets, all properties."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from analysis.protection.scanner.fragments import Unread, UnreadableError
from analysis.protection.scanner.json_files import BROKEN, NESTED, read_value
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.protection.scanner.fragments import Fragment, Source

NOT_BASE64 = mark("it is not the base64 that its kind says")
ENDINGS: Mapping[str, str] = {
    "text/html": "html",
    "image/svg+xml": "svg",
    "text/markdown": "md",
    "text/latex": "txt",
    "text/plain": "txt",
    "application/javascript": "js",
    "text/csv": "csv",
}


def read_notebook(source: Source) -> Iterator[Fragment | Unread]:
    """Read a notebook.

    Raises
    ------
    UnreadableError
        When it is no JSON.
    """
    try:
        book = json.loads(source.content.decode("utf-8-sig"))
    except RecursionError:
        raise UnreadableError(NESTED) from None
    except ValueError:
        raise UnreadableError(BROKEN) from None
    if not isinstance(book, dict):
        raise UnreadableError(BROKEN)
    cells = book.get("cells", [])
    # All that is no cell is a property that readers do not see: widget states are among them.
    rest = {key: value for key, value in book.items() if key != "cells"}
    yield from read_value(_unseen(source), rest, "properties of the notebook")
    for number, cell in enumerate(cells if isinstance(cells, list) else [cells], start=1):
        if isinstance(cell, dict):
            yield from _read_cell(source, cell, f"cell {number}")
        else:
            yield from read_value(source, cell, f"cell {number}")


def _unseen(source: Source) -> Source:
    return type(source)(
        name=source.name,
        content=b"",
        read=source.read,
        place=source.place,
        context=source.context,
        document=source.document,
        is_hidden=True,
        depth=source.depth,
        budget=source.budget,
    )


def _read_cell(source: Source, cell: Mapping[str, Any], words: str) -> Iterator[Fragment | Unread]:
    read = {"source", "outputs", "attachments"}
    rest = {key: value for key, value in cell.items() if key not in read}
    yield from read_value(_unseen(source), rest, f"{words}, properties")
    ending = "md" if cell.get("cell_type") == "markdown" else "txt"
    yield from _read_inner(source, f"source.{ending}", cell.get("source", ""), f"{words}, source")
    for name, bundle in _items(cell.get("attachments")):
        yield from _read_bundle(source, bundle, f"{words}, attachment {name}")
    outputs = cell.get("outputs", [])
    for number, output in enumerate(outputs if isinstance(outputs, list) else [outputs], start=1):
        place = f"{words}, output {number}"
        if not isinstance(output, dict):
            yield from read_value(source, output, place)
            continue
        yield from _read_bundle(source, output.get("data"), place)
        text = [output.get(k, "") for k in ("text", "traceback", "evalue")]
        for piece in text:
            yield from _read_inner(source, "stream.txt", piece, place)
        known = {"data", "text", "traceback", "evalue"}
        rest = {key: value for key, value in output.items() if key not in known}
        yield from read_value(_unseen(source), rest, f"{place}, properties")


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _read_bundle(source: Source, bundle: Any, words: str) -> Iterator[Fragment | Unread]:
    for kind, value in _items(bundle):
        place = f"{words}, {kind}"
        if isinstance(value, dict) or kind.endswith("json"):
            yield from read_value(source, value, place)
        elif kind in ENDINGS or kind.startswith("text/"):
            yield from _read_inner(source, f"output.{ENDINGS.get(kind, 'txt')}", value, place)
        else:
            yield from _read_packed(source, kind, value, place)


def _join(value: Any) -> str:
    return "".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _read_inner(source: Source, name: str, value: Any, words: str) -> Iterator[Fragment | Unread]:
    text = _join(value)
    if text.strip():
        yield from source.read(source.inside(name, text.encode("utf-8", "replace"), words))


def _read_packed(source: Source, kind: str, value: Any, words: str) -> Iterator[Fragment | Unread]:
    try:
        content = base64.b64decode(_join(value), validate=False)
    except (binascii.Error, ValueError):
        yield Unread(source.at(words), NOT_BASE64)
        return
    name = f"output.{kind.rsplit('/', 1)[-1]}"
    yield from source.read(source.inside(name, content, words))
