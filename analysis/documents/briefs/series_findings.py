"""Findings from series: the newest whole figure of one publisher beside the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.evidence import Evidence
from analysis.documents.model import Sentence
from analysis.documents.statements.trends import say_trend
from analysis.documents.trends.victims import period_words
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assessment.series import Series
    from analysis.assessment.trends import Trend
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording

NOTHING = Sentence(())
LIMITS = {
    "flow": mark(
        "a flow counts events or cases through the year; who was not noticed is not in it"
    ),
    "stock": mark("a stock counts the same persons again each year; it is no number of arrivals"),
}
# By which side the newest figure lies on.
CLAIMS = {
    -1: mark("{name}, {area}: {n} in {period}, fewer than the {before} of {before_period}."),
    0: mark("{name}, {area}: {n} in {period}, as many as in {before_period} ({before})."),
    1: mark("{name}, {area}: {n} in {period}, more than the {before} of {before_period}."),
}
ALONE = mark("{name}, {area}: {n} in {period}.")


def newest_evidence(series: Series, w: Wording, limit: str = "") -> Evidence:
    """Say the newest number of a series, against the one before it where there is one.

    Two numbers say which is larger and nothing about a trend: that, :func:`trend_evidence` says.

    Parameters
    ----------
    series : Series
        Of one publisher; the last result has to be a number.
    w : Wording
    limit : str
        What the figure does not say, in the language of the document; the limit of its kind where
        not given.

    Returns
    -------
    Evidence
    """
    known = [r for r in series.results if r.is_number]
    newest = known[-1]
    before = known[-2] if len(known) > 1 else None
    words: dict[str, str | Bound] = {
        "name": w.indicator(series.indicator),
        "area": w.area(series.area),
        "n": w.number(newest),
        "period": period_words(newest),
    }
    if before is None:
        claim = w.say(ALONE, **words)
    else:
        words |= {"before": w.number(before), "before_period": period_words(before)}
        claim = w.say(CLAIMS[_sign((newest.value or 0.0) - (before.value or 0.0))], **words)
    return Evidence(
        claim=claim,
        value=Sentence((w.number(newest),)),
        comparator=w.say("{before} in {before_period}", **words) if before else NOTHING,
        period=period_words(newest),
        area=w.area(series.area),
        limit=limit or w.translate(LIMITS[series.indicator.measure]),
        results=(newest, before) if before else (newest,),
    )


def trend_evidence(trend: Trend, w: Wording) -> Evidence:
    """Say which way a series goes, or why nobody can say.

    Parameters
    ----------
    trend : Trend
        With at least one result.
    w : Wording

    Returns
    -------
    Evidence
        A claim about a change: with fewer than ten cases the confidence is ``cannot say``.
    """
    results = trend.series.results
    return Evidence(
        claim=say_trend(trend, w),
        value=_change(trend, w),
        comparator=Sentence((w.translate("the years before, of the same publisher"),)),
        period=f"{trend.first_year}–{trend.last_year}",
        area=w.area(trend.series.area),
        limit=w.translate("the test says whether a series changed, never why"),
        results=tuple(results),
        is_comparison=True,
        cases=results[-1].value,
    )


def _change(trend: Trend, w: Wording) -> Sentence:
    """Write the change a year; not the first and the last number, whose years stand beside it."""
    change = trend.change
    if not change.is_number or change.lower is None:
        return NOTHING
    return w.say(
        "{change} a year (95 % interval {lower} to {upper})",
        change=w.pace(change),
        lower=w.lower(change),
        upper=w.upper(change),
    )


def find_newest(every: Iterable[Series], indicator_ids: Iterable[str]) -> Series | None:
    """Find the series with the newest number, the first of some indicators that has one.

    Parameters
    ----------
    every : iterable of Series
    indicator_ids : iterable of str
        In the order of preference.

    Returns
    -------
    Series or None
        Of the publishers of one indicator that which has the newest number; of equally new ones
        the longest, then the first by source.
    """
    held = list(every)
    for indicator_id in indicator_ids:
        fit = [
            s
            for s in held
            if s.indicator.indicator_id == indicator_id and any(r.is_number for r in s.results)
        ]
        if fit:
            return max(fit, key=_newness)
    return None


def _newness(series: Series) -> tuple[str, int]:
    known = [r for r in series.results if r.is_number]
    return known[-1].period_end, len(known)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
