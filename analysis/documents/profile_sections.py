"""The sections of a municipal profile, one function a section.

Each takes the profile and a wording and gives a section; the page has all of them, the brief
chooses. The messages are the English text of the catalogs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.profile import CAPACITY
from analysis.documents.gap_words import gap_sentence
from analysis.documents.method_tables import rates_table
from analysis.documents.model import Bullets, Figure, Paragraph, Section
from analysis.documents.profile_pictures import (
    picture_applications,
    picture_change,
    picture_map,
    picture_registered,
    picture_route,
)
from analysis.documents.profile_sentences import (
    against_sentence,
    comparability_sentence,
    place_sentence,
    registered_sentence,
    residents_sentence,
)
from analysis.documents.profile_tables import (
    national_table,
    origins_table,
    registered_table,
    residents_table,
    route_months_table,
    sources_table,
)
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.documents.model import Block, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.sources.boundaries import Boundaries


def summary_section(profile: Profile, w: Wording) -> Section:
    """Say the three findings that a reader takes along in thirty seconds."""
    sentences = [residents_sentence(profile.residents[0], w), against_sentence(profile, w)]
    sentences.append(registered_sentence(profile, w))
    return Section("summary", w.translate("In short"), (Bullets(tuple(sentences)),))


def residents_section(profile: Profile, w: Wording, boundaries: Boundaries) -> Section:
    """Show who lives here: two censuses, the change, the region, the country."""
    blocks: list[Block] = [
        Paragraph(residents_sentence(profile.residents[0], w), "lead"),
        Paragraph(comparability_sentence(w), "warning"),
        residents_table(profile, w),
        Figure(picture_change(profile, w)),
        Figure(picture_map(profile, w, boundaries)),
    ]
    return Section("residents", w.translate("Who lives here"), tuple(blocks))


def registered_section(profile: Profile, w: Wording) -> Section:
    """Show people under UNHCR's mandate who are registered here, or say why nothing is shown."""
    heading = w.translate("People under UNHCR's mandate who are registered here")
    blocks: list[Block] = [Paragraph(registered_sentence(profile, w), "lead")]
    if profile.registered:
        blocks.append(Paragraph(place_sentence(w), "warning"))
        if any(kind.has_number for kind in profile.registered):
            blocks.append(Figure(picture_registered(profile, w)))
        blocks.append(registered_table(profile, w))
        if profile.registered_rates:
            blocks.append(rates_table(profile.registered_rates, w, "registered_rates"))
        blocks.append(
            Paragraph(
                w.say(
                    "No direction is named for these series: they count who is there at the end of "
                    "each year, so that the same persons are counted again and again."
                ),
                "note",
            )
        )
    blocks += _services(profile, w)
    return Section("registered", heading, tuple(blocks))


def context_section(profile: Profile, w: Wording) -> Section:
    """Show the national asylum figures and the route: stocks and flows apart."""
    blocks: list[Block] = [
        Paragraph(
            w.say(
                "Figures for the whole country and for the route; none of them is about "
                "this municipality."
            ),
            "lead",
        ),
        Figure(picture_applications(profile, w)),
        national_table(profile, w),
    ]
    if profile.origins:
        blocks.append(origins_table(profile, w))
    blocks += [
        Paragraph(
            w.say(
                "Detections are crossings of the external border of the European Union, not "
                "persons: one person may be counted several times. The whole history is "
                "revised each month."
            ),
            "warning",
        ),
        Figure(picture_route(profile, w)),
    ]
    if profile.route_months:
        blocks.append(route_months_table(profile, w))
    return Section("context", w.translate("The country and the route"), tuple(blocks))


def unknown_section(profile: Profile, w: Wording) -> Section:
    """Name what is not known, one line a gap; the section is never empty."""
    lines = tuple(gap_sentence(gap, w) for gap in profile.gaps)
    always = (
        w.say(
            "Victims of trafficking in human beings are not shown by municipality: the whole "
            "country identifies so few in a year that a municipal figure could point to a person."
        ),
        w.say(
            "The movements behind the change of residents are not known by municipality: births, "
            "deaths, moves inside the country and moves abroad are all in it."
        ),
    )
    return Section("unknown", w.translate("What we do not know"), (Bullets((*always, *lines)),))


def sources_section(profile: Profile, w: Wording) -> Section:
    """List the sources, each with its date and how far its figures were verified."""
    return Section("sources", w.translate("Sources"), (sources_table(profile, w),))


def _services(profile: Profile, w: Wording) -> list[Block]:
    lines: list[Sentence] = []
    for indicator_id, results in profile.services.items():
        indicator = profile.data.indicators.get(indicator_id)
        for result in results:
            if indicator_id == CAPACITY:
                message = mark("{name}: {n} places ({source}, {year}).")
                publisher = _publisher(profile, result)
                lines.append(
                    w.say(
                        message,
                        name=w.indicator(indicator),
                        n=w.number(result),
                        source=publisher,
                        year=str(result.year),
                    )
                )
            else:
                lines.append(
                    w.say("{name}: {year}.", name=w.indicator(indicator), year=str(result.year))
                )
    if not lines:
        return []
    lead = w.say("Services and facilities that published sources name in this municipality:")
    return [Paragraph(lead), Bullets(tuple(lines))]


def _publisher(profile: Profile, result: Result) -> str:
    table = profile.data.sources
    return str(table.loc[table["source_id"].eq(result.source_id), "publisher"].iloc[0])
