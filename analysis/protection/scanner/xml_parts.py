"""Any XML, without entities: each element with its attributes and text, and a tree of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from analysis.protection.scanner.fragments import Part, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

ENTITIES = mark("it declares entities, which files of ours never do")
BROKEN = mark("it is no well-formed XML")
NESTED = mark("its elements stand in each other more deeply than the scanner reads")
DEEPEST_ELEMENT = 500
NUMBER = re.compile(r"\d|[\w+/-]{12,}")
MOST_KEPT = 128
# Attributes that name the thing which the text inside is a value of.
# Addresses of the formats themselves have years in them.
SCHEMA = re.compile(r"https?://(?:schemas|purl|www)\.(?:openxmlformats|microsoft|oclc|w3)\.\S*")
NAMES = ("name", "key", "title", "descr", "ref", "id")


@dataclass(slots=True)
class Node:
    """One element: its name without prefix, its attributes, its own text, its children."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Node]:
        """Go through this element and all below it that have one of the names."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if not names or node.name in names:
                yield node
            waiting.extend(reversed(node.children))

    @property
    def whole_text(self) -> str:
        """The text of this element and of all below it, in order."""
        return "".join(node.text for node in self.all())


class _Builder:
    def __init__(self) -> None:
        self.root = Node("", {})
        self.stack = [self.root]
        self.notes: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) > DEEPEST_ELEMENT:
            raise UnreadableError(NESTED)
        own = {
            key.rsplit(":", 1)[-1]: SCHEMA.sub("", value)
            for key, value in attributes.items()
            if not key.startswith("xmlns")
        }
        node = Node(name.rsplit(":", 1)[-1], own)
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def end(self, _: str) -> None:
        self.stack.pop()

    def text(self, data: str) -> None:
        node = self.stack[-1]
        if node.children:
            # Text behind a child is a child of its own, so that the order stays.
            if node.children[-1].name:
                node.children.append(Node("", {}))
            node = node.children[-1]
        node.text += data

    def note(self, *data: str) -> None:
        self.notes.append(" ".join(data))


def read_tree(content: bytes) -> tuple[Node, list[str]]:
    """Read XML as a tree, with its comments and instructions beside.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Node
        An element without a name that holds the root.
    list of str
        Comments and processing instructions.

    Raises
    ------
    UnreadableError
        When it is not well-formed, declares entities or is nested without end.

    Examples
    --------
    >>> tree, notes = read_tree(b"<a x='1'><!-- 5 --><b>two</b></a>")
    >>> tree.whole_text, notes
    ('two', [' 5 '])
    """
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.CommentHandler = builder.note
    parser.ProcessingInstructionHandler = builder.note
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    try:
        parser.Parse(content, True)  # noqa: FBT003  # expat takes it by position only
    except expat.ExpatError:
        raise UnreadableError(BROKEN) from None
    return builder.root, builder.notes


def _refuse(*_: object) -> None:
    raise UnreadableError(ENTITIES)


def read_xml(source: Source) -> Iterator[Fragment | Unread]:
    """Read XML of any kind; all of it counts as hidden, because few readers look there."""
    tree, notes = read_tree(source.content)
    yield from read_notes(source, notes)
    yield from read_nodes(source, tree)


def read_notes(source: Source, notes: list[str]) -> Iterator[Fragment | Unread]:
    """Give the comments and instructions of XML."""
    for number, note in enumerate(notes, start=1):
        yield source.hidden(f"comment {number}", note)


def read_nodes(
    source: Source, tree: Node, without: frozenset[str] = frozenset()
) -> Iterator[Fragment | Unread]:
    """Give each element of a tree as a hidden record.

    Parameters
    ----------
    source : Source
        Whose bytes the tree was read from.
    tree : Node
    without : frozenset of str
        Names of elements that were read otherwise, with all below them.

    Yields
    ------
    Fragment
        Attributes and text; the names of the elements above are its context.
    """
    key = (source.content, without)
    # Documents made from one template share most of their parts, byte for byte.
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = tuple(_list_nodes(tree, without))
    for words, parts, above in _KEPT[key]:
        yield source.fragment(words, parts, above)


_Record = tuple[str, tuple[Part, ...], tuple[str, ...]]
_KEPT: dict[tuple[bytes, frozenset[str]], tuple[_Record, ...]] = {}


def _list_nodes(tree: Node, without: frozenset[str]) -> Iterator[_Record]:
    waiting: list[tuple[Node, tuple[str, ...], str]] = [(tree, (), "")]
    number = 0
    while waiting:
        node, above, name = waiting.pop()
        if node.name in without:
            continue
        number += 1
        own = " ".join(node.attributes[a] for a in NAMES if a in node.attributes) or name
        parts = [Part(v, key=f"{k} {own}", is_hidden=True) for k, v in node.attributes.items()]
        if node.text.strip():
            parts.append(Part(node.text, key=own, is_hidden=True))
        # What has no digit, and no packed text, holds no number.
        if any(NUMBER.search(part.text) for part in parts):
            yield f"<{node.name}> {number}", tuple(parts), above
        said = " ".join(node.attributes[a] for a in NAMES if a in node.attributes)
        below = (said, *above) if said else above
        waiting.extend((child, below, own) for child in reversed(node.children))
