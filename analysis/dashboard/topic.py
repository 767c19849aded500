"""A dashboard of a topic: one indicator at once, then the sections of the topic's document.

Sections come from the document, so that page and dashboard print the same numbers.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from analysis.assessment.period import Period
from analysis.assessment.reading import Reading
from analysis.catalog import load_areas
from analysis.dashboard.base import Dashboard
from analysis.dashboard.basket_findings import Stated, findings_html
from analysis.dashboard.downloads import make_downloads
from analysis.dashboard.fields import FIGURE, PERIOD
from analysis.dashboard.frame import render_part
from analysis.dashboard.panel import about_html, figure_section, read_figure
from analysis.dashboard.view_links import sections_html
from analysis.documents.about import about_section
from analysis.documents.basket.found import Part, Shown
from analysis.documents.notice import profile_notice
from analysis.documents.protection_words import policy_in_short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.catalog import Area
    from analysis.dashboard.choice import Asked, Choice
    from analysis.dashboard.panel import FigureReading
    from analysis.documents.basket.found import Finding
    from analysis.documents.model import Section
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.workspace import Workspace

ROUTE_AREA = "ROUTE-WB"
Found = TypeVar("Found", bound=Reading)


class TopicDashboard(Dashboard, Generic[Found]):
    """A topic in an area that one chooses, with one indicator on top.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    """

    is_rest_late = True

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        super().__init__(asked, workspace)
        self._found: dict[tuple[str, str], Found] = {}

    @abstractmethod
    def read(self, area: str, period: str) -> Found:
        """Read the topic in an area."""

    @abstractmethod
    def compose_sections(self, found: Found, w: Wording) -> Sequence[Section]:
        """Compose the sections below the indicator, in the order of the page."""

    @property
    def found(self) -> Found:
        """The topic in the area and years that are chosen."""
        return self._find(self.choice)

    def _find(self, choice: Choice) -> Found:
        key = choice.area.area_id, choice[PERIOD]
        if key not in self._found:
            self._found[key] = self.read(*key)
        return self._found[key]

    def prepare_rest(self, choice: Choice) -> None:
        """Read the topic: its forecasts take longer than a reader waits for a menu."""
        self._find(choice)

    @property
    def years(self) -> Period:
        """First and last year that are chosen."""
        return Period.parse(self.choice[PERIOD])

    def read_chosen(self) -> FigureReading:
        """Read the indicator that is chosen, in every place that it concerns."""
        indicator = self.data.indicators.get(self.choice[FIGURE])
        places = self._places(route="route" in indicator.levels)
        return read_figure(self.data, indicator.indicator_id, self.choice.area, places, self.years)

    def list_findings(self, found: Found, w: Wording) -> tuple[Finding, ...]:  # noqa: ARG002
        """List the evidence statements of the topic; none unless it has some."""
        return ()

    def compose_above(self, w: Wording) -> Shown:
        """Compose the indicator that is chosen, without reading the topic."""
        parts = (Part(section, reading, is_chosen=True) for section, reading in self._chosen(w))
        return Shown(self.kind.write_title(self.choice, w), tuple(parts))

    def compose_shown(self, w: Wording) -> Shown:
        """Compose the indicator, the sections of the topic, and its findings."""
        found, above = self.found, self.compose_above(w)
        below = (Part(section, found) for section in self.compose_sections(found, w))
        return Shown(above.title, (*above.parts, *below), self.list_findings(found, w))

    def first_html(self, w: Wording) -> str:
        """Write the indicator that is chosen."""
        return self._notice_html(w) + "".join(self._chosen_html(w))

    def figures_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write the indicator that is chosen, with its files."""
        return render_part(
            "topic.html.j2",
            w,
            live=live,
            marks=self._notice_html(w),
            problems=self.problems,
            is_begun=w.language.state == "begun",
            parts=self._chosen_html(w),
        )

    def rest_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write the sections of the topic, the files and the sources."""
        found = self.found
        sections = [*self.compose_sections(found, w), about_section(found, w)]
        title = self.kind.write_title(self.choice, w)
        findings = self.list_findings(found, w)
        return render_part(
            "topic_rest.html.j2",
            w,
            live=live,
            findings=findings_html(findings, w),
            sections=sections_html(sections, self._slug(), w, self._standing, found),
            downloads=make_downloads(
                Stated(found, findings), (), w, self._standing, topic=self.kind.name, title=title
            ),
            policy=str(policy_in_short(w)),
        )

    def name_rest(self) -> str:
        """Name area, years and language: the sections do not follow the indicator."""
        return "|".join((self.choice.area.area_id, self.choice[PERIOD], self.choice.language.code))

    def waiting_html(self, w: Wording) -> str:
        """Say that the sections come; those of another area must not stand there meanwhile."""
        return render_part("waiting.html.j2", w)

    def list_results(self) -> Iterable[Result]:
        """List the figures of the indicator that is chosen."""
        return self.read_chosen().results

    def announce(self, w: Wording) -> str:
        """Say which indicator is shown, and where."""
        indicator = self.data.indicators.get(self.choice[FIGURE])
        return str(
            w.say(
                "Chart and tables updated: {name}, {area}",
                name=w.indicator(indicator),
                area=w.area(self.choice.area),
            )
        )

    def _chosen(self, w: Wording) -> list[tuple[Section, Reading]]:
        reading = self.read_chosen()
        return [(figure_section(reading, self.years, w), reading)]

    def _chosen_html(self, w: Wording) -> list[str]:
        reading = self.read_chosen()
        section = figure_section(reading, self.years, w)
        slug = f"{self._slug()}_{self.choice[FIGURE]}"
        return [
            *sections_html([section], slug, w, self._standing, reading),
            about_html(reading, w),
        ]

    def _places(self, *, route: bool = False) -> list[Area]:
        areas = load_areas()
        if route:
            return [areas.get(ROUTE_AREA)]
        here = self.choice.area
        return list(areas.at_level("country")) if here.level == "group" else [here]

    def _slug(self) -> str:
        return f"{self.choice.area.slug}_{self.kind.name}"

    def _notice_html(self, w: Wording) -> str:
        return self.marks_html(profile_notice(self.read_chosen(), w.translate), w)
