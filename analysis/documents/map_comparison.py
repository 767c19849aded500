"""A comparison of municipalities on a map: the same numbers as its chart and table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.area_maps import make_area_map
from analysis.documents.compare_words import peers_words, period_words, unit_words
from analysis.documents.map_pictures import picture_areas
from analysis.documents.notice import profile_notice
from analysis.figures.map_layout import lay_out_country, lay_out_squares

if TYPE_CHECKING:
    from analysis.assessment.compare import PeerComparison
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import AreaMap
    from analysis.figures.picture import Picture
    from analysis.sources.boundaries import Boundaries


def map_comparison(found: PeerComparison, w: Wording) -> AreaMap:
    """Put a comparison on a map.

    Parameters
    ----------
    found : PeerComparison
    w : Wording

    Returns
    -------
    AreaMap
        Rates and shares as shades, counts as points, facts as yes and no.
    """
    unit = "per_1000" if found.is_rate else found.indicator.unit
    results = {place.area.area_id: place.shown for place in found.places}
    title = unit_words(found, w)
    name = w.indicator(found.indicator)
    title = name if title == name else f"{name}. {title}"
    return make_area_map(results, unit, f"{title}, {period_words(found, w)}", found.area.area_id, w)


def picture_comparison(
    found: PeerComparison, boundaries: Boundaries, w: Wording
) -> tuple[Picture, Picture]:
    """Draw a comparison for paper, as a map and as squares of equal size.

    Parameters
    ----------
    found : PeerComparison
    boundaries : Boundaries
    w : Wording

    Returns
    -------
    (Picture, Picture)
    """
    shown = map_comparison(found, w)
    notice = profile_notice(found, w.translate)
    sources = {found.data.editions[p.count.source_id][0] for p in found.places if p.count.source_id}
    said = w.say(
        "{name}: {area} and {peers}, on the map. Source: {source}. Boundaries: {credit}.",
        name=shown.title,
        area=w.area(found.area),
        peers=peers_words(found.peers, w),
        # No office may be named for a figure that it never gave.
        source=notice or ", ".join(sorted(sources)) or w.translate("none"),
        credit=boundaries.credit,
    )
    squares = w.say(
        "{name}: {area} and {peers}, as squares of equal size. Source: {source}.",
        name=shown.title,
        area=w.area(found.area),
        peers=peers_words(found.peers, w),
        source=notice or ", ".join(sorted(sources)) or w.translate("none"),
    )
    country = lay_out_country(boundaries)
    drawn = tuple(place.shown for place in found.places)
    return (
        picture_areas("map", shown, country, str(said), notice, w, drawn),
        picture_areas("squares", shown, lay_out_squares(), str(squares), notice, w, drawn),
    )
