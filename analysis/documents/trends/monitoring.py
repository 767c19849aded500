"""Tables of policy facts with their dates: evaluations, tiers, laws, practice, programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.catalog import load_areas
from analysis.catalog.policies import load_policies
from analysis.documents.model import Column, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assessment.trafficking import Monitoring
    from analysis.catalog import Area
    from analysis.catalog.monitoring import Tier
    from analysis.documents.wording import Wording

VERIFIED = {
    "verified": mark("read in the source"),
    "partly": mark("partly confirmed"),
    "unverified": mark("to be confirmed"),
}
STATUSES = {
    "needed": mark("needed"),
    "draft": mark("draft"),
    "adopted": mark("adopted"),
    "in_force": mark("in force"),
    "expired": mark("expired"),
    "refused_locally": mark("refused by a municipality"),
}
ABOUT_TRAFFICKING = ("trafficking", "victim", "mobile teams")


def tiers_table(found: Monitoring, w: Wording) -> Table:
    """List the tiers, a row a country and a column a year; a year without a source stays blank."""
    years = sorted({t.report_year for t in found.tiers})
    places = list(dict.fromkeys(t.area_id for t in found.tiers))
    by_place = {(t.area_id, t.report_year): t for t in found.tiers}
    rows = tuple(
        (
            w.area(load_areas().get(place)),
            *(_tier(by_place.get((place, year)), w) for year in years),
        )
        for place in places
    )
    columns = (
        Column(w.translate("Country"), is_number=False),
        *(Column(year, is_number=False) for year in years),
    )
    return Table(
        "tiers",
        w.translate("Tiers of the reports of the US Department of State"),
        columns,
        rows,
        (
            w.translate(
                "A tier judges the efforts of a government, not how many victims there are."
            ),
            w.translate("w: watch list. –: no source was found. °: to be confirmed."),
        ),
    )


def _tier(tier: Tier | None, w: Wording) -> str:
    if tier is None or not tier.tier:
        return "–"
    said = w.translate("2w") if "watch" in tier.tier else tier.tier
    return said if tier.verification == "verified" else f"{said}°"


def rounds_table(found: Monitoring, w: Wording) -> Table:
    """List the rounds of evaluation by GRETA."""
    rows = tuple(
        (
            w.area(load_areas().get(r.area_id)),
            w.translate("ad hoc") if r.round == "ad hoc" else r.round,
            _span(r.visit_from, r.visit_to, w),
            r.published or w.translate("no date"),
            w.translate(r.finding_en) if r.finding_en else "–",
            w.translate(VERIFIED[r.verification]),
        )
        for r in found.rounds
    )
    heads = ("Country", "Round", "Visit", "Published", "What it says", "Verification")
    return _table("rounds", w.translate("Evaluations by GRETA"), heads, rows, w)


def milestones_table(found: Monitoring, w: Wording) -> Table:
    """List laws, institutions and practice by date."""
    rows = tuple(
        (
            w.area(load_areas().get(m.area_id)),
            _span(m.date, m.until, w),
            w.translate(m.event_en),
            w.translate(VERIFIED[m.verification]),
        )
        for m in sorted(found.milestones, key=lambda m: (m.area_id, m.date))
    )
    heads = ("Country", "Date", "What happened", "Verification")
    return _table("milestones", w.translate("Compensation of victims"), heads, rows, w)


def programmes_table(found: Monitoring, w: Wording) -> Table:
    """List the phases of programmes with an action on trafficking."""
    rows = tuple(
        (
            f"{p.programme}, {p.phase}",
            _span(p.start, p.end, w),
            w.translate(p.content_en),
            w.translate(VERIFIED[p.verification]),
        )
        for p in found.programmes
    )
    heads = ("Programme and phase", "Time", "Content", "Verification")
    return _table("programmes", w.translate("Programmes"), heads, rows, w)


def policies_table(places: Sequence[Area], w: Wording) -> Table:
    """List the policy documents on trafficking with the status that each had on its dates."""
    ids = {p.area_id for p in places}
    policies = load_policies()
    events = [
        e
        for policy_id in policies
        for e in policies.events(policy_id)
        if e.area_id in ids and any(word in e.name_en.lower() for word in ABOUT_TRAFFICKING)
    ]
    rows = tuple(
        (
            # A document without a Macedonian name of its own is described, not named.
            e.name_mk if w.language.code == "mk" and e.name_mk else w.translate(e.name_en),
            e.date,
            w.translate(STATUSES[e.status]),
            w.translate(VERIFIED[e.verification]),
        )
        for e in sorted(events, key=lambda e: e.certain_from)
    )
    heads = ("Document", "Date", "Status", "Verification")
    return _table("policies", w.translate("Laws and policy documents"), heads, rows, w)


def _span(first: str, last: str, w: Wording) -> str:
    if not first:
        return w.translate("no date")
    return f"{first} – {last}" if last and last != first else first


def _table(  # a table is told everything
    name: str,
    caption: str,
    heads: Iterable[str],
    rows: tuple[tuple[str, ...], ...],
    w: Wording,
) -> Table:
    columns = tuple(Column(w.translate(head), is_number=False) for head in heads)
    return Table(name, caption, columns, rows)


# The heads above, for the catalogs.
HEADS = (
    mark("Country"),
    mark("Verification"),
    mark("Round"),
    mark("Visit"),
    mark("Published"),
    mark("What it says"),
    mark("Date"),
    mark("What happened"),
    mark("Programme and phase"),
    mark("Time"),
    mark("Content"),
    mark("Document"),
    mark("Status"),
)
