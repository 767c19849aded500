"""The dashboard of a municipality: the figures of its page, for any municipality, answered live.

Sentences, tables and charts are those of the page, from the same functions, so that both print
the same numbers. What a dashboard adds is the choice, the map that one moves, and the files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.assessment.profile import make_profile
from analysis.dashboard.base import Dashboard
from analysis.dashboard.basket_findings import findings_html, municipal_statements
from analysis.dashboard.downloads import make_downloads
from analysis.dashboard.everywhere import everywhere_section
from analysis.dashboard.fields import SQUARES, VIEW
from analysis.dashboard.frame import render_part
from analysis.dashboard.kinds import MUNICIPAL
from analysis.dashboard.map_part import map_document
from analysis.dashboard.view_links import sections_html
from analysis.documents.about import about_section
from analysis.documents.basket.found import Part, Shown
from analysis.documents.html import section_html
from analysis.documents.live_map_words import live_map_words
from analysis.documents.model import Figure, Section
from analysis.documents.movement_section import movement_section
from analysis.documents.notice import profile_notice
from analysis.documents.profile_pictures import map_change
from analysis.documents.profile_sections import (
    registered_section,
    residents_section,
    sources_section,
    unknown_section,
)
from analysis.documents.protection_words import policy_in_short
from analysis.sources.boundary_files import workspace_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assessment import Profile
    from analysis.dashboard.choice import Asked
    from analysis.documents.wording import Wording
    from analysis.figures import Picture
    from analysis.methods import Result
    from analysis.sources.boundaries import Boundaries
    from analysis.workspace import Workspace

SHOWN = ("residents", "registered", "movement", "unknown")


@dataclass(frozen=True)
class _View:
    """What is shown of one municipality in one language."""

    profile: Profile
    sections: dict[str, Section]


class MunicipalDashboard(Dashboard):
    """The profile of a municipality that one chooses.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    """

    kind = MUNICIPAL

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        super().__init__(asked, workspace)
        self._boundaries: Boundaries | None = None
        self._profiles: dict[str, Profile] = {}
        self._made: tuple[str, _View] | None = None

    def first_html(self, w: Wording) -> str:
        """Write who lives here."""
        profile = self._profile()
        section = _without_map(residents_section(profile, w, self._shapes()))
        return self._notice_html(profile, w) + section_html(section, w.language)

    def figures_html(self, w: Wording, live: dict[str, Any]) -> str:  # noqa: ARG002  # in the rest
        """Write key figures and sections of the page."""
        view = self._view(w)
        here = view.profile.residents[0]
        return render_part(
            "figures.html.j2",
            w,
            marks=self._notice_html(view.profile, w),
            problems=self.problems,
            is_begun=w.language.state == "begun",
            residents=w.number(here.after),
            change=w.change(here.change),
            change_pct=w.number(here.change_pct),
            data_date=view.profile.data_date,
            sections=sections_html(
                [view.sections[name] for name in SHOWN],
                view.profile.area.slug,
                w,
                self._standing,
                view.profile,
            ),
        )

    def rest_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write the map, the files and the sources."""
        view = self._view(w)
        profile = view.profile
        shown = map_change(profile, w)
        return render_part(
            "rest.html.j2",
            w,
            live=live,
            findings=findings_html(municipal_statements(profile, w), w),
            map_title=live_map_words(shown, w).title,
            map_document=map_document(
                shown,
                self._shapes(),
                w,
                is_near=True,
                is_squares=self.choice[VIEW] == SQUARES,
            ),
            credit=self._shapes().credit,
            everywhere=section_html(everywhere_section(profile, w), w.language),
            downloads=make_downloads(profile, _pictures(view.sections, w), w, self._standing),
            policy=str(policy_in_short(w)),
            sources=section_html(about_section(profile, w), w.language)
            + section_html(view.sections["sources"], w.language),
        )

    def compose_shown(self, w: Wording) -> Shown:
        """Compose the sections of the page, the map as a table, and the findings of the brief."""
        view = self._view(w)
        profile = view.profile
        sections = (*(view.sections[name] for name in SHOWN), everywhere_section(profile, w))
        return Shown(
            self.kind.write_title(self.choice, w),
            tuple(Part(section, profile) for section in sections),
            municipal_statements(profile, w),
        )

    def list_results(self) -> Iterable[Result]:
        """List the censuses of the municipality, its region and the country."""
        return [r for c in self._profile().residents for r in (c.before, c.after, c.change)]

    def announce(self, w: Wording) -> str:
        """Say which municipality is shown."""
        area = w.area(self.choice.area)
        return str(w.say("Chart, table and map updated: {area}", area=area))

    def _view(self, w: Wording) -> _View:
        if self._made is None or self._made[0] != self.choice.query:
            profile = self._profile()
            sections = (
                _without_map(residents_section(profile, w, self._shapes())),
                registered_section(profile, w),
                movement_section(profile, w),
                unknown_section(profile, w),
                sources_section(profile, w),
            )
            made = _View(profile, {section.name: section for section in sections})
            self._made = (self.choice.query, made)
        return self._made[1]

    def _profile(self) -> Profile:
        area_id = self.choice.area.area_id
        data = self.data
        if area_id not in self._profiles:
            self._profiles[area_id] = make_profile(data, area_id)
        return self._profiles[area_id]

    def _shapes(self) -> Boundaries:
        if self._boundaries is None:
            self._boundaries = workspace_boundaries(self._workspace)
        return self._boundaries

    def _notice_html(self, profile: Profile, w: Wording) -> str:
        return self.marks_html(profile_notice(profile, w.translate), w)


def _without_map(section: Section) -> Section:
    # The map for paper gives way to the one that moves; all else is the page's own.
    kept = tuple(
        b for b in section.blocks if not (isinstance(b, Figure) and b.picture.name == "map")
    )
    return replace(section, blocks=kept)


def _pictures(sections: dict[str, Section], w: Wording) -> list[tuple[str, Picture]]:
    labels = {
        "change": w.translate("Chart of residents"),
        "registered": w.translate("Chart of registered persons"),
    }
    return [
        (labels[block.picture.name], block.picture)
        for section in sections.values()
        for block in section.blocks
        if isinstance(block, Figure)
    ]
