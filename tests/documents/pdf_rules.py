"""What a PDF has to have so that it can be read with a screen reader, rule by rule.

The compiler promises PDF/UA-1; here the file itself is held against what a validator asks, so that
a change of compiler, template or of what is done to a finished file does not go unnoticed. Each
rule gives the faults that it finds, in words.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pypdf.generic import ContentStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdf import PdfReader

PAINTS = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"}
PAINTS |= {b"Do", b"sh", b"INLINE IMAGE"}
HEADING = re.compile(r"/H([1-6])")
# What may hold text or a picture; what stands directly below the document is part of nothing.
HOLDERS = {"/P", "/Figure", "/LBody", "/Lbl", "/TD", "/TH", "/Title", "/Caption", "/Link"}
HOLDERS |= {f"/H{level}" for level in range(1, 7)}


def walk(node, above=()) -> Iterator[tuple[dict, tuple[str, ...]]]:
    """Each structure element in reading order, with the kinds of those above it."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from walk(child, above)
    elif isinstance(node, dict):
        kind = str(node.get("/S", ""))
        if kind:
            yield node, above
        if "/K" in node:
            yield from walk(node["/K"], (*above, kind) if kind else above)


def elements(reader: PdfReader, kind: str = "") -> list[dict]:
    root = reader.trailer["/Root"].get("/StructTreeRoot")
    found = [] if root is None else [node for node, _ in walk(root)]
    return [node for node in found if not kind or node["/S"] == kind]


def _is_true(held) -> bool:
    # An object of the library, which is true by itself whatever it says.
    return held is not None and bool(held == True)  # noqa: E712


def identifies_itself(reader: PdfReader) -> list[str]:
    held = reader.trailer["/Root"].get("/Metadata")
    said = held.get_data().decode("utf-8") if held is not None else ""
    if "<pdfuaid:part>1</pdfuaid:part>" in said:
        return []
    return ["the metadata do not say PDF/UA-1"]


def is_marked(reader: PdfReader) -> list[str]:
    root = reader.trailer["/Root"]
    found = [] if _is_true(root.get("/MarkInfo", {}).get("/Marked")) else ["not marked as tagged"]
    return found + ([] if elements(reader) else ["no structure"])


def says_its_language(reader: PdfReader) -> list[str]:
    said = str(reader.trailer["/Root"].get("/Lang", ""))
    return [] if re.fullmatch(r"[a-z]{2}(-\w+)+", said) else [f"the language is '{said}'"]


def shows_its_title(reader: PdfReader) -> list[str]:
    root = reader.trailer["/Root"]
    held = root.get("/Metadata")
    said = held.get_data().decode("utf-8") if held is not None else ""
    found = [] if re.search(r"<dc:title>.*?<rdf:li[^>]*>\S", said) else ["no title in the metadata"]
    if not _is_true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        found.append("a reader shows the file name, not the title")
    return found


def describes_its_pictures(reader: PdfReader) -> list[str]:
    mute = [f for f in elements(reader, "/Figure") if not str(f.get("/Alt", "")).strip()]
    return ["a picture without a text alternative"] * len(mute)


def embeds_its_fonts(reader: PdfReader) -> list[str]:
    found = []
    for resources in _resources(reader):
        for held in resources.get("/Font", {}).values():
            font = held.get_object()
            name = str(font["/BaseFont"])
            if "/ToUnicode" not in font:
                found.append(f"{name} does not say which letters its shapes are")
            below = [d.get_object() for d in font.get("/DescendantFonts", [font])]
            for one in below:
                shapes = one.get("/FontDescriptor", {}).get_object()
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(shapes):
                    found.append(f"{name} is not in the file")
    return found


def _resources(reader: PdfReader) -> Iterator[dict]:
    waiting = [page["/Resources"].get_object() for page in reader.pages]
    while waiting:
        resources = waiting.pop()
        yield resources
        forms = (x.get_object() for x in resources.get("/XObject", {}).values())
        waiting += [f["/Resources"].get_object() for f in forms if "/Resources" in f]


def has_headings_in_order(reader: PdfReader) -> list[str]:
    levels = [
        int(match[1]) for node in elements(reader) if (match := HEADING.fullmatch(str(node["/S"])))
    ]
    if not levels or levels[0] != 1:
        return [f"the first heading is of level {levels[:1] or 'none'}"]
    pairs = pairwise(levels)
    return [f"level {b} follows level {a}" for a, b in pairs if b > a + 1]


def has_tables_with_heads(reader: PdfReader) -> list[str]:
    found = []
    for table in elements(reader, "/Table"):
        rows = [node for node, _ in walk(table) if node["/S"] == "/TR"]
        heads = [node for node, _ in walk(table) if node["/S"] == "/TH"]
        if not heads:
            found.append("a table without a head")
        found += ["a head without a scope" for head in heads if not _has_scope(head)]
        widths = {sum(node["/S"] in {"/TH", "/TD"} for node, _ in walk(row)) for row in rows}
        if len(widths) > 1:
            found.append(f"a table with rows of {sorted(widths)} cells")
    return found


def _has_scope(head: dict) -> bool:
    held = head.get("/A", [])
    kinds = held if isinstance(held, list) else [held]
    return any(one.get_object().get("/Scope") in {"/Column", "/Row", "/Both"} for one in kinds)


def has_all_content_tagged(reader: PdfReader) -> list[str]:
    """Whatever is painted is furniture, or stands in the structure."""
    found = []
    for number, page in enumerate(reader.pages, start=1):
        inside: list[bool] = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BDC", b"BMC"}:
                number_of = operands[1].get("/MCID") if operator == b"BDC" else None
                inside.append(operands[0] == "/Artifact" or number_of is not None)
            elif operator == b"EMC":
                inside.pop()
            elif operator in PAINTS and not any(inside):
                found.append(f"page {number}: something is painted outside the structure")
    return found


def has_its_text_in_blocks(reader: PdfReader) -> list[str]:
    """What holds text is a paragraph, a heading, a cell or the like, or stands in one."""
    root = reader.trailer["/Root"].get("/StructTreeRoot")
    return [
        f"text stands in {node['/S']} without a paragraph"
        for node, above in ([] if root is None else walk(root))
        if _holds_text(node) and not HOLDERS & {*above, str(node["/S"])}
    ]


def _holds_text(node: dict) -> bool:
    held = node.get("/K", [])
    kids = held if isinstance(held, list) else [held]
    return any(isinstance(k, int) or k.get_object().get("/Type") == "/MCR" for k in kids)


def has_bookmarks(reader: PdfReader) -> list[str]:
    headings = [n for n in elements(reader) if HEADING.fullmatch(str(n["/S"]))]
    named = _count(reader.outline)
    return [] if named and named == len(headings) else [f"{named} bookmarks, {len(headings)} heads"]


def _count(outline: list) -> int:
    return sum(_count(one) if isinstance(one, list) else 1 for one in outline)


def is_walked_by_structure(reader: PdfReader) -> list[str]:
    return [
        f"page {number}: the tab key does not follow the structure"
        for number, page in enumerate(reader.pages, start=1)
        if page.get("/Tabs") != "/S"
    ]


def has_links_in_structure(reader: PdfReader) -> list[str]:
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if note.get_object().get("/Subtype") == "/Link"
    ]
    found = ["a link that says nothing" for one in links if not one.get("/Contents")]
    return found + ["a link outside the structure" for x in links if "/StructParent" not in x]


RULES: dict[str, Callable[[PdfReader], list[str]]] = {
    rule.__name__: rule
    for rule in (
        identifies_itself,
        is_marked,
        says_its_language,
        shows_its_title,
        describes_its_pictures,
        embeds_its_fonts,
        has_headings_in_order,
        has_tables_with_heads,
        has_all_content_tagged,
        has_its_text_in_blocks,
        has_bookmarks,
        is_walked_by_structure,
        has_links_in_structure,
    )
}


def find_pdf_faults(reader: PdfReader) -> dict[str, list[str]]:
    """All that is wrong, by the rule that says so."""
    return {name: faults for name, rule in RULES.items() if (faults := rule(reader))}
