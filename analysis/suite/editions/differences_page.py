"""The report of differences as a page for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.catalog import AreaError, load_areas, load_indicators
from analysis.documents.html import render, section_html
from analysis.documents.model import Column, Paragraph, Section, Table
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.store.changes import KINDS
from analysis.store.schema import DIMENSIONS, TOTAL
from analysis.suite.editions.edition import SITE
from analysis.suite.editions.gone import gone_section
from analysis.text import format_rate, mark, translator

if TYPE_CHECKING:
    import pandas as pd

    from analysis.documents.model import Block, Bound
    from analysis.suite.editions.differences import Differences

SPOKEN = ("en", "mk")
LONGEST = 200
TITLE = mark("What changed since the edition before")
SUBTITLE = mark("For the staff, before these figures are quoted. This page is not published.")
MOVED = mark("Figures that moved more than expected")
NONE_MOVED = mark("No figure moved more than its indicator usually does.")
HOW = mark(
    "A move is held against the former moves of the same indicator in all areas. A score that is "
    "farther from zero than 3.5, up or down, is unusual. Please look at each of these figures in "
    "its source: it may be right, and it may be a slip."
)
MORE = mark("The farthest {shown} of {total} are listed.")
CHANGED = mark("Rows that changed, by indicator")
NONE_CHANGED = mark("No row of the public table changed.")
HEADS = {
    "new": mark("New"),
    "revised": mark("Revised"),
    "withdrawn": mark("Gone"),
    "state": mark("Other state"),
    "boundary": mark("Other boundary"),
    "method": mark("Other method"),
}
INDICATOR, AREA, PERIOD = mark("Indicator"), mark("Area"), mark("Period")
BEFORE, AFTER, SCORE = mark("Before"), mark("After"), mark("Score")


@dataclass(frozen=True, slots=True)
class _Part:
    """The report in one language."""

    code: str
    own_name: str
    title: str
    subtitle: str
    body: tuple[Markup, ...]


def differences_html(found: Differences) -> str:
    """Write a report of differences as a page, in English and Macedonian.

    Parameters
    ----------
    found : Differences

    Returns
    -------
    str
        A whole HTML document that needs nothing beside it.
    """
    parts = [_write_part(found, Wording(translator(code))) for code in SPOKEN]
    first = Wording(translator(SPOKEN[0])).language
    # The style lies in the page; the fonts are those of the site beside it.
    style = (resources.files("analysis.documents") / "page.css").read_text(encoding="utf-8")
    style = style.replace('url("', f'url("{SITE}/assets/')
    return render(
        "differences.html.j2",
        first,
        root=f"{SITE}/",
        parts=parts,
        style=Markup(style),  # noqa: S704  # our own file
        marks=[_NO_MARK],
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """The report stands under no release of its own."""

    language: str = SPOKEN[0]
    word: str = ""
    sentence: str = ""


_NO_MARK = _Mark()


def _write_part(found: Differences, w: Wording) -> _Part:
    code = w.language.code
    gone = [gone_section(found.gone, w)] if found.gone else []
    sections = (_moved_section(found.moved, w), *gone, _kinds_section(found.kinds, w))
    return _Part(
        code,
        w.language.own_name,
        w.translate(TITLE),
        w.translate(SUBTITLE),
        tuple(Markup(section_html(s, w.language)) for s in sections),  # noqa: S704  # our templates
    )


def _moved_section(moved: pd.DataFrame, w: Wording) -> Section:
    name = f"moved-{w.language.code}"
    blocks: tuple[Block, ...]
    if moved.empty:
        blocks = (Paragraph(w.say(NONE_MOVED)),)
    else:
        table = Table(
            name=name,
            caption=w.translate(MOVED),
            columns=(
                *(Column(w.translate(head), is_number=False) for head in (INDICATOR, AREA, PERIOD)),
                *(Column(w.translate(head)) for head in (BEFORE, AFTER, SCORE)),
            ),
            rows=tuple(_moved_row(row, w) for row in moved.head(LONGEST).to_dict("records")),
            notes=_note(len(moved), w),
        )
        blocks = (Paragraph(w.say(HOW)), table)
    return Section(name, w.translate(MOVED), blocks)


def _note(total: int, w: Wording) -> tuple[str, ...]:
    if total <= LONGEST:
        return ()
    return (w.translate(MORE).format(shown=LONGEST, total=total),)


def _moved_row(row: dict[Any, Any], w: Wording) -> tuple[str | Bound, ...]:
    unit = _unit(row["indicator_id"])
    return (
        _name_indicator(row, w),
        _name_area(row["area_id"], w),
        _name_period(row["period_start"], row["period_end"]),
        *(_write_number(float(row[side]), unit, w) for side in ("before", "after")),
        _write_score(float(row["score"]), w),
    )


def _write_number(value: float, unit: str, w: Wording) -> Bound:
    # A report about slips has to print a count that is none.
    write = None if value.is_integer() or unit == "percent" else format_rate
    return w.number(_result(value, unit), write)


def _write_score(score: float, w: Wording) -> str:
    text = format_rate(score, w.language)
    return f"+{text}" if score > 0 else text


def _kinds_section(kinds: pd.DataFrame, w: Wording) -> Section:
    name = f"changed-{w.language.code}"
    if kinds.empty:
        return Section(name, w.translate(CHANGED), (Paragraph(w.say(NONE_CHANGED)),))
    table = Table(
        name=name,
        caption=w.translate(CHANGED),
        columns=(
            Column(w.translate(INDICATOR), is_number=False),
            *(Column(w.translate(HEADS[kind])) for kind in KINDS),
        ),
        rows=tuple(
            (_name_indicator(row, w), *(str(row[kind]) for kind in KINDS))
            for row in kinds.to_dict("records")
        ),
    )
    return Section(name, w.translate(CHANGED), (table,))


def _name_indicator(row: dict[Any, Any], w: Wording) -> str:
    known = load_indicators()
    name = str(row["indicator_id"])
    said = w.indicator(known.get(name)) if name in known else name
    parts = [str(row[d]) for d in DIMENSIONS if row.get(d, TOTAL) != TOTAL]
    return f"{said} ({', '.join(parts)})" if parts else said


def _name_area(area_id: str, w: Wording) -> str:
    try:
        return w.area(load_areas().get(area_id))
    except AreaError:
        return area_id


def _unit(indicator_id: str) -> str:
    known = load_indicators()
    return known.get(indicator_id).unit if indicator_id in known else ""


def _name_period(start: str, end: str) -> str:
    if (start[4:], end[4:]) == ("-01-01", "-12-31") and start[:4] == end[:4]:
        return end[:4]
    return f"{start}\N{EN DASH}{end}"


def _result(value: float, unit: str) -> Result:
    return Result(state="value" if value else "zero", value=float(value), unit=unit)
