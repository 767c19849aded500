"""Two rates beside each other in words: higher or lower only where the whole interval is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    Side,
    bind_limits,
    read_side,
    write_ratio,
    write_signed,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result

RATES: dict[Side, str] = {
    "above": mark("a higher rate"),
    "below": mark("a lower rate"),
    "unclear": mark("no clear difference"),
}
BASES = {
    "per_100": mark("per 100 residents"),
    "per 100": mark("per 100 residents"),
    "per_1000": mark("per 1,000 residents"),
    "per 1,000": mark("per 1,000 residents"),
    "per_100000": mark("per 100,000 residents"),
    "per 100,000": mark("per 100,000 residents"),
}
NO_CHANCE = 0.05


def say_ratio(first: str, other: str, ratio: Result, w: Wording) -> Sentence:
    """Say how many times as high one rate is as another.

    Parameters
    ----------
    first, other : str
        Names of the two sides.
    ratio : Result
        First rate by the other, with its 95 % interval.
    w : Wording

    Returns
    -------
    Sentence
    """
    if not ratio.is_number:
        return w.say(
            "{first}, compared with {other}: no ratio of the rates ({reason}).",
            first=first,
            other=other,
            reason=w.translate(ratio.reason),
        )
    return w.say(
        "{first}, compared with {other}: {found}; {ratio} times the rate (95 % interval: "
        "{lower} to {upper}).",
        first=first,
        other=other,
        found=w.translate(RATES[read_side(ratio, neutral=1)]),
        ratio=w.number(ratio, write_ratio),
        **bind_limits(ratio, w, write_ratio),
    )


def say_difference(first: str, other: str, difference: Result, w: Wording) -> Sentence:
    """Say by how much one rate exceeds another.

    Parameters
    ----------
    first, other : str
        Names of the two sides.
    difference : Result
        First rate less the other, with its 95 % interval; its unit is that of the rates.
    w : Wording

    Returns
    -------
    Sentence

    Raises
    ------
    ValueError
        When the unit is no rate that has words.
    """
    if not difference.is_number:
        return w.say(
            "{first}, compared with {other}: no difference of the rates ({reason}).",
            first=first,
            other=other,
            reason=w.translate(difference.reason),
        )
    return w.say(
        "{first}, compared with {other}: {found}; the rates differ by {difference} {base} (95 % "
        "interval: {lower} to {upper}).",
        first=first,
        other=other,
        found=w.translate(RATES[read_side(difference)]),
        difference=w.number(difference, write_signed),
        base=name_base(difference, w),
        **bind_limits(difference, w, write_signed),
    )


def say_rest(area: str, ratio: Result, w: Wording, adjusted: float | None = None) -> Sentence:
    """Say how the rate of an area stands to that of all other areas together.

    Parameters
    ----------
    area : str
        Name of the area.
    ratio : Result
        Rate of the area by that of the rest, with its 95 % interval.
    w : Wording
    adjusted : float, optional
        P-value after the control of false discoveries, where many areas are compared: above 0.05
        nothing is said of a direction.

    Returns
    -------
    Sentence
    """
    if not ratio.is_number:
        return w.say(
            "{area}, compared with all other areas together: no ratio of the rates ({reason}).",
            area=area,
            reason=w.translate(ratio.reason),
        )
    side = read_side(ratio, neutral=1)
    # NaN is no proof either.
    by_chance = adjusted is not None and not adjusted <= NO_CHANCE
    if side != "unclear" and by_chance:
        message = mark(
            "{area}, compared with all other areas together: {found}, because among so many "
            "areas some stand out by chance; {ratio} times the rate (95 % interval of this area "
            "alone: {lower} to {upper})."
        )
        side = "unclear"
    else:
        message = mark(
            "{area}, compared with all other areas together: {found}; {ratio} times the rate "
            "(95 % interval: {lower} to {upper})."
        )
    return w.say(
        message,
        area=area,
        found=w.translate(RATES[side]),
        ratio=w.number(ratio, write_ratio),
        **bind_limits(ratio, w, write_ratio),
    )


def name_base(result: Result, w: Wording) -> str:
    """Say how many residents a rate is for.

    Parameters
    ----------
    result : Result
        Of the unit ``per_1000`` or ``per 1,000``, or the same of another base.
    w : Wording

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When the unit is no rate that has words.
    """
    if result.unit not in BASES:
        known = ", ".join(BASES)
        raise ValueError(
            f"'{result.unit}' is no unit that a rate is said in. Give the result one of: {known}."
        )
    return w.translate(BASES[result.unit])
