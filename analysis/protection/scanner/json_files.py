"""JSON: every object a record of its own, whatever way its table is turned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.protection.scanner.fragments import Part, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

BROKEN = mark("it is not the JSON that its name says")
NESTED = mark("its objects stand in each other more deeply than the scanner reads")
DEEPEST_VALUE = 200
SHORTEST_MARKUP = 3


def read_json(source: Source) -> Iterator[Fragment | Unread]:
    """Read a file of JSON; one object a line will do as well.

    Raises
    ------
    UnreadableError
        When it is no JSON, or nested without end.
    """
    try:
        text = source.content.decode("utf-8-sig")
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = [json.loads(line) for line in text.splitlines() if line.strip()]
    except RecursionError:
        raise UnreadableError(NESTED) from None
    except ValueError:
        raise UnreadableError(BROKEN) from None
    yield from read_value(source, value)


def read_value(
    source: Source, value: Any, words: str = "", context: tuple[str, ...] = ()
) -> Iterator[Fragment | Unread]:
    """Read a value as the objects and lists that it is made of.

    Parameters
    ----------
    source : Source
        Where it stands.
    value : object
        As :func:`json.loads` gives it.
    words : str
        Where in the source.
    context : tuple of str
        Keys and texts above it, nearest first.

    Yields
    ------
    Fragment or Unread

    Raises
    ------
    UnreadableError
        When it is nested without end.
    """
    waiting: list[tuple[Any, str, tuple[str, ...], int]] = [(value, words, context, 0)]
    while waiting:
        found, place, above, depth = waiting.pop()
        if depth > DEEPEST_VALUE:
            raise UnreadableError(NESTED)
        if isinstance(found, dict):
            yield from _read_object(source, found, place, above)
            named = _names(found)
            for position, (key, inner) in enumerate(found.items()):
                if isinstance(inner, dict | list):
                    below = (str(key), *named, *above)
                    waiting.append((inner, _step(place, position, key), below, depth + 1))
        elif isinstance(found, list):
            yield from _read_list(source, found, place, above)
            for position, inner in enumerate(found):
                if isinstance(inner, dict | list):
                    waiting.append((inner, _step(place, position, "item"), above, depth + 1))
        else:
            yield from _read_pieces(source, [("", found)], place, above)


def _step(place: str, position: int, key: object) -> str:
    # A key may hold what must not be told: it is named only where it has no digit.
    name = str(key)
    plain = name.isascii() and name.replace("_", "").isalpha()
    return f"{place} > {name if plain else 'item'} {position + 1}".removeprefix(" > ")


def _names(found: Mapping[str, Any]) -> tuple[str, ...]:
    texts = [f"{key}: {inner}" for key, inner in found.items() if _is_scalar(inner)]
    return (" ".join(texts),) if texts else ()


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list) and value is not None


def _read_object(
    source: Source, found: Mapping[str, Any], place: str, above: tuple[str, ...]
) -> Iterator[Fragment | Unread]:
    yield from _read_pieces(
        source, [(str(k), v) for k, v in found.items() if _is_scalar(v)], place, above
    )
    lists = {str(k): v for k, v in found.items() if isinstance(v, list) and v}
    heads = [k for k, v in lists.items() if all(isinstance(i, str) for i in v)]
    for name, rows in lists.items():
        # {"columns": [...], "data": [[...]]}: a head beside its rows.
        for head in heads:
            if all(isinstance(row, list) and len(row) == len(lists[head]) for row in rows):
                yield from _read_rows(source, lists[head], rows, f"{place} > {name}", above)
    sizes = {len(v) for v in lists.values() if all(_is_scalar(i) or i is None for i in v)}
    flat = {k: v for k, v in lists.items() if all(_is_scalar(i) or i is None for i in v)}
    if len(flat) > 1 and len(sizes) == 1:
        # {"year": [...], "persons": [...]}: columns beside each other.
        yield from _read_rows(
            source, list(flat), list(zip(*flat.values(), strict=True)), place, above
        )
    inner = {str(k): v for k, v in found.items() if isinstance(v, dict) and v}
    if len(inner) > 1:
        # {"area": {"0": ...}, "persons": {"0": ...}}: columns by the key of their rows.
        for position, row in enumerate(dict.fromkeys(k for v in inner.values() for k in v)):
            pieces = [(k, v[row]) for k, v in inner.items() if _is_scalar(v.get(row))]
            if len(pieces) > 1:
                words = f"{place}, row {position + 1}"
                yield from _read_pieces(source, pieces, words, (str(row), *above))


def _read_list(
    source: Source, found: Sequence[Any], place: str, above: tuple[str, ...]
) -> Iterator[Fragment | Unread]:
    pieces = [("", inner) for inner in found if _is_scalar(inner)]
    if pieces:
        yield from _read_pieces(source, pieces, place, above)
    rows = [inner for inner in found if isinstance(inner, list)]
    if len(rows) > 1 and all(isinstance(cell, str) for cell in rows[0]):
        yield from _read_rows(source, rows[0], rows[1:], place, above)


def _read_rows(
    source: Source,
    head: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    place: str,
    above: tuple[str, ...],
) -> Iterator[Fragment | Unread]:
    for number, row in enumerate(rows, start=1):
        pieces = [(str(k), v) for k, v in zip(head, row, strict=False) if _is_scalar(v)]
        yield from _read_pieces(source, pieces, f"{place}, row {number}", above)


def _read_pieces(
    source: Source, pieces: list[tuple[str, Any]], place: str, above: tuple[str, ...]
) -> Iterator[Fragment | Unread]:
    if not pieces:
        return
    parts = tuple(Part(str(v), key=k) for k, v in pieces)
    yield source.fragment(place, parts, above)
    for key, value in pieces:
        if isinstance(value, str) and len(value) > SHORTEST_MARKUP:
            yield from _read_inner(source, value, f"{place} > {key}".removeprefix(" > "))


def _read_inner(source: Source, text: str, words: str) -> Iterator[Fragment | Unread]:
    start = text.lstrip()[:1]
    if start == "<" and ">" in text:
        name = "text.html"
    elif start in {"{", "["} and _is_json(text):
        name = "text.json"
    else:
        return
    yield from source.read(source.inside(name, text.encode("utf-8", "replace"), words))


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
