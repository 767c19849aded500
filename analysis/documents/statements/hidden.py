"""Persons on no list, in words: an estimate with its range and all that it rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.documents.model import Sentence
from analysis.documents.statements.numbers import (
    bind_limits,
    give_value,
    take_result,
    turn_to_whole,
    write_whole,
)
from analysis.methods.hidden.cautions import SUPPORTED_DISAGREE

if TYPE_CHECKING:
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.hidden import HiddenEstimate


def say_hidden(
    subject: str, made: HiddenEstimate, w: Wording, inputs: tuple[str, ...] = ()
) -> list[Sentence]:
    """Say how many persons there may be in all and on no list, and how far models differ.

    Parameters
    ----------
    subject : str
        What the sentences are about, such as the victims of a period in the country.
    made : HiddenEstimate
    w : Wording
    inputs : tuple of str
        Ids of the observations behind the lists.

    Returns
    -------
    list of Sentence
        To be printed together, and never without :func:`say_cautions`. Where models that fit
        well disagree, the interval alone; only the reason where nothing is said.
    """
    total = turn_to_whole(take_result(made.total, (0,), inputs))
    if not total.is_number:
        return [
            w.say(
                "{subject}: how many are on no list cannot be said ({reason}).",
                subject=subject,
                reason=w.translate(total.reason),
            )
        ]
    hidden = turn_to_whole(take_result(made.hidden, (0,), inputs))
    seen = give_value(total, math.nan if total.n is None else total.n)
    if SUPPORTED_DISAGREE in made.cautions:
        # A number that may not be quoted is not printed.
        return [
            w.say(
                "{subject}: no single number can be given; between {lower} and {upper} in all "
                "(95 % interval), of whom {seen} are on a list.",
                subject=subject,
                seen=w.number(seen, write_whole),
                **bind_limits(total, w, write_whole),
            ),
            w.say(
                "On no list: between {lower} and {upper} (95 % interval). Nobody has counted "
                "them; this is an estimate of those never listed.",
                **bind_limits(hidden, w, write_whole),
            ),
            *_say_range(made, total, w),
        ]
    return [
        w.say(
            "{subject}: an estimated {total} in all (95 % interval: {lower} to {upper}), of whom "
            "{seen} are on a list.",
            subject=subject,
            total=w.number(total, write_whole),
            seen=w.number(seen, write_whole),
            **bind_limits(total, w, write_whole),
        ),
        w.say(
            "On no list: an estimated {hidden} (95 % interval: {lower} to {upper}). Nobody has "
            "counted them; this is an estimate of those never listed.",
            hidden=w.number(hidden, write_whole),
            **bind_limits(hidden, w, write_whole),
        ),
        *_say_range(made, total, w),
    ]


def say_cautions(made: HiddenEstimate, w: Wording) -> list[Sentence]:
    """List what must be printed beside an estimate of hidden persons, or beside its absence.

    Parameters
    ----------
    made : HiddenEstimate
    w : Wording

    Returns
    -------
    list of Sentence
        One a caution.
    """
    phrases = (w.translate(caution) for caution in made.cautions)
    return [Sentence((f"{phrase[:1].upper()}{phrase[1:]}.",)) for phrase in phrases]


def _say_range(made: HiddenEstimate, total: Result, w: Wording) -> list[Sentence]:
    """Say how far the totals of models lie apart, rounded outwards."""
    if not all(map(math.isfinite, (*made.admissible, *made.supported))):
        return [w.say("How far other models differ could not be worked out.")]
    if made.admissible[0] == made.admissible[1]:
        return [w.say("Only one model can be worked out, so no range of models can be given.")]
    low, high = made.admissible
    near_low, near_high = made.supported
    rounded = {
        "low": float(math.floor(low)),
        "high": float(math.ceil(high)),
        "near_low": float(math.floor(near_low)),
        "near_high": float(math.ceil(near_high)),
    }
    return [
        w.say(
            "The models that the lists allow give totals from {low} to {high}, and those among "
            "them that fit well from {near_low} to {near_high}.",
            **{
                name: w.number(give_value(total, end), write_whole) for name, end in rounded.items()
            },
        )
    ]
