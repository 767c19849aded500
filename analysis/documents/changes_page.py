"""The page that every other page leads to: what changed, what comes next, where to report."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.catalog import load_areas, load_indicators
from analysis.documents.about import find_updates, owner_words, update_words
from analysis.documents.html import render, section_html
from analysis.documents.model import Bound, Column, Paragraph, Section, Table
from analysis.documents.page import CHANGES_PAGE, CHANGES_TITLE, page_marks
from analysis.documents.protection_words import policy_in_short
from analysis.documents.readiness_sections import CHANGE_KINDS
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, find_language, format_count, translator
from analysis.text.alphabet import alphabet_key, sort_by_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData

SHOWN = 200
EMAIL = re.compile(r"[^@\s:/]+@[^@\s:/]+")


def changes_html(
    language_code: str,
    languages: Sequence[str],
    data: PublicData,
    changes: pd.DataFrame | None = None,
    contact: str = "",
    standing: Standing | None = None,
) -> str:
    """Write the page on what changed since the last edition, in one language.

    Parameters
    ----------
    language_code : str
    languages : sequence of str
        Codes of the languages that the page exists in.
    data : PublicData
        All areas.
    changes : pandas.DataFrame, optional
        ``changes.csv`` of the public zone.
    contact : str
        Where errors are reported: an e-mail address, or the address of a page.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    str
        A whole HTML document, readable without scripts.
    """
    language = find_language(language_code)
    w = Wording(translator(language_code))
    sections = (_changed(changes, w), _coming(data, w))
    return render(
        "changes.html.j2",
        language,
        title=w.translate(CHANGES_TITLE),
        marks=page_marks([language_code], standing),
        body=[Markup(section_html(s, language)) for s in sections],  # noqa: S704  # our template
        contact=contact,
        contact_address=f"mailto:{contact}" if EMAIL.fullmatch(contact) else contact,
        policy=str(policy_in_short(w)),
        page=CHANGES_PAGE,
        others=[LANGUAGES[code] for code in languages if code != language_code],
    )


def _changed(changes: pd.DataFrame | None, w: Wording) -> Section:
    heading = w.translate("What changed since last time")
    if changes is None or changes.empty:
        line = w.say("There is no former build to compare with, or nothing has changed since.")
        return Section("changes", heading, (Paragraph(line),))
    names = {area.area_id: w.area(area) for area in load_areas()}
    counted = Counter(
        zip(changes["area_id"], changes["indicator_id"], changes["kind"], strict=True)
    )
    listed = sort_by_name(
        sorted((names.get(a, a), i, kind, number) for (a, i, kind), number in counted.items()),
        itemgetter(0),
        w.language,
    )
    indicators = _named(w)
    rows = tuple(
        (area, indicators[indicator], w.translate(CHANGE_KINDS[kind]), _count(number, w))
        for area, indicator, kind, number in listed[:SHOWN]
    )
    labels = (w.translate("Area"), w.translate("Figure"), w.translate("Change"))
    notes = [w.translate("Of a number that is withheld now or was before, only that is told.")]
    if len(listed) > SHOWN:
        more = w.say("{n} more lines are not shown.", n=_count(len(listed) - SHOWN, w))
        notes.append(str(more))
    table = Table(
        "changed",
        w.translate("Changes between the last two builds, by area and figure"),
        (*(Column(label, is_number=False) for label in labels), Column(w.translate("Rows"))),
        rows,
        tuple(notes),
    )
    return Section("changes", heading, (table,))


def _named(w: Wording) -> dict[str, str]:

    return {i.indicator_id: w.indicator(i) for i in load_indicators()}


def _coming(data: PublicData, w: Wording) -> Section:
    rows = tuple(
        (
            w.indicator(u.indicator),
            owner_words(u.indicator, w),
            u.as_of or w.translate("source without a date"),
            update_words(u, w),
        )
        for u in sorted(
            find_updates(data.frame, data),
            key=lambda u: (
                u.due is None,
                str(u.due),
                alphabet_key(w.indicator(u.indicator), w.language),
            ),
        )
    )
    labels = (
        w.translate("Figure"),
        w.translate("Held by"),
        w.translate("Date of the source"),
        w.translate("Next update"),
    )
    table = Table(
        "updates",
        w.translate("When the next figures are expected, the soonest first"),
        tuple(Column(label, is_number=False) for label in labels),
        rows,
    )
    return Section("updates", w.translate("Next update"), (table,))


def _count(number: int, w: Wording) -> Bound:
    # Lines of the changelog are counted; no observation stands behind the number.
    return Bound(format_count(number, w.language), float(number), "", "value")
