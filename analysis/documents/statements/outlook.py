"""What may come and which months stand out, in words that promise nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.trends import name_subject

if TYPE_CHECKING:
    from analysis.assessment.outlook import Outlook, Watch
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording


def say_outlook(outlook: Outlook, w: Wording) -> Sentence:
    """Say what may come in the first year ahead, as a range first, or why nothing is said.

    Parameters
    ----------
    outlook : Outlook
    w : Wording

    Returns
    -------
    Sentence
    """
    subject = name_subject(outlook.series, w)
    if not outlook.ahead and outlook.likely:
        return w.say(
            "{subject}: no forecast ({reason}: between {low} and {high} in {year}, four times in "
            "five).",
            subject=subject,
            reason=w.translate(outlook.reason),
            low=w.lower(outlook.likely[0]),
            high=w.upper(outlook.likely[0]),
            year=str(outlook.likely[0].year),
        )
    if not outlook.ahead:
        return w.say(
            "{subject}: no forecast ({reason}).",
            subject=subject,
            reason=w.translate(outlook.reason),
        )
    first, likely = outlook.ahead[0], outlook.likely[0]
    return w.say(
        "{subject}: if things go on as they did, {year} may bring between {low} and {high} "
        "(four times in five between {likely_low} and {likely_high}); the middle is {n}.",
        subject=subject,
        year=str(first.year),
        low=w.lower(first),
        high=w.upper(first),
        likely_low=w.lower(likely),
        likely_high=w.upper(likely),
        n=w.number(first),
    )


def say_watch(watch: Watch, w: Wording) -> list[Sentence]:
    """Say which of the newest months had more cases than their past lets expect.

    Parameters
    ----------
    watch : Watch
    w : Wording

    Returns
    -------
    list of Sentence
        One an alarm, or one that says there was none, or why nothing is said.
    """
    if not watch.watched or watch.reason:
        return [
            w.say(
                "No month is compared with its past ({reason}).", reason=w.translate(watch.reason)
            )
        ]
    first, last = watch.watched[0].month, watch.watched[-1].month
    words = {"first": first.period_start[:7], "last": last.period_start[:7]}
    if not watch.alarms:
        return [
            w.say(
                "From {first} to {last} no month had more detections than its past lets expect.",
                **words,
            )
        ]
    return [
        w.say(
            "{month}: {n}, where no more than {bound} was to be expected. A prompt for a look, "
            "not a finding.",
            month=found.month.period_start[:7],
            n=w.number(found.month),
            bound=w.upper(found.expected),
        )
        for found in watch.alarms
    ]
