"""Whether figures agree and can be right at all, in words: both ends of a flow, parts, shares."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis.documents.statements.numbers import (
    take_result,
    turn_to_percent,
    write_change,
    write_pace,
    write_whole,
)
from analysis.methods.rates.crude import NOTHING_TO_SHARE
from analysis.text import format_percent, mark

if TYPE_CHECKING:
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.quality import AttainableParts, Hierarchy, MirrorAsymmetry

NO_WHOLE_NUMBER = mark("there is no whole number of cases to hold it against")


def say_mirror(
    subject: str,
    made: MirrorAsymmetry,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say how far the two reports of one flow lie apart.

    Parameters
    ----------
    subject : str
    made : MirrorAsymmetry
    w : Wording
    place : tuple of int
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    Sentence
        Neither report is called the right one.
    """
    apart = take_result(made.absolute, place, inputs)
    relative = turn_to_percent(take_result(made.relative, place, inputs))
    if not (apart.is_number and relative.is_number):
        return w.say(
            "{subject}: the reports of both ends are not compared ({reason}).",
            subject=subject,
            reason=w.translate(apart.reason or relative.reason),
        )
    if apart.value == 0:
        return w.say("{subject}: the reports of both ends agree.", subject=subject)
    return w.say(
        "{subject}: departures reported at one end less arrivals reported at the other: {apart} "
        "({relative} of the mean of both).",
        subject=subject,
        apart=w.number(apart, write_change),
        relative=w.number(relative, write_pace),
    )


def say_hierarchy(
    subject: str,
    made: Hierarchy,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say whether a total is the sum of its parts.

    Parameters
    ----------
    subject : str
    made : Hierarchy
    w : Wording
    place : tuple of int
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    Sentence
        Without the difference where a part is withheld: it would give that part back.
    """
    difference = take_result(made.difference, place, inputs)
    verdict = str(made.verdict[place])
    if verdict == "not_checked":
        return w.say(
            "{subject}: whether the parts add up to the total cannot be said ({reason}).",
            subject=subject,
            reason=w.translate(difference.reason),
        )
    if verdict == "coherent":
        return w.say("{subject}: the parts add up to the total.", subject=subject)
    if not difference.is_number:
        return w.say("{subject}: the parts are more than the total.", subject=subject)
    return w.say(
        "{subject}: the parts do not add up to the total; total less parts: {difference}.",
        subject=subject,
        difference=w.number(difference, write_change),
    )


def say_attainability(
    subject: str, share: Result, decimals: int, whole: Result, made: AttainableParts, w: Wording
) -> Sentence:
    """Say whether a printed percentage can come from whole persons.

    Parameters
    ----------
    subject : str
    share : Result
        Printed percentage.
    decimals : int
        Digits behind the mark as it was printed: 72.0 says more than 72.
    whole : Result
        Number of cases that it is printed for.
    made : AttainableParts
        Of this percentage and this whole alone.
    w : Wording

    Returns
    -------
    Sentence
        Never the part itself: of a small whole it could point at persons.
    """
    reason = _refuse_share(share, whole, made)
    if reason:
        return w.say(
            "{subject}: whether the printed share is possible cannot be said ({reason}).",
            subject=subject,
            reason=w.translate(reason),
        )
    message = (
        mark("{subject}: {share} of {whole} can come from a whole number of cases.")
        if bool(made.attainable.all())
        else mark("{subject}: no whole number of cases out of {whole} gives {share}.")
    )
    return w.say(
        message,
        subject=subject,
        share=w.number(share, partial(format_percent, decimals=decimals)),
        whole=w.number(whole, write_whole),
    )


def _refuse_share(share: Result, whole: Result, made: AttainableParts) -> str:
    for result in (share, whole):
        if not result.is_number:
            return result.reason
    if whole.value == 0:
        return NOTHING_TO_SHARE
    # Numbers next to the share are blank just where the whole is of no use.
    return NO_WHOLE_NUMBER if bool(np.isnan(made.below).any()) else ""
