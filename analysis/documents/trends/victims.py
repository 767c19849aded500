"""Tables of victims and justice: every source on its own row, every split with its part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.catalog.populations import load_categories
from analysis.documents.model import Column, Table
from analysis.documents.trends.figures import VERIFICATION
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from analysis.assessment.series import Series
    from analysis.assessment.splits import Split
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result

PARTS = {
    "female": mark("women and girls"),
    "male": mark("men and boys"),
    "child": mark("children"),
    "adult": mark("adults"),
    "foreign": mark("foreign citizens"),
    "national": mark("own citizens"),
}
DIMENSIONS = {
    "category": mark("form or group"),
    "sex": mark("sex"),
    "age": mark("age"),
    "citizenship": mark("citizenship"),
}
CODE_LENGTH = 3


def every_source_table(
    name: str,
    every: Sequence[Series],
    sources: Mapping[str, Mapping[Any, Any]],
    caption: str,
    w: Wording,
) -> Table:
    """List every figure of every source, newest first within each indicator and place.

    Parameters
    ----------
    name : str
    every : sequence of Series
    sources : mapping of str to mapping
        Records of the table of sources by id.
    caption : str
    w : Wording

    Returns
    -------
    Table
    """
    has_places = len({s.area.area_id for s in every}) > 1
    listed = [(s, r) for s in every for r in s.results]
    listed.sort(key=lambda pair: pair[1].period_end, reverse=True)
    order = list(dict.fromkeys((s.indicator.indicator_id, s.area.area_id) for s in every))
    listed.sort(key=lambda pair: order.index(_key(pair[0])))
    rows = tuple(
        (
            w.indicator(s.indicator),
            *((w.area(s.area),) if has_places else ()),
            period_words(r),
            w.cell(r),
            *_source_cells(r, sources, w),
        )
        for s, r in listed
    )
    heads = (
        (mark("Figure"), False),
        *(((mark("Place"), False),) if has_places else ()),
        (mark("Period"), False),
        (mark("Number"), True),
        (mark("Publisher"), False),
        (mark("Verification"), False),
    )
    return Table(
        name,
        caption,
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (
            w.translate("Rows are never added up: they count different things."),
            w.translate("Sources that differ are both kept; nothing is averaged."),
        ),
    )


def splits_table(
    splits: Sequence[Split],
    sources: Mapping[str, Mapping[Any, Any]],
    w: Wording,
    *,
    has_places: bool,
) -> Table:
    """List the parts of each count for its newest year, each source on its own row."""
    rows: tuple[tuple[str | Bound, ...], ...] = tuple(
        (
            w.indicator(s.indicator),
            *((w.area(s.area),) if has_places else ()),
            period_words(s.result),
            w.translate(DIMENSIONS[s.dimension]),
            part_words(s.part, w),
            w.cell(s.result),
            *_source_cells(s.result, sources, w)[:1],
        )
        for s in splits
    )
    heads = (
        (mark("Figure"), False),
        *(((mark("Place"), False),) if has_places else ()),
        (mark("Period"), False),
        (mark("Split by"), False),
        (mark("Part"), False),
        (mark("Number"), True),
        (mark("Publisher"), False),
    )
    return Table(
        "splits",
        w.translate("Victims by form, sex, age and citizenship: the newest year of each"),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (
            w.translate(
                "Forms need not sum to the total: one person may have suffered several, and not "
                "every form is printed."
            ),
        ),
    )


def part_words(part: str, w: Wording) -> str:
    """Name a part: a form, a sex, an age, a country, or a group of the catalogue."""
    if part in PARTS:
        return w.translate(PARTS[part])
    category = load_categories().get(part)
    if category:
        return w.translate(category.name_en)
    if len(part) == CODE_LENGTH and part.isupper():
        return w.country(part)
    return part


def period_words(result: Result) -> str:
    """Write a period: one year where it is whole, years or months where it is not."""
    first, last = result.period_start, result.period_end
    if first.endswith("-01-01") and last.endswith("-12-31"):
        return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"
    return first[:7] if first[:7] == last[:7] else f"{first[:7]} – {last[:7]}"


def _key(series: Series) -> tuple[str, str]:
    return series.indicator.indicator_id, series.area.area_id


def _source_cells(
    result: Result, sources: Mapping[str, Mapping[Any, Any]], w: Wording
) -> tuple[str, str]:
    source = sources[result.source_id]
    return str(source["publisher"]), w.translate(VERIFICATION[str(source["verification"])])
