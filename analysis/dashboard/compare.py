"""The dashboard that puts one figure of a municipality beside that of others."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.assessment.comparable import may_rank
from analysis.assessment.compare import make_comparison
from analysis.assessment.mappable import may_map
from analysis.assessment.picking import list_comparable, read_spans
from analysis.dashboard.base import Dashboard
from analysis.dashboard.downloads import make_downloads
from analysis.dashboard.fields import FIGURE, PERIOD, SQUARES, VIEW
from analysis.dashboard.frame import render_part, wording
from analysis.dashboard.map_part import map_part, unmapped_part
from analysis.dashboard.more_kinds import (
    COMPARE,
    NEWEST,
    ORDER,
    PEERS_NAME,
    follow_figure,
)
from analysis.dashboard.view_links import sections_html
from analysis.documents.basket.found import Part, Shown
from analysis.documents.compare_sections import compare_sections
from analysis.documents.compare_sentences import nothing_sentence
from analysis.documents.compare_words import span_words
from analysis.documents.map_comparison import map_comparison, picture_comparison
from analysis.documents.model import Paragraph, Section
from analysis.documents.notice import demonstration_notice, profile_notice
from analysis.documents.protection_words import policy_in_short
from analysis.sources.boundary_files import workspace_boundaries
from analysis.sources.demonstration import is_demonstration
from analysis.store.files import StoreError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import ipywidgets

    from analysis.assessment.compare import PeerComparison
    from analysis.catalog import Indicator
    from analysis.dashboard.choice import Asked, Choice
    from analysis.documents.wording import Wording
    from analysis.figures.picture import Picture
    from analysis.methods import Result
    from analysis.sources.boundaries import Boundaries
    from analysis.workspace import Workspace

NO_RANK = mark(
    "The address asks for the order of the numbers. “{name}” counts people, and people are no "
    "league table: the order is that of the alphabet."
)
NO_PERIOD = mark(
    "The address asks for the period '{asked}', for which no municipality has a figure. The newest "
    "is shown instead; the menu has all periods."
)


class CompareDashboard(Dashboard):
    """One figure of a municipality beside that of its peers, or of all.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    """

    kind = COMPARE
    is_rest_late = True

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        super().__init__(asked, workspace)
        lists = {FIGURE: self._list_figures, PERIOD: self._list_periods}
        fields = tuple(
            replace(f, list_options=lists[f.name]) if f.name in lists else f
            for f in self.choice.fields
        )
        self.choice = replace(self.choice, fields=fields)
        self._lost: tuple[tuple[str, str], ...] = ()
        self._found: dict[tuple[str, ...], PeerComparison] = {}
        # Of the last choice: the first view and the live one draw the same.
        self._written: dict[str, list[str]] = {}
        self._drawn: dict[str, list[tuple[str, Picture]]] = {}
        self._boundaries: Boundaries | None = None

    @property
    def indicator(self) -> Indicator:
        """The indicator that is chosen."""
        return self.data.indicators.get(self.choice[FIGURE])

    @property
    def found(self) -> PeerComparison | None:
        """The comparison that is chosen; None where no municipality has the figure."""
        self._settle()
        names = FIGURE, PEERS_NAME, PERIOD, ORDER
        key = (self.choice.area.area_id, *(self.choice[name] for name in names))
        if not read_spans(self.data, self.indicator):
            return None
        if key not in self._found:
            area, figure, peers, period, order = key
            asked = "" if period == NEWEST else period
            self._found[key] = make_comparison(self.data, area, figure, peers, asked, order)
        return self._found[key]

    def live_view(self) -> ipywidgets.Widget:
        """Give the menus and all that follows from them."""
        # Where nothing has been built, the view itself says so.
        with suppress(StoreError):
            self._settle()
        return super().live_view()

    def first_html(self, w: Wording) -> str:
        """Write the finding, the chart and its table."""
        return self._notice_html(w) + "".join(self._shown(w))

    def figures_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write the finding, the chart and its table, with their files."""
        parts = self._shown(w)
        return render_part(
            "topic.html.j2",
            w,
            live=live,
            marks=self._notice_html(w),
            problems=(*self.problems, *self._say_lost(w)),
            is_begun=w.language.state == "begun",
            parts=parts,
        )

    def rest_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write who is compared, what the figure means, the files and the sources."""
        found = self.found
        if found is None:
            return ""
        topic = f"compare_{found.indicator.indicator_id}"
        return render_part(
            "topic_rest.html.j2",
            w,
            live=live,
            findings="",
            sections=[
                self._map_html(found, w),
                *sections_html(compare_sections(found, w)[1:], found.area.slug, w, self._standing),
            ],
            downloads=make_downloads(
                found,
                self._pictures(found, w),
                w,
                self._standing,
                topic=topic,
                title=self.kind.write_title(self.choice, w),
            ),
            policy=str(policy_in_short(w)),
        )

    def compose_shown(self, w: Wording) -> Shown:
        """Compose the sections of the comparison; none where the address asks for what is lost."""
        found = self.found
        sections = () if found is None or self._lost else compare_sections(found, w)
        title = self.kind.write_title(self.choice, w)
        return Shown(title, tuple(Part(section, found) for section in sections))

    def list_results(self) -> Iterable[Result]:
        """List the figures that are compared."""
        found = self.found
        return found.results if found else ()

    def prepare_rest(self, choice: Choice) -> None:
        """Draw the maps for paper: that takes longer than a reader waits for a menu."""
        if choice == self.choice and self.found is not None:
            for _, picture in self._pictures(self.found, wording(choice)):
                _ = picture.svg, picture.png

    def announce(self, w: Wording) -> str:
        """Say which figure is shown, and of whom."""
        return str(
            w.say(
                "Chart and tables updated: {name}, {area}",
                name=w.indicator(self.indicator),
                area=w.area(self.choice.area),
            )
        )

    def find_idle(self) -> Collection[str]:
        """Name the order where the figure counts people: it is that of the alphabet."""
        return () if may_rank(self.indicator) else (ORDER,)

    def _choose(self, name: str, key: str) -> None:
        self._lost = ()
        if name == FIGURE:
            self.choice = follow_figure(self.choice.change(name, key))
        super()._choose(name, key)

    def _settle(self) -> None:
        """Hold what an address asks for against the data and the rule of the league table."""
        period = self.choice[PERIOD]
        spans = [str(s) for s in read_spans(self.data, self.indicator)]
        if period != NEWEST and period not in spans:
            self._lost += ((PERIOD, period),)
            self.choice = self.choice.change(PERIOD, NEWEST)
        if self.choice[ORDER] != "name" and not may_rank(self.indicator):
            self._lost += ((ORDER, ""),)
            self.choice = self.choice.change(ORDER, "name")

    def _say_lost(self, w: Wording) -> tuple[str, ...]:
        said = {PERIOD: NO_PERIOD, ORDER: NO_RANK}
        name = w.indicator(self.indicator)
        return tuple(str(w.say(said[f], asked=asked, name=name)) for f, asked in self._lost)

    def _shown(self, w: Wording) -> list[str]:
        found = self.found
        key = self.choice.query
        if key not in self._written:
            self._written = {key: self._write(found, w)}
        return self._written[key]

    def _write(self, found: PeerComparison | None, w: Wording) -> list[str]:
        if found is None:
            silent = Paragraph(nothing_sentence(self.indicator, w), "lead")
            section = Section("compare", w.indicator(self.indicator), (silent,))
        else:
            section = compare_sections(found, w)[0]
        slug = f"{self.choice.area.slug}_{self.choice[FIGURE]}"
        return sections_html([section], slug, w, self._standing, found)

    def _map_html(self, found: PeerComparison, w: Wording) -> str:
        if not may_map(found.indicator):
            return unmapped_part(w)
        notice = profile_notice(found, w.translate)
        is_squares = self.choice[VIEW] == SQUARES
        shown = map_comparison(found, w)
        return map_part(shown, self._shapes(), notice, w, is_squares=is_squares)

    def _pictures(self, found: PeerComparison, w: Wording) -> list[tuple[str, Picture]]:
        if not may_map(found.indicator):
            return []
        key = self.choice.query
        if key not in self._drawn:
            labels = w.translate("Map"), w.translate("Squares of equal size")
            drawn = picture_comparison(found, self._shapes(), w)
            self._drawn = {key: list(zip(labels, drawn, strict=True))}
        return self._drawn[key]

    def _shapes(self) -> Boundaries:
        if self._boundaries is None:
            self._boundaries = workspace_boundaries(self._workspace)
        return self._boundaries

    def _list_figures(self, w: Wording) -> list[tuple[str, str]]:
        with suppress(StoreError):
            held = list_comparable(self.data)
            own = self.choice[FIGURE]
            listed = [
                *held,
                *(i for i in (self.indicator,) if own not in {h.indicator_id for h in held}),
            ]
            return [(w.indicator(i), i.indicator_id) for i in listed]
        return self._list_asked(FIGURE, w)

    def _list_periods(self, w: Wording) -> list[tuple[str, str]]:
        newest = (w.translate("the newest"), NEWEST)
        with suppress(StoreError):
            spans = [s for s in read_spans(self.data, self.indicator) if s.end]
            return [newest, *((span_words(s), str(s)) for s in spans)]
        return [newest]

    def _list_asked(self, name: str, w: Wording) -> list[tuple[str, str]]:
        return next(f for f in self.kind.fields if f.name == name).list_options(w)

    def _notice_html(self, w: Wording) -> str:
        synthetic = is_demonstration(self.data.sources["source_id"])
        return self.marks_html(demonstration_notice(w.translate, is_demonstration=synthetic), w)
