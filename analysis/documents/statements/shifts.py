"""Level shifts in words: when a series moved to another level, never why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    Side,
    bind_limits,
    take_result,
    write_decimal,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.shifts import LevelShifts

LEVELS: dict[Side, str] = {
    "above": mark("a higher level than before"),
    "below": mark("a lower level than before"),
    "unclear": mark("no clear difference from the level before"),
}


def say_level_shifts(
    subject: str,
    made: LevelShifts,
    years: tuple[int, int],
    w: Wording,
    *,
    place: tuple[int, ...] = (),
    inputs: tuple[str, ...] = (),
) -> list[Sentence]:
    """Say on which levels a series stands, and when it moved from one to the next.

    Parameters
    ----------
    subject : str
        What the sentences are about.
    made : LevelShifts
    years : tuple of int
        First and last year of the series.
    w : Wording
    place : tuple of int
        Place of the series along the leading axes.
    inputs : tuple of str
        Ids of the observations of the series.

    Returns
    -------
    list of Sentence
        One a level, and that a shift has no cause in it; only the reason where nothing is said. A
        level is called higher or lower only where its interval and that of the level before do
        not touch.
    """
    before = take_result(made.levels, (*place, 0), inputs)
    if not before.is_number:
        return [
            w.say(
                "{subject}: whether its level shifted cannot be said ({reason}).",
                subject=subject,
                reason=w.translate(before.reason),
            )
        ]
    shifts = int(made.number[place])
    if shifts == 0:
        return [
            w.say(
                "{subject}: no shift of the level was found from {first} to {last}; on average "
                "{level} a year (95 % interval: {lower} to {upper}).",
                subject=subject,
                **_describe_level(before, years, w),
            )
        ]
    ends = [int(year) for year in made.last_years[place][:shifts]]
    said = [
        w.say(
            "{subject}, from {first} to {last}: on average {level} a year (95 % interval, if "
            "the years of the shifts are right: {lower} to {upper}).",
            subject=subject,
            **_describe_level(before, (years[0], ends[0]), w),
        )
    ]
    for shift in range(shifts):
        level = take_result(made.levels, (*place, shift + 1), inputs)
        start = int(made.first_years[place][shift])
        end = ends[shift + 1] if shift + 1 < shifts else years[1]
        said.append(
            w.say(
                "From {first} to {last}: {found}; on average {level} a year (95 % interval, if "
                "the years of the shifts are right: {lower} to {upper}).",
                found=w.translate(LEVELS[_compare_levels(before, level)]),
                **_describe_level(level, (start, end), w),
            )
        )
        before = level
    said.append(w.say("A shift says when a level changed, not why."))
    return said


def _compare_levels(before: Result, after: Result) -> Side:
    if before.upper is not None and after.lower is not None and after.lower > before.upper:
        return "above"
    if before.lower is not None and after.upper is not None and after.upper < before.lower:
        return "below"
    return "unclear"


def _describe_level(level: Result, years: tuple[int, int], w: Wording) -> dict[str, str | Bound]:
    return {
        "first": str(years[0]),
        "last": str(years[1]),
        "level": w.number(level, write_decimal),
        **bind_limits(level, w, write_decimal),
    }
