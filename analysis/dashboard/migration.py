"""The dashboard of migration and asylum: flows and stocks apart, the route, what may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.migration import Migration, make_migration
from analysis.catalog import load_indicators
from analysis.dashboard.basket_findings import name_statements
from analysis.dashboard.kinds import MIGRATION, MOVES, PLACES
from analysis.dashboard.missing import missing_section
from analysis.dashboard.topic import TopicDashboard
from analysis.documents.briefs.migration_findings import migration_evidence
from analysis.documents.trends.migration import compose_migration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.basket.found import Finding
    from analysis.documents.model import Section
    from analysis.documents.wording import Wording

SHOWN = ("summary", "flows", "stocks", "origins", "route", "abroad", "outlook")


class MigrationDashboard(TopicDashboard[Migration]):
    """Migration and asylum in an area that one chooses."""

    kind = MIGRATION

    def read(self, area: str, period: str) -> Migration:
        """Read migration in an area."""
        return make_migration(self.data, area, period)

    def compose_sections(self, found: Migration, w: Wording) -> Sequence[Section]:
        """Compose the sections of the document, and what is missing."""
        document = compose_migration(found, w.language.code)
        wanted = [i for i in load_indicators() if i.domain in MOVES and PLACES & set(i.levels)]
        places = [*self._places(), *self._places(route=True)]
        return (
            *(document.section(name) for name in SHOWN),
            missing_section(self.data, wanted, places, w),
            document.section("limits"),
            document.section("sources"),
        )

    def list_findings(self, found: Migration, w: Wording) -> tuple[Finding, ...]:
        """List the evidence statements of the brief of a country."""
        if found.area.level != "country":
            return ()
        return name_statements(migration_evidence(found, w), found)
