"""Composite scores in words: with the ranks between which an area lies, not one that is unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    bind_limits,
    give_value,
    take_result,
    turn_to_percent,
    write_decimal,
    write_percent,
    write_whole,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods.composite import Composite, RankUncertainty

# Limits of ranks hold nine draws in ten; the messages say so.
NINE_IN_TEN = 0.9


def say_composite(
    area: str,
    made: Composite,
    ranks: RankUncertainty,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say the score of an area, and between which ranks it lies.

    Parameters
    ----------
    area : str
        Name of the area.
    made : Composite
    ranks : RankUncertainty
        Of the same areas.
    w : Wording
    place : tuple of int
        Place of the area.
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    Sentence
        One rank alone only where nine draws in ten give no other.
    """
    score = take_result(made.index, place, inputs)
    if not score.is_number:
        return w.say("{area}: no score ({reason}).", area=area, reason=w.translate(score.reason))
    words: dict[str, str | Bound] = {"area": area, "score": w.number(score, write_decimal)}
    rank = take_result(ranks.ranks, place, inputs, NINE_IN_TEN)
    if not rank.is_number:
        return w.say(
            "{area}: score {score}; no rank ({reason}).", **words, reason=w.translate(rank.reason)
        )
    areas = give_value(rank, float(ranks.ranks.is_number.sum()))
    # Without both limits a rank would look sure although nothing shows it.
    if rank.lower is None or rank.upper is None:
        reason = w.translate(mark("nothing shows how sure it is"))
        return w.say("{area}: score {score}; no rank ({reason}).", **words, reason=reason)
    if rank.lower < rank.upper:
        message = mark(
            "{area}: score {score}; between rank {lower} and rank {upper} of {areas}, "
            "counted from the highest score, as nine in ten ways of making the score have it."
        )
    else:
        message = mark(
            "{area}: score {score}; rank {lower} of {areas}, counted from the highest score, as at "
            "least nine in ten ways of making the score have it."
        )
    limits = bind_limits(rank, w, write_whole)
    return w.say(message, **words, **limits, areas=w.number(areas, write_whole))


def say_coverage(
    area: str,
    made: Composite,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say how much of a score stands on figures.

    Parameters
    ----------
    area : str
        Name of the area.
    made : Composite
    w : Wording
    place : tuple of int
        Place of the area.
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    Sentence
    """
    score = take_result(made.index, place, inputs)
    if not score.is_number:
        return w.say("{area}: no score ({reason}).", area=area, reason=w.translate(score.reason))
    share = turn_to_percent(give_value(score, float(made.coverage[place])))
    return w.say(
        "{area}: {share} of the weights of the score stand on figures.",
        area=area,
        share=w.number(share, write_percent),
    )
