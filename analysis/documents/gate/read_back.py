"""A brief read back from its page: what is held against the rules is the very file.

The gate can look at a brief before it is written, and at what lies ready to be published. The
second is the one that counts: it is what readers get, whatever happened in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from lxml import etree, html

from analysis.documents.model import (
    Bound,
    Bullets,
    Column,
    Document,
    Figure,
    Paragraph,
    Provenance,
    Section,
    Sentence,
    Table,
)
from analysis.figures import Picture
from analysis.text import find_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.documents.model import Block, Role
    from analysis.methods.result import State
    from analysis.text import Language

ROLES = frozenset({"text", "warning", "note"})
STATE = "state-"


class ReadBackError(ValueError):
    """A file that is no brief of ours."""


def read_back(content: bytes, name: str) -> Document:
    """Read a brief from its HTML file.

    Parameters
    ----------
    content : bytes
        As :func:`analysis.documents.briefs.web.to_html` writes it.
    name : str
        Of the file, for sentences about it.

    Returns
    -------
    Document
        With all texts, bound numbers, tables, and the words of its pictures; without the drawings
        themselves, and without where it comes from.

    Raises
    ------
    ReadBackError
        When it is no such file.
    """
    try:
        tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
        language = find_language(str(tree.get("lang", "")))
        (title,) = tree.xpath("//main/h1")
        sections = tuple(_read_section(s, language) for s in tree.xpath("//main/section"))
        if not sections:
            raise ValueError("no section")  # noqa: TRY301  # told below
    except (ValueError, etree.LxmlError) as strange:
        msg = (
            f"'{name}' cannot be read as a brief ({strange}). Expected the page that `patokaz run` "
            f"writes beside a Word file. Make it anew with `patokaz run`."
        )
        raise ReadBackError(msg) from strange
    return Document(
        name=name.removesuffix(".html"),
        title=_text(title),
        subtitle=" ".join(_text(p) for p in tree.xpath("//main/p[@class='subtitle']")),
        language=language,
        sections=sections,
        provenance=Provenance("", "", "", ""),
    )


def _read_section(section: Any, language: Language) -> Section:
    (heading,) = section.xpath("./h2")
    blocks = tuple(b for e in section if e is not heading for b in _read_block(e, language))
    return Section(str(section.get("id")), _text(heading), blocks)


def _read_block(element: Any, language: Language) -> Iterator[Block]:
    if element.tag == "h3":
        yield Paragraph(_read_sentence(element), "lead")
    elif element.tag == "p":
        role = str(element.get("class", "text"))
        yield Paragraph(_read_sentence(element), cast("Role", role if role in ROLES else "text"))
    elif element.tag == "ul":
        yield Bullets(tuple(_read_sentence(item) for item in element.xpath("./li")))
    elif element.tag == "figure":
        yield Figure(_read_picture(element, language))
    elif element.get("class") == "table":
        yield _read_table(element)


def _read_table(element: Any) -> Table:
    (table,) = element.xpath("./table")
    rows = table.xpath("./tbody/tr")
    return Table(
        str(table.get("data-table")),
        " ".join(_text(c) for c in table.xpath("./caption")),
        tuple(
            Column(_text(h), is_number=h.get("class") == "number")
            for h in table.xpath("./thead//th")
        ),
        tuple(tuple(_read_cell(cell) for cell in row.xpath("./th|./td")) for row in rows),
        tuple(_text(note) for note in element.xpath("./p")),
    )


def _read_cell(element: Any) -> str | Bound:
    parts = _read_sentence(element).parts
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Bound) else _text(element)


def _read_picture(element: Any, language: Language) -> Picture:
    named = [str(drawn.get("aria-label", "")) for drawn in element.xpath(".//svg")]
    caption = " ".join(_text(c) for c in element.xpath("./figcaption"))
    # Nothing is drawn again: only its words are held against the rules.
    nothing = cast("Any", None)
    return Picture(
        str(element.get("data-picture")), nothing, caption, " ".join(named), nothing, language
    )


def _read_sentence(element: Any) -> Sentence:
    parts: list[str | Bound] = [str(element.text or "")]
    for child in element:
        parts += [_read_number(child), str(child.tail or "")]
    return Sentence(tuple(part for part in parts if str(part)))


def _read_number(element: Any) -> str | Bound:
    text = _text(element)
    classes = str(element.get("class", "")).split()
    states = [c.removeprefix(STATE) for c in classes if c.startswith(STATE)]
    if element.tag != "data" and not states:
        return text
    return Bound(
        text,
        float(element.get("value")) if element.tag == "data" else None,
        str(element.get("data-observation", "")),
        cast("State", states[0] if states else "value"),
        tuple(str(element.get("data-inputs", "")).split()),
        str(element.get("data-method", "")),
    )


def _text(element: Any) -> str:
    return str(element.text_content()).strip()
