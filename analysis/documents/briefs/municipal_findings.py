"""The title and the three findings of a brief: chosen by the data, without a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.jumps import is_jump
from analysis.assessment.profile import FIRST_CENSUS, LAST_CENSUS
from analysis.documents.evidence import Evidence
from analysis.documents.model import Sentence
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.catalog import Indicator
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result

NOTHING = Sentence(())
APPLICATIONS = "asylum_applications_persons"


def title_sentence(profile: Profile, w: Wording) -> Sentence:
    """Say what happened, where and when: fell, rose or unchanged."""
    here = profile.residents[0].change_pct
    message = mark("The change of residents of {area} between {first} and {last} is not known")
    if here.value is not None:
        message = {
            -1: mark("Resident population of {area} fell by {pct} between {first} and {last}"),
            0: mark("Resident population of {area} did not change between {first} and {last}"),
            1: mark("Resident population of {area} rose by {pct} between {first} and {last}"),
        }[_sign(here.value)]
    return w.say(
        message,
        area=w.area(profile.area),
        pct=w.size(here),
        first=str(FIRST_CENSUS),
        last=str(LAST_CENSUS),
    )


def residents_evidence(profile: Profile, w: Wording) -> Evidence:
    """Set the change of residents against the country and the region."""
    here, region, country = profile.residents
    words: dict[str, str | Bound] = {
        "area": w.area(here.area),
        "country": w.area(country.area),
        "pct": w.size(here.change_pct),
        "country_pct": w.size(country.change_pct),
    }
    signed = words | {"pct": w.number(here.change_pct), "country_pct": w.number(country.change_pct)}
    own, whole = here.change_pct.value, country.change_pct.value
    if own is None or whole is None:
        claim = w.say("The change of residents of {area} cannot be compared.", **words)
    elif str(signed["pct"]) == str(signed["country_pct"]):
        claim = w.say("Residents changed in {area} as in {country}: by {pct}.", **signed)
    elif own < 0 and whole < 0:
        less = mark(
            "Residents fell by less in {area} than in {country}: {pct} against {country_pct}."
        )
        more = mark(
            "Residents fell by more in {area} than in {country}: {pct} against {country_pct}."
        )
        claim = w.say(less if own > whole else more, **words)
    elif own > 0 > whole:
        message = mark("Residents rose in {area} by {pct} and fell in {country} by {country_pct}.")
        claim = w.say(message, **words)
    else:
        message = mark("Residents changed in {area} by {pct}, in {country} by {country_pct}.")
        claim = w.say(message, **signed)
    return Evidence(
        claim=claim,
        value=w.say("{change} residents ({pct})", change=w.change(here.change), pct=signed["pct"]),
        comparator=w.say(
            "{region} {region_pct}, {country} {country_pct}",
            **signed | {"region": w.area(region.area), "region_pct": w.number(region.change_pct)},
        ),
        period=f"{FIRST_CENSUS}–{LAST_CENSUS}",
        area=w.area(here.area),
        limit=w.translate(
            "the two censuses counted residents in different ways; births, deaths and moves are "
            "all in the change"
        ),
        results=tuple(r for c in (here, country, region) for r in (c.before, c.after)),
        has_changed=True,
    )


def registered_evidence(profile: Profile, w: Wording) -> Evidence:
    """Say what UNHCR records here in its last year, against the year before."""
    area = w.area(profile.area)
    limit = w.translate(
        "the place is where UNHCR records a person, not residence; small numbers are rounded"
    )
    if not profile.registered:
        return Evidence(
            claim=w.say("UNHCR's figures by place name no one in {area}.", area=area),
            value=Sentence((w.translate("no data"),)),
            comparator=NOTHING,
            period=w.translate("all years"),
            area=area,
            limit=w.translate("the figures cover few places, so that this is not a zero"),
            results=(),
        )
    kind, result, earlier = largest_registered(profile)
    words: dict[str, str | Bound] = {
        "kind": w.indicator(kind),
        "area": area,
        "year": str(result.year),
        "n": w.number(result),
    }
    if not result.is_number:
        claim = w.say(
            "UNHCR's last counts for {area}, of {year}, are too small to publish.", **words
        )
    elif earlier:
        words |= {"before": w.number(earlier), "before_year": str(earlier.year)}
        claim = w.say("{kind} in {area}: {n} in {year}, {before} in {before_year}.", **words)
    else:
        claim = w.say("{kind} in {area}: {n} in {year}.", **words)
    has_jumped = earlier is not None and is_jump(earlier, result)
    return Evidence(
        claim=claim,
        value=Sentence((w.number(result),)),
        comparator=w.say("{before} in {before_year}", **words) if earlier else NOTHING,
        period=_period(result, w),
        area=area,
        limit=w.translate(
            "a jump of this size is more likely a change of coverage than of people; the place "
            "is not residence"
        )
        if has_jumped
        else limit,
        results=(result, earlier) if earlier else (result,),
        has_changed=has_jumped,
    )


def largest_registered(profile: Profile) -> tuple[Indicator, Result, Result | None]:
    """Give the largest shown count of the last year, with the last one before it.

    Where the whole last year is withheld, a withheld result of it stands, and nothing before.
    """
    last = max(r.year for kind in profile.registered for r in kind.results)
    newest = [(k, r) for k in profile.registered for r in k.results if r.year == last]
    kind, result = max(newest, key=lambda pair: -1 if pair[1].value is None else pair[1].value)
    earlier = [r for r in kind.results if r.year < last and r.is_number]
    return kind.indicator, result, earlier[-1] if earlier and result.is_number else None


def applications_evidence(profile: Profile, w: Wording) -> Evidence:
    """Say how many applications for asylum the country had in its last complete year."""
    country = w.area(profile.country)
    limit = w.translate("a figure of the whole country; none is published by municipality")
    complete = [r for r in profile.national[APPLICATIONS] if r.is_number and r.status == "final"]
    if not complete:
        return Evidence(
            claim=w.say(
                "No complete year of asylum applications is known for {country}.", country=country
            ),
            value=Sentence((w.translate("no data"),)),
            comparator=NOTHING,
            period=w.translate("all years"),
            area=country,
            limit=limit,
            results=(),
        )
    result = complete[-1]
    words: dict[str, str | Bound] = {
        "country": country,
        "n": w.number(result),
        "year": str(result.year),
    }
    if len(complete) == 1:
        claim = w.say("{country} had {n} asylum applications in {year}.", **words)
        comparator = NOTHING
    else:
        before = complete[-2]
        words |= {"before": w.number(before), "before_year": str(before.year)}
        message = {
            -1: mark(
                "{country} had {n} asylum applications in {year}, fewer than in "
                "{before_year} ({before})."
            ),
            0: mark(
                "{country} had {n} asylum applications in {year}, as many as in "
                "{before_year} ({before})."
            ),
            1: mark(
                "{country} had {n} asylum applications in {year}, more than in "
                "{before_year} ({before})."
            ),
        }[_sign((result.value or 0) - (before.value or 0))]
        claim = w.say(message, **words)
        comparator = w.say("{before} in {before_year}", **words)
    return Evidence(
        claim=claim,
        value=Sentence((w.number(result),)),
        comparator=comparator,
        period=_period(result, w),
        area=country,
        limit=limit,
        results=tuple(complete[-2:]),
    )


def _period(result: Result, w: Wording) -> str:
    year = str(result.year)
    if result.status == "provisional":
        return str(w.say("{year}, provisional", year=year))
    return year


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
