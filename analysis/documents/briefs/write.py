"""Briefs as files: a Word file, a PDF and a page, one of each a place and language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment import Profile
from analysis.documents.briefs.municipal import compose_municipal
from analysis.documents.briefs.national import compose_national
from analysis.documents.briefs.own_text import fill_own_text, read_own_text
from analysis.documents.briefs.web import to_html
from analysis.documents.face import provenance
from analysis.documents.pdf import to_pdf
from analysis.documents.word import to_docx
from analysis.documents.wording import Wording
from analysis.protection.ledger.standing import read_standing
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.files import write_atomically
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Document, Section
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

TEMPLATE = "municipal_brief.docx"
AFTER = "evidence"


def compose_brief(
    reading: Profile | Migration | Trafficking,
    language: str,
    workspace: Workspace,
    run_id: str = "",
    standing: Standing | None = None,
) -> Document:
    """Compose the brief of what was opened: of a municipality, or of a country on its subject.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    language : str
        Code of a language.
    workspace : Workspace
    run_id : str
        Id of the run; blank where somebody works by hand.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    Document

    Raises
    ------
    BriefError
        When migration or trafficking was opened for another area than a country.
    """
    origin = provenance(reading, workspace, run_id)
    if isinstance(reading, Profile):
        made = compose_municipal(
            reading, language, workspace_boundaries(workspace), origin, standing
        )
    else:
        made = compose_national(reading, language, origin, standing)
    own = read_own_text(workspace.brief_texts / stem_of(made) / f"{language}.md")
    if own is None:
        return made
    written = fill_own_text(own, reading.data, Wording(translator(language)))
    return replace(made, sections=tuple(_put_in(made.sections, written)))


def stem_of(brief: Document) -> str:
    """Give the name of a brief without its language: the folder of its texts.

    Examples
    --------
    >>> from analysis.documents.model import Document, Provenance
    >>> from analysis.text import find_language
    >>> stem_of(Document("butel_mk", "", "", find_language("mk"), (), Provenance("", "", "", "")))
    'butel'
    """
    return brief.name.removesuffix(f"_{brief.language.code}")


def _put_in(made: Sequence[Section], written: Sequence[Section]) -> Iterator[Section]:
    """Put what people wrote behind the evidence, where a reader has the facts."""
    for section in made:
        yield section
        if section.name == AFTER:
            yield from written


def write_briefs(
    reading: Profile | Migration | Trafficking,
    language: str,
    workspace: Workspace,
    run_id: str = "",
    folder: Path | None = None,
) -> list[Path]:
    """Write a brief in one language as Word file, as PDF and as a page.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    language : str
        Code of a language.
    workspace : Workspace
        Its ``policy_briefs/templates/municipal_brief.docx`` is used where there is one.
    run_id : str
        Id of the run; blank where somebody works by hand.
    folder : pathlib.Path, optional
        Where the files go; ``policy_briefs/own`` unless given.

    Returns
    -------
    list of pathlib.Path
        The Word file, the PDF, then the page. All are made before the first is written, so that
        they are never of two minds. They carry the mark of a draft until the edition is released.

    Raises
    ------
    PaperError
        When the brief cannot be written as a file; nothing is changed then.
    """
    standing = read_standing(workspace)
    brief = compose_brief(reading, language, workspace, run_id, standing)
    template = workspace.brief_templates / TEMPLATE
    made = {
        ".docx": to_docx(brief, template if template.is_file() else None, standing),
        ".pdf": to_pdf(brief, standing),
        ".html": to_html(brief, standing).encode("utf-8"),
    }
    written = []
    for suffix, content in made.items():
        path = (folder or workspace.own_briefs) / f"{brief.name}{suffix}"
        write_atomically(path, content)
        written.append(path)
    return written
