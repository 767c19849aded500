"""The sentences of a comparison: the finding, what is silent, what may not be read into it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.assessment.benchmark import DIFFERENT_RESIDENTS
from analysis.assessment.comparable import may_rank
from analysis.assessment.picking import YES_NO
from analysis.documents.about import owner_words
from analysis.documents.compare_words import peers_words, period_words, state_cell
from analysis.documents.statements.rates import say_rate
from analysis.text import mark
from analysis.text.alphabet import sort_by_name

if TYPE_CHECKING:
    from analysis.assessment.compare import PeerComparison
    from analysis.assessment.peers import Peers
    from analysis.catalog import Indicator
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording

BESIDE = {
    "similar": mark("similar to the country's"),
    "higher": mark("higher than the country's"),
    "lower": mark("lower than the country's"),
    "better": mark("better than the country's"),
    "worse": mark("worse than the country's"),
}


def finding_sentence(found: PeerComparison, w: Wording) -> Sentence:
    """Say what the comparison says of the municipality that is highlighted."""
    here = found.here
    if here.rate and here.rate.rate.is_number:
        return say_rate(here.rate, w)
    words: dict[str, str | Bound] = {
        "name": w.indicator(found.indicator),
        "area": w.area(found.area),
        "period": period_words(found, w),
    }
    if not here.shown.is_number:
        return _silent_sentence(found, words, w)
    if found.indicator.unit == YES_NO:
        return w.say(
            "{name}, {area}: {n} ({year}).",
            **words,
            n=state_cell(here.shown, w),
            year=str(here.shown.year),
        )
    return _plain_sentence(found, words, w)


def _silent_sentence(found: PeerComparison, words: dict[str, str | Bound], w: Wording) -> Sentence:
    if found.here.shown.state == "suppressed":
        return w.say(
            "{name}, {area}, {period}: the number is withheld so that nobody can be found, and "
            "is not compared.",
            **words,
        )
    if found.here.count.is_number:
        return w.say(
            "{name}, {area}, {period}: no rate, because the residents of that time are not known.",
            **words,
        )
    return w.say(
        "{name}, {area}, {period}: no figure, which is not a zero. It may be held by: {holder}.",
        **words,
        holder=owner_words(found.indicator, w),
    )


def _plain_sentence(found: PeerComparison, words: dict[str, str | Bound], w: Wording) -> Sentence:
    here = found.here
    if here.standing in BESIDE:
        return w.say(
            "{name}, {area}, {period}: {n} (95 % interval: {lower} to {upper}); {standing}, which "
            "is {national}.",
            **words,
            n=w.number(here.shown),
            lower=w.lower(here.shown),
            upper=w.upper(here.shown),
            standing=w.translate(BESIDE[here.standing]),
            national=w.number(found.national),
        )
    if found.national.is_number:
        return w.say(
            "{name}, {area}, {period}: {n}; the whole country has {national}. No interval, so "
            "that nothing is said of the difference.",
            **words,
            n=w.number(here.shown),
            national=w.number(found.national),
        )
    return w.say("{name}, {area}, {period}: {n}.", **words, n=w.number(here.shown))


def coverage_sentence(found: PeerComparison, w: Wording) -> Sentence:
    """Say how many of the municipalities have a number, how many are withheld, how many silent."""
    states = Counter(p.shown.state for p in found.places)
    return w.say(
        "{area} and {peers}. With a number: {numbers}; withheld: {withheld}; without data: "
        "{silent}.",
        area=w.area(found.area),
        peers=peers_words(found.peers, w),
        numbers=str(states["value"] + states["zero"]),
        withheld=str(states["suppressed"]),
        silent=str(states["no_data"] + states["not_applicable"]),
    )


def care_sentences(found: PeerComparison, w: Wording) -> list[Sentence]:
    """Say what may not be read into the comparison."""
    said = []
    if not may_rank(found.indicator):
        said.append(
            w.say(
                "No league table: the order is that of the alphabet. A number of people says "
                "nothing of how well a place works; more people who are found may be better work."
            )
        )
    if not found.is_rate and found.national.state == "not_applicable":
        said.append(
            w.say(
                "The numbers are not put in relation to residents, and the country's is their "
                "sum: it is no measure for one place and is not drawn."
            )
            if found.indicator.unit != YES_NO
            else w.say("A fact has no average: nothing is compared with the country.")
        )
    elif not found.national.is_number:
        said.append(_no_benchmark(found, w))
    if any(p.standing in BESIDE for p in found.places):
        said.append(
            w.say(
                "Where many places are compared, about one interval in twenty lies beside the "
                "country's value by chance alone."
            )
        )
    return said


def _no_benchmark(found: PeerComparison, w: Wording) -> Sentence:
    if found.national.state == "suppressed":
        return w.say("The country's number is withheld, so that nothing is compared with it.")
    if found.national.reason == DIFFERENT_RESIDENTS:
        return w.say(
            "Residents are counted in different ways here, each place beside the country's value "
            "of its own way: there is no one line to draw."
        )
    return w.say(
        "The same source gives no number of the whole country for this period, so that nothing "
        "is compared with it."
    )


def peers_sentence(peers: Peers, w: Wording) -> Sentence:
    """Name a group of peers, each by name."""
    names = ", ".join(sort_by_name(map(w.area_name, peers.members), str, w.language))
    area = w.area(peers.area)
    if peers.kind == "region":
        return w.say(
            "Same region: {area} lies in the {region}, with {names}.",
            area=area,
            region=w.area(peers.region),
            names=names,
        )
    if not peers.members:
        return w.say(
            "Similar in size: the census does not say how many residents {area} has, so that "
            "no municipality can be called similar. It may be held by: {holder}.",
            area=area,
            holder=w.translate("State Statistical Office"),
        )
    return w.say(
        "Similar in size: {area} has {residents} residents by the census of {year}; nearest to "
        "that, as a ratio, are {names}.",
        area=area,
        residents=w.number(peers.residents),
        year=str(peers.residents.year),
        names=names,
    )


def nothing_sentence(indicator: Indicator, w: Wording) -> Sentence:
    """Say that there is nothing to compare, and who may have it."""
    return w.say(
        "{name}: no municipality has a figure that may stand beside another. That is not a zero. "
        "It may be held by: {holder}.",
        name=w.indicator(indicator),
        holder=owner_words(indicator, w),
    )
