"""About the figures of a page: what each counts, its caveat, who holds it, when it comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.due import find_due
from analysis.documents.gap_words import HOLDERS
from analysis.documents.model import Column, Foreign, Section, Table
from analysis.text import mark

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd

    from analysis.assessment.reading import Reading
    from analysis.catalog import Indicator
    from analysis.documents.wording import Wording
    from analysis.store.read import PublicData

ABOUT = "about"
# What to say of a source that comes at no fixed interval.
NO_DAY = {
    "census": mark("with the next census"),
    "once": mark("none: it came once"),
    "irregular": mark("no fixed date"),
}
NOT_ANNOUNCED = mark("not announced")


@dataclass(frozen=True, slots=True)
class Update:
    """When an indicator was last given, and when it is expected again.

    Parameters
    ----------
    indicator : Indicator
    as_of : str
        Date of its newest source, as exact as the source says.
    due : datetime.date or None
        Day by which the next edition is expected; None where nothing says it.
    """

    indicator: Indicator
    as_of: str
    due: dt.date | None


def find_updates(rows: pd.DataFrame, data: PublicData) -> list[Update]:
    """Find when the indicators of some observations were last given, and when they come again.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations with ``indicator_id`` and ``source_id``.
    data : PublicData
        For the dates of sources and the catalogue.

    Returns
    -------
    list of Update
        One an indicator, in the order of the rows.
    """
    dates = dict(zip(data.sources["source_id"], data.sources["as_of"], strict=True))
    newest: dict[str, str] = {}
    for name, source in zip(rows["indicator_id"], rows["source_id"], strict=True):
        newest[name] = max(newest.get(name, ""), str(dates.get(source) or ""))
    found = [(data.indicators.get(name), as_of) for name, as_of in newest.items()]
    return [Update(one, as_of, find_due(as_of, one.schedule)) for one, as_of in found]


def update_words(update: Update, w: Wording) -> str:
    """Say when the next figures are expected.

    Parameters
    ----------
    update : Update
    w : Wording

    Returns
    -------
    str
        ``by 2027-07``: a month, because no office keeps a day.
    """
    if update.due:
        return str(w.say("by {month}", month=update.due.isoformat()[:7]))
    # It comes at an interval, and no date says since when.
    return w.translate(NO_DAY.get(update.indicator.schedule, NOT_ANNOUNCED))


def say_expected(indicator: Indicator, dates: Iterable[str], w: Wording) -> str:
    """Say when the next figures of an indicator are expected.

    Parameters
    ----------
    indicator : Indicator
    dates : iterable of str
        Of the sources that have it, as exact as they say; blank ones among them.
    w : Wording

    Returns
    -------
    str
        As :func:`update_words`; not announced where no source has it.
    """
    newest = max((str(day) for day in dates if day), default="")
    if not newest:
        return w.translate(NOT_ANNOUNCED)
    return update_words(Update(indicator, newest, find_due(newest, indicator.schedule)), w)


def owner_words(indicator: Indicator, w: Wording) -> str:
    """Name who holds the figures of an indicator."""
    owner = indicator.owner
    return w.translate(HOLDERS[owner]) if owner in HOLDERS else owner


def about_section(reading: Reading, w: Wording) -> Section:
    """Say of each figure of a page what it counts, and how far it can be relied on.

    Parameters
    ----------
    reading : Reading
    w : Wording

    Returns
    -------
    Section
        One table, an indicator a row, in the order in which the page first prints them.
    """
    order = list(dict.fromkeys(r.reference for r in reading.results if r.reference))
    updates = find_updates(reading.data.take_rows(order), reading.data)
    nothing = w.translate("nothing in particular")
    rows = tuple(
        (
            w.indicator(u.indicator),
            _catalogue(u.indicator.definition_en, w),
            _catalogue(u.indicator.caveat_en, w) if u.indicator.caveat_en else nothing,
            owner_words(u.indicator, w),
            u.as_of or w.translate("source without a date"),
            update_words(u, w),
        )
        for u in updates
    )
    is_foreign = any(isinstance(cell, Foreign) for row in rows for cell in row)
    labels = (
        w.translate("Figure"),
        w.translate("What it counts, in English") if is_foreign else w.translate("What it counts"),
        w.translate("Keep in mind"),
        w.translate("Held by"),
        w.translate("Date of the source"),
        w.translate("Next update"),
    )
    table = Table(
        ABOUT,
        w.translate("What each figure of this page counts, and when it comes again"),
        tuple(Column(label, is_number=False) for label in labels),
        rows,
    )
    return Section(ABOUT, w.translate("About these figures"), (table,))


def _catalogue(english: str, w: Wording) -> str:
    """Give a text of the catalogue in the reader's language, or in English that says so."""
    if w.language.code == "en":
        return english
    return w.translate(english) if w.translate.has(english) else Foreign(english, "en")
