"""Tables of series: the newest figure from each source, and the largest origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Column, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from analysis.assessment.origins import Origins
    from analysis.catalog import Area, Indicator
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result

VERIFICATION = {
    "read": mark("read in the source"),
    "secondary": mark("read in a secondary source; to be confirmed"),
    "received": mark("handed over; not published"),
}


def newest_table(
    newest: Iterable[tuple[Indicator, Area, Result]],
    sources: Sequence[Mapping[Any, Any]],
    caption: str,
    w: Wording,
    name: str = "newest",
    *,
    has_places: bool,
) -> Table:
    """List the newest figure of each indicator and place, from every source that has one.

    Parameters
    ----------
    newest : iterable of (Indicator, Area, Result)
    sources : sequence of mapping
        Records of the table of sources.
    caption : str
    w : Wording
    name : str
    has_places : bool
        Whether the document is about several places, so that each row has to name its own.

    Returns
    -------
    Table
    """
    publishers = {s["source_id"]: s for s in sources}
    listed = list(newest)
    rows = tuple(
        (
            w.indicator(indicator),
            *((w.area(area),) if has_places else ()),
            str(result.year),
            w.cell(result),
            publishers[result.source_id]["publisher"],
            w.translate(VERIFICATION[publishers[result.source_id]["verification"]]),
        )
        for indicator, area, result in listed
    )
    heads = (
        (mark("Figure"), False),
        *(((mark("Place"), False),) if has_places else ()),
        (mark("Year"), False),
        (mark("Number"), True),
        (mark("Publisher"), False),
        (mark("Verification"), False),
    )
    return Table(
        name,
        caption,
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (
            w.translate("Rows are never added up: they count different things."),
            w.translate("Sources that differ are both kept; nothing is averaged."),
            w.translate("p: provisional, published before the year was over."),
        ),
    )


def shares_table(origins: Origins, w: Wording) -> Table:
    """List the largest origins of a year, each with its share and the share's interval."""
    rows: tuple[tuple[str | Bound, ...], ...] = tuple(
        (
            w.country(o.code),
            w.cell(o.count),
            w.number(o.share),
            w.lower(o.share),
            w.upper(o.share),
        )
        for o in origins.largest
    )
    heads = (
        (mark("Country of origin"), False),
        (mark("Applications"), True),
        (mark("Share of all"), True),
        (mark("95 % interval: from"), True),
        (mark("95 % interval: to"), True),
    )
    return Table(
        f"origins_{origins.area.area_id}",
        str(
            w.say(
                "Asylum applications in {country} in {year}: the largest origins",
                country=w.area(origins.area),
                year=str(origins.year),
            )
        ),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (
            w.translate(
                "Shares of all applications of the year, named and unnamed origins together; "
                "intervals by Wilson's method."
            ),
        ),
    )
