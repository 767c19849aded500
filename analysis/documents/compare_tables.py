"""The table of a comparison: the same numbers as the chart, in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.picking import YES_NO
from analysis.documents.compare_words import (
    KEY,
    order_places,
    peers_words,
    period_words,
    state_cell,
    unit_words,
)
from analysis.documents.model import Bound, Column, Table
from analysis.documents.statements.rates import SHORT_STANDINGS
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.assessment.compare import Compared, PeerComparison
    from analysis.documents.wording import Wording

    Cells = Callable[[Compared], "str | Bound"]

CHOSEN = mark("{area} (chosen)")


def compare_table(found: PeerComparison, w: Wording) -> Table:
    """List the municipalities with their numbers.

    Parameters
    ----------
    found : PeerComparison
    w : Wording

    Returns
    -------
    Table
        In the order of the chart; the chosen one says so in words, the country stands last.
    """
    columns = _columns(found, w)
    rows = [
        (_name(place, found, w), *(write(place) for _, _, write in columns))
        for place in order_places(found, w)
    ]
    notes = [w.translate(KEY)]
    if any(p.count.status == "provisional" for p in found.places):
        notes.append(w.translate("p: provisional, published before the year was over."))
    if found.is_rate:
        notes.append(
            w.translate(
                "Intervals by Byar's method, exact below ten. “Similar” means that the country's "
                "rate lies inside the interval. Better and worse are said only where the "
                "catalogue says which direction is good."
            )
        )
    caption = w.say(
        "{name}, {period}: {area} and {peers}",
        name=w.indicator(found.indicator),
        period=period_words(found, w),
        area=w.area(found.area),
        peers=peers_words(found.peers, w),
    )
    heads = (
        Column(w.translate("Municipality"), is_number=False),
        *(Column(label, is_number=is_number) for label, is_number, _ in columns),
    )
    return Table("compare", str(caption), heads, tuple(rows), tuple(notes))


def others_table(found: PeerComparison, w: Wording) -> Table | None:
    """List what other sources say of the same places and period; None where all agree."""
    publishers = found.data.editions
    rows = tuple(
        (w.area_name(place.area), publishers[r.source_id][0], state_cell(r, w))
        for place in order_places(found, w)
        if place.others
        for r in (place.count, *place.others)
        if r.source_id
    )
    if not rows:
        return None
    heads = (
        Column(w.translate("Municipality"), is_number=False),
        Column(w.translate("Publisher"), is_number=False),
        Column(w.translate("Number")),
    )
    caption = w.translate("Figures that sources give differently; none is averaged away")
    return Table("compare_others", caption, heads, rows)


def _columns(found: PeerComparison, w: Wording) -> list[tuple[str, bool, Cells]]:
    shown: Cells = lambda p: state_cell(p.shown, w)  # noqa: E731  # a row of small writers
    lower: Cells = lambda p: w.lower(p.shown)  # noqa: E731
    upper: Cells = lambda p: w.upper(p.shown)  # noqa: E731
    limits = [
        (w.translate("95 % interval: from"), True, lower),
        (w.translate("95 % interval: to"), True, upper),
    ]
    beside: tuple[str, bool, Cells] = (
        w.translate("Beside the country"),
        False,
        lambda p: w.translate(SHORT_STANDINGS[p.standing]),
    )
    if found.is_rate:
        return [
            (w.translate("Number"), True, lambda p: state_cell(p.count, w)),
            (w.translate("Residents"), True, lambda p: _residents(p, w)),
            (unit_words(found, w), True, shown),
            *limits,
            (w.translate("The country"), True, lambda p: _benchmark(p, found, w)),
            beside,
        ]
    if found.indicator.unit == YES_NO:
        year: Cells = lambda p: str(p.count.year) if p.count.is_number else ""  # noqa: E731
        return [
            (w.indicator(found.indicator), False, shown),
            (w.translate("Year"), False, year),
        ]
    has_limits = any(p.shown.lower is not None for p in found.places)
    country: Cells = lambda _: state_cell(found.national, w)  # noqa: E731
    return [
        (unit_words(found, w), True, shown),
        *(limits if has_limits else []),
        *([(w.translate("The country"), True, country)] if found.national.is_number else []),
        beside,
    ]


def _residents(place: Compared, w: Wording) -> str | Bound:
    return state_cell(place.rate.residents, w) if place.rate else ""


def _benchmark(place: Compared, found: PeerComparison, w: Wording) -> Bound:
    # A place without a figure of its own stands beside the same country.
    own = place.rate.benchmark if place.rate else found.national
    return state_cell(own if own.is_number else found.national, w)


def _name(place: Compared, found: PeerComparison, w: Wording) -> str:
    name = w.area_name(place.area)
    if place.area.area_id != found.area.area_id:
        return name
    return str(w.say(CHOSEN, area=name))
