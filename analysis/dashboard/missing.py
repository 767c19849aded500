"""What is not held, and who may have it: a dashboard opens without it and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.dashboard.panel import name_holder
from analysis.documents.model import Column, Paragraph, Section, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.catalog import Area, Indicator
    from analysis.documents.wording import Wording
    from analysis.store.read import PublicData

EXPECTED = mark("a source is known; it has no figure here")
WANTED = mark("nobody has given it yet")


def missing_section(
    data: PublicData, indicators: Iterable[Indicator], places: Sequence[Area], w: Wording
) -> Section:
    """List the indicators that have no row in some places, with who may hold them.

    Parameters
    ----------
    data : PublicData
    indicators : iterable of Indicator
        What the dashboard is about.
    places : sequence of Area
    w : Wording

    Returns
    -------
    Section
        First what has a source and no figure here, then what nobody has given yet.
    """
    held = {p.area_id: data.find_held({p.area_id}) for p in places}
    rows: list[tuple[bool, tuple[str, ...]]] = []
    for indicator in indicators:
        without = [
            p
            for p in places
            if p.level in indicator.levels and indicator.indicator_id not in held[p.area_id]
        ]
        if without:
            cells = (
                w.indicator(indicator),
                *((", ".join(w.area(p) for p in without),) if len(places) > 1 else ()),
                w.translate(EXPECTED if indicator.is_held else WANTED),
                name_holder(indicator, w),
            )
            rows.append((not indicator.is_held, cells))
    rows.sort(key=lambda row: row[0])
    return Section(
        "missing",
        w.translate("What is missing, and who may have it"),
        _blocks(tuple(cells for _, cells in rows), w, has_places=len(places) > 1),
    )


def _blocks(
    rows: tuple[tuple[str, ...], ...], w: Wording, *, has_places: bool
) -> tuple[Paragraph | Table, ...]:
    if not rows:
        return (Paragraph(w.say("Every figure of this dashboard has a row here.")),)
    heads = (
        mark("Figure"),
        *((mark("Place"),) if has_places else ()),
        mark("Why"),
        mark("Owner"),
    )
    table = Table(
        "missing",
        w.translate("Figures that are not held; none of them is a zero"),
        tuple(Column(w.translate(head), is_number=False) for head in heads),
        rows,
        (
            w.translate(
                "The catalogue names one owner of each figure; in another country the office of "
                "the same kind may have it."
            ),
        ),
    )
    return (table,)
