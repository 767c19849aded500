"""The dashboard of a municipality: the figures of its page, for any municipality, answered live.

Sentences, tables and charts are those of the page, from the same functions, so that both print
the same numbers. What a dashboard adds is the choice, the map that one moves, and the files.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.assessment.profile import make_profile
from analysis.catalog import load_areas
from analysis.dashboard.address import Asked, Choice, read_address
from analysis.dashboard.controls import Controls
from analysis.dashboard.downloads import make_downloads
from analysis.dashboard.everywhere import everywhere_section, map_words
from analysis.dashboard.frame import edition_standing, frame_words, render_part, wording
from analysis.documents.html import section_html
from analysis.documents.model import Figure, Section
from analysis.documents.movement_section import movement_section
from analysis.documents.notice import profile_notice
from analysis.documents.page import page_marks
from analysis.documents.profile_pictures import change_everywhere
from analysis.documents.profile_sections import (
    registered_section,
    residents_section,
    sources_section,
)
from analysis.documents.protection_words import policy_in_short
from analysis.figures.livemap import live_map
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.read import read_public
from analysis.text import LANGUAGES
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ipywidgets

    from analysis.assessment import Profile
    from analysis.documents.wording import Wording
    from analysis.figures import Picture
    from analysis.protection.ledger.standing import Standing
    from analysis.sources.boundaries import Boundaries
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

LOG = logging.getLogger(__name__)
QUERY = "QUERY_STRING"
PAUSE = 0.2
FONT_FACES = """
@font-face { font-family: 'Source Sans Pro'; font-weight: 400; font-display: swap;
  src: url('/dashboards/fonts/SourceSansPro-Regular.ttf'); }
@font-face { font-family: 'Source Sans Pro'; font-weight: 600; font-display: swap;
  src: url('/dashboards/fonts/SourceSansPro-Semibold.ttf'); }
"""


class Html:
    """Markup as Jupyter shows it, with a text for who reads without."""

    def __init__(self, markup: str, text: str) -> None:
        self.markup = markup
        self.text = text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.markup, "text/plain": self.text}


def open_municipal(query: str | None, workspace: Workspace | None) -> MunicipalDashboard:
    """Open the dashboard for an address; see :func:`analysis.open_dashboard`."""
    asked = read_address(os.environ.get(QUERY, "") if query is None else query)
    return MunicipalDashboard(asked, workspace or find_workspace())


class MunicipalDashboard:
    """The profile of a municipality that one chooses.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    """

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        self._asked = asked
        self._workspace = workspace
        self._data: PublicData | None = None
        self._standing: Standing | None = None
        self._boundaries: Boundaries | None = None
        self._profiles: dict[str, Profile] = {}
        self._updates = 0
        self._waiting: asyncio.TimerHandle | None = None
        self.choice = asked.choice

    def first_view(self) -> Html:
        """Give what is read while the controls load, and by everyone without scripts."""
        w = wording(self.choice)
        try:
            profile = self._profile(self.choice)
            section = _without_map(residents_section(profile, w, self._shapes()))
            markup = self._marks_html(profile, w) + section_html(section, w.language)
        except Exception as failure:  # noqa: BLE001  # readers get a sentence, the log the rest
            return Html(self._failure(w, failure), "")
        return Html(markup, self._frame()["title"])

    def live_view(self) -> ipywidgets.Widget:
        """Give the menus and all that follows from them."""
        import ipywidgets

        w = wording(self.choice)
        self._figures = ipywidgets.HTML()
        self._rest = ipywidgets.HTML()
        self._controls = Controls(self.choice, w, self._choose)
        self._update()
        view = ipywidgets.VBox([self._controls.view(), self._figures, self._rest])
        view.add_class("live")
        return view

    def _choose(self, area_id: str, language: str) -> None:
        self.choice = Choice(load_areas().get(area_id), LANGUAGES[language])
        self._asked = replace(self._asked, unknown_area="", unknown_language="")
        self._update()

    def _update(self) -> None:
        w = wording(self.choice)
        self._updates += 1
        with self._told(w):
            profile = self._profile(self.choice)
            self._controls.speak(w)
            sections = self._sections(profile, w)
            self._figures.value = self._figures_html(profile, sections, w)
            self._later(lambda: self._update_rest(profile, sections, w))

    def _update_rest(self, profile: Profile, sections: dict[str, Section], w: Wording) -> None:
        with self._told(w):
            self._rest.value = self._rest_html(profile, sections, w)

    def _later(self, step: Callable[[], None]) -> None:
        # Who walks through a menu with the arrow keys waits for the numbers of each municipality
        # on the way, and for map and files of the last one only.
        if self._waiting:
            self._waiting.cancel()
        if self._updates == 1:
            step()
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            step()
        else:
            self._waiting = loop.call_later(PAUSE, step)

    @contextmanager
    def _told(self, w: Wording) -> Iterator[None]:
        try:
            yield
        except Exception as failure:  # noqa: BLE001  # the same as above
            self._figures.value = self._failure(w, failure)
            self._rest.value = ""

    def _sections(self, profile: Profile, w: Wording) -> dict[str, Section]:
        residents = _without_map(residents_section(profile, w, self._shapes()))
        return {
            "residents": residents,
            "registered": registered_section(profile, w),
            "movement": movement_section(profile, w),
            "sources": sources_section(profile, w),
        }

    def _figures_html(self, profile: Profile, sections: dict[str, Section], w: Wording) -> str:
        here = profile.residents[0]
        return render_part(
            "figures.html.j2",
            w,
            marks=self._marks_html(profile, w),
            problems=self._asked.problems(w),
            is_begun=w.language.state == "begun",
            residents=w.number(here.after),
            change=w.change(here.change),
            change_pct=w.number(here.change_pct),
            data_date=profile.data_date,
            sections=[
                section_html(sections[name], w.language)
                for name in ("residents", "registered", "movement")
            ],
        )

    def _rest_html(self, profile: Profile, sections: dict[str, Section], w: Wording) -> str:
        area = w.area(profile.area)
        live = {
            **self._frame(),
            "update": self._updates,
            "announcement": str(w.say("Chart, table and map updated: {area}", area=area)),
        }
        words = map_words(profile, w)
        return render_part(
            "rest.html.j2",
            w,
            live=live,
            map_title=words.title,
            map_document=live_map(
                change_everywhere(profile, w),
                self._shapes(),
                profile.area.area_id,
                words,
                FONT_FACES,
            ),
            credit=self._shapes().credit,
            everywhere=section_html(everywhere_section(profile, w), w.language),
            downloads=make_downloads(profile, _pictures(sections, w), w, self._standing),
            policy=str(policy_in_short(w)),
            sources=section_html(sections["sources"], w.language),
        )

    def _profile(self, choice: Choice) -> Profile:
        area_id = choice.area.area_id
        if self._data is None:
            # Together, so that no figure stands under the mark of another edition.
            self._standing = edition_standing(self._workspace)
            self._data = read_public(self._workspace)
        if area_id not in self._profiles:
            self._profiles[area_id] = make_profile(self._data, area_id)
        return self._profiles[area_id]

    def _shapes(self) -> Boundaries:
        if self._boundaries is None:
            self._boundaries = workspace_boundaries(self._workspace)
        return self._boundaries

    def _frame(self) -> dict[str, str]:
        return frame_words(self.choice, self._workspace.site, self._standing)

    def _marks_html(self, profile: Profile, w: Wording) -> str:
        notice = profile_notice(profile, w.translate)
        said = page_marks([w.language.code], self._standing)[0]
        return render_part("marks.html.j2", w, notice=notice, said=said)

    def _failure(self, w: Wording, failure: Exception) -> str:
        code = secrets.token_hex(4)
        told = "A view of %s failed; its reader was told the code %s."
        LOG.error(told, self.choice.query, code, exc_info=failure)
        live = {
            **self._frame(),
            "update": self._updates,
            "announcement": "",
        }
        return render_part("failure.html.j2", w, live=live, code=code)


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
