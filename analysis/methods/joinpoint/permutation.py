"""How many joinpoints, by permutation: slow and thorough, for the few national series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import GIVEN_REASONS
from analysis.methods.inputs import check_level
from analysis.methods.joinpoint.choose import limit_number
from analysis.methods.joinpoint.grid import fit_placements, search_placements
from analysis.methods.joinpoint.selection import floor_residual
from analysis.methods.joinpoint.series import prepare_rates
from analysis.methods.joinpoint.years import read_years
from analysis.methods.reasons import NO_FIGURE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class PermutationChoice:
    """The number of joinpoints that a chain of permutation tests leaves.

    Parameters
    ----------
    number : int or None
        Joinpoints; None where the series cannot be tested.
    tests : tuple of tuple
        Each test as (fewer, more, p, threshold): ``fewer`` joinpoints are rejected for ``more``
        when p is at most the threshold.
    reason : str
        Why there is no number.
    """

    number: int | None
    tests: tuple[tuple[int, int, float, float], ...]
    reason: str = ""


def choose_by_permutation(
    rates: ArrayLike,
    errors: ArrayLike | None,
    years: ArrayLike,
    *,
    seed: int,
    most: int | None = None,
    permutations: int = 4499,
    alpha: float = 0.05,
    given: ArrayLike | None = None,
) -> PermutationChoice:
    """Choose the number of joinpoints of one series by permutation tests.

    Fewer joinpoints are tested against more, from 0 against the most: residuals of the model with
    fewer are shuffled many times, and both models are searched anew each time. A rejection raises
    the fewer by one, anything else lowers the more by one, until both meet.

    Parameters
    ----------
    rates : array_like
        Rates of one series, shape (years,); :func:`relate_counts` makes them of cases.
    errors : array_like or None
        Standard errors of the rates; None gives each year the same weight.
    years : array_like
        Shape (years,), ascending.
    seed : int
        Seed of the shuffles.
    most : int, optional
        Most joinpoints; by default as many as the length carries.
    permutations : int
        Shuffles a test.
    alpha : float
        Chance to find joinpoints where there is none, over the whole chain.
    given : array_like of str, optional
        States of the years; a series with a suppressed year is not tested.

    Returns
    -------
    PermutationChoice
        Set ``choose`` of the fit to its number to see the segments.

    Raises
    ------
    ValueError
        When more than one series is given, or the numbers make no sense.

    References
    ----------
    Kim HJ, Fay MP, Feuer EJ, Midthune DN (2000), Statistics in Medicine 19:335-351.

    Examples
    --------
    >>> years = np.arange(2008, 2024)
    >>> rates = 4 * 1.05 ** np.minimum(years - 2008, 6) * 0.97 ** np.maximum(years - 2014, 0)
    >>> noise = np.random.default_rng(1).normal(0, 0.01, 16)
    >>> choice = choose_by_permutation(rates * np.exp(noise), None, years, seed=1, permutations=199)
    >>> choice.number, len(choice.tests)
    (1, 2)
    """
    check_level(alpha)
    if np.ndim(rates) != 1:
        raise ValueError(
            f"rates has {np.ndim(rates)} axes, and a permutation test takes one series over "
            "years. Call it for each series, and only for the few that matter: it is slow."
        )
    if permutations < 1:
        raise ValueError(f"{permutations} permutations were asked for; use 4499, or at least 1.")
    series = prepare_rates(rates, errors, None, given)
    state = "value" if series.given is None else str(series.given[0])
    if state in GIVEN_REASONS:
        return PermutationChoice(None, (), GIVEN_REASONS[state])
    read = read_years(years, series.log_rates.shape[1])
    for mask, reason in series.refused:
        if mask[0]:
            return PermutationChoice(None, (), reason)
    present = ~np.isnan(series.log_rates[0])
    if not present.any():
        return PermutationChoice(None, (), NO_FIGURE)
    figures = (series.log_rates[:, present], series.weights[:, present], read[present])
    highest = limit_number(int(present.sum()), most)
    rng = np.random.default_rng(seed)
    fewer, more = 0, highest
    tests = []
    while fewer < more:
        p_value = _test_numbers(figures, fewer, more, permutations, rng)
        threshold = alpha / (highest - fewer)
        tests.append((fewer, more, p_value, threshold))
        if p_value <= threshold:
            fewer += 1
        else:
            more -= 1
    return PermutationChoice(fewer, tuple(tests))


def _test_numbers(
    figures: tuple[FloatArray, FloatArray, FloatArray],
    fewer: int,
    more: int,
    permutations: int,
    rng: np.random.Generator,
) -> float:
    """How often shuffled residuals gain as much from more joinpoints as the series does."""
    log_rates, weights, years = figures
    small, placement = search_placements(log_rates, weights, years, fewer)
    large, _ = search_placements(log_rates, weights, years, more)
    fitted, _ = fit_placements(log_rates, weights, years, placement)
    # Residuals are brought to one variance, shuffled, and brought back to that of their new year.
    root = np.sqrt(weights)
    residuals = np.broadcast_to(root * (log_rates - fitted), (permutations, len(years)))
    shuffled = fitted + rng.permuted(residuals, axis=1) / root
    small_shuffled, _ = search_placements(shuffled, weights, years, fewer)
    large_shuffled, _ = search_placements(shuffled, weights, years, more)
    floor = floor_residual(small, weights.sum(axis=1))
    gained = np.maximum(small, floor) / np.maximum(large, floor)
    gained_shuffled = np.maximum(small_shuffled, floor) / np.maximum(large_shuffled, floor)
    as_large = int((gained_shuffled >= gained * (1 - 1e-9)).sum())
    return (1 + as_large) / (1 + permutations)
