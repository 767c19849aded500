"""A rate in words, beside the country's: the words follow the interval and the direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment.rates import Rate
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording

STANDINGS = {
    "similar": mark("similar to the country"),
    "higher": mark("higher than the country"),
    "lower": mark("lower than the country"),
    "better": mark("better than the country"),
    "worse": mark("worse than the country"),
    "not_compared": mark("not compared"),
}

# The same in a table whose head names the country.
SHORT_STANDINGS = {
    "similar": mark("similar"),
    "higher": mark("higher"),
    "lower": mark("lower"),
    "better": mark("better"),
    "worse": mark("worse"),
    "not_compared": mark("not compared"),
}


def say_rate(rate: Rate, w: Wording) -> Sentence:
    """Say a rate with its interval, and how it stands to the country.

    Parameters
    ----------
    rate : Rate
    w : Wording

    Returns
    -------
    Sentence
        Where there is no rate, the reason; nothing is compared then.
    """
    name, area = w.indicator(rate.indicator), w.area(rate.area)
    if not rate.rate.is_number:
        return w.say(
            "{name}, {area}: no rate ({reason}).",
            name=name,
            area=area,
            reason=w.translate(rate.rate.reason),
        )
    words: dict[str, str | Bound] = {
        "name": name,
        "area": area,
        "year": str(rate.rate.year),
        "rate": w.number(rate.rate),
        "lower": w.lower(rate.rate),
        "upper": w.upper(rate.rate),
    }
    if rate.standing == "not_compared" or not rate.benchmark.is_number:
        return w.say(
            "{name}, {area}, {year}: {rate} per 1,000 residents (95 % interval: {lower} to "
            "{upper}); not compared.",
            **words,
        )
    return w.say(
        "{name}, {area}, {year}: {rate} per 1,000 residents (95 % interval: {lower} to {upper}); "
        "{standing}, which has {benchmark}.",
        **words,
        standing=w.translate(STANDINGS[rate.standing]),
        benchmark=w.number(rate.benchmark),
    )
