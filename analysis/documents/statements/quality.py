"""How good figures are, in words: complete, in time, revised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    give_value,
    take_result,
    turn_to_percent,
    write_decimal,
    write_percent,
    write_signed,
    write_whole,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.quality import (
        Completeness,
        ItemCompleteness,
        Revisions,
        Timing,
    )

# What is said with a share, and what without one.
USERS = (
    mark("{subject}: of what users need, {share} has come ({cells} figures needed)."),
    mark("{subject}: which share of what users need has come cannot be said ({reason})."),
)
PRODUCERS = (
    mark("{subject}: of what had to be provided, {share} has come ({cells} figures due)."),
    mark("{subject}: which share of what had to be provided has come cannot be said ({reason})."),
)
ITEMS = (
    mark("{subject}, {item}: told in {share} of the records ({cells} records)."),
    mark("{subject}, {item}: how often it is told cannot be said ({reason})."),
)


def say_completeness(
    subject: str,
    made: Completeness,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> list[Sentence]:
    """Say which share of what is needed, and of what had to be provided, has come.

    Parameters
    ----------
    subject : str
    made : Completeness
    w : Wording
    place : tuple of int
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    list of Sentence
        As the users see it, and as the producer does; the reason where one says nothing.
    """
    user, producer = (take_result(view, place, inputs) for view in (made.user, made.producer))
    words = {"subject": subject}
    return [
        _say_share(user, USERS, words, w),
        _say_share(producer, PRODUCERS, words, w),
    ]


def say_item_completeness(
    subject: str, made: ItemCompleteness, w: Wording, inputs: tuple[str, ...] = ()
) -> list[Sentence]:
    """Say of each variable which share of the records tells it.

    Parameters
    ----------
    subject : str
    made : ItemCompleteness
        Its variables are named as they stand in it.
    w : Wording
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    list of Sentence
        One a variable; the mean alone would hide the worst of them.
    """
    shares = [take_result(made.estimates, (i,), inputs) for i in range(len(made.items))]
    return [
        _say_share(share, ITEMS, {"subject": subject, "item": item}, w)
        for item, share in zip(made.items, shares, strict=True)
    ]


def say_timing(
    subject: str,
    made: Timing,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> list[Sentence]:
    """Say how long after its period a figure came, and whether on the promised day.

    Parameters
    ----------
    subject : str
    made : Timing
    w : Wording
    place : tuple of int
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    list of Sentence
        Time lag first, then punctuality; the reason where one cannot be said.
    """
    lag = take_result(made.time_lag, place, inputs)
    late = take_result(made.punctuality, place, inputs)
    words: dict[str, str | Bound] = {"subject": subject}
    first = (
        w.say(
            "{subject}: days from the end of the period to the release: {days}.",
            **words,
            days=w.number(lag, write_whole),
        )
        if lag.is_number
        else w.say(
            "{subject}: how long it took to release cannot be said ({reason}).",
            **words,
            reason=w.translate(lag.reason),
        )
    )
    if not late.is_number or late.value is None:
        reason = w.translate(late.reason)
        message = mark("{subject}: whether it came on the promised day cannot be said ({reason}).")
        return [first, w.say(message, **words, reason=reason)]
    if late.value == 0:
        return [first, w.say("{subject}: released on the promised day.", **words)]
    message = (
        mark("{subject}: released later than promised; days late: {days}.")
        if late.value > 0
        else mark("{subject}: released earlier than promised; days early: {days}.")
    )
    days = w.number(give_value(late, abs(late.value)), write_whole)
    return [first, w.say(message, **words, days=days)]


def say_revisions(
    subject: str,
    made: Revisions,
    w: Wording,
    *,
    place: tuple[int, ...] = (),
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say how much first figures were changed later.

    Parameters
    ----------
    subject : str
    made : Revisions
    w : Wording
    place : tuple of int
    inputs : tuple of str
        Ids of the observations.

    Returns
    -------
    Sentence
        With signs and without a word for the direction: the mean of a few revisions has no
        interval.
    """
    mean = take_result(made.mean, place, inputs)
    size = take_result(made.mean_absolute, place, inputs)
    relative = turn_to_percent(take_result(made.relative, place, inputs))
    if not (mean.is_number and size.is_number):
        return w.say(
            "{subject}: how far figures were changed later cannot be said ({reason}).",
            subject=subject,
            reason=w.translate(mean.reason or size.reason),
        )
    words: dict[str, str | Bound] = {
        "subject": subject,
        "periods": w.number(give_value(mean, mean.n or 0.0), write_whole),
        "size": w.number(size, write_decimal),
        "mean": w.number(mean, write_signed),
    }
    if not relative.is_number:
        return w.say(
            "{subject}: from the first to the latest figures of {periods} periods, a mean change "
            "of {mean} and a mean size of changes of {size}; not related to the figures "
            "({reason}).",
            **words,
            reason=w.translate(relative.reason),
        )
    return w.say(
        "{subject}: from the first to the latest figures of {periods} periods, a mean change of "
        "{mean} and a mean size of changes of {size}, which is {relative} of the latest figures.",
        **words,
        relative=w.number(relative, write_percent),
    )


def _say_share(
    share: Result, messages: tuple[str, str], words: dict[str, str], w: Wording
) -> Sentence:
    message, silent = messages
    if not share.is_number:
        return w.say(silent, **words, reason=w.translate(share.reason))
    return w.say(
        message,
        **words,
        share=w.number(turn_to_percent(share), write_percent),
        cells=w.number(give_value(share, share.n or 0.0), write_whole),
    )
