"""Trends that turn, in words: on average, and between the years in which they turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    bind_limits,
    read_side,
    take_result,
    write_pace,
)
from analysis.documents.statements.ranks import CHANGES

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.joinpoint import JoinpointFit


def say_joinpoints(
    subject: str,
    fit: JoinpointFit,
    w: Wording,
    *,
    place: tuple[int, ...] = (),
    inputs: tuple[str, ...] = (),
) -> list[Sentence]:
    """Say how a series changes on average, and in each segment between its turns.

    Parameters
    ----------
    subject : str
        What the sentences are about.
    fit : JoinpointFit
    w : Wording
    place : tuple of int
        Place of the series along the leading axes.
    inputs : tuple of str
        Ids of the observations of the series.

    Returns
    -------
    list of Sentence
        The average first, then one a segment; only the average where the trend does not turn, and
        only the reason where nothing is said.
    """
    average = take_result(fit.aapc, place, inputs)
    if not average.is_number:
        return [
            w.say(
                "{subject}: whether and when its trend turned cannot be said ({reason}).",
                subject=subject,
                reason=w.translate(average.reason),
            )
        ]
    last = int(fit.number[place])
    words: dict[str, str | Bound] = {
        "subject": subject,
        **_describe_change(average, (fit.starts[place][0], fit.ends[place][last]), w),
    }
    if last == 0:
        return [
            w.say(
                "{subject}: no turn of the trend was found from {first} to {last}; {found}, "
                "{change} a year (95 % interval: {lower} to {upper}).",
                **words,
            )
        ]
    turns = ", ".join(str(int(year)) for year in fit.joinpoints[place][:last])
    said = [
        w.say(
            "{subject}: the trend turns around {turns}; on average from {first} to {last}: "
            "{found}, {change} a year (95 % interval: {lower} to {upper}).",
            **words,
            turns=turns,
        )
    ]
    for segment in range(last + 1):
        change = take_result(fit.apc, (*place, segment), inputs)
        years = (fit.starts[place][segment], fit.ends[place][segment])
        said.append(
            w.say(
                "From {first} to {last}: {found}, {change} a year (95 % interval: {lower} to "
                "{upper}).",
                **_describe_change(change, years, w),
            )
        )
    return said


def _describe_change(
    change: Result, years: tuple[float, float], w: Wording
) -> dict[str, str | Bound]:
    return {
        "first": str(int(years[0])),
        "last": str(int(years[1])),
        "found": w.translate(CHANGES[read_side(change)]),
        "change": w.number(change, write_pace),
        **bind_limits(change, w, write_pace),
    }
