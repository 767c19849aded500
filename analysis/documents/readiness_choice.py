"""Data readiness for one owner or for all: the chart by owner, and the sections of the page."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment.owners import STATES, OwnerState, choose_owner, count_owners
from analysis.documents.gap_words import HOLDERS
from analysis.documents.model import Bound, Column, Document, Figure, Paragraph, Section, Table
from analysis.documents.notice import demonstration_notice
from analysis.documents.readiness_sections import compose_readiness
from analysis.documents.wording import Wording
from analysis.figures.picture import Picture
from analysis.figures.readiness import chart_readiness
from analysis.text import format_count, mark, translator
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from analysis.assessment.readiness import Readiness
    from analysis.documents.model import Block, Provenance

STATE_NAMES = {
    "fresh": mark("Fresh"),
    "overdue": mark("Overdue"),
    "undated": mark("Undated"),
    "missing": mark("Missing"),
}
LINE = 46


def compose_owner(
    readiness: Readiness, language: str, owner: str = "", provenance: Provenance | None = None
) -> Document:
    """Compose data readiness for one owner, or for all.

    Parameters
    ----------
    readiness : Readiness
    language : str
        Code of a language.
    owner : str
        Code of the catalogue; blank for everybody.
    provenance : Provenance, optional

    Returns
    -------
    Document
        The page on data readiness, with a chart and a table by owner before it.

    Raises
    ------
    LanguageError
        When the language is not spoken.
    OwnerError
        When the catalogue names no such owner.
    """
    w = Wording(translator(language))
    own = choose_owner(readiness, owner)
    page = compose_readiness(own, language, provenance)
    sections = [owners_section(own, w)]
    for section in page.sections:
        if section.name == "freshness" and not own.held:
            silent = Paragraph(w.say("No figure of this owner is held yet."), "lead")
            sections.append(replace(section, blocks=(silent,)))
        elif section.name == "missing" and owner:
            sections.append(wanted_section(own, w))
        else:
            sections.append(section)
    title = page.title
    if owner:
        title = str(w.say("Data readiness: {owner}", owner=owner_name(owner, w)))
    name = "_".join(part for part in ("readiness", owner, language) if part)
    return replace(page, name=name, title=title, sections=tuple(sections))


def owner_name(owner: str, w: Wording) -> str:
    """Name an owner in the language."""
    return w.translate(HOLDERS[owner]) if owner in HOLDERS else owner


def list_owners(readiness: Readiness, w: Wording) -> list[tuple[str, str]]:
    """List the owners by name, in the order of the reader's alphabet.

    Parameters
    ----------
    readiness : Readiness
    w : Wording

    Returns
    -------
    list of (str, str)
        Name and code.
    """
    named = [(owner_name(o.owner, w), o.owner) for o in count_owners(readiness)]
    return sorted(named, key=lambda pair: alphabet_key(pair[0], w.language))


def owners_section(readiness: Readiness, w: Wording) -> Section:
    """Show what is fresh, overdue and missing, by who can do something about it."""
    counted = _named(readiness, w)
    heads = (
        Column(w.translate("Owner"), is_number=False),
        *(Column(w.translate(STATE_NAMES[state])) for state in STATES),
    )
    rows: tuple[tuple[str | Bound, ...], ...] = tuple(
        (name, *(_count(getattr(own, state), w) for state in STATES)) for name, own in counted
    )
    table = Table(
        "owners",
        w.translate("Indicators by owner and state, in alphabetical order"),
        heads,
        rows,
        (
            w.translate("Overdue: half as long again as its interval has passed since its date."),
            w.translate("Undated: no date, or no fixed interval, to judge by."),
        ),
    )
    blocks: tuple[Block, ...] = (Figure(picture_readiness(readiness, w)), table)
    return Section("owners", w.translate("By owner"), blocks)


def wanted_section(readiness: Readiness, w: Wording) -> Section:
    """Name what is wanted of an owner and not held."""
    heading = w.translate("Missing")
    if not readiness.wanted:
        nothing = w.say("Every indicator that this owner is named for has figures.")
        return Section("missing", heading, (Paragraph(nothing, "lead"),))
    needed = w.translate("the profile of each municipality")
    rows = tuple(
        (w.indicator(i), needed if i.in_profile else w.translate("the catalogue"))
        for i in readiness.wanted
    )
    table = Table(
        "wanted",
        w.translate("Indicators that are wanted of this owner and not held"),
        (
            Column(w.translate("Figure"), is_number=False),
            Column(w.translate("Waited for by"), is_number=False),
        ),
        rows,
    )
    return Section("missing", heading, (table,))


def picture_readiness(readiness: Readiness, w: Wording) -> Picture:
    """Draw indicators by owner and state."""
    counted = _named(readiness, w)
    names = {state: w.translate(STATE_NAMES[state]) for state in STATES}
    rows = pd.DataFrame(
        [
            {
                "owner": textwrap.fill(name, LINE),
                "state": names[state],
                "indicators": getattr(own, state),
                "label": format_count(getattr(own, state), w.language),
            }
            for name, own in counted
            for state in STATES
        ]
    )
    totals = {state: _count(sum(getattr(own, state) for _, own in counted), w) for state in STATES}
    alternative = w.say(
        "Bars by owner. Indicators in all: fresh {fresh}, overdue {overdue}, undated "
        "{undated}, missing {missing}. The table has the number of each owner.",
        **totals,
    )
    caption = w.say(
        "Indicators of the catalogue by who holds or may hold them, judged on {day}.",
        day=readiness.day.isoformat(),
    )
    chart = chart_readiness(
        rows, [textwrap.fill(name, LINE) for name, _ in counted], list(names.values())
    )
    notice = demonstration_notice(w.translate, is_demonstration=readiness.is_demonstration)
    return Picture("owners", chart, str(caption), str(alternative), rows, w.language, notice)


def _named(readiness: Readiness, w: Wording) -> list[tuple[str, OwnerState]]:
    named = [(owner_name(own.owner, w), own) for own in count_owners(readiness)]
    return sorted(named, key=lambda pair: alphabet_key(pair[0], w.language))


def _count(number: int, w: Wording) -> Bound:
    # A count of rows of the catalogue: its reference is no observation.
    return Bound(format_count(number, w.language), float(number), "", "value" if number else "zero")
