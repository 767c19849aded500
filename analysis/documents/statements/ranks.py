"""Trends that are not the label: by the order of the years, and of long series, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    Side,
    bind_limits,
    read_side,
    write_pace,
    write_signed,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result

CHANGES: dict[Side, str] = {
    "above": mark("a rise"),
    "below": mark("a fall"),
    "unclear": mark("no clear change"),
}
NO_CHANCE = 0.05


def say_rank_trend(
    subject: str, slope: Result, p_value: float, years: tuple[int, int], w: Wording
) -> Sentence:
    """Say whether a series rises or falls by the order of its values alone.

    Parameters
    ----------
    subject : str
        What the sentence is about.
    slope : Result
        Sen's slope in the unit of the series a year, with its 95 % interval.
    p_value : float
        Of the test by ranks, adjusted where many series are looked at; a direction needs 0.05 or
        less and an interval that leaves out 0.
    years : tuple of int
        First and last year.
    w : Wording

    Returns
    -------
    Sentence
    """
    if not slope.is_number:
        return _stay_silent(subject, slope, w)
    side = read_side(slope)
    # NaN is no proof either.
    if not p_value <= NO_CHANCE:
        side = "unclear"
    return w.say(
        "{subject}, by the order of the years from {first} to {last}: {found}, with a median "
        "change of {change} a year (95 % interval: {lower} to {upper}).",
        subject=subject,
        first=str(years[0]),
        last=str(years[1]),
        found=w.translate(CHANGES[side]),
        change=w.number(slope, write_signed),
        **bind_limits(slope, w, write_signed),
    )


def say_long_trend(
    subject: str, change: Result, years: tuple[int, int], w: Wording, note: str = ""
) -> Sentence:
    """Say which way a long series goes whose counts scatter more than chance.

    Parameters
    ----------
    subject : str
        What the sentence is about.
    change : Result
        Change in per cent a year by the negative binomial trend, with its 95 % interval.
    years : tuple of int
        First and last year.
    w : Wording
    note : str
        That Poisson was used instead; a message of the catalogs.

    Returns
    -------
    Sentence
    """
    if not change.is_number:
        return _stay_silent(subject, change, w)
    words: dict[str, str | Bound] = {
        "subject": subject,
        "first": str(years[0]),
        "last": str(years[1]),
        "found": w.translate(CHANGES[read_side(change)]),
        "change": w.number(change, write_pace),
        **bind_limits(change, w, write_pace),
    }
    if note:
        return w.say(
            "{subject}, the long series from {first} to {last}: {found}, on average {change} a "
            "year (95 % interval: {lower} to {upper}; {note}).",
            **words,
            note=w.translate(note),
        )
    return w.say(
        "{subject}, the long series from {first} to {last}: {found}, on average {change} a year "
        "(95 % interval: {lower} to {upper}).",
        **words,
    )


def _stay_silent(subject: str, change: Result, w: Wording) -> Sentence:
    return w.say(
        "{subject}: whether it rose or fell cannot be said ({reason}).",
        subject=subject,
        reason=w.translate(change.reason),
    )
