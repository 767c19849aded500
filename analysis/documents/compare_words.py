"""Words of a comparison: numbers with their marks, the peers, the order, the period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.picking import YES_NO
from analysis.text import mark
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from analysis.assessment.comparable import Span
    from analysis.assessment.compare import Compared, PeerComparison
    from analysis.assessment.peers import Peers
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result

# Each state has a mark of its own; a withheld number has × from Wording.
# Signs that our font has: another font would make pictures depend on the machine.
ZERO, SILENT, MEANINGLESS = "◌", "–", "÷"
SYMBOLS = {"zero": ZERO, "no_data": SILENT, "not_applicable": MEANINGLESS}
YES, NO = mark("yes"), mark("no")
KEY = mark("• a number; ◌ counted, and the count is zero; × withheld; – no data; ÷ does not apply.")
KIND_NAMES = {
    "size": mark("similar in size"),
    "region": mark("the same region"),
    "all": mark("all municipalities"),
}
ORDER_NAMES = {"name": mark("by the alphabet"), "value": mark("by the number, highest first")}


def state_cell(result: Result, w: Wording) -> Bound:
    """Write a result with the mark of its state.

    Parameters
    ----------
    result : Result
    w : Wording

    Returns
    -------
    Bound
        Yes or no where the result is a fact.
    """
    if result.unit == YES_NO and result.is_number:
        # A fact is no count: 1 is yes.
        bound = replace(w.number(result), text=w.translate(YES if result.value else NO))
    else:
        bound = w.cell(result)
    if result.unit == YES_NO and result.state == "zero":
        return bound
    symbol = SYMBOLS.get(result.state, "")
    return replace(bound, text=f"{symbol} {bound.text}") if symbol else bound


def order_places(found: PeerComparison, w: Wording) -> list[Compared]:
    """Put the municipalities into the order that was chosen.

    Parameters
    ----------
    found : PeerComparison
    w : Wording

    Returns
    -------
    list of Compared
        By the alphabet of the language. By value, those without a number stand behind, by the
        alphabet: where a withheld number would stand is nobody's to know.
    """
    named = sorted(
        found.places,
        key=lambda p: (alphabet_key(w.area_name(p.area), w.language), p.area.area_id),
    )
    if found.order != "value":
        return named
    numbers = [p for p in named if p.shown.value is not None]
    silent = [p for p in named if p.shown.value is None]
    return [*sorted(numbers, key=lambda p: -(p.shown.value or 0.0)), *silent]


def period_words(found: PeerComparison, w: Wording) -> str:
    """Write the period that is compared."""
    if not found.span.end:
        return w.translate("newest fact of each")
    return span_words(found.span)


def span_words(span: Span) -> str:
    """Write a period: years with a dash between them, days as they stand."""
    if not span.is_pooled or "/" in str(span):
        return str(span).replace("/", " – ")
    return str(span).replace("-", "–")


def peers_words(peers: Peers, w: Wording) -> str:
    """Name the group of peers, as it stands inside a sentence."""
    number = str(len(peers.members))
    if peers.kind == "size":
        return str(w.say("the {n} municipalities that are nearest in size", n=number))
    if peers.kind == "region":
        return str(w.say("the other municipalities of the {region}", region=w.area(peers.region)))
    return w.translate("all other municipalities")


def unit_words(found: PeerComparison, w: Wording) -> str:
    """Say what the numbers of the chart are."""
    if found.is_rate:
        return (
            w.translate("Per 1,000 residents, whole period")
            if found.span.is_pooled
            else w.translate("Per 1,000 residents")
        )
    return w.indicator(found.indicator)
