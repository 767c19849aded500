"""HTML and SVG: text with its attributes, tables by row and column, comments, scripts, shapes."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from analysis.protection.scanner.drawings import is_drawn, is_frame, is_tick, told_attributes
from analysis.protection.scanner.fragments import Part, merge_parts
from analysis.protection.scanner.grids import Grid
from analysis.protection.scanner.plain_files import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source, Unread

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# What stands within a line of text and is read with it.
INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark output q ruby s samp "
    "small span strong sub sup time tspan u var wbr br".split()
)
SHAPES = frozenset(
    "path rect circle ellipse line polyline polygon use image text textpath foreignobject".split()
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SCRIPTS = ("script", "style")
BOUND = "data-observation"
INPUTS = "data-inputs"


class _Element:
    """One open element."""

    __slots__ = ("attributes", "inputs", "is_frame", "label", "name", "observation", "parts")

    def __init__(
        self, name: str, attributes: list[tuple[str, str]], above: _Element | None
    ) -> None:
        self.name = name
        self.attributes = attributes
        own = dict(attributes)
        self.observation: str = own.get(BOUND, "") or (above.observation if above else "")
        self.inputs: tuple[str, ...] = tuple(own.get(INPUTS, "").split()) or (
            above.inputs if above else ()
        )
        self.is_frame: bool = is_frame(own) or (above is not None and above.is_frame)
        self.parts: list[Part] = []
        # A title inside a shape is its label as much as an attribute is.
        self.label = " ".join(
            v for k, v in attributes if k in {"aria-label", "id", "title", "data-name"}
        )


class _Markup(HTMLParser):
    def __init__(self, source: Source) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.found: list[Fragment | Unread] = []
        self.inner: list[Source] = []
        self.stack: list[_Element] = []
        self.grids: list[Grid] = []
        self.block: list[Part] = []
        self.headings: dict[str, str] = {}
        self.caption = ""

    # Where a record stands, in the words of a reader of the source.
    def _place(self, name: str) -> str:
        return f"line {self.getpos()[0]}, {name}"

    def _context(self) -> tuple[str, ...]:
        near = [self.caption] if self.grids and self.caption else []
        near += [e.label for e in reversed(self.stack) if e.label]
        near += [self.headings[h] for h in reversed(HEADINGS) if h in self.headings]
        return tuple(near)

    def _emit(self, name: str, parts: list[Part], *, drawn: bool = False) -> None:
        if not parts:
            return
        found = self.source.fragment(self._place(name), merge_parts(parts), self._context())
        self.found.append(replace(found, is_drawn=drawn))

    def _flush(self) -> None:
        block, self.block = self.block, []
        if any(p.text.strip() for p in block):
            self._emit("text", block)

    def _add(self, parts: list[Part]) -> None:
        shape = next((e for e in reversed(self.stack) if e.name in SHAPES), None)
        if shape is not None:
            shape.parts += parts
        elif self.grids and self.grids[-1].is_in_cell:
            self.grids[-1].add(parts)
        else:
            self.block += parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)
        if tag in VOID:
            self._close(self.stack.pop())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)
        self._close(self.stack.pop())

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.stack[-1] if self.stack else None
        element = _Element(tag, [(k, v or "") for k, v in attrs], above)
        if tag not in INLINE and tag not in SHAPES and tag != "title":
            self._flush()
        self.stack.append(element)
        if tag == "table":
            self.grids.append(Grid())
        if self.grids:
            self.grids[-1].open(tag, dict(element.attributes))
        told = told_attributes(element.attributes)
        if told:
            self._tell(element, told)
        for key, value in told:
            if key == "srcdoc" and value:
                self.inner.append(self._inside("srcdoc.html", value))

    def _tell(self, element: _Element, told: list[tuple[str, str]]) -> None:
        parts = [
            Part(value, key=key, observation=element.observation, inputs=element.inputs)
            for key, value in told
            if key != "srcdoc" and not (element.is_frame and is_tick(value))
        ]
        if element.name in SHAPES:
            element.parts += parts
        elif self.grids and self.grids[-1].is_in_cell:
            # The heads of the row and of the column say what the attribute is about.
            self.grids[-1].add(parts)
        else:
            drawn = bool(element.observation) and is_drawn(element.name, element.attributes)
            self._emit(f"attributes of <{element.name}>", parts, drawn=drawn)

    def handle_endtag(self, tag: str) -> None:
        if not any(e.name == tag for e in self.stack):
            return
        while self.stack:
            element = self.stack.pop()
            self._close(element)
            if element.name == tag:
                return

    def _close(self, element: _Element) -> None:
        name = element.name
        if name in SHAPES:
            shape = any(e.name in SHAPES for e in self.stack)
            drawn = is_drawn(name, element.attributes)
            parts = element.parts
            if element.observation:
                # A shape needs no word of its own to be the shape of a figure.
                parts = [*parts, Part(element.observation, BOUND, element.observation)]
            self._emit(f"<{name}>", parts, drawn=drawn and not shape)
        elif name not in INLINE:
            self._flush()
        if self.grids and name in {"td", "th", "tr", "table", "thead", "tbody"}:
            for parts in self.grids[-1].close(name):
                self._emit("row", parts)
            if name == "table":
                self.grids.pop()
                self.caption = ""

    def handle_data(self, data: str) -> None:
        if not data.strip():
            if self.block or self.grids:
                self._add([Part(" ")])
            return
        top = self.stack[-1] if self.stack else None
        name = top.name if top else ""
        if name in SCRIPTS:
            kind = "json" if "json" in dict(top.attributes if top else []).get("type", "") else "js"
            self.inner.append(self._inside(f"{name}.{kind}", data))
            return
        if top is not None and top.is_frame and is_tick(data):
            return
        part = Part(
            data,
            observation=top.observation if top else "",
            inputs=top.inputs if top else (),
        )
        if name == "caption":
            self.caption = f"{self.caption} {data}".strip()
        elif name in HEADINGS:
            self._head(name, data)
        elif name in {"title", "desc", "metadata"} and len(self.stack) > 1:
            self.stack[-2].label = f"{self.stack[-2].label} {data}".strip()
        self._add([part])

    def _head(self, name: str, data: str) -> None:
        for lower in HEADINGS[HEADINGS.index(name) + 1 :]:
            self.headings.pop(lower, None)
        self.headings[name] = data

    def handle_comment(self, data: str) -> None:
        part = Part(data, is_hidden=True)
        self._emit("comment", [part])
        # What is noted beside a figure is read with it.
        if self.grids and self.grids[-1].is_in_row:
            self.grids[-1].add([part])
        elif self.block or any(e.name in SHAPES for e in self.stack):
            self._add([part])

    def handle_decl(self, decl: str) -> None:
        self._emit("declaration", [Part(decl, is_hidden=True)])

    def handle_pi(self, data: str) -> None:
        self._emit("instruction", [Part(data, is_hidden=True)])

    def unknown_decl(self, data: str) -> None:
        self.handle_data(data.removeprefix("CDATA["))

    def _inside(self, name: str, text: str) -> Source:
        words = self._place(name.split(".", maxsplit=1)[0])
        return self.source.inside(name, text.encode("utf-8", "replace"), words)

    def finish(self) -> None:
        while self.stack:
            self._close(self.stack.pop())
        self._flush()


def read_markup(source: Source) -> Iterator[Fragment | Unread]:
    """Read HTML or SVG.

    Parameters
    ----------
    source : Source
        The parser knows no entities but those of HTML and loads nothing.

    Yields
    ------
    Fragment or Unread
        Lines of text with the numbers that are bound in them, rows of tables by the heads of
        their columns, attributes, shapes with their labels, comments; then scripts, styles and
        pages in pages.
    """
    parser = _Markup(source)
    parser.feed(decode_text(source.content))
    parser.close()
    parser.finish()
    yield from parser.found
    for inner in parser.inner:
        yield from source.read(inner)
