"""Documents as PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same document."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from analysis.documents.model import Bound, Bullets, Paragraph, Table
from analysis.documents.notice import draft_word, is_draft, standing_title, standing_words
from analysis.documents.paper import AUTHOR, TAGS, PaperError, foot_line, mark_line, origin
from analysis.documents.traces import ATTACHMENT, describe_numbers
from analysis.figures.export import font_folder
from analysis.figures.theme import FONT, HERE, INK, QUIET, REGION, RULE
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.documents.model import Block, Document, Section, Sentence
    from analysis.protection.ledger.standing import Standing

STANDARD: Final = "ua-1"
FACES = ("Regular", "It", "Semibold", "Bold")
ADDRESS = re.compile(r"^https?://\S+$")
# A document carries no clock: the dates that matter are the data's, and they stand in the text.
NO_CLOCK = 0
# Shares of the width for tables of text; a table that is not named here sizes itself.
WIDTHS: dict[str, tuple[float, ...]] = {
    "residents": (1.6, 1, 1, 1, 1),
    "sources": (0, 2, 3, 3.7, 0),
    "options": (1, 1.5, 1.1, 1.2, 1.2, 1.2),
    "recommendations": (1.4, 2.2, 1, 1.3, 1.1, 0.8),
}
FINE_PRINT = {"method", "sources", "imprint"}
PICTURE_WIDTHS = {"change": 0.92, "map": 0.56}


def to_pdf(document: Document, standing: Standing | None = None) -> bytes:
    """Write a document as a tagged PDF.

    Parameters
    ----------
    document : Document
    standing : Standing, optional
        How the edition stands. Unless it is released, each page carries the mark of a draft.

    Returns
    -------
    bytes

    Raises
    ------
    PaperError
        When the document does not meet PDF/UA-1, for instance because a picture has no text
        alternative. The sentence says what the check found.
    """
    template = resources.files("analysis.documents") / "templates" / "brief.typ"
    written = json.dumps(_content(document, standing), ensure_ascii=False)
    # Files in memory, by name; the stubs of typst know of one file only.
    files: Any = {
        "main.typ": template.read_bytes(),
        "document.json": written.encode("utf-8"),
        ATTACHMENT: json.dumps(
            describe_numbers(document), ensure_ascii=False, indent=1, sort_keys=True
        ).encode("utf-8"),
    }
    try:
        return _compile(document, files)
    except typst.TypstError as error:
        hints = "; ".join(error.hints)
        msg = (
            f"'{document.name}' cannot be written as PDF: {error.message}. Expected a document "
            f"that meets PDF/UA-1{f': {hints}' if hints else ''}. Give each picture a text "
            f"alternative and each character a glyph of {FONT}, then write it again."
        )
        raise PaperError(msg) from error


def _compile(document: Document, files: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _lay_out_fonts(Path(folder))
        drawn, warnings = typst.compile_with_warnings(
            files,
            format="pdf",
            font_paths=[folder],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=NO_CLOCK,
        )
    if warnings:
        # A typeface that is not found is a warning to typst, and an empty page to a reader.
        said = "; ".join(warning.message for warning in warnings)
        msg = (
            f"'{document.name}' was drawn as PDF with a warning: {said}. Expected none. Check "
            f"the typeface and templates/brief.typ, then write it again."
        )
        raise PaperError(msg)
    return bytes(drawn)


def _lay_out_fonts(folder: Path) -> None:
    # The package holds each face twice, as OTF and as TTF. Which one a search meets first is up
    # to the file system, and the bytes would follow: only one of them is laid out.
    for face in FACES:
        name = f"SourceSansPro-{face}.ttf"
        shutil.copyfile(Path(font_folder()) / name, folder / name)


def _content(document: Document, standing: Standing | None) -> dict[str, Any]:
    translate = translator(document.language.code)
    language, *rest = TAGS[document.language.code].split("-")
    return {
        "title": document.title,
        "named": standing_title(document.title, standing, translate),
        "subtitle": document.subtitle,
        "author": AUTHOR,
        "keywords": [*document.keywords, *origin(document)],
        "lang": language,
        "region": rest[-1],
        "font": FONT,
        "colours": {
            "ink": INK,
            "quiet": QUIET,
            "hair": RULE,
            "strong": HERE,
            "accent": REGION,
        },
        "mark": mark_line(document, standing),
        "standing": standing_words(standing, translate),
        "is_draft": is_draft(standing),
        "draft_word": draft_word(standing, translate),
        "foot": foot_line(document),
        "numbers": translate("Where each number comes from"),
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "is_fine_print": section.name in FINE_PRINT,
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "role": block.role, "parts": _parts(block.sentence)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_parts(item) for item in block.items]}
    if isinstance(block, Table):
        widths = WIDTHS.get(block.name, (0,) * len(block.columns))
        columns = zip(block.columns, widths, strict=True)
        return {
            "kind": "table",
            "caption": block.caption,
            "columns": [
                {"label": c.label, "is_number": c.is_number, "width": width} for c, width in columns
            ],
            "rows": [[_cell(cell) for cell in row] for row in block.rows],
            "notes": list(block.notes),
        }
    picture = block.picture
    return {
        "kind": "figure",
        "svg": picture.svg,
        "alt": picture.alt,
        "caption": picture.caption,
        "width": PICTURE_WIDTHS.get(picture.name, 1),
    }


def _parts(sentence: Sentence) -> list[dict[str, Any]]:
    return [{"text": str(part), "bound": isinstance(part, Bound)} for part in sentence.parts]


def _cell(cell: str | Bound) -> dict[str, Any]:
    text = str(cell)
    return {"text": text, "address": bool(ADDRESS.match(text))}
