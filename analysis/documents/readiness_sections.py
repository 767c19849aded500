"""The sections of the page on data readiness."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from analysis.catalog import load_areas
from analysis.documents.gap_words import HOLDERS
from analysis.documents.model import (
    Bound,
    Bullets,
    Column,
    Document,
    Paragraph,
    Provenance,
    Section,
    Table,
)
from analysis.documents.notice import demonstration_notice
from analysis.documents.wording import Wording
from analysis.text import format_count, mark, translator
from analysis.text.alphabet import sort_by_name

if TYPE_CHECKING:
    from analysis.assessment.readiness import Held, Readiness

FRESHNESS = {
    "fresh": mark("fresh"),
    "overdue": mark("overdue"),
    "no_schedule": mark("no schedule"),
    "no_date": mark("source without a date"),
}
CHANGES_SHOWN = 40
CHANGE_KINDS = {
    "new": mark("new"),
    "revised": mark("revised"),
    "withdrawn": mark("withdrawn"),
    "state": mark("another state"),
    "boundary": mark("another boundary"),
    "method": mark("another method"),
}


def compose_readiness(
    readiness: Readiness, language: str, provenance: Provenance | None = None
) -> Document:
    """Compose the page on data readiness.

    Parameters
    ----------
    readiness : Readiness
    language : str
        Code of a language.
    provenance : Provenance, optional

    Returns
    -------
    Document
    """
    w = Wording(translator(language))
    return Document(
        name=f"readiness_{language}",
        title=w.translate("Data readiness"),
        subtitle=str(
            w.say(
                "What is fresh, overdue, missing, conflicting and revised, judged on {day}",
                day=readiness.day.isoformat(),
            )
        ),
        language=w.language,
        sections=(
            _summary(readiness, w),
            _freshness(readiness, w),
            _missing(readiness, w),
            _places(readiness, w),
            _conflicts(readiness, w),
            _revised(readiness, w),
        ),
        provenance=provenance or Provenance("", "", "", ""),
        notice=demonstration_notice(w.translate, is_demonstration=readiness.is_demonstration),
    )


def _count(number: int, w: Wording) -> Bound:
    # Counts of rows of the table itself: their reference is the whole table, not one row.
    return Bound(format_count(number, w.language), float(number), "", "value" if number else "zero")


def _municipalities(held: Held, w: Wording) -> Bound:
    if "municipality" not in held.indicator.levels:
        return Bound(w.translate("does not apply"), None, "", "not_applicable")
    return _count(held.municipalities, w)


def _summary(readiness: Readiness, w: Wording) -> Section:
    lines = (
        w.say(
            "{held} indicators have figures; {wanted} more are wanted and nobody has given them.",
            held=_count(len(readiness.held), w),
            wanted=_count(len(readiness.wanted), w),
        ),
        w.say(
            "{n} indicators are overdue: their source should have been renewed by now.",
            n=_count(len(readiness.overdue), w),
        ),
        w.say(
            "{n} figures differ between sources; all of them are kept and shown.",
            n=_count(len(readiness.conflicts), w),
        ),
    )
    return Section("summary", w.translate("In short"), (Bullets(lines),))


def _freshness(readiness: Readiness, w: Wording) -> Section:
    order = {"overdue": 0, "no_date": 1, "fresh": 2, "no_schedule": 3}
    ranked = sorted(readiness.held, key=lambda h: order[h.freshness])
    heads = (
        (w.translate("Figure"), False),
        (w.translate("Owner"), False),
        (w.translate("Newest period"), False),
        (w.translate("Date of the source"), False),
        (w.translate("State"), False),
        (w.translate("Municipalities"), True),
        (w.translate("Withheld rows"), True),
    )
    rows = tuple(
        (
            w.indicator(h.indicator),
            _owner(h.indicator.owner, w),
            h.newest_period[:7],
            h.as_of or w.translate("no date"),
            w.translate(FRESHNESS[h.freshness]),
            _municipalities(h, w),
            _count(h.withheld, w),
        )
        for h in ranked
    )
    table = Table(
        "freshness",
        w.translate("Indicators with figures, those that are overdue first"),
        tuple(Column(label, is_number) for label, is_number in heads),
        rows,
        (
            w.translate(
                "A source is overdue when half as long again as its interval has passed since "
                "its date."
            ),
            w.translate("Municipalities: how many of the 80 have at least one row."),
        ),
    )
    return Section("freshness", w.translate("Fresh and overdue"), (table,))


def _missing(readiness: Readiness, w: Wording) -> Section:
    counted = Counter(i.owner for i in readiness.wanted)
    rows = tuple(
        (_owner(owner, w), _count(number, w))
        for owner, number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    table = Table(
        "missing",
        w.translate("Indicators that are wanted and not held, by who may hold them"),
        (Column(w.translate("Owner"), is_number=False), Column(w.translate("Indicators"))),
        rows,
    )
    named = [i for i in readiness.wanted if i.in_profile]
    blocks: list[Table | Paragraph | Bullets] = [table]
    if named:
        blocks.append(Paragraph(w.say("Those that the profile of each municipality waits for:")))
        blocks.append(
            Bullets(
                tuple(
                    w.say("{name}: {holder}", name=w.indicator(i), holder=_owner(i.owner, w))
                    for i in named
                )
            )
        )
    return Section("missing", w.translate("Missing"), tuple(blocks))


def _places(readiness: Readiness, w: Wording) -> Section:
    areas = load_areas()
    named = sort_by_name(
        [(w.area_name(areas.get(p.area_id)), p) for p in readiness.places],
        itemgetter(0),
        w.language,
    )
    rows = tuple(
        (
            name,
            _count(place.indicators, w),
            _count(place.rows, w),
            _count(place.withheld, w),
            place.newest_period[:7] or w.translate("no data"),
        )
        for name, place in named
    )
    heads = (
        Column(w.translate("Municipality"), is_number=False),
        Column(w.translate("Indicators")),
        Column(w.translate("Rows")),
        Column(w.translate("Withheld rows")),
        Column(w.translate("Newest period"), is_number=False),
    )
    table = Table(
        "places",
        w.translate("What is held of each municipality, in alphabetical order"),
        heads,
        rows,
        (
            w.translate(
                "Few rows say nothing of a municipality: they say what was published of it."
            ),
        ),
    )
    return Section("places", w.translate("By municipality"), (table,))


def _conflicts(readiness: Readiness, w: Wording) -> Section:
    if not readiness.conflicts:
        line = w.say("No figure differs between the sources that are held.")
        return Section("conflicts", w.translate("Conflicting"), (Paragraph(line),))
    areas = load_areas()
    publishers = readiness.data.sources.set_index("source_id")["publisher"]
    rows = tuple(
        (
            w.indicator(c.indicator),
            w.area(areas.get(c.area_id)),
            c.period_end[:7],
            str(publishers[source]),
            Bound(format_count(value, w.language), value, reference, "value"),
        )
        for c in readiness.conflicts
        for (source, value), reference in zip(c.values, c.references, strict=True)
    )
    labels = (
        w.translate("Figure"),
        w.translate("Area"),
        w.translate("Period"),
        w.translate("Publisher"),
    )
    table = Table(
        "conflicts",
        w.translate("Figures that sources give differently; none is averaged away"),
        (*(Column(label, is_number=False) for label in labels), Column(w.translate("Number"))),
        rows,
    )
    return Section("conflicts", w.translate("Conflicting"), (table,))


def _revised(readiness: Readiness, w: Wording) -> Section:
    heading = w.translate("Revised")
    if readiness.changes.empty:
        line = w.say("There is no former build to compare with, or nothing has changed since.")
        return Section("revised", heading, (Paragraph(line),))
    counted = Counter(
        zip(readiness.changes["indicator_id"], readiness.changes["kind"], strict=True)
    )
    rows = tuple(
        (
            w.indicator(readiness.data.indicators.get(indicator)),
            w.translate(CHANGE_KINDS[kind]),
            _count(number, w),
        )
        for (indicator, kind), number in sorted(counted.items())[:CHANGES_SHOWN]
    )
    table = Table(
        "revised",
        w.translate("Changes between the last two builds, by indicator"),
        (
            Column(w.translate("Figure"), is_number=False),
            Column(w.translate("Change"), is_number=False),
            Column(w.translate("Rows")),
        ),
        rows,
    )
    return Section("revised", heading, (table,))


def _owner(code: str, w: Wording) -> str:
    return w.translate(HOLDERS[code]) if code in HOLDERS else code
