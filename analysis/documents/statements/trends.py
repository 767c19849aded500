"""Which way a series goes, in words: rose, fell, no clear change, cannot be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assessment.series import Series
    from analysis.assessment.trends import Label, Trend
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result

WORDS: dict[Label, str] = {
    "rising": mark("rose"),
    "falling": mark("fell"),
    "no_clear_change": mark("no clear change"),
    "cannot_say": mark("cannot be said"),
}
# A direction that stands or falls with two years is said with that.
CLEAR: dict[Label, str] = {
    "rising": mark(
        "{subject}: a rise from {first} to {last}, on average {change} a year (95 % interval: "
        "{lower} to {upper}); without 2020 and 2021 it is not clear."
    ),
    "falling": mark(
        "{subject}: a fall from {first} to {last}, on average {change} a year (95 % interval: "
        "{lower} to {upper}); without 2020 and 2021 it is not clear."
    ),
}
# OHID's marker of the last five years keeps its own words, so that nobody takes it for the label.
MARKER_WORDS = {
    "increasing": mark("increasing"),
    "decreasing": mark("decreasing"),
    "no significant change": mark("no significant change"),
    "cannot be calculated": mark("cannot be calculated"),
}


def read_direction(label: Label, change: Result) -> Label:
    """Read what may be said: a direction only where the whole interval lies on its side.

    Parameters
    ----------
    label : str
        Of the trend.
    change : Result
        Change a year with its interval.

    Returns
    -------
    str
        The label, or ``no_clear_change`` where the interval does not carry it.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> wide = Result(state="value", value=3.0, lower=-1.0, upper=7.0, unit="percent")
    >>> read_direction("rising", wide)
    'no_clear_change'
    """
    if label == "cannot_say" or not change.is_number:
        return "cannot_say"
    if change.lower is None or change.upper is None:
        return "no_clear_change"
    if (label == "rising" and change.lower > 0) or (label == "falling" and change.upper < 0):
        return label
    return "no_clear_change"


def name_subject(series: Series, w: Wording) -> str:
    """Name what a sentence is about: the figure and its area.

    Parameters
    ----------
    series : Series
    w : Wording

    Returns
    -------
    str
        The figure alone where its name tells the area already, as that of the route does.
    """
    name = w.indicator(series.indicator)
    if series.area.level == "route":
        return name
    return str(w.say("{name}, {area}", name=name, area=w.area(series.area)))


def say_trend(trend: Trend, w: Wording) -> Sentence:
    """Say which way a series goes, with the change a year and its interval.

    Parameters
    ----------
    trend : Trend
    w : Wording

    Returns
    -------
    Sentence
    """
    said = read_direction(trend.label, trend.change)
    subject = name_subject(trend.series, w)
    if said == "cannot_say":
        reason = w.translate(trend.change.reason)
        return w.say(
            "{subject}: whether it rose or fell cannot be said ({reason}).",
            subject=subject,
            reason=reason,
        )
    messages = {
        "rising": mark(
            "{subject}: a rise from {first} to {last}, on average {change} a year (95 % "
            "interval: {lower} to {upper})."
        ),
        "falling": mark(
            "{subject}: a fall from {first} to {last}, on average {change} a year (95 % "
            "interval: {lower} to {upper})."
        ),
        "no_clear_change": mark(
            "{subject}: no clear change from {first} to {last} ({change} a year; 95 % "
            "interval: {lower} to {upper})."
        ),
    }
    if said == "no_clear_change" and trend.note:
        messages[said] = mark(
            "{subject}: no clear change from {first} to {last} ({note}; {change} a year; "
            "95 % interval: {lower} to {upper})."
        )
    if said in CLEAR and trend.without_pandemic != said:
        messages[said] = CLEAR[said]
    return w.say(
        messages[said],
        note=w.translate(trend.note) if trend.note else "",
        subject=subject,
        first=str(trend.first_year),
        last=str(trend.last_year),
        change=w.pace(trend.change),
        lower=w.lower(trend.change),
        upper=w.upper(trend.change),
    )


PLACES: dict[Label, str] = {
    "rising": mark("rose in {places}"),
    "falling": mark("fell in {places}"),
    "no_clear_change": mark("no clear change in {places}"),
    "cannot_say": mark("cannot be said for {places}"),
}


def say_places(trends: Sequence[Trend], w: Wording) -> Sentence:
    """Say of one figure in which places it rose, fell or did neither.

    Parameters
    ----------
    trends : sequence of Trend
        Of one indicator, one a place.
    w : Wording

    Returns
    -------
    Sentence
    """
    parts = []
    for label, message in PLACES.items():
        places = [
            w.area(t.series.area) for t in trends if read_direction(t.label, t.change) == label
        ]
        if places:
            parts.append(str(w.say(message, places=", ".join(places))))
    return w.say(
        "{name}, {first}–{last}: {parts}.",
        name=w.indicator(trends[0].series.indicator),
        first=str(min(t.first_year for t in trends)),
        last=str(max(t.last_year for t in trends)),
        parts="; ".join(parts),
    )


def choose_trends(trends: Iterable[Trend], most: int) -> list[Trend]:
    """Choose what a summary says: clear changes first, the series with the most cases first.

    Parameters
    ----------
    trends : iterable of Trend
    most : int

    Returns
    -------
    list of Trend
        None about which nothing can be said.
    """
    said = [(read_direction(t.label, t.change), t) for t in trends]
    open_ = [(s, t) for s, t in said if s != "cannot_say"]
    open_.sort(key=lambda pair: (pair[0] == "no_clear_change", -(pair[1].change.n or 0)))
    return [t for _, t in open_[:most]]
