"""Briefs as files: one Word file and one PDF a municipality and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.brief import compose_brief
from analysis.documents.face import provenance
from analysis.documents.pdf import to_pdf
from analysis.documents.word import to_docx
from analysis.protection.ledger.standing import read_standing
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assessment import Profile
    from analysis.workspace import Workspace

TEMPLATE = "municipal_brief.docx"


def write_briefs(
    profile: Profile,
    language: str,
    workspace: Workspace,
    run_id: str = "",
    folder: Path | None = None,
) -> list[Path]:
    """Write the brief of a municipality in one language as Word file and as PDF.

    Parameters
    ----------
    profile : Profile
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
        The Word file, then the PDF. Both are made before the first
        is written, so that a pair is never of two minds. They carry the mark of a draft until
        the edition is released.

    Raises
    ------
    PaperError
        When the brief cannot be written as a file; nothing is changed then.
    """
    origin = provenance(profile, workspace, run_id)
    standing = read_standing(workspace)
    brief = compose_brief(profile, language, workspace_boundaries(workspace), origin, standing)
    template = workspace.brief_templates / TEMPLATE
    made = {
        ".docx": to_docx(brief, template if template.is_file() else None, standing),
        ".pdf": to_pdf(brief, standing),
    }
    written = []
    for suffix, content in made.items():
        path = (folder or workspace.own_briefs) / f"{brief.name}{suffix}"
        write_atomically(path, content)
        written.append(path)
    return written
