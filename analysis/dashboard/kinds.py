"""The dashboards that there are: name, fields, title and static page of each, without its charts.

The server writes the frame of a page from this before a kernel runs, so that nothing here loads
what draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.catalog import load_indicators
from analysis.dashboard.address import DASHBOARDS, read_address
from analysis.dashboard.fields import (
    FIGURE,
    LANGUAGE_FIELD,
    MUNICIPALITY_FIELD,
    PERIOD_FIELD,
    PLACE_FIELD,
    VIEW_FIELD,
    make_figure_field,
)
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from analysis.dashboard.choice import Asked, Choice, Field
    from analysis.documents.wording import Wording

VICTIMS = frozenset({"trafficking", "victim_services"})
MOVES = frozenset({"asylum", "migration", "movement"})
# Where a figure has to be counted to be shown: an area that one can choose, or the route.
PLACES = frozenset({"country", "municipality", "route"})
# What is shown at first where the figure before is not counted.
MOVE_FIGURES = {
    "country": "asylum_applications_persons",
    "municipality": "unhcr_refugees_persons",
}
# The way of a case, stage by stage; what the catalogue holds beside it follows in its own order.
CASCADE = (
    "trafficking_reports_persons",
    "trafficking_presumed_victims_persons",
    "trafficking_identified_victims_persons",
    "trafficking_official_victims_persons",
    "trafficking_registered_victims_persons",
    "detected_victims_persons",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One dashboard, as the server knows it.

    Parameters
    ----------
    name : str
        Name of its notebook, of its address, and in ``open_dashboard``.
    fields : tuple of Field
        What one chooses, in the order of the menus.
    write_title : callable
        Writes the title of a choice.
    name_page : callable
        Gives the name in addresses of the static page with the same figures; blank where none is
        published.
    place : str
        Module and class, as ``module:Class``; loaded only where something is drawn.
    follow : callable
        Chooses anew what does not fit the rest; told the choice and the names of the fields that
        a reader has named and that stay.
    idle_below : tuple of str
        Names of the fields that change nothing in the sections below the first view.
    """

    name: str
    fields: tuple[Field, ...]
    write_title: Callable[[Choice, Wording], str]
    name_page: Callable[[Choice], str]
    place: str
    follow: Callable[[Choice, Collection[str]], Choice] = field(
        default=lambda choice, _: choice, compare=False
    )
    idle_below: tuple[str, ...] = ()

    def read(self, query: str) -> Asked:
        """Read what an address asks for, ``area=serbia&language=en`` for instance."""
        return read_address(query, self.fields, self.follow)

    @property
    def address(self) -> str:
        """Where the server shows it."""
        return f"{DASHBOARDS}{self.name}"


@lru_cache(maxsize=1)
def list_victim_figures() -> tuple[str, ...]:
    """List the counts of victims and of justice that somebody gives, the cascade first."""
    ids = [
        i.indicator_id
        for i in load_indicators()
        if i.domain in VICTIMS and i.measure == "flow" and i.is_held
    ]
    first = [i for i in CASCADE if i in ids]
    return tuple(dict.fromkeys([*first, *ids]))


@lru_cache(maxsize=1)
def list_move_figures() -> tuple[str, ...]:
    """List the flows, then the stocks, of migration and asylum that somebody gives."""
    held = [
        i for i in load_indicators() if i.domain in MOVES and i.is_held and PLACES & set(i.levels)
    ]
    return tuple(i.indicator_id for m in ("flow", "stock") for i in held if i.measure == m)


def _name_by_area(message: str) -> Callable[[Choice, Wording], str]:
    return lambda choice, w: str(w.say(message, area=w.area(choice.area)))


def _follow_area(choice: Choice, named: Collection[str]) -> Choice:
    """Choose a figure that is counted in the area, unless the reader has named one."""
    level = "country" if choice.area.level == "group" else choice.area.level
    levels = load_indicators().get(choice[FIGURE]).levels
    if FIGURE in named or level in levels or "route" in levels:
        return choice
    return choice.change(FIGURE, MOVE_FIGURES[level])


MUNICIPAL = Kind(
    "municipal_profile",
    (MUNICIPALITY_FIELD, VIEW_FIELD, LANGUAGE_FIELD),
    _name_by_area(mark("{area}: municipal profile")),
    lambda choice: choice.area.slug,
    "analysis.dashboard.municipal:MunicipalDashboard",
)
TRAFFICKING = Kind(
    "trafficking",
    (
        PLACE_FIELD,
        make_figure_field(list_victim_figures, "trafficking_identified_victims_persons"),
        PERIOD_FIELD,
        LANGUAGE_FIELD,
    ),
    _name_by_area(mark("{area}: trafficking and protection of victims")),
    lambda choice: f"trafficking-trends-{choice.area.slug}",
    "analysis.dashboard.trafficking:TraffickingDashboard",
    idle_below=(FIGURE,),
)
MIGRATION = Kind(
    "migration",
    (
        PLACE_FIELD,
        make_figure_field(list_move_figures, MOVE_FIGURES["country"]),
        PERIOD_FIELD,
        LANGUAGE_FIELD,
    ),
    _name_by_area(mark("{area}: migration and asylum")),
    lambda choice: f"migration-trends-{choice.area.slug}",
    "analysis.dashboard.migration:MigrationDashboard",
    _follow_area,
    idle_below=(FIGURE,),
)
