"""The tables of a municipal profile: protected numbers under their heads, notes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Bound, Column, Table
from analysis.documents.protection_words import policy_in_short
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.assessment.reading import Reading
    from analysis.documents.wording import Wording


def residents_table(profile: Profile, w: Wording) -> Table:
    """Set the censuses side by side for the municipality, its region and the country."""
    heads = [
        w.translate("Area"),
        w.translate("Residents 2002"),
        w.translate("Residents 2021"),
        w.translate("Change"),
        w.translate("Change, %"),
    ]
    rows = tuple(
        (
            w.area(c.area),
            w.number(c.before),
            w.number(c.after),
            w.change(c.change),
            w.number(c.change_pct),
        )
        for c in profile.residents
    )
    return Table(
        "residents",
        str(
            w.say(
                "Residents of {area}, of its region and of the country, censuses of 2002 and 2021",
                area=w.area(profile.area),
            )
        ),
        tuple(Column(h, is_number=i > 0) for i, h in enumerate(heads)),
        rows,
        (
            w.translate("Full counts: there is no interval."),
            w.translate("Region and country are sums of their municipalities."),
        ),
    )


def registered_table(profile: Profile, w: Wording) -> Table:
    """List every year from the first with a row, newest first, so that gaps show as gaps."""
    first = min(r.year for k in profile.registered for r in k.results)
    years = range(profile.reference_year, first - 1, -1)
    by_kind = [{r.year: r for r in kind.results} for kind in profile.registered]
    silent = w.translate("no data")
    rows: tuple[tuple[str | Bound, ...], ...] = tuple(
        (
            str(year),
            *(
                w.cell(found[year]) if year in found else Bound(silent, None, "", "no_data")
                for found in by_kind
            ),
        )
        for year in years
    )
    heads = [w.indicator(kind.indicator) for kind in profile.registered]
    return Table(
        "registered",
        str(
            w.say(
                "Persons whom UNHCR records in {area}, by year: how many there were, not how many "
                "came",
                area=w.area(profile.area),
            )
        ),
        (Column(w.translate("Year"), is_number=False), *(Column(h) for h in heads)),
        rows,
        (
            str(policy_in_short(w)),
            w.translate("p: provisional, published before the year was over."),
        ),
    )


def national_table(profile: Profile, w: Wording) -> Table:
    """List the newest figure of each national indicator, with its kind and period."""
    rows: list[tuple[str | Bound, ...]] = []
    for indicator_id, results in profile.national.items():
        indicator = profile.data.indicators.get(indicator_id)
        if not results:
            continue
        newest = results[-1]
        kind: str | Bound = (
            w.translate("during the year")
            if indicator.measure == "flow"
            else w.translate("at the end of the period")
        )
        rows.append((w.indicator(indicator), str(newest.year), kind, w.cell(newest)))
    return Table(
        "national",
        str(w.say("{country}: the newest figures", country=w.area(profile.country))),
        (
            Column(w.translate("Figure"), is_number=False),
            Column(w.translate("Year"), is_number=False),
            Column(w.translate("Counted"), is_number=False),
            Column(w.translate("Number")),
        ),
        tuple(rows),
        (
            w.translate("Rows are never added up: they count different things."),
            w.translate("Refugees from Ukraine are part of the refugees."),
            w.translate(
                "Registered emigration is a gross under-count: only those who report it are in it."
            ),
            w.translate("p: provisional, published before the year was over."),
        ),
    )


def origins_table(profile: Profile, w: Wording) -> Table:
    """List the largest countries of origin of applicants in the last complete year."""
    year = profile.origins[0][1].year
    rows = tuple((w.country(code), w.cell(r)) for code, r in profile.origins)
    return Table(
        "origins",
        str(
            w.say(
                "Asylum applications in {country} in {year}: the largest origins",
                country=w.area(profile.country),
                year=str(year),
            )
        ),
        (
            Column(w.translate("Country of origin"), is_number=False),
            Column(w.translate("Applications")),
        ),
        rows,
    )


def route_months_table(profile: Profile, w: Wording) -> Table:
    """List the months after the last whole year, which no yearly bar may hold."""
    heads = (Column(w.translate("Month"), is_number=False), Column(w.translate("Detections")))
    rows = tuple((r.period_start[:7], w.cell(r)) for r in profile.route_months)
    caption = w.translate(
        "Detections on the Western Balkan route after the last whole year, by month"
    )
    note = w.translate("p: provisional; the whole history is revised each month.")
    return Table("route_months", caption, heads, rows, (note,))


def sources_table(reading: Reading, w: Wording) -> Table:
    """List the sources, each with its date and how far its figures were verified."""
    marks = {
        "read": w.translate("read in the source"),
        "secondary": w.translate("read in a secondary source; to be confirmed"),
        "received": w.translate("handed over; not published"),
    }
    rows = tuple(
        (
            s["publisher"],
            s["title"],
            s["address"],
            s["as_of"] or w.translate("no date"),
            marks[s["verification"]],
        )
        for s in reading.sources.to_dict("records")
    )
    heads = (mark("Publisher"), mark("Title"), mark("Address"), mark("Date"), mark("Verification"))
    return Table(
        "sources",
        w.translate("Sources of this document; titles stand as published"),
        tuple(Column(w.translate(h), is_number=False) for h in heads),
        rows,
    )
