"""Composing: which sections a page has and which a brief has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Document, Provenance
from analysis.documents.movement_section import movement_section
from analysis.documents.notice import profile_notice
from analysis.documents.profile_sections import (
    context_section,
    registered_section,
    residents_section,
    sources_section,
    summary_section,
    unknown_section,
)
from analysis.documents.wording import Wording
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.sources.boundaries import Boundaries


def compose_profile(
    profile: Profile,
    language: str,
    boundaries: Boundaries,
    provenance: Provenance | None = None,
) -> Document:
    """Compose the page of a municipality in one language.

    Parameters
    ----------
    profile : Profile
    language : str
        Code of a language.
    boundaries : Boundaries
    provenance : Provenance, optional
        Blank where an expert works by hand.

    Returns
    -------
    Document

    Raises
    ------
    LanguageError
        When the language is not spoken.
    """
    w = Wording(translator(language))
    return Document(
        name=f"profile_{profile.area.slug}_{language}",
        title=str(w.say("{area}: municipal profile", area=w.area(profile.area))),
        subtitle=str(
            w.say(
                "Population, asylum and migration in figures, up to {year}",
                year=str(profile.reference_year),
            )
        ),
        language=w.language,
        sections=(
            summary_section(profile, w),
            residents_section(profile, w, boundaries),
            registered_section(profile, w),
            movement_section(profile, w),
            context_section(profile, w),
            unknown_section(profile, w),
            sources_section(profile, w),
        ),
        provenance=provenance or Provenance("", profile.data_date, "", ""),
        notice=profile_notice(profile, w.translate),
    )
