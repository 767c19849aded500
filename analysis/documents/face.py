"""What a notebook calls: open a profile, compose a document, show its sections."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from analysis import __version__
from analysis.assessment import Profile, ProfileError, load_profile
from analysis.assessment.migration import Migration, load_migration
from analysis.assessment.readiness import Readiness, load_readiness
from analysis.assessment.trafficking import Trafficking, load_trafficking
from analysis.documents.compose import compose_profile
from analysis.documents.html import section_html
from analysis.documents.model import Document, Provenance, Section
from analysis.documents.readiness_sections import compose_readiness
from analysis.documents.trends.migration import compose_migration
from analysis.documents.trends.trafficking import compose_trafficking
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.files import OBSERVATIONS
from analysis.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assessment.reading import Reading
    from analysis.text import Language

PUBLIC = "public"
RUN_VARIABLE = "PATOKAZ_RUN_ID"
HEADER_TYPE = "application/vnd.patokaz.header+json"


def open_profile(
    area: str,
    reference_period: int,
    edition: str = PUBLIC,
    workspace: Workspace | None = None,
) -> Profile:
    """Open the profile of a municipality in the workspace that the notebook stands in.

    Parameters
    ----------
    area : str
        Code or name of a municipality.
    reference_period : int
        Last year to show.
    edition : {"public"}
        Zone that is read.
    workspace : Workspace, optional

    Returns
    -------
    Profile

    Raises
    ------
    ProfileError
        When the edition is not ``public``: nothing else is published yet.
    """
    _refuse_edition(edition)
    return load_profile(workspace or find_workspace(), area, reference_period)


def open_migration(
    area: str, period: str, edition: str = PUBLIC, workspace: Workspace | None = None
) -> Migration:
    """Open migration over the years in an area.

    Parameters
    ----------
    area : str
        Code or name of a country, of the Western Balkans (WB) or of a municipality.
    period : str
        First and last year, such as ``2014-2025``.
    edition : {"public"}
        Zone that is read.
    workspace : Workspace, optional

    Returns
    -------
    Migration
    """
    _refuse_edition(edition)
    return load_migration(workspace or find_workspace(), area, period)


def open_trafficking(
    area: str, period: str, edition: str = PUBLIC, workspace: Workspace | None = None
) -> Trafficking:
    """Open trafficking in human beings over the years in an area.

    Parameters
    ----------
    area : str
        Code or name of a country, of the Western Balkans (WB) or of a municipality.
    period : str
        First and last year, such as ``2014-2025``.
    edition : {"public"}
        Zone that is read.
    workspace : Workspace, optional

    Returns
    -------
    Trafficking
    """
    _refuse_edition(edition)
    return load_trafficking(workspace or find_workspace(), area, period)


def compose(
    profile: Profile | Migration | Trafficking | Readiness,
    language: str,
    workspace: Workspace | None = None,
) -> Document:
    """Compose the document of what was opened, in one language, with its provenance.

    Parameters
    ----------
    profile : Profile, Migration, Trafficking or Readiness
    language : str
    workspace : Workspace, optional

    Returns
    -------
    Document
    """
    space = workspace or find_workspace()
    if isinstance(profile, Readiness):
        newest = max((h.as_of for h in profile.held), default="")
        return compose_readiness(profile, language, find_origin(newest, space, None))
    if isinstance(profile, Migration):
        return compose_migration(profile, language, provenance(profile, space))
    if isinstance(profile, Trafficking):
        return compose_trafficking(profile, language, provenance(profile, space))
    return compose_profile(
        profile, language, workspace_boundaries(space), provenance(profile, space)
    )


def provenance(profile: Reading, workspace: Workspace, run_id: str | None = None) -> Provenance:
    """Say where a reading comes from.

    Parameters
    ----------
    profile : Reading
    workspace : Workspace
    run_id : str, optional
        The run; what the runner has set in the environment, unless given.

    Returns
    -------
    Provenance
    """
    return find_origin(profile.data_date, workspace, run_id)


def _refuse_edition(edition: str) -> None:
    if edition != PUBLIC:
        msg = f"The edition '{edition}' does not exist. Use '{PUBLIC}': it reads protected figures."
        raise ProfileError(msg)


def find_origin(data_date: str, workspace: Workspace, run_id: str | None = None) -> Provenance:
    """Say where figures of a date come from.

    Parameters
    ----------
    data_date : str
        Date of the newest source.
    workspace : Workspace
    run_id : str, optional
        The run; what the runner has set in the environment, unless given.

    Returns
    -------
    Provenance
    """
    return Provenance(
        run_id=os.environ.get(RUN_VARIABLE, "") if run_id is None else run_id,
        data_date=data_date,
        data_sha256=_digest(workspace.public / OBSERVATIONS),
        version=__version__,
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def open_readiness(
    day: str, edition: str = PUBLIC, workspace: Workspace | None = None
) -> Readiness:
    """Judge how ready the data are on a day.

    Parameters
    ----------
    day : str
        ISO date.
    edition : {"public"}
        Zone that is read.
    workspace : Workspace, optional

    Returns
    -------
    Readiness
    """
    _refuse_edition(edition)
    return load_readiness(workspace or find_workspace(), day)


class Shown:
    """A section as Jupyter shows it: HTML for the page, text for who reads without."""

    def __init__(self, section: Section, language: Language) -> None:
        self._section = section
        self._language = language

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/html": section_html(self._section, self._language),
            "text/plain": self._section.heading,
        }


def show(document: Document, name: str) -> Shown:
    """Show one section of a document in a notebook.

    Parameters
    ----------
    document : Document
    name : str
        ``summary``, ``residents``, ``registered``, ``context``, ``unknown`` or ``sources``.

    Returns
    -------
    Shown

    Raises
    ------
    KeyError
        When the document has no such section.
    """
    return Shown(document.section(name), document.language)


class Header:
    """The head of a document as Jupyter shows it, and as the publisher of pages reads it."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        document = self._document
        head = {
            "name": document.name,
            "title": document.title,
            "subtitle": document.subtitle,
            "language": document.language.code,
            "run_id": document.provenance.run_id,
            "data_date": document.provenance.data_date,
            "data_sha256": document.provenance.data_sha256,
            "version": document.provenance.version,
            "notice": document.notice,
        }
        plain = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
        return {HEADER_TYPE: head, "text/plain": f"{document.title}\n{document.subtitle}\n{plain}"}


def show_header(document: Document) -> Header:
    """Show title, run and data date of a document.

    Parameters
    ----------
    document : Document

    Returns
    -------
    Header
    """
    return Header(document)
