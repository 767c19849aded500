"""A basket as a document: what was collected, in its order, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from analysis.assessment.reading import Reading
from analysis.documents.basket.found import find_sources
from analysis.documents.basket.own_lines import fill_line, list_bare_numbers
from analysis.documents.briefs.parts import add_imprint, method_section, numbered_sources
from analysis.documents.evidence import cite_source, evidence_sentence, judge_evidence
from analysis.documents.model import Document, Figure, Paragraph, Section, Sentence, Table
from analysis.documents.notice import demonstration_notice, is_draft
from analysis.sources.demonstration import is_demonstration
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.documents.basket.found import Item
    from analysis.documents.model import Block, Bound, Provenance
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData

NAME = "collected"
# By whether it is a draft.
SUBTITLES = {
    True: mark("Collected by a reader from the published figures; draft for discussion"),
    False: mark("Collected by a reader from the published figures; for discussion"),
}
OWN_LINE = mark("Written by a person, not made from the figures:")
BARE = mark("Numbers in it that were typed and cannot be traced: {numbers}.")
GONE_HEADING = mark("Not in the published figures any more")
GONE = mark(
    "This was collected, and the published figures do not have it any more: {reference}. Open the "
    "dashboard and collect anew what stands in its place."
)


@dataclass(frozen=True, slots=True)
class _Whole(Reading):
    """The public zone, for parts that ask a reading for no more than its data."""

    data: PublicData

    @property
    def results(self) -> list[Result]:
        return []


def compose_basket(
    items: Sequence[Item],
    data: PublicData,
    w: Wording,
    provenance: Provenance,
    standing: Standing | None = None,
) -> Document:
    """Compose the document of a basket.

    Parameters
    ----------
    items : sequence of Item
        In the order of the basket.
    data : PublicData
        The zone that they were read from.
    w : Wording
    provenance : Provenance
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    Document
        A section for each run of entries from one view, then sources, method and imprint. What
        does not exist any more is said in its place.

    Raises
    ------
    OwnTextError
        When a line of one's own refers to a figure that is not published.
    """
    numbering = number_used(items, data)
    numbered = list(enumerate(items, start=1))
    sections = [
        Section(
            f"view-{run[0][0]}",
            title or w.translate(GONE_HEADING),
            tuple(_write_run(run, numbering, data, w)),
        )
        for title, group in groupby(numbered, key=lambda pair: pair[1].title)
        if (run := list(group))
    ]
    sources = numbered_sources(_Whole(data), numbering, w)
    synthetic = is_demonstration(data.sources["source_id"])
    whole = Document(
        name=f"{NAME}_{w.language.code}",
        title=w.translate("Collected figures and findings"),
        subtitle=w.translate(SUBTITLES[is_draft(standing)]),
        language=w.language,
        notice=demonstration_notice(w.translate, is_demonstration=synthetic),
        sections=(
            *sections,
            method_section(w),
            *((Section("sources", w.translate("Sources"), (sources,)),) if numbering else ()),
        ),
        provenance=provenance,
        keywords=tuple(dict.fromkeys(item.entry.reference.view for item in items)),
    )
    return add_imprint(whole, standing, w)


def number_used(items: Sequence[Item], data: PublicData) -> dict[str, int]:
    """Give each source that is used its number, in the order of first use.

    Parameters
    ----------
    items : sequence of Item
    data : PublicData

    Returns
    -------
    dict of str to int
        By id of the source, from 1.
    """
    used = dict.fromkeys(s for item in items for s in find_sources(item, data))
    return {source_id: place for place, source_id in enumerate(used, start=1)}


def find_data_date(items: Sequence[Item], data: PublicData) -> str:
    """Find the date of the newest source among those that are used.

    Parameters
    ----------
    items : sequence of Item
    data : PublicData

    Returns
    -------
    str
        Blank where no source has one.
    """
    return _newest(number_used(items, data), data)


def _newest(source_ids: Sequence[str] | dict[str, int], data: PublicData) -> str:
    used = data.sources.loc[data.sources["source_id"].isin(list(source_ids))]
    return max((str(day) for day in used["as_of"] if day), default="")


def _write_run(
    run: Sequence[tuple[int, Item]], numbering: dict[str, int], data: PublicData, w: Wording
) -> Iterator[Block]:
    """Write entries of one view; the heading of their section where it is another one."""
    said = ""
    for place, item in run:
        if item.heading not in ("", said):
            yield Paragraph(Sentence((item.heading,)), "lead")
        said = item.heading
        yield from _blocks(place, item, numbering, data, w)


def _blocks(
    place: int, item: Item, numbering: dict[str, int], data: PublicData, w: Wording
) -> Iterator[Block]:
    block = item.block
    if block is None:
        said = w.say(GONE, reference=str(item.entry.reference))
        yield Paragraph(said, "warning")
    elif isinstance(block, Figure | Table):
        yield block
        yield Paragraph(_say_origin(item, numbering, data, w), "note")
    else:
        judged = item.reading.data_date if item.reading else ""
        sure = judge_evidence(block, data, judged) if block.results else None
        stated = evidence_sentence(block, sure, numbering, w)
        newest = _newest(find_sources(item, data), data)
        dated = (f" · {w.translate('Data as of')}:\N{NO-BREAK SPACE}{newest}",) if newest else ()
        yield Paragraph(block.claim, "lead")
        yield Paragraph(Sentence((*stated.parts, *dated)), "note")
    if item.entry.line:
        yield from _own_line(place, item, data, w)


def _say_origin(item: Item, numbering: dict[str, int], data: PublicData, w: Wording) -> Sentence:
    used = find_sources(item, data)
    cited = ", ".join(cite_source(n) for n in sorted(numbering[s] for s in used))
    labelled = (
        (w.translate("From"), item.title),
        (w.translate("Source"), cited),
        (w.translate("Data as of"), _newest(used, data)),
    )
    said = (f"{label}:\N{NO-BREAK SPACE}{text}" for label, text in labelled if text)
    return Sentence((" · ".join(said),))


def _own_line(place: int, item: Item, data: PublicData, w: Wording) -> Iterator[Block]:
    filled = fill_line(item.entry, place, data, w)
    parts: tuple[str | Bound, ...] = (f"{w.translate(OWN_LINE)} ", *filled.parts)
    yield Paragraph(Sentence(parts))
    bare = list_bare_numbers(item.entry)
    if bare:
        yield Paragraph(w.say(BARE, numbers="; ".join(bare)), "warning")
