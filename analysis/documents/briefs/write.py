"""Briefs as files: a Word file, a PDF and a page, one of each a place and language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment import Profile
from analysis.documents.brief_forms import FACTS, FORMS
from analysis.documents.briefs.forms import EVIDENCE, shape_brief
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
    from pathlib import Path

    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Document
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

# Of all briefs; a kind may have one of its own, which then goes before it.
TEMPLATE = "brief.docx"
FORMER = "municipal_brief.docx"
PERSONS, CHANGE = "persons", "change"
KINDS = ("municipal", "migration", "trafficking")


def compose_brief(
    reading: Profile | Migration | Trafficking,
    language: str,
    workspace: Workspace,
    run_id: str = "",
    standing: Standing | None = None,
    form: str = FACTS,
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
    form : {"facts", "short", "long"}
        What the figures say; two pages to decide by; or up to four, with places for what only
        people can say.

    Returns
    -------
    Document

    Raises
    ------
    FormError
        When the form is none of these.
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
    w = Wording(translator(language))
    own = read_own_text(workspace.brief_texts / stem_of(made) / f"{language}.md")
    written = fill_own_text(own, reading.data, w) if own else ()
    return shape_brief(made, written, _name_groups(made, reading, w), form, w)


def _name_groups(
    made: Document, reading: Profile | Migration | Trafficking, w: Wording
) -> list[str]:
    """Name the populations that the findings count, in the order of the findings."""
    section = replace(made, sections=(made.section(EVIDENCE),))
    used = [i for n in section.numbers for i in (n.reference, *n.inputs) if i]
    rows = reading.data.take_rows(list(dict.fromkeys(used)))
    # A change between two counts is no group, although it is counted in persons.
    names = [str(name) for name in rows["indicator_id"] if CHANGE not in str(name)]
    known = [reading.data.indicators.get(name) for name in names]
    return list(dict.fromkeys(w.indicator_inside(one) for one in known if one.unit == PERSONS))


def stem_of(brief: Document) -> str:
    """Give the name of a brief without its language and form: the folder of its texts.

    Examples
    --------
    >>> from analysis.documents.model import Document, Provenance
    >>> from analysis.text import find_language
    >>> stem_of(Document("butel_mk", "", "", find_language("mk"), (), Provenance("", "", "", "")))
    'butel'
    """
    stem = brief.name.removesuffix(f"_{brief.language.code}")
    for form in FORMS:
        stem = stem.removesuffix(f"_{form}")
    return stem


def find_template(reading: Profile | Migration | Trafficking, workspace: Workspace) -> Path | None:
    """Find the Word template of a brief.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    workspace : Workspace

    Returns
    -------
    pathlib.Path or None
        ``brief_municipal.docx``, ``brief_migration.docx`` or ``brief_trafficking.docx`` where
        there is one, else ``brief.docx``; None where there is neither: then the built-in one is
        meant.
    """
    kind = KINDS[0] if isinstance(reading, Profile) else type(reading).__name__.lower()
    # One under the former name can only be an institution's own, so that it goes before ours.
    for name in (f"brief_{kind}.docx", FORMER, TEMPLATE):
        path = workspace.brief_templates / name
        if path.is_file():
            return path
    return None


def write_briefs(
    reading: Profile | Migration | Trafficking,
    language: str,
    workspace: Workspace,
    run_id: str = "",
    folder: Path | None = None,
    form: str = FACTS,
) -> list[Path]:
    """Write a brief in one language as Word file, as PDF and as a page.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    language : str
        Code of a language.
    workspace : Workspace
        Its ``policy_briefs/templates/brief.docx`` is used where there is one, or that of the kind
        of brief: see :func:`find_template`.
    run_id : str
        Id of the run; blank where somebody works by hand.
    folder : pathlib.Path, optional
        Where the files go; ``policy_briefs/own`` unless given.
    form : {"facts", "short", "long"}

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
    brief = compose_brief(reading, language, workspace, run_id, standing, form)
    made = {
        ".docx": to_docx(brief, find_template(reading, workspace), standing),
        ".pdf": to_pdf(brief, standing),
        ".html": to_html(brief, standing).encode("utf-8"),
    }
    written = []
    for suffix, content in made.items():
        path = (folder or workspace.own_briefs) / f"{brief.name}{suffix}"
        write_atomically(path, content)
        written.append(path)
    return written
