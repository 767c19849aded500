"""The policy of disclosure in plain words: each rule a sentence, with the settings of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Bullets, Paragraph, Section, Sentence
from analysis.protection import load_policy
from analysis.protection.floor import read_floor
from analysis.protection.statement import MARKED
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.documents.wording import Wording
    from analysis.protection import Policy

DOMAINS = {
    "asylum": mark("asylum"),
    "integration": mark("integration"),
    "programme": mark("programmes"),
    "reception": mark("reception"),
    "trafficking": mark("trafficking in human beings"),
    "victim_services": mark("services for victims"),
}
# What is offered in place of a withheld figure, by its name in the policy.
REMEDIES = {
    "longer_period": mark("the same count for a longer period, three or five years together"),
    "larger_area": mark("the same count for a larger area: the region, or the country"),
    "fewer_dimensions": mark("the same count undivided, without sex, age, origin or form"),
    "suppress": mark("what cannot be shown in one of these ways is withheld"),
}


def rules_sections(w: Wording, policy: Policy | None = None) -> tuple[Section, ...]:
    """Write the whole policy for readers who are not statisticians.

    Parameters
    ----------
    w : Wording
    policy : Policy, optional
        The policy in force, unless another is given.

    Returns
    -------
    tuple of Section
        What is withheld, what is offered instead, how to read it, who releases, which version.

    Examples
    --------
    >>> from analysis.documents.wording import Wording
    >>> from analysis.text import translator
    >>> [section.name for section in rules_sections(Wording(translator("en")))]
    ['withheld', 'others', 'instead', 'reading', 'release', 'version']
    """
    rules = policy or load_policy()
    return (
        _withheld(rules, w),
        _others(rules, w),
        _instead(rules, w),
        _reading(w),
        _release(w),
        _version(rules, w),
    )


def _domains(names: Iterable[str], w: Wording) -> str:
    # A domain that an institution adds to the file is named by its code until it is translated.
    said = [w.translate(DOMAINS[name]) if name in DOMAINS else name for name in sorted(names)]
    return ", ".join(said)


def _withheld(rules: Policy, w: Wording) -> Section:
    lines = [
        w.say(
            "Protected are numbers of persons in these fields: {fields}. Places in a shelter, "
            "plans and services are not persons; their numbers are shown.",
            fields=_domains(rules.domains, w),
        ),
        w.say(
            "For a municipality, a region or any other part of a country, a number from 1 to "
            "{most} is withheld.",
            most=str(rules.below_national - 1),
        ),
        w.say(
            "For a whole country, what the competent authority has printed itself is shown with "
            "its source. In a breakdown, by sex or origin for instance, a number from 1 to {most} "
            "is withheld.",
            most=str(rules.national_breakdown - 1),
        ),
        w.say(
            "A share or a rate is withheld with the number behind it. Where that number is not "
            "known, a share or rate of a part of a country is withheld."
        ),
    ]
    if rules.no_cross_tables:
        lines.append(
            w.say(
                "In these fields no breakdown by sex, age, citizenship or form is published for "
                "a part of a country: {fields}.",
                fields=_domains(rules.no_cross_tables, w),
            )
        )
    if rules.full_cells:
        lines.append(
            w.say(
                "A breakdown in which one part holds everybody is withheld: of whoever is known "
                "to be counted it would tell to which part that person belongs."
            )
        )
    return Section("withheld", w.translate("What is withheld"), (Bullets(tuple(lines)),))


def _others(rules: Policy, w: Wording) -> Section:
    lines = [
        w.say(
            "Further figures are withheld until nobody can work out a withheld number from all "
            "that is public: this edition, every former release, and the totals that other "
            "publishers print."
        )
    ]
    if rules.insiders:
        lines.append(
            w.say(
                "This holds as well for a person who is the only case behind a withheld figure "
                "and knows it."
            )
        )
    if rules.zeros_may_be_withheld:
        lines.append(
            w.say(
                "A zero is shown, because that nobody was counted harms nobody. It is withheld "
                "only where a small number cannot be protected otherwise: a withheld figure can "
                "therefore be a zero too."
            )
        )
    else:
        lines.append(w.say("A zero is always shown: that nobody was counted harms nobody."))
    if rules.same_pattern_over_years:
        lines.append(
            w.say(
                "Figures that are withheld for the sake of others are, where possible, the same "
                "ones each year and in each release."
            )
        )
    return Section("others", w.translate("What is withheld with it"), (Bullets(tuple(lines)),))


def _instead(rules: Policy, w: Wording) -> Section:
    intro = Paragraph(w.say("Before a figure is withheld, these are tried, in this order:"))
    ways = tuple(Sentence((w.translate(REMEDIES[name]),)) for name in rules.remedies)
    rounded = Paragraph(
        w.say(
            "Where a chart or a map needs every cell, numbers may be rounded to multiples of "
            "{base} instead, parts and totals together, so that they still add up.",
            base=str(rules.rounding_base),
        )
    )
    return Section(
        "instead", w.translate("What is offered instead"), (intro, Bullets(ways), rounded)
    )


def _reading(w: Wording) -> Section:
    lines: tuple[Sentence, ...] = (
        w.say(MARKED),
        w.say(
            "A withheld figure keeps its place and the reason; it loses its number, its note and "
            "the line of its source. Rates, ranks, charts and maps are made from what is left."
        ),
        w.say(
            "A cross says no more than this: either the number is small, or another number could "
            "be worked out from it."
        ),
    )
    return Section("reading", w.translate("How to read it"), (Bullets(lines),))


def _release(w: Wording) -> Section:
    lines = (
        w.say(
            "Two persons release an edition: one submits it, another one looks through it and "
            "approves it. Until then every page, brief, table and picture says that it is a draft."
        ),
        w.say(
            "Each release is recorded. A new one is held against all former ones; where a "
            "difference between two of them would tell a withheld number, it is refused."
        ),
    )
    return Section("release", w.translate("Who releases"), (Bullets(lines),))


def _version(rules: Policy, w: Wording) -> Section:
    least = rules.floor.thresholds
    lines = [
        w.say("Version of the policy: {version}.", version=rules.version),
        w.say(
            "The thresholds cannot be set below {below} for a part of a country and {parts} for a "
            "breakdown of a country; only the administrator can change that, with a reason.",
            below=str(least["below_national"]),
            parts=str(least["national_breakdown"]),
        ),
    ]
    if rules.floor != read_floor({}):
        lines.append(
            w.say(
                "Changed here by {by} on {day}: {reason}",
                by=rules.floor.changed_by,
                day=rules.floor.changed_on,
                reason=rules.floor.reason,
            )
        )
    return Section("version", w.translate("Version"), (Bullets(tuple(lines)),))
