"""The picture of a comparison, in parts where a sheet of paper would not hold it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment.picking import YES_NO
from analysis.documents.compare_words import (
    order_places,
    peers_words,
    period_words,
    state_cell,
    unit_words,
)
from analysis.documents.notice import profile_notice
from analysis.figures.compare import chart_compare
from analysis.figures.picture import Picture

if TYPE_CHECKING:
    from analysis.assessment.compare import Compared, PeerComparison
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording

# What stands readable on one page of A4.
ROWS_A_PART = 40
MARGIN = 0.04
DIGITS = 6


def picture_compare(found: PeerComparison, w: Wording) -> list[Picture]:
    """Draw the municipalities beside each other.

    Parameters
    ----------
    found : PeerComparison
    w : Wording

    Returns
    -------
    list of Picture
        Parts have one scale. None where there is no number to draw, or where it is a fact of yes
        or no: the table says it then.
    """
    places = order_places(found, w)
    if found.indicator.unit == YES_NO or not any(p.shown.is_number for p in places):
        return []
    many = math.ceil(len(places) / ROWS_A_PART)
    size = math.ceil(len(places) / many)
    parts = [places[i : i + size] for i in range(0, len(places), size)]
    return [_draw(found, part, (n, many), w) for n, part in enumerate(parts, start=1)]


def _draw(
    found: PeerComparison, places: list[Compared], part: tuple[int, int], w: Wording
) -> Picture:
    rows = pd.DataFrame([_row(place, found, w) for place in places])
    numbers = ("value", "lower", "upper")
    rows = rows.astype(dict.fromkeys(numbers, float))
    national = found.national.value
    country = w.say("{country}: {n}", country=w.area(found.country), n=w.number(found.national))
    notice = profile_notice(found, w.translate)
    chart = chart_compare(rows, _domain(found), unit_words(found, w), str(country), national)
    number, many = part
    return Picture(
        "compare" if many == 1 else f"compare_{number}",
        chart,
        _caption(found, places, part, notice, w),
        _alternative(found, places, part, w),
        rows,
        w.language,
        notice,
        (*(p.shown for p in places), found.national),
    )


def _row(place: Compared, found: PeerComparison, w: Wording) -> dict[str, object]:
    shown = place.shown
    is_bounded = shown.lower is not None and shown.upper is not None
    label = state_cell(shown, w).text
    if is_bounded:
        label += f" ({w.lower(shown)}–{w.upper(shown)})"
    return {
        "name": w.area_name(place.area),
        "value": shown.value,
        "lower": shown.lower if is_bounded else None,
        "upper": shown.upper if is_bounded else None,
        "label": label,
        "state": shown.state,
        "is_here": place.area.area_id == found.area.area_id,
    }


def _domain(found: PeerComparison) -> tuple[float, float]:
    """Give the ends of the scale, from numbers that are shown and from nothing else."""
    shown = [p.shown for p in found.places if p.shown.is_number]
    told = [n for r in (*shown, found.national) for n in (r.value, r.lower, r.upper)]
    ends = [0.0, *(n for n in told if n is not None)]
    low, high = min(ends), max(ends)
    room = MARGIN * ((high - low) or 1.0)
    return round(low - room if low < 0 else 0.0, DIGITS), round(high + room, DIGITS)


def _caption(
    found: PeerComparison,
    places: list[Compared],
    part: tuple[int, int],
    notice: str,
    w: Wording,
) -> str:
    publishers = {found.data.editions[p.count.source_id][0] for p in places if p.count.source_id}
    caption = w.say(
        "{name}, {period}: {area} (diamond) and {peers}. {unit}. Source: {source}.",
        name=w.indicator(found.indicator),
        period=period_words(found, w),
        area=w.area(found.area),
        peers=peers_words(found.peers, w),
        unit=unit_words(found, w),
        # No office may be named for a figure that it never gave.
        source=notice or ", ".join(sorted(publishers)) or w.translate("none"),
    )
    if part[1] == 1:
        return str(caption)
    span = w.say(
        "Part {number} of {many}, from {first} to {last}; all parts have one scale.",
        number=str(part[0]),
        many=str(part[1]),
        first=w.area_name(places[0].area),
        last=w.area_name(places[-1].area),
    )
    return f"{caption} {span}"


def _alternative(
    found: PeerComparison, places: list[Compared], part: tuple[int, int], w: Wording
) -> str:
    numbers = [p.shown for p in places if p.shown.is_number]
    withheld = sum(p.shown.state == "suppressed" for p in places)
    said = [
        str(
            w.say(
                "{name}. {area}: {n}; the whole country: {national}.",
                name=_subject(found, w),
                area=w.area(found.area),
                n=_with_limits(found.here, w),
                national=w.number(found.national),
            )
        )
    ]
    if numbers:
        low = min(numbers, key=lambda r: r.value or 0.0)
        high = max(numbers, key=lambda r: r.value or 0.0)
        said.append(
            str(
                w.say(
                    "Municipalities drawn: {all}. With a number: {n}, from {low} to {high}; "
                    "withheld: {withheld}; without data: {silent}.",
                    all=str(len(places)),
                    n=str(len(numbers)),
                    low=w.number(low),
                    high=w.number(high),
                    withheld=str(withheld),
                    silent=str(len(places) - len(numbers) - withheld),
                )
            )
        )
    if part[1] > 1:
        said.append(str(w.say("Part {number} of {many}.", number=str(part[0]), many=str(part[1]))))
    said.append(w.translate("The table has the same numbers in the same order."))
    return " ".join(said)


def _subject(found: PeerComparison, w: Wording) -> str:
    name, unit = w.indicator(found.indicator), unit_words(found, w)
    return name if unit == name else f"{name} ({unit})"


def _with_limits(place: Compared, w: Wording) -> str | Bound:
    shown = place.shown
    if shown.lower is None or shown.upper is None:
        return state_cell(shown, w)
    return str(
        w.say(
            "{n} (95 % interval: {lower} to {upper})",
            n=w.number(shown),
            lower=w.lower(shown),
            upper=w.upper(shown),
        )
    )
