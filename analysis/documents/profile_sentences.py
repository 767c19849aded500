"""The sentences of a municipal profile: findings and warnings, each number bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.jumps import is_jump
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment import Comparison, Profile, Registered
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result


def residents_sentence(comparison: Comparison, w: Wording) -> Sentence:
    """Say how many residents the last census counted and how that changed."""
    change = comparison.change.value or 0
    if change < 0:
        message = mark(
            "In the census of 2021, {area} had {after} residents: {change} fewer than in 2002, "
            "a fall of {pct}."
        )
    elif change > 0:
        message = mark(
            "In the census of 2021, {area} had {after} residents: {change} more than in 2002, "
            "a rise of {pct}."
        )
    else:
        message = mark("In the census of 2021, {area} had {after} residents.")
    return w.say(
        message,
        area=w.area(comparison.area),
        after=w.number(comparison.after),
        change=w.size(comparison.change),
        pct=w.size(comparison.change_pct),
    )


def against_sentence(profile: Profile, w: Wording) -> Sentence:
    """Set the change against the region and the country, in figures and without a verdict."""
    _, region, country = profile.residents
    return w.say(
        "Over the same years the change was {region_pct} in the {region} and {country_pct} in "
        "the whole country.",
        region=w.area(region.area),
        region_pct=w.number(region.change_pct),
        country_pct=w.number(country.change_pct),
    )


def registered_sentence(profile: Profile, w: Wording) -> Sentence:
    """Say what UNHCR records here in its last year, or why nothing can be said."""
    shown = [
        (kind, r)
        for kind in profile.registered
        for r in kind.results
        if r.is_number and r.year == _last_year(profile)
    ]
    if not profile.registered:
        return w.say(
            "UNHCR's figures by place name no one in {area} up to {year}. That is not a zero: "
            "the figures cover few places.",
            area=w.area(profile.area),
            year=str(profile.reference_year),
        )
    if not shown:
        return w.say(
            "For the last year with figures, UNHCR's counts for {area} are too small to publish.",
            area=w.area(profile.area),
        )
    kind, result = max(shown, key=lambda pair: pair[1].value or 0)
    words: dict[str, str | Bound] = {
        "area": w.area(profile.area),
        "year": str(result.year),
        "kind": w.indicator_inside(kind.indicator),
        "n": w.number(result),
    }
    if not result.value:
        return w.say(
            "The figures that UNHCR publishes for {area} in {year} are zero: nobody was counted "
            "there. {kind}: {n}.",
            **words | {"kind": w.indicator(kind.indicator)},
        )
    before = _before(kind, result)
    if before and is_jump(before, result):
        return w.say(
            "The largest group that UNHCR records in {area} in {year}: {kind}, {n}, after "
            "{before} in {before_year}. A jump of that size is more likely a change of coverage "
            "than of people.",
            **words,
            before=w.number(before),
            before_year=str(before.year),
        )
    return w.say("The largest group that UNHCR records in {area} in {year}: {kind}, {n}.", **words)


def _before(kind: Registered, result: Result) -> Result | None:
    earlier = [r for r in kind.results if r.year < result.year and r.is_number]
    return earlier[-1] if earlier else None


def _last_year(profile: Profile) -> int:
    return max((r.year for k in profile.registered for r in k.results), default=0)


def comparability_sentence(w: Wording) -> Sentence:
    """Warn that two censuses do not measure migration."""
    return w.say(
        "The two censuses are not comparable one to one: who counts as a resident and how people "
        "were reached differ, and in 2021 part of the residents were taken from administrative "
        "sources. The difference is a change of population, not migration."
    )


def place_sentence(w: Wording) -> Sentence:
    """Warn what a place means in UNHCR's figures."""
    return w.say(
        "The place is where UNHCR records a person as registered or staying, not residence. UNHCR "
        "rounds small numbers, and a jump from one year to the next may be a change of coverage. "
        "The columns are different groups and are never added up."
    )
