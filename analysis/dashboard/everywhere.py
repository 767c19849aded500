"""Every municipality at once: the words of the map, and its numbers as a table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.dashboard.fields import area_options
from analysis.documents.model import Column, Section, Table
from analysis.figures.livemap import MapWords
from analysis.figures.maps import STEPS
from analysis.text import format_count

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.documents.wording import Wording


def map_words(profile: Profile, w: Wording) -> MapWords:
    """Give the words of the map that one moves.

    Parameters
    ----------
    profile : Profile
    w : Wording

    Returns
    -------
    MapWords
    """
    here = profile.residents[0]
    edges = [format_count(step, w.language) for step in STEPS]
    between = [f"{a} … {b}" for a, b in pairwise(edges)]
    return MapWords(
        language=w.language.code,
        title=str(
            w.say(
                "Map that can be moved: change of residents by municipality; {area} ({pct}) is "
                "outlined",
                area=w.area(here.area),
                pct=w.number(here.change_pct),
            )
        ),
        legend=w.translate("Change of residents 2002–2021, %"),
        bins=(f"< {edges[0]}", *between, f"≥ {edges[-1]}"),
        no_data=w.translate("no data"),
        schematic=w.translate("Schematic: not for measuring; the City of Skopje is drawn as tiles"),
        zoom_in=w.translate("Zoom in"),
        zoom_out=w.translate("Zoom out"),
        whole=w.translate("Whole country"),
    )


def everywhere_section(profile: Profile, w: Wording) -> Section:
    """List the change of residents of every municipality: what the map shows, as a table.

    In the order of the alphabet, because this is no league table.
    """
    rows = tuple(
        (name, w.number(profile.change_everywhere[area_id])) for name, area_id in area_options(w)
    )
    table = Table(
        "everywhere",
        w.translate("Change of residents of every municipality, censuses of 2002 and 2021"),
        (Column(w.translate("Municipality"), is_number=False), Column(w.translate("Change, %"))),
        rows,
    )
    return Section("everywhere", w.translate("The map as a table"), (table,))
