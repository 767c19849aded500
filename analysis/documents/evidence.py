"""Evidence statements: what is claimed, and all that somebody needs who doubts it.

The frame is made from results, and only the claim is a sentence: value with unit, number of cases
and interval, area, period, what it is set against, how sure it is and why, source, limit, run.
How sure it is, :mod:`analysis.assessment.confidence` says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from analysis.assessment.confidence import (
    FEW_CASES,
    OLD_AFTER_MONTHS,
    SAYABLE_CASES,
    WIDE_POINTS,
    Confidence,
    Level,
    Step,
    find_basis,
    judge_confidence,
    lower_confidence,
)
from analysis.documents.model import Sentence
from analysis.text import format_percent, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.store.read import PublicData

WORDS: dict[Level, str] = {
    "high": mark("high"),
    "moderate": mark("moderate"),
    "low": mark("low"),
    "cannot_say": mark("cannot say"),
}
REASONS: dict[Step, str] = {
    "few": mark("fewer than {cases} cases, or an interval wider than {points} points"),
    "old": mark("older than {months} months"),
    "second_hand": mark("read in a secondary source"),
    "not_public": mark("one source, which is not public"),
    "partial": mark("less than four fifths of those who should report did"),
    "changed": mark("definition or coverage changed"),
    "fails_check": mark("the printed figures fail a check of arithmetic"),
    "nothing_beside": mark("nothing to compare with"),
}
TOO_FEW = mark("fewer than {cases} cases")
# A share of some hundred persons is not known to a tenth of a point.
_write_whole = partial(format_percent, decimals=0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding: the claim, and what stands behind it.

    Parameters
    ----------
    claim : Sentence
        One sentence that can be read alone.
    value, comparator : Sentence
        The figures; the comparator may be blank.
    period, area : str
    limit : str or Sentence
        What the figure does not say.
    results : tuple of Result
        The figures that the claim rests on; empty where there is none.
    has_changed : bool
        Whether their definition or coverage changed between them.
    share : Result, optional
        Where the claim is a share: the share in percent, with interval and number of cases.
    fails_check : bool
        Whether the figures as printed fail a check of arithmetic.
    is_comparison : bool
        Whether the claim says that something changed or differs.
    coverage : float, optional
        Share of those who should report that did; blank where it is not known.
    cases : float, optional
        Number of cases where the claim is no share.
    lowered : str
        The word of a writer who trusts it less than the rule does; blank where nobody said so.
    """

    claim: Sentence
    value: Sentence
    comparator: Sentence
    period: str
    area: str
    limit: str | Sentence
    results: tuple[Result, ...]
    has_changed: bool = False
    share: Result | None = None
    fails_check: bool = False
    is_comparison: bool = False
    coverage: float | None = None
    cases: float | None = None
    lowered: str = ""


def judge_evidence(evidence: Evidence, data: PublicData, judged_on: str) -> Confidence:
    """Apply the rule to a finding, and the writer's lower word where there is one.

    Parameters
    ----------
    evidence : Evidence
        With at least one result.
    data : PublicData
    judged_on : str
        Date of the data.

    Returns
    -------
    Confidence

    Raises
    ------
    ConfidenceError
        When there is no result, or the writer's word is higher than the rule's.
    """
    found = find_basis(data, evidence.results, evidence.share, judged_on=judged_on)
    basis = replace(
        found,
        cases=found.cases if evidence.share is not None else evidence.cases,
        has_changed=evidence.has_changed,
        fails_check=evidence.fails_check,
        coverage=evidence.coverage,
        is_comparison=evidence.is_comparison,
        has_comparator=bool(str(evidence.comparator)),
    )
    judged = judge_confidence(basis)
    return lower_confidence(judged, evidence.lowered) if evidence.lowered else judged


def evidence_sentence(
    evidence: Evidence,
    confidence: Confidence | None,
    numbering: dict[str, int],
    w: Wording,
    run: str = "",
) -> Sentence:
    """Write what stands behind a claim as one line of labelled parts.

    Parameters
    ----------
    evidence : Evidence
    confidence : Confidence or None
        None where there is no figure.
    numbering : dict of str to int
        Number of each source in the list of sources, by its id.
    w : Wording
    run : str
        Name of the run, where the statement has to stand alone.

    Returns
    -------
    Sentence
    """
    cited = cite_sources(evidence.results, numbering)
    labelled = [
        (w.translate("Value"), evidence.value),
        (w.translate("Period"), Sentence((evidence.period,))),
        (w.translate("Area"), Sentence((evidence.area,))),
        (w.translate("Compared with"), evidence.comparator),
        (w.translate("Confidence"), say_confidence(confidence, w)),
        (w.translate("Source"), Sentence((cited,))),
        (w.translate("Limit"), _as_sentence(evidence.limit)),
        (w.translate("Run"), Sentence((run,))),
    ]
    parts: list[str | Bound] = []
    for label, sentence in labelled:
        if not str(sentence):
            continue
        parts += [" · " if parts else "", f"{label}:\N{NO-BREAK SPACE}", *sentence.parts]
    return Sentence(tuple(part for part in parts if str(part)))


def _as_sentence(said: str | Sentence) -> Sentence:
    return said if isinstance(said, Sentence) else Sentence((said,))


def say_confidence(confidence: Confidence | None, w: Wording) -> Sentence:
    """Say how sure a statement is, with each reason.

    Parameters
    ----------
    confidence : Confidence or None
    w : Wording

    Returns
    -------
    Sentence
    """
    if confidence is None:
        return w.say("none is given where there is no figure")
    word = w.translate(WORDS[confidence.level])
    reasons = [_reason(step, confidence, w) for step in confidence.steps]
    if confidence.is_lowered:
        reasons.append(w.translate("lowered by the writer"))
    return Sentence((f"{word} ({'; '.join(reasons)})" if reasons else word,))


def _reason(step: Step, confidence: Confidence, w: Wording) -> str:
    if step == "few" and confidence.level == "cannot_say":
        return str(w.say(TOO_FEW, cases=str(SAYABLE_CASES)))
    return str(
        w.say(
            REASONS[step],
            months=str(OLD_AFTER_MONTHS),
            cases=str(FEW_CASES),
            points=f"{WIDE_POINTS:.0f}",
        )
    )


def say_share(count: Result, whole: Result, share: Result, w: Wording) -> Sentence:
    """Write a share with the persons behind it and its interval.

    Parameters
    ----------
    count, whole, share : Result
        The share in percent.
    w : Wording

    Returns
    -------
    Sentence
        ``40 of 113, 35 % (95 % interval 27 % to 45 %)``; without a share, only what is known.
    """
    if not share.is_number or share.lower is None or share.upper is None:
        return w.say(
            "{count} of {whole}",
            count=w.number(count),
            whole=w.number(whole),
        )
    return w.say(
        "{count} of {whole}, {share} (95 % interval {lower} to {upper})",
        count=w.number(count),
        whole=w.number(whole),
        share=w.number(share, _write_whole),
        lower=w.number(replace(share, value=share.lower), _write_whole),
        upper=w.number(replace(share, value=share.upper), _write_whole),
    )


def cite_source(place: int) -> str:
    """Write the mark under which a source is cited.

    A letter, because a digit beside a small count could be taken for one.

    Parameters
    ----------
    place : int
        In the list of sources, from 1.

    Returns
    -------
    str

    Examples
    --------
    >>> cite_source(1), cite_source(26), cite_source(27)
    ('[a]', '[z]', '[aa]')
    """
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return f"[{letters}]"


def cite_sources(results: Iterable[Result], numbering: dict[str, int]) -> str:
    """Write the marks of the sources of results, ``[a], [c]``, each once and in order."""
    cited = sorted({numbering[r.source_id] for r in results if r.source_id})
    return ", ".join(cite_source(place) for place in cited)
