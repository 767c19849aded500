"""Bodies and services against trafficking on the map: where there is one, never victims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.compare import make_comparison
from analysis.assessment.mappable import may_map
from analysis.assessment.picking import read_spans
from analysis.documents.area_maps import make_area_map
from analysis.documents.compare_words import state_cell
from analysis.documents.map_pictures import picture_areas
from analysis.documents.model import Column, Figure, Paragraph, Section, Table
from analysis.documents.notice import demonstration_notice
from analysis.figures.map_layout import lay_out_country
from analysis.sources.demonstration import is_demonstration
from analysis.text import mark
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from analysis.assessment.compare import PeerComparison
    from analysis.catalog import Area
    from analysis.documents.model import Block, Bound
    from analysis.documents.wording import Wording
    from analysis.figures.picture import Picture
    from analysis.sources.boundaries import Boundaries
    from analysis.store.read import PublicData

# Facts that an institution has made public of itself. No shelter is among them.
FACTS = ("has_local_antitrafficking_commission", "has_mobile_team")
COUNTRY = "MK"
# A comparison stands on a municipality; all of them are shown, so any will do.
ANY = "MK-703"
SILENT = mark("A municipality without data may have one all the same; nobody has told us.")


def services_section(
    data: PublicData, area: Area, boundaries: Boundaries, w: Wording
) -> Section | None:
    """Show on the map which municipalities have a body or a service.

    Parameters
    ----------
    data : PublicData
    area : Area
        The country, or one of its municipalities, which is outlined.
    boundaries : Boundaries
    w : Wording

    Returns
    -------
    Section or None
        A map and a column of the table for each fact; None elsewhere, or without any.
    """
    is_here = area.area_id == COUNTRY or area.level == "municipality"
    found = [_read(data, area, name) for name in FACTS] if is_here else []
    held = [one for one in found if one is not None]
    if not held:
        return None
    here = area.area_id if area.level == "municipality" else ""
    pictures = [Figure(_draw(one, here, boundaries, w)) for one in held]
    blocks: tuple[Block, ...] = (*pictures, _table(held, w), Paragraph(w.say(SILENT), "note"))
    return Section("map", w.translate("Bodies and services on the map"), blocks)


def _read(data: PublicData, area: Area, name: str) -> PeerComparison | None:
    indicator = data.indicators.get(name)
    if not may_map(indicator) or not read_spans(data, indicator):
        return None
    place = area.area_id if area.level == "municipality" else ANY
    return make_comparison(data, place, name, "all")


def _draw(found: PeerComparison, here: str, boundaries: Boundaries, w: Wording) -> Picture:
    results = {place.area.area_id: place.shown for place in found.places}
    title = w.indicator(found.indicator)
    shown = make_area_map(results, found.indicator.unit, title, here, w)
    synthetic = is_demonstration(found.data.sources["source_id"])
    notice = demonstration_notice(w.translate, is_demonstration=synthetic)
    sources = {found.data.editions[p.count.source_id][0] for p in found.places if p.count.source_id}
    caption = w.say(
        "{name}, newest fact of each municipality. Source: {source}. Boundaries: {credit}.",
        name=title,
        source=notice or ", ".join(sorted(sources)),
        credit=boundaries.credit,
    )
    name = f"map_{found.indicator.indicator_id}"
    return picture_areas(name, shown, lay_out_country(boundaries), str(caption), notice, w)


def _table(held: list[PeerComparison], w: Wording) -> Table:
    by_area = [{p.area.area_id: p for p in found.places} for found in held]
    named = sorted(
        ((w.area_name(p.area), area_id) for area_id, p in by_area[0].items()),
        key=lambda pair: (alphabet_key(pair[0], w.language), pair[1]),
    )
    rows: tuple[tuple[str | Bound, ...], ...] = tuple(
        (name, *(state_cell(places[area_id].shown, w) for places in by_area))
        for name, area_id in named
    )
    heads = (
        Column(w.translate("Municipality"), is_number=False),
        *(Column(w.indicator(found.indicator), is_number=False) for found in held),
    )
    return Table("services_map", w.translate("Bodies and services by municipality"), heads, rows)
