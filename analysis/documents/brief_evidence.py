"""Evidence statements of a brief: claim, value, period, area, comparator, confidence, limit.

How sure a statement is follows one rule, so that nobody has to feel it. A statement starts at
``high`` and loses a step for each of:

- a figure whose period ended more than 24 months before the date of the data;
- a figure that was read in a secondary source only;
- a definition, or a coverage, that changed between the figures that are compared.

One step gives ``moderate``, two or more give ``low``. The steps are named beside the word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.assessment.gaps import SECOND_HAND
from analysis.documents.model import Sentence
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assessment import Profile
    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result

Level = Literal["high", "moderate", "low"]
Step = Literal["old", "second_hand", "changed"]
LEVELS: tuple[Level, ...] = ("high", "moderate", "low")
WORDS: dict[Level, str] = {
    "high": mark("high"),
    "moderate": mark("moderate"),
    "low": mark("low"),
}
REASONS: dict[Step, str] = {
    "old": mark("older than {months} months"),
    "second_hand": mark("read in a secondary source"),
    "changed": mark("definition or coverage changed"),
}
OLD_AFTER_MONTHS = 24
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a statement is, and the steps that took it there."""

    steps: tuple[Step, ...]

    @property
    def level(self) -> Level:
        """The word; two steps or more are ``low``.

        Examples
        --------
        >>> Confidence(("old",)).level, Confidence(("old", "second_hand", "changed")).level
        ('moderate', 'low')
        """
        return LEVELS[min(len(self.steps), len(LEVELS) - 1)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding: the claim, and what stands behind it.

    Parameters
    ----------
    claim : Sentence
        One sentence that can be read alone.
    value, comparator : Sentence
        The figures; the comparator may be blank.
    period, area, limit : str
    results : tuple of Result
        The figures that the claim rests on; empty where there is none.
    has_changed : bool
        Whether their definition or coverage changed between them.
    """

    claim: Sentence
    value: Sentence
    comparator: Sentence
    period: str
    area: str
    limit: str
    results: tuple[Result, ...]
    has_changed: bool = False


def find_confidence(
    profile: Profile, results: Sequence[Result], *, has_changed: bool
) -> Confidence:
    """Apply the rule to the figures of a statement.

    Parameters
    ----------
    profile : Profile
    results : sequence of Result
        At least one.
    has_changed : bool

    Returns
    -------
    Confidence
    """
    newest = max(r.period_end for r in results)
    used = dict.fromkeys(r.reference for r in results if r.reference)
    readings = profile.data.take_rows(list(used))["verification"]
    found: list[Step] = []
    if is_old(newest, profile.data_date):
        found.append("old")
    if readings.isin(SECOND_HAND).any() or _is_secondary(profile, results):
        found.append("second_hand")
    if has_changed:
        found.append("changed")
    return Confidence(tuple(found))


def is_old(period_end: str, data_date: str) -> bool:
    """Tell whether a period ended more than 24 months before the date of the data.

    Parameters
    ----------
    period_end : str
        ISO date.
    data_date : str
        As exact as the source says: a date, a month or a year, which is taken to its end. Blank
        counts as old, because nothing then shows that the figure is new.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_old("2021-12-31", "2025-12"), is_old("2024-12-31", "2025-12"), is_old("2024-12-31", "")
    (True, False, True)
    """
    if not data_date:
        return True
    return _month(data_date) - _month(period_end) > OLD_AFTER_MONTHS


def _month(date: str) -> int:
    year, _, rest = date.partition("-")
    return int(year) * MONTHS_A_YEAR + int(rest[:2] or MONTHS_A_YEAR)


def _is_secondary(profile: Profile, results: Sequence[Result]) -> bool:
    sources = profile.data.sources
    ids = {r.source_id for r in results}
    return bool(sources.loc[sources["source_id"].isin(ids), "verification"].eq("secondary").any())


def evidence_sentence(
    evidence: Evidence, profile: Profile, numbering: dict[str, int], w: Wording
) -> Sentence:
    """Write what stands behind a claim as one line of labelled parts.

    Parameters
    ----------
    evidence : Evidence
    profile : Profile
    numbering : dict of str to int
        Number of each source in the list of sources, by its id.
    w : Wording

    Returns
    -------
    Sentence
    """
    cited = source_numbers(evidence.results, numbering)
    labelled = [
        (w.translate("Value"), evidence.value),
        (w.translate("Period"), Sentence((evidence.period,))),
        (w.translate("Area"), Sentence((evidence.area,))),
        (w.translate("Compared with"), evidence.comparator),
        (w.translate("Confidence"), _confidence_sentence(evidence, profile, w)),
        (w.translate("Source"), Sentence((cited,))),
        (w.translate("Limit"), Sentence((evidence.limit,))),
    ]
    parts: list[str | Bound] = []
    for label, sentence in labelled:
        if not str(sentence):
            continue
        parts += [" · " if parts else "", f"{label}:\N{NO-BREAK SPACE}", *sentence.parts]
    return Sentence(tuple(part for part in parts if str(part)))


def _confidence_sentence(evidence: Evidence, profile: Profile, w: Wording) -> Sentence:
    if not evidence.results:
        return w.say("none is given where there is no figure")
    found = find_confidence(profile, evidence.results, has_changed=evidence.has_changed)
    word = w.translate(WORDS[found.level])
    reasons = "; ".join(str(w.say(REASONS[s], months=str(OLD_AFTER_MONTHS))) for s in found.steps)
    return Sentence((f"{word} ({reasons})" if reasons else word,))


def source_numbers(results: Iterable[Result], numbering: dict[str, int]) -> str:
    """Write the numbers of the sources of results, ``[1], [3]``, each once and in order."""
    cited = sorted({numbering[r.source_id] for r in results if r.source_id})
    return ", ".join(f"[{number}]" for number in cited)
