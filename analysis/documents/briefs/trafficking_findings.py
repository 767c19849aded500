"""The title and the findings of the brief on trafficking: chosen by the data, without a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.assistance import read_assistance
from analysis.documents.briefs.series_findings import (
    NOTHING,
    find_newest,
    newest_evidence,
    trend_evidence,
)
from analysis.documents.evidence import Evidence, say_share
from analysis.documents.statements.numbers import write_whole
from analysis.documents.trends.victims import period_words
from analysis.methods.quality import find_attainable_parts
from analysis.text import format_percent, mark

if TYPE_CHECKING:
    from analysis.assessment.series import Series
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result

# The most exact population first: an identified victim is one whom the state has recognised.
IDENTIFIED = (
    "trafficking_identified_victims_persons",
    "trafficking_official_victims_persons",
    "trafficking_registered_victims_persons",
    "detected_victims_persons",
)
CONVICTED = ("trafficking_convicted_persons", "trafficking_prosecuted_persons")
PRINTED_SHARE = "trafficking_victims_female_pct"
MOST_OF = 0.5
LOOKING = mark("more identified victims may mean more trafficking, or more looking")
HALF = {
    True: mark("Half or more of the persons found were given material help: {helped} of {whole}."),
    False: mark(
        "Fewer than half of the persons found were given material help: {helped} of {whole}."
    ),
}


def trafficking_title(found: Trafficking, w: Wording) -> Sentence:
    """Say how many victims were identified, where and when.

    Parameters
    ----------
    found : Trafficking
        Of a country.
    w : Wording

    Returns
    -------
    Sentence
        At most fourteen words, with a verb.
    """
    series = find_newest(found.victims, IDENTIFIED)
    area = w.area(found.area)
    if series is None:
        return w.say("No figure on identified victims in {area} is held", area=area)
    newest = [r for r in series.results if r.is_number][-1]
    return w.say(
        "{area} counted {n} victims of trafficking in {period}",
        area=area,
        n=w.number(newest),
        period=period_words(newest),
    )


def trafficking_evidence(found: Trafficking, w: Wording) -> tuple[Evidence, ...]:
    """Choose the findings that the figures of a country allow.

    Parameters
    ----------
    found : Trafficking
    w : Wording

    Returns
    -------
    tuple of Evidence
        Victims, which way they go, assistance, a printed share that cannot be right, justice;
        those without a figure are left out.
    """
    victims = find_newest(found.victims, IDENTIFIED)
    justice = find_newest(found.justice, CONVICTED)
    made = (
        newest_evidence(victims, w, w.translate(LOOKING)) if victims else None,
        _trend(found, w),
        assistance_evidence(found, w),
        printed_evidence(found, victims, w),
        newest_evidence(justice, w) if justice else None,
    )
    return tuple(one for one in made if one)


def _trend(found: Trafficking, w: Wording) -> Evidence | None:
    for indicator_id in IDENTIFIED:
        for trend in found.trends:
            if trend.series.indicator.indicator_id == indicator_id:
                return trend_evidence(trend, w)
    return None


def assistance_evidence(found: Trafficking, w: Wording) -> Evidence | None:
    """Say which share of those whom mobile teams found was given direct assistance.

    Parameters
    ----------
    found : Trafficking
    w : Wording

    Returns
    -------
    Evidence or None
        None where no publisher gives both ends for one period.
    """
    held = read_assistance(found.data, found.area)
    if held is None or not held.share.is_number:
        return None
    is_most = (held.share.value or 0.0) >= MOST_OF * 100
    return Evidence(
        claim=w.say(
            HALF[is_most],
            helped=w.number(held.helped),
            whole=w.number(held.found),
        ),
        value=say_share(held.helped, held.found, held.share, w),
        comparator=NOTHING,
        period=period_words(held.helped),
        area=w.area(held.area),
        limit=w.say(
            "the needs of the other {rest} are not known, and not every person accepts help: "
            "this is coverage, not unmet need",
            rest=w.number(held.rest),
        ),
        results=held.results,
        share=held.share,
    )


def printed_evidence(found: Trafficking, victims: Series | None, w: Wording) -> Evidence | None:
    """Print a share that cannot be right as its publisher printed it, and say so.

    Parameters
    ----------
    found : Trafficking
    victims : Series or None
        The count that the share is of.
    w : Wording

    Returns
    -------
    Evidence or None
        None where no share is printed, or where a whole number of persons gives it.

    Notes
    -----
    The numbers of persons next to the share are not named: of a small whole they could point at
    persons.
    """
    pair = _find_printed(found, victims)
    if pair is None:
        return None
    share, whole = pair
    decimals = _decimals(share.value or 0.0)
    printed = f"{share.value:.{decimals}f}"
    if bool(find_attainable_parts(printed, [whole.value or 0.0]).attainable.all()):
        return None
    as_printed = w.number(share, lambda v, lang: format_percent(v, lang, decimals))
    return Evidence(
        claim=w.say(
            "The share of women and girls is printed as {share}; no whole number out of {whole} "
            "gives it, so that we print: about {share}, as published.",
            share=as_printed,
            whole=w.number(whole, write_whole),
        ),
        value=w.say("about {share}, as published", share=as_printed),
        comparator=NOTHING,
        period=period_words(share),
        area=w.area(found.area),
        limit=w.translate("which number of persons stands behind the share is not known"),
        results=(share, whole),
        fails_check=True,
    )


def _find_printed(found: Trafficking, victims: Series | None) -> tuple[Result, Result] | None:
    if victims is None:
        return None
    wholes = {(r.source_id, r.period_start, r.period_end): r for r in victims.results}
    for share in reversed(found.data.series(PRINTED_SHARE, found.area.area_id)):
        whole = wholes.get((share.source_id, share.period_start, share.period_end))
        if share.is_number and whole is not None and whole.value:
            return replace(share, unit="percent"), whole
    return None


def _decimals(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])
