"""How sure a statement is: one rule, so that nobody has to feel it.

A statement starts at ``high`` and loses a step for each of:

- fewer than 30 cases, or a share whose interval is wider than 20 points;
- a newest figure whose period ended more than 24 months before the day it is judged on;
- a figure that was read in a secondary source only;
- one source only, and that not public;
- a coverage of less than 80 %;
- a definition, or a coverage, that changed between the figures that are compared;
- a source whose figures fail a check of arithmetic.

One step gives ``moderate``, two or more give ``low``. A change or a difference without anything to
compare with, or of fewer than 10 cases, is ``cannot_say``. Who writes a document may lower the
word, never raise it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from analysis.assessment.gaps import SECOND_HAND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.methods import Result
    from analysis.store.read import PublicData

Level = Literal["high", "moderate", "low", "cannot_say"]
Step = Literal[
    "few", "old", "second_hand", "not_public", "partial", "changed", "fails_check", "nothing_beside"
]
LEVELS: tuple[Level, ...] = get_args(Level)

FEW_CASES, SAYABLE_CASES = 30, 10
WIDE_POINTS = 20.0
OLD_AFTER_MONTHS = 24
COVERED = 0.8
MONTHS_A_YEAR = 12


class ConfidenceError(ValueError):
    """A basis that cannot be judged, or a word that may not be written."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rule looks at.

    Parameters
    ----------
    newest_end, judged_on : str
        End of the newest period and the day of judgement, as exact as they are known: a date, a
        month or a year. Blank counts as old, because nothing then shows that the figure is new.
    cases : float, optional
        Number of cases behind a share; blank for a full count.
    width : float, optional
        Width of the interval of a share, in points of 100; blank for a full count.
    is_second_hand : bool
        Whether a figure was read in a secondary source only.
    is_not_public : bool
        Whether one source stands behind all, and nobody else can read it.
    coverage : float, optional
        Share of those who should report that did, from 0 to 1; blank where it is not known.
    has_changed, fails_check : bool
    is_comparison, has_comparator : bool
        Whether the claim is about a change or a difference, and whether there is anything beside.
    """

    newest_end: str
    judged_on: str
    cases: float | None = None
    width: float | None = None
    is_second_hand: bool = False
    is_not_public: bool = False
    coverage: float | None = None
    has_changed: bool = False
    fails_check: bool = False
    is_comparison: bool = False
    has_comparator: bool = True


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a statement is, and the steps that took it there.

    Parameters
    ----------
    level : str
    steps : tuple of str
    is_lowered : bool
        Whether a writer lowered the word below what the rule gave.
    """

    level: Level
    steps: tuple[Step, ...] = ()
    is_lowered: bool = False


def judge_confidence(basis: Basis) -> Confidence:
    """Apply the rule.

    Parameters
    ----------
    basis : Basis

    Returns
    -------
    Confidence

    Raises
    ------
    ConfidenceError
        When a coverage is no share from 0 to 1.

    Examples
    --------
    >>> made = judge_confidence(
    ...     Basis("2018-12-31", "2019-06", cases=113, width=17.4, is_second_hand=True)
    ... )
    >>> made.level, made.steps
    ('moderate', ('second_hand',))
    """
    if basis.coverage is not None and not 0 <= basis.coverage <= 1:
        msg = (
            f"A coverage of {basis.coverage:g} is not a share from 0 to 1. Give the number of "
            f"those who reported over the number of those who should."
        )
        raise ConfidenceError(msg)
    few = basis.cases is not None and basis.cases < FEW_CASES
    wide = basis.width is not None and basis.width > WIDE_POINTS
    found: tuple[tuple[Step, bool], ...] = (
        ("few", few or wide),
        ("old", is_old(basis.newest_end, basis.judged_on)),
        ("second_hand", basis.is_second_hand),
        ("not_public", basis.is_not_public),
        ("partial", basis.coverage is not None and basis.coverage < COVERED),
        ("changed", basis.has_changed),
        ("fails_check", basis.fails_check),
    )
    steps = tuple(step for step, holds in found if holds)
    if basis.is_comparison and not basis.has_comparator:
        return Confidence("cannot_say", ("nothing_beside",))
    if basis.is_comparison and basis.cases is not None and basis.cases < SAYABLE_CASES:
        return Confidence("cannot_say", ("few",))
    return Confidence(LEVELS[min(len(steps), LEVELS.index("low"))], steps)


def lower_confidence(judged: Confidence, word: str) -> Confidence:
    """Take the word of a writer, who knows more than the figures do.

    Parameters
    ----------
    judged : Confidence
        What the rule gave.
    word : str
        One of ``high``, ``moderate``, ``low`` and ``cannot_say``.

    Returns
    -------
    Confidence
        With the steps of the rule.

    Raises
    ------
    ConfidenceError
        When the word is none, or is higher than what the rule gave.

    Examples
    --------
    >>> lower_confidence(Confidence("moderate", ("old",)), "low").is_lowered
    True
    """
    chosen = next((level for level in LEVELS if level == word), None)
    if chosen is None:
        msg = f"'{word}' is no degree of confidence. Write one of: {', '.join(LEVELS)}."
        raise ConfidenceError(msg)
    if LEVELS.index(chosen) < LEVELS.index(judged.level):
        msg = (
            f"The rule gives '{judged.level}', and a writer may lower it, never raise it to "
            f"'{chosen}'. Leave the word out, or write a lower one."
        )
        raise ConfidenceError(msg)
    return Confidence(chosen, judged.steps, is_lowered=chosen != judged.level)


def find_basis(
    data: PublicData,
    results: Sequence[Result],
    share: Result | None = None,
    *,
    judged_on: str = "",
) -> Basis:
    """Gather from the public zone what the rule looks at.

    Parameters
    ----------
    data : PublicData
    results : sequence of Result
        The observations that a claim rests on; at least one.
    share : Result, optional
        A share of them in percent, with its interval and its number of cases.
    judged_on : str
        Date of the data.

    Returns
    -------
    Basis
        Whether a definition changed, a check fails or anything is compared, only the claim
        knows: :func:`dataclasses.replace` adds it.

    Raises
    ------
    ConfidenceError
        When there is no result to judge.
    """
    if not results:
        msg = "Confidence was asked for a claim without a figure. Give the results it rests on."
        raise ConfidenceError(msg)
    used = dict.fromkeys(r.reference for r in results if r.reference)
    readings = data.take_rows(list(used))["verification"]
    ids = {r.source_id for r in results}
    of_sources = data.sources.loc[data.sources["source_id"].isin(ids), "verification"]
    has_limits = share is not None and share.lower is not None and share.upper is not None
    return Basis(
        newest_end=max(r.period_end for r in results),
        judged_on=judged_on,
        cases=share.n if share is not None else None,
        width=share.upper - share.lower if has_limits else None,  # type: ignore[operator,union-attr]
        is_second_hand=bool(readings.isin(SECOND_HAND).any() or of_sources.eq("secondary").any()),
        is_not_public=len(ids) == 1 and bool(of_sources.eq("received").any()),
    )


def is_old(period_end: str, judged_on: str) -> bool:
    """Tell whether a period ended more than 24 months before a day.

    Parameters
    ----------
    period_end : str
        ISO date.
    judged_on : str
        As exact as it is known: a date, a month or a year, which is taken to its end. Blank
        counts as old, because nothing then shows that the figure is new.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_old("2021-12-31", "2025-12"), is_old("2024-12-31", "2025-12"), is_old("2024-12-31", "")
    (True, False, True)
    """
    if not judged_on:
        return True
    return _month(judged_on) - _month(period_end) > OLD_AFTER_MONTHS


def _month(date: str) -> int:
    year, _, rest = date.partition("-")
    return int(year) * MONTHS_A_YEAR + int(rest[:2] or MONTHS_A_YEAR)
