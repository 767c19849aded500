"""The dashboard of data readiness: what is fresh, overdue and missing, for one owner or for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.assessment.readiness import TODAY, judge_readiness
from analysis.dashboard.base import Dashboard
from analysis.dashboard.frame import render_part
from analysis.dashboard.more_kinds import EVERYBODY, OWNER, READINESS
from analysis.dashboard.view_links import sections_html
from analysis.documents.basket.found import Part, Shown
from analysis.documents.notice import demonstration_notice
from analysis.documents.readiness_choice import compose_owner, owner_name

if TYPE_CHECKING:
    from analysis.assessment.readiness import Readiness
    from analysis.dashboard.choice import Asked
    from analysis.documents.model import Section
    from analysis.documents.wording import Wording
    from analysis.workspace import Workspace

CHANGES = "changes.csv"


class ReadinessDashboard(Dashboard):
    """The state of the data today.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    day : str
        ISO date on which freshness is judged; today unless given.
    """

    kind = READINESS

    def __init__(self, asked: Asked, workspace: Workspace, day: str = TODAY) -> None:
        super().__init__(asked, workspace)
        self._day = day
        self._judged: Readiness | None = None
        self._written: dict[tuple[str, str], list[str]] = {}

    @property
    def readiness(self) -> Readiness:
        """The state of all data, judged when it is first asked for."""
        if self._judged is None:
            path = self._workspace.public / CHANGES
            changes = (
                pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None
            )
            self._judged = judge_readiness(self.data, self._day, changes)
        return self._judged

    def first_html(self, w: Wording) -> str:
        """Write the chart and the table by owner."""
        return self._notice_html(w) + self._parts(w)[0]

    def figures_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write the chart and the table by owner, and what there is in short."""
        return render_part(
            "topic.html.j2",
            w,
            live=live,
            marks=self._notice_html(w),
            problems=self.problems,
            is_begun=w.language.state == "begun",
            parts=self._parts(w)[:2],
        )

    def rest_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write each list: overdue first, then missing, places, conflicts and changes."""
        return render_part("readiness_rest.html.j2", w, live=live, sections=self._parts(w)[2:])

    def compose_shown(self, w: Wording) -> Shown:
        """Compose the state of the data of the owner, or of all."""
        parts = tuple(Part(section, None) for section in self._sections(w))
        return Shown(self.kind.write_title(self.choice, w), parts)

    def announce(self, w: Wording) -> str:
        """Say whose figures are shown."""
        return str(w.say("Chart and tables updated: {owner}", owner=self._owner(w)))

    def _owner(self, w: Wording) -> str:
        owner = self.choice[OWNER]
        return w.translate("all owners") if owner == EVERYBODY else owner_name(owner, w)

    def _parts(self, w: Wording) -> list[str]:
        # Drawing its files is what a view costs, and first, live and late view share them.
        owner = self.choice[OWNER]
        key = owner, w.language.code
        if key not in self._written:
            sections = self._sections(w)
            self._written[key] = sections_html(sections, f"readiness_{owner}", w, self._standing)
        return self._written[key]

    def _sections(self, w: Wording) -> tuple[Section, ...]:
        owner = self.choice[OWNER]
        chosen = "" if owner == EVERYBODY else owner
        return compose_owner(self.readiness, w.language.code, chosen).sections

    def _notice_html(self, w: Wording) -> str:
        said = demonstration_notice(w.translate, is_demonstration=self.readiness.is_demonstration)
        return self.marks_html(said, w)
