"""A brief as one HTML file: it can be mailed, and it loads nothing."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.documents.html import render
from analysis.documents.model import Figure
from analysis.documents.notice import is_draft, mark_picture, standing_title
from analysis.documents.origins import group_origins
from analysis.documents.paper import PaperError, foot_line, mark_line, origin
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.documents.model import Block, Document, Section
    from analysis.protection.ledger.standing import Standing


def to_html(document: Document, standing: Standing | None = None) -> str:
    """Write a document as one HTML file, readable without scripts.

    Parameters
    ----------
    document : Document
    standing : Standing, optional
        How the edition stands; a draft unless it is released, and then its pictures say so too.

    Returns
    -------
    str
        The same for the same document and standing. Every number says its observation.

    Raises
    ------
    PaperError
        When a picture has no text alternative.
    """
    translate = translator(document.language.code)
    style = resources.files("analysis.documents").joinpath("brief.css").read_text(encoding="utf-8")
    marked = replace(
        document, sections=tuple(_marked(s, document, standing) for s in document.sections)
    )
    return render(
        "brief.html.j2",
        document.language,
        document=marked,
        title=standing_title(document.title, standing, translate),
        mark=mark_line(document, standing),
        is_draft=is_draft(standing),
        origin=origin(document),
        foot=foot_line(document),
        groups=group_origins(document),
        # Our own file, without anything from outside.
        style=Markup(style),  # noqa: S704
    )


def _marked(section: Section, document: Document, standing: Standing | None) -> Section:
    blocks = tuple(_mark_block(block, document, standing) for block in section.blocks)
    return replace(section, blocks=blocks)


def _mark_block(block: Block, document: Document, standing: Standing | None) -> Block:
    if not isinstance(block, Figure):
        return block
    if not block.picture.alt.strip():
        msg = (
            f"The picture '{block.picture.name}' has no text alternative. Who cannot see it would "
            f"learn nothing: say what it shows, then write the document again."
        )
        raise PaperError(msg)
    return Figure(mark_picture(block.picture, standing, translator(document.language.code)))
