"""The words of a figure: caption, text alternative, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.evidence import Evidence, judge_evidence, say_confidence
from analysis.documents.model import Sentence
from analysis.documents.notice import standing_words
from analysis.documents.protection_words import policy_in_short
from analysis.documents.rows import STATES
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.confidence import Confidence
    from analysis.documents.figure_files.figure_rows import FigureReading
    from analysis.documents.model import Provenance
    from analysis.documents.wording import Wording
    from analysis.figures.picture import Picture
    from analysis.methods import Result
    from analysis.protection.ledger.standing import Standing

DRAWN = mark("Drawn from")
CAPTION = mark("Caption")
ALTERNATIVE = mark("Text alternative")
BEHIND = mark("What stands behind it")
PERSONS = "persons"


def write_words(
    picture: Picture,
    part: FigureReading,
    provenance: Provenance,
    standing: Standing | None,
    w: Wording,
) -> str:
    """Write the text file of a figure, to be copied piece by piece.

    Parameters
    ----------
    picture : Picture
    part : FigureReading
        What the picture draws.
    provenance : Provenance
    standing : Standing or None
    w : Wording

    Returns
    -------
    str
        Caption, text alternative and evidence statement, each under its name; then how the
        edition stands and what is withheld.
    """
    said = (
        (CAPTION, picture.caption),
        (ALTERNATIVE, picture.alt),
        (BEHIND, state_evidence(part, provenance, w)),
    )
    named = [f"{w.translate(name)}\n{text}" for name, text in said]
    ends = (f"{standing_words(standing, w.translate)}.", str(policy_in_short(w)))
    notice = (f"{picture.notice}.",) if picture.notice else ()
    return "\n\n".join((*notice, *named, *ends)) + "\n"


def state_evidence(part: FigureReading, provenance: Provenance, w: Wording) -> str:
    """Say what stands behind a figure, one labelled line each.

    Parameters
    ----------
    part : FigureReading
    provenance : Provenance
    w : Wording

    Returns
    -------
    str
        How many numbers it draws and how many are withheld or missing, area, period, how sure
        they are and why, sources with their terms, run, date of the data.
    """
    told = [
        (w.translate(DRAWN), count_states(part.drawn, w)),
        (w.translate("Area"), w.area(part.area)),
        (w.translate("Period"), say_span(part.drawn)),
        (w.translate("Confidence"), str(say_confidence(_judge(part, provenance), w))),
        *((w.translate("Source"), line) for line in list_citations(part)),
        (w.translate("Run"), provenance.run_id or w.translate("made by hand, outside a run")),
        (w.translate("Data as of"), provenance.data_date),
    ]
    return "\n".join(f"{label}:\N{NO-BREAK SPACE}{text}" for label, text in told if text)


def _judge(part: FigureReading, provenance: Provenance) -> Confidence | None:
    shown = [r for r in part.drawn if r.is_number]
    if not shown:
        return None
    newest = max(r.period_end for r in shown)
    # A picture is as sure as the smallest count of its newest time.
    counts = [r.value for r in shown if r.period_end == newest and r.unit == PERSONS]
    nothing = Sentence(())
    evidence = Evidence(
        claim=nothing,
        value=nothing,
        comparator=nothing,
        period="",
        area="",
        limit="",
        results=tuple(shown),
        cases=min((c for c in counts if c is not None), default=None),
    )
    return judge_evidence(evidence, part.data, provenance.data_date)


def count_states(drawn: Sequence[Result], w: Wording) -> str:
    """Count results by state, in words: ``number: 41; withheld: 2``.

    Parameters
    ----------
    drawn : sequence of Result
    w : Wording

    Returns
    -------
    str
        Only states that occur, in their fixed order.
    """
    counts = {state: sum(r.state == state for r in drawn) for state in STATES}
    return "; ".join(f"{w.translate(STATES[s])}: {n}" for s, n in counts.items() if n)


def say_span(drawn: Sequence[Result]) -> str:
    """Give the first and last year of results, or the one year.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> say_span([Result(state="no_data", period_start="2019-01-01", period_end="2021-12-31")])
    '2019–2021'
    """
    years = sorted({d[:4] for r in drawn for d in (r.period_start, r.period_end) if d})
    return "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""


def list_citations(part: FigureReading) -> list[str]:
    """List the sources of a figure as one cites them, each with its date and its terms.

    Parameters
    ----------
    part : FigureReading

    Returns
    -------
    list of str
    """
    return [_cite({str(k): str(v) for k, v in s.items()}) for s in part.sources.to_dict("records")]


def _cite(source: dict[str, str]) -> str:
    named = f"{source['publisher']}: {source['title']}"
    told = ", ".join(text for text in (named, source["as_of"], source["address"]) if text)
    return f"{told} ({source['licence']})" if source["licence"] else told
