"""What is withheld, what it cost, what would bring figures back: sections of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.catalog import load_areas, load_indicators
from analysis.documents.model import Column, Paragraph, Section, Table
from analysis.documents.protection_counts import count_coverage, count_reasons
from analysis.documents.protection_remedies import POOLS, count_pools, count_remedies
from analysis.documents.protection_rules import REMEDIES
from analysis.protection.reasons import (
    BREAKDOWN,
    CLOSING,
    DERIVED,
    FORMER,
    FULL,
    SMALL,
    UNKNOWN,
)
from analysis.text import format_count, format_percent, mark

if TYPE_CHECKING:
    import pandas as pd

    from analysis.documents.model import Block
    from analysis.documents.protection_cost import EditionCost
    from analysis.documents.wording import Wording
    from analysis.protection import Policy

LEVELS = {
    "municipality": mark("municipality"),
    "municipality_rs": mark("municipality of Serbia"),
    "city": mark("city"),
    "district": mark("district"),
    "region": mark("region"),
    "country": mark("country"),
    "group": mark("group of countries"),
    "route": mark("route"),
}
# A figure that its own publisher withheld came without a reason of ours.
REASON_WORDS = {
    SMALL: mark("small count"),
    UNKNOWN: mark("share of an unknown count"),
    BREAKDOWN: mark("no such breakdown is published below a country"),
    FULL: mark("one part holds everybody"),
    DERIVED: mark("made from a withheld count"),
    FORMER: mark("a former release would give another count away"),
    CLOSING: mark("withheld so that another count stays withheld"),
    "": mark("withheld by its own publisher"),
}
WAYS = {
    "edition": mark("this edition"),
    "rows_and_columns": mark("simple suppression of rows and columns"),
    "optimum": mark("the least that protects as well"),
}
WHOLE = 100


def cost_sections(
    cells: pd.DataFrame, policy: Policy, w: Wording, cost: EditionCost | None = None
) -> tuple[Section, ...]:
    """Write what is withheld, what that cost and what would bring figures back.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`~analysis.documents.protection_counts.select_protected` gives them.
    policy : Policy
    w : Wording
    cost : EditionCost, optional

    Returns
    -------
    tuple of Section
    """
    return (
        _reasons(cells, w),
        _cost(cells, w, cost),
        _remedies(cells, policy, w, cost),
    )


def _number(count: int, w: Wording) -> str:
    return format_count(count, w.language)


def _share(part: float | None, w: Wording) -> str:
    return w.translate("not known") if part is None else format_percent(part * WHOLE, w.language)


def _name(indicator_id: object, w: Wording) -> str:
    return w.indicator(load_indicators().get(str(indicator_id)))


def _columns(w: Wording, *heads: str, text: int) -> tuple[Column, ...]:
    return tuple(Column(w.translate(h), is_number=i >= text) for i, h in enumerate(heads))


def _reasons(cells: pd.DataFrame, w: Wording) -> Section:
    hidden = int(cells["is_withheld"].sum())
    said = w.say(
        "{n} of {all} protected cells are withheld ({share}). A protected cell is a number of "
        "persons, or a rate made from one, in a field that the policy names.",
        n=_number(hidden, w),
        all=_number(len(cells), w),
        share=_share(hidden / len(cells) if len(cells) else 0.0, w),
    )
    rows = tuple(
        (
            _name(row["indicator_id"], w),
            w.translate(LEVELS[row["level"]]) if row["level"] in LEVELS else str(row["level"]),
            w.translate(REASON_WORDS[row["reason"]])
            if row["reason"] in REASON_WORDS
            else str(row["reason"]),
            _number(int(row["withheld"]), w),
            _number(int(row["cells"]), w),
        )
        for row in count_reasons(cells, load_areas()).to_dict("records")
    )
    columns = _columns(
        w,
        mark("Figure"),
        mark("Level"),
        mark("Why"),
        mark("Withheld cells"),
        mark("Cells in all"),
        text=3,
    )
    caption = w.translate("Withheld cells by figure, level and reason")
    return Section(
        "reasons",
        w.translate("What was withheld, and why"),
        (Paragraph(said, "lead"), Table("reasons", caption, columns, rows)),
    )


def _cost(cells: pd.DataFrame, w: Wording, cost: EditionCost | None) -> Section:
    blocks: list[Block] = []
    if cost is not None and cost.ways:
        rows = tuple(
            (w.translate(WAYS[c.way]), _share(c.cells, w), _share(c.information, w))
            for c in cost.ways
        )
        blocks.append(
            Table(
                "ways",
                w.translate("This edition beside other ways to protect the same figures"),
                _columns(
                    w,
                    mark("Way"),
                    mark("Share of cells withheld"),
                    mark("Share of information withheld"),
                    text=1,
                ),
                rows,
                (
                    w.translate(
                        "Information: each count weighs as the logarithm of itself and one, so "
                        "that a large count is not a thousand small ones. Rows and columns: the "
                        "smallest figures of each row and column are withheld until each has two."
                    ),
                ),
            )
        )
    else:
        blocks.append(
            Paragraph(
                w.say(
                    "The share of information and the comparison with other ways are worked out "
                    "while an edition is protected; they were not handed to this report."
                ),
                "note",
            )
        )
    kept = tuple(
        (
            _name(row["indicator_id"], w),
            *(
                str(
                    w.say(
                        "{shown} of {all}",
                        shown=_number(int(row[f"{kind}_shown"]), w),
                        all=_number(int(row[kind]), w),
                    )
                )
                for kind in ("areas", "periods")
            ),
        )
        for row in count_coverage(cells, load_areas()).to_dict("records")
    )
    heads = (mark("Figure"), mark("Municipalities with a figure"), mark("Periods with a figure"))
    caption = w.translate("What is left by municipality, of figures that are withheld somewhere")
    blocks.append(Table("coverage", caption, _columns(w, *heads, text=1), kept))
    return Section("cost", w.translate("What it cost"), tuple(blocks))


def _remedies(cells: pd.DataFrame, policy: Policy, w: Wording, cost: EditionCost | None) -> Section:
    rows = tuple(
        (w.translate(REMEDIES[r.remedy]), _number(r.reached, w), _number(r.helped, w))
        for r in count_remedies(cells, load_areas(), policy)
    )
    heads = (mark("Remedy"), mark("Withheld cells it is for"), mark("Cells it may help"))
    ordered = Table(
        "remedies",
        w.translate("Remedies in the order of the policy"),
        _columns(w, *heads, text=1),
        rows,
        (
            w.translate(
                "A longer period: five years together may reach the threshold. A larger area, "
                "fewer dimensions: the same figure is shown for the region or country, or "
                "undivided. The last line counts what none of them helps."
            ),
        ),
    )
    blocks: list[Block] = [ordered, *_pools(cells, policy, w, cost)]
    return Section("remedies", w.translate("What would bring figures back"), tuple(blocks))


def _pools(
    cells: pd.DataFrame, policy: Policy, w: Wording, cost: EditionCost | None
) -> list[Block]:
    counted = {(p.indicator_id, p.years): p.passing for p in cost.pooled} if cost else {}
    found = count_pools(cells, load_areas(), policy.below_national).to_dict("records")
    if not found:
        return []
    silent = w.translate("not counted")
    rows = []
    for row in found:
        known = [counted.get((str(row["indicator_id"]), years)) for years in POOLS]
        rows.append(
            (
                _name(row["indicator_id"], w),
                _number(int(row["series"]), w),
                *(_number(int(row[f"may_pass_{years}"]), w) for years in POOLS),
                *(silent if n is None else _number(n, w) for n in known),
            )
        )
    heads = (
        mark("Figure"),
        mark("Municipal series with a withheld year"),
        mark("May pass over three years"),
        mark("May pass over five years"),
        mark("Do pass over three years"),
        mark("Do pass over five years"),
    )
    note = w.say(
        "Years that are shown stay known, so that the withheld years of a pool have to reach "
        "{threshold} by themselves: a single small count never does.",
        threshold=str(policy.below_national),
    )
    caption = w.translate("Municipal series that could be shown for several years together")
    table = Table("pools", caption, _columns(w, *heads, text=1), tuple(rows), (str(note),))
    return [table]
