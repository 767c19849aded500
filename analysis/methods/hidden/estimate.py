"""Persons on no list: an estimate, its interval, and the range between models, never one alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.hidden import cautions
from analysis.methods.hidden.bootstrap import Bootstrap, draw_totals
from analysis.methods.hidden.chapman import FEWEST_SHARED, TOO_FEW_SHARED, estimate_chapman
from analysis.methods.hidden.existence import ADMISSIBLE
from analysis.methods.hidden.lists import CaptureTable, read_captures
from analysis.methods.hidden.models import build_design, write_model
from analysis.methods.hidden.search import WITHIN, list_estimates
from analysis.methods.hidden.stepwise import THRESHOLD, choose_stepwise
from analysis.methods.inputs import check_level
from analysis.methods.reasons import NO_FIGURE, WITHHELD, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    Scope = Literal["country", "region", "municipality"]

# A deviance that chance exceeds more seldom than this is called a misfit.
MISFIT = 0.001
METHOD = "multiple systems estimation, stepwise"
FEWEST_SHARED_MANY = 10
ONLY_COUNTRY = mark("hidden persons are estimated for the whole country only")
NOT_EVEN_INDEPENDENT = mark("the lists overlap too little to estimate anything from them")
NO_UPPER = mark("the lists overlap too little to bound the number from above")
SCOPES = ("country", "region", "municipality")


@dataclass(frozen=True, eq=False)
class HiddenEstimate:
    """What the lists say about persons on none of them; made by :func:`estimate_hidden`.

    Parameters
    ----------
    total, hidden : Estimates
        All persons, and those on no list; one value each, or the reason why there is none.
    chosen, best : str
        Model of the stepwise choice, and that with the lowest BIC, such as ``[12,3]``. Blank
        where there is no estimate.
    admissible, supported : tuple of (float, float)
        Lowest and highest total among all models that the lists can answer, and among those
        within 10 of the lowest BIC. NaN where there is no estimate.
    models : pandas.DataFrame
        Every model with what it says, as from :func:`~.search.list_estimates`.
    cautions : tuple of str
        What must be printed beside the number; messages of the catalogs.
    names : tuple of str
        Names of the lists, in the order of the numbers in the models.
    """

    total: Estimates
    hidden: Estimates
    chosen: str
    best: str
    admissible: tuple[float, float]
    supported: tuple[float, float]
    models: pd.DataFrame
    cautions: tuple[str, ...]
    names: tuple[str, ...]


def estimate_hidden(
    table: pd.DataFrame,
    *,
    scope: Scope,
    seed: int,
    draws: int = 1000,
    level: float = 0.95,
    threshold: float = THRESHOLD,
    given: Sequence[str] | None = None,
) -> HiddenEstimate:
    """Estimate how many persons are on none of some matched lists.

    Three lists and more: a log-linear model chosen stepwise, with BCa limits from drawn tables in
    which the model is chosen anew. Two lists: Chapman's estimate, which assumes independence.

    Parameters
    ----------
    table : pandas.DataFrame
        Capture histories: a column of 0 and 1 for each list, and ``count``.
    scope : str
        What the lists cover: ``country``; for a ``region`` or ``municipality`` nothing is said.
    seed : int
        Start of the random numbers.
    draws : int
        Number of drawn tables.
    level : float
        Confidence level.
    threshold : float
        Largest probability of an overlap at which its pair enters the model.
    given : sequence of str, optional
        State of each row of the table; a withheld row withholds everything.

    Returns
    -------
    HiddenEstimate

    Raises
    ------
    ValueError
        When the table is none of capture histories (see :func:`~.lists.read_captures`), has more
        than six lists, or an option is wrong.

    References
    ----------
    Chan, Silverman & Vincent (2021) JASA 116:1297. Silverman, Chan & Vincent (2024) Statistics
    and Computing 34:44. Bird & King (2018) Annual Review of Statistics 5:95 for the assumptions.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {
    ...         "police": [1, 0, 0, 1, 1, 0, 1],
    ...         "ngo": [0, 1, 0, 1, 0, 1, 1],
    ...         "shelter": [0, 0, 1, 0, 1, 1, 1],
    ...         "count": [80, 70, 60, 25, 20, 18, 7],
    ...     }
    ... )
    >>> made = estimate_hidden(rows, scope="country", seed=1)
    >>> round(float(made.total.value[0])), made.chosen, len(made.models)
    (507, '[1,2,3]', 8)
    """
    check_level(level)
    if scope not in SCOPES:
        raise ValueError(f"The scope '{scope}' is unknown; give one of {', '.join(SCOPES)}.")
    silent = _find_silence(table, given)
    if silent is not None:
        return _stay_silent(table, level, *silent)
    captures = read_captures(table)
    if scope != "country":
        return _stay_silent(table, level, "not_applicable", ONLY_COUNTRY)
    if captures.lists < cautions.ENOUGH_LISTS:
        return _estimate_two(captures, level)
    if captures.shared < FEWEST_SHARED_MANY:
        return _stay_silent(table, level, "not_applicable", TOO_FEW_SHARED, captures)
    design = build_design(captures.lists)
    chosen, fits = choose_stepwise(design, captures.counts[None, :], threshold)
    if fits.code[0] != ADMISSIBLE:
        return _stay_silent(table, level, "not_applicable", NOT_EVEN_INDEPENDENT, captures)

    def estimate(tables: FloatArray) -> FloatArray:
        return choose_stepwise(design, tables, threshold)[1].total

    drawn = draw_totals(captures.counts, estimate, seed=seed, draws=draws)
    models = list_estimates(design, captures.counts)
    made = _collect(captures, drawn, level, METHOD)
    named = write_model(chosen[0], design)
    return _describe(captures, made, models, named, drawn)


def _collect(
    captures: CaptureTable, drawn: Bootstrap, level: float, method: str
) -> tuple[Estimates, Estimates]:
    low, high = drawn.limits(level)
    # The estimate can lie at the very edge of the draws; the interval then reaches to it.
    low, high = min(max(low, captures.seen), drawn.total), max(high, drawn.total)
    open_ = np.array([np.isinf(high)])
    parts = [
        collect_estimates(
            [drawn.total - less],
            {level: ([low - less], [high - less])},
            n=[captures.seen],
            method=method,
            unit="persons",
            refused=[(open_, NO_UPPER)],
        )
        for less in (0, captures.seen)
    ]
    return parts[0], parts[1]


def _describe(
    captures: CaptureTable,
    made: tuple[Estimates, Estimates],
    models: pd.DataFrame,
    named: str,
    drawn: Bootstrap | None = None,
) -> HiddenEstimate:
    able = models[models["code"] == ADMISSIBLE]
    near = able[able["bic"] <= able["bic"].min() + WITHIN]
    admissible = float(able["total"].min()), float(able["total"].max())
    supported = float(near["total"].min()), float(near["total"].max())
    best = named if able.empty else str(able["model"].iloc[0])
    said = [*cautions.ALWAYS, *cautions.warn_of_lists(captures)]
    said += cautions.warn_of_spread(*admissible, cautions.MODELS_DISAGREE)
    said += cautions.warn_of_spread(*supported, cautions.SUPPORTED_DISAGREE)
    said += (cautions.CHOICES_DISAGREE,) if best != named else ()
    said += (cautions.BADLY_FITTED,) if _fits_badly(captures, models, named) else ()
    said += (cautions.DRAWS_FAILED,) if drawn is not None and drawn.failed else ()
    if made[0].is_number[0]:
        ends = float(made[0].lower[0]), float(made[0].upper[0])
        said += cautions.warn_of_spread(*ends, cautions.WIDE, cautions.WIDE_FACTOR)
    return HiddenEstimate(
        *made, named, best, admissible, supported, models, tuple(said), captures.names
    )


def _fits_badly(captures: CaptureTable, models: pd.DataFrame, named: str) -> bool:
    rows = models[models["model"] == named]
    spare = captures.counts.size - rows["parameters"].to_numpy(dtype=np.float64)
    # Without spare histories the model repeats the table, and there is nothing to hold it against.
    chance = chdtrc(np.maximum(spare, 1), rows["deviance"].to_numpy(dtype=np.float64))
    return bool(((spare > 0) & (chance < MISFIT)).any())


def _estimate_two(captures: CaptureTable, level: float) -> HiddenEstimate:
    sizes = captures.overlaps
    total = estimate_chapman([sizes[0, 0]], [sizes[1, 1]], [sizes[0, 1]], level=level)
    if captures.shared < FEWEST_SHARED:
        return _stay_silent(None, level, "not_applicable", TOO_FEW_SHARED, captures)
    seen = captures.seen
    hidden = collect_estimates(
        np.maximum(total.value - seen, 0),
        {level: (total.lower - seen, total.upper - seen)},
        n=total.n,
        method=total.method,
        unit=total.unit,
    )
    models = list_estimates(build_design(2, 1), captures.counts)
    made = _describe(captures, (total, hidden), models, "[1,2]")
    # The number that is shown is Chapman's, not that of maximum likelihood.
    only = (float(total.value[0]), float(total.value[0]))
    return replace(made, admissible=only, supported=only)


def _find_silence(
    table: pd.DataFrame, given: Sequence[str] | None
) -> tuple[Literal["suppressed", "no_data"], str] | None:
    states = list(given or ())
    if states and len(states) != len(table):
        raise ValueError(
            f"There are {len(states)} states for {len(table)} rows; give one state a row."
        )
    if "suppressed" in states:
        return "suppressed", WITHHELD
    blank = "count" in table.columns and bool(table["count"].isna().any())
    return ("no_data", NO_FIGURE) if blank or set(states) & {"no_data", "not_applicable"} else None


def _stay_silent(
    table: pd.DataFrame | None,
    level: float,
    state: str,
    reason: str,
    captures: CaptureTable | None = None,
) -> HiddenEstimate:
    seen = np.nan if captures is None else float(captures.seen)
    missing = np.array([np.nan])
    made = collect_estimates(
        missing,
        {level: (missing, missing)},
        n=[seen],
        method=METHOD,
        unit="persons",
        given=[state] if state != "not_applicable" else None,
        refused=[(np.array([state == "not_applicable"]), reason)],
    )
    names = captures.names if captures is not None else _name_lists(table)
    said = cautions.ALWAYS + (cautions.warn_of_lists(captures) if captures is not None else ())
    nothing = (float("nan"), float("nan"))
    empty = pd.DataFrame(
        columns=["model", "code", "total", "hidden", "deviance", "aic", "bic", "parameters"]
    )
    return HiddenEstimate(made, made, "", "", nothing, nothing, empty, said, names)


def _name_lists(table: pd.DataFrame | None) -> tuple[str, ...]:
    return () if table is None else tuple(str(n) for n in table.columns if n != "count")
