"""The table of all methods and their scores on the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.forecast.candidates import Tried


def tabulate_scores(rows: NDArray[np.intp], tried: Tried) -> pd.DataFrame:
    """Give one row a series and method.

    Parameters
    ----------
    rows : numpy.ndarray of int
        Places of the series in the table of the caller.
    tried : Tried
        What came of the test, one place a row.

    Returns
    -------
    pandas.DataFrame
        Columns ``series``, ``method``, ``mase``, ``interval_score``, ``coverage``, ``origins``,
        ``chosen`` and ``reason``.

    Examples
    --------
    >>> from analysis.methods.forecast.candidates import Trial, try_methods
    >>> tried = try_methods(np.array([[20.0, 24, 22, 27, 25, 29, 27]]), Trial(1, 1, 4, 9))
    >>> list(tabulate_scores(np.array([3]), tried)["method"])
    ['naive', 'drift', 'historical mean', 'mean of the methods']
    """
    blank = np.full(len(rows), np.nan)
    parts = []
    for name, reason in tried.reasons.items():
        score = tried.scores.get(name)
        part = {
            "series": rows,
            "method": name,
            "mase": blank if score is None else score.mase,
            "interval_score": blank if score is None else score.interval_score,
            "coverage": blank if score is None else score.coverage,
            "origins": np.zeros(len(rows), dtype=int) if score is None else score.origins,
            "chosen": tried.chosen == name,
            "reason": reason,
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def blank_silent(
    scores: pd.DataFrame, silent: NDArray[np.bool_], why: NDArray[np.object_]
) -> pd.DataFrame:
    """Take out the scores of series of which nothing is said: they give figures back.

    Parameters
    ----------
    scores : pandas.DataFrame
        As :func:`tabulate_scores` makes it.
    silent : numpy.ndarray of bool
        One place a series.
    why : numpy.ndarray of str
        The reason of each silent series.

    Returns
    -------
    pandas.DataFrame
        Sorted by series; the input stays as it is.

    Examples
    --------
    >>> from analysis.methods.forecast.candidates import Trial, try_methods
    >>> tried = try_methods(np.array([[20.0, 24, 22, 27, 25, 29, 27]]), Trial(1, 1, 4, 9))
    >>> table = tabulate_scores(np.array([0]), tried)
    >>> hidden = blank_silent(table, np.array([True]), np.array(["withheld"], dtype=object))
    >>> hidden["mase"].isna().all(), set(hidden["reason"])
    (np.True_, {'withheld'})
    """
    place = scores["series"].to_numpy()
    hidden = silent[place]
    numbers = ["mase", "interval_score", "coverage"]
    return scores.assign(
        **{name: scores[name].where(~hidden) for name in numbers},
        origins=scores["origins"].where(~hidden, 0),
        chosen=scores["chosen"].to_numpy(dtype=np.bool_) & ~hidden,
        reason=np.where(hidden, why[place], scores["reason"]),
    ).sort_values("series", kind="stable", ignore_index=True)
