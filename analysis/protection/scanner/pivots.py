"""Pivot caches: copies of a table that a workbook keeps behind what it shows."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import Part
from analysis.protection.scanner.xml_parts import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

DEFINITION = "pivotCacheDefinition"
RECORDS = "pivotCacheRecords"


def read_pivots(
    parts: Mapping[str, Source], trees: Mapping[str, Node]
) -> Iterator[Fragment | Unread]:
    """Read the rows of pivot caches, with the names of their columns.

    Parameters
    ----------
    parts : mapping of str to Source
        Parts of the workbook.
    trees : mapping of str to Node
        Those of them that are XML.

    Yields
    ------
    Fragment
        One row each; all of it hidden.
    """
    for name in sorted(trees):
        for records in trees[name].all(RECORDS):
            fields = _fields(name, trees)
            for number, row in enumerate(records.all("r"), start=1):
                cells = tuple(
                    Part(text, key=key, is_hidden=True)
                    for (key, items), node in zip(
                        [*fields, *[("", [])] * len(row.children)], row.children, strict=False
                    )
                    if (text := _cell(node, items))
                )
                yield parts[name].fragment(f"row {number}", cells)


def _cell(node: Node, items: list[str]) -> str:
    value = node.attributes.get("v", "")
    if node.name == "x" and value.isdecimal():
        place = int(value[:9])
        return items[place] if place < len(items) else ""
    return value


def _fields(name: str, trees: Mapping[str, Node]) -> list[tuple[str, list[str]]]:
    """For each column its name and the values that rows point to."""
    folder = posixpath.dirname(name)
    definition = None
    for other in sorted(trees):
        own = next(trees[other].all(DEFINITION), None)
        if own is None or posixpath.dirname(other) != folder:
            continue
        links = trees.get(f"{folder}/_rels/{posixpath.basename(other)}.rels", Node("", {}))
        targets = [n.attributes.get("Target", "") for n in links.all("Relationship")]
        if definition is None or any(t.endswith(posixpath.basename(name)) for t in targets):
            definition = own
    if definition is None:
        return []
    return [
        (
            node.attributes.get("name", ""),
            [n.attributes.get("v", "") for s in node.all("sharedItems") for n in s.children],
        )
        for node in definition.all("cacheField")
    ]
