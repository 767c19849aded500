"""The dashboard of trafficking and victim protection: stages, forms, justice, policy, services."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.trafficking import DOMAINS, SERVICES, Trafficking, make_trafficking
from analysis.catalog import load_indicators
from analysis.dashboard.basket_findings import name_statements
from analysis.dashboard.cascade import cascade_section
from analysis.dashboard.fields import FIGURE, PERIOD
from analysis.dashboard.kinds import TRAFFICKING
from analysis.dashboard.local_services import keep_local, pooled_section
from analysis.dashboard.missing import missing_section
from analysis.dashboard.services_map import services_section
from analysis.dashboard.topic import TopicDashboard
from analysis.dashboard.view_links import sections_html
from analysis.documents.briefs.trafficking_findings import trafficking_evidence
from analysis.documents.trends.trafficking import compose_trafficking
from analysis.sources.boundary_files import workspace_boundaries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.assessment.reading import Reading
    from analysis.dashboard.choice import Asked
    from analysis.dashboard.panel import FigureReading
    from analysis.documents.basket.found import Finding
    from analysis.documents.model import Section
    from analysis.documents.wording import Wording
    from analysis.sources.boundaries import Boundaries
    from analysis.workspace import Workspace

# What is wanted of a municipality beside counts: a body, a team, a plan.
BODIES = frozenset({*SERVICES, "has_local_antitrafficking_plan"})
SHOWN = ("victims", "splits", "justice", "policy", "outlook", "places")


class TraffickingDashboard(TopicDashboard[Trafficking]):
    """Trafficking in a country, in the group of countries, or what a municipality has."""

    kind = TRAFFICKING

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        super().__init__(asked, workspace)
        self._boundaries: Boundaries | None = None

    @property
    def is_municipal(self) -> bool:
        """Whether a municipality is chosen, of which no victims are shown."""
        return self.choice.area.level == "municipality"

    def find_idle(self) -> Collection[str]:
        """Name the menus that change nothing for a municipality."""
        return (FIGURE, PERIOD) if self.is_municipal else ()

    def read(self, area: str, period: str) -> Trafficking:
        """Read trafficking in a country; of a municipality only what it has itself."""
        found = make_trafficking(self.data, area, period)
        return keep_local(found) if found.is_municipal else found

    def read_chosen(self) -> FigureReading:
        """Read the indicator that is chosen; of a municipality nothing."""
        read = super().read_chosen()
        return replace(read, every=(), drawn=()) if self.is_municipal else read

    def announce(self, w: Wording) -> str:
        """Say what is shown."""
        if not self.is_municipal:
            return super().announce(w)
        return str(w.say("Bodies and services updated: {area}", area=w.area(self.choice.area)))

    def compose_sections(self, found: Trafficking, w: Wording) -> Sequence[Section]:
        """Compose the sections of the document, the stages before them, what is missing after."""
        document = compose_trafficking(found, w.language.code)
        wanted = [i for i in load_indicators() if i.domain in DOMAINS or i.indicator_id in BODIES]
        missing = missing_section(self.data, wanted, self._places(), w)
        shown = services_section(self.data, self.choice.area, self._shapes(), w)
        services = () if shown is None else (shown,)
        last = (*services, missing, document.section("limits"), document.section("sources"))
        if self.is_municipal:
            return last
        return (
            document.section("summary"),
            cascade_section(found, w),
            *(document.section(name) for name in SHOWN),
            *last,
        )

    def _shapes(self) -> Boundaries:
        if self._boundaries is None:
            self._boundaries = workspace_boundaries(self._workspace)
        return self._boundaries

    def list_findings(self, found: Trafficking, w: Wording) -> tuple[Finding, ...]:
        """List the evidence statements of the brief of a country."""
        if found.area.level != "country":
            return ()
        return name_statements(trafficking_evidence(found, w), found)

    def _chosen(self, w: Wording) -> list[tuple[Section, Reading]]:
        if not self.is_municipal:
            return super()._chosen(w)
        document = compose_trafficking(self.found, w.language.code)
        shown = (document.section("places"), pooled_section(self.found, w))
        return [(section, self.found) for section in shown]

    def _chosen_html(self, w: Wording) -> list[str]:
        if not self.is_municipal:
            return super()._chosen_html(w)
        shown = [section for section, _ in self._chosen(w)]
        return sections_html(shown, self._slug(), w, self._standing, self.found)
