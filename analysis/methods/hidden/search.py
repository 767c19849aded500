"""Looking at every model that a table can answer, and at the best by the BIC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.hidden.existence import ADMISSIBLE
from analysis.methods.hidden.loglinear import fit_models
from analysis.methods.hidden.models import list_models, write_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.hidden.models import Design

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# Models within this of the lowest BIC are not ruled out by it (Kass & Raftery 1995).
WITHIN = 10.0


def list_estimates(design: Design, counts: FloatArray) -> pd.DataFrame:
    """List what every model says about a table.

    Parameters
    ----------
    design : Design
        The effects there are.
    counts : numpy.ndarray, shape (histories,)
        Persons by history.

    Returns
    -------
    pandas.DataFrame
        Columns ``model``, ``code`` (0 admissible, 1 no estimate, 2 not identified, 3 both),
        ``total``, ``hidden``, ``deviance``, ``aic``, ``bic``, ``parameters``. Admissible models
        come first, by BIC.

    References
    ----------
    Silverman, Chan & Vincent (2024) Statistics and Computing 34:44.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design
    >>> table = np.array([5.0, 5.0, 54.0, 41.0, 6.0, 0.0, 12.0])
    >>> listed = list_estimates(build_design(3), table)
    >>> (
    ...     listed.loc[0, "model"],
    ...     listed["total"].round(1).tolist()[0],
    ...     (listed["code"] == 0).tolist()[5:],
    ... )
    ('[12,23]', 157.2, [True, False, False])
    """
    models = list_models(design)
    fits = fit_models(design, np.broadcast_to(counts, (len(models), len(counts))), models)
    listed = pd.DataFrame(
        {
            "model": [write_model(model, design) for model in models],
            "code": fits.code,
            "total": fits.total,
            "hidden": fits.hidden,
            "deviance": fits.deviance,
            "aic": fits.aic,
            "bic": fits.bic,
            "parameters": fits.parameters,
        }
    )
    return listed.sort_values(["code", "bic", "parameters"], kind="stable", ignore_index=True)


def choose_by_bic(
    design: Design, counts: FloatArray, models: BoolArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """Choose for each table the model with the lowest BIC among some.

    Parameters
    ----------
    design : Design
        The effects there are.
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    models : numpy.ndarray of bool, shape (models, effects)
        The models to choose from.

    Returns
    -------
    best : numpy.ndarray of int, shape (tables,)
        Place of the chosen model; -1 where a table can answer none.
    total : numpy.ndarray, shape (tables,)
        Its estimate; NaN where there is none.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design, list_models
    >>> design = build_design(3)
    >>> table = np.array([[5.0, 5.0, 54.0, 41.0, 6.0, 0.0, 12.0]])
    >>> choose_by_bic(design, table, list_models(design))[1].round(1)
    array([157.2])
    """
    best = np.full(len(counts), -1, dtype=np.int64)
    total = np.full(len(counts), np.nan)
    lowest = np.full(len(counts), np.inf)
    for place, model in enumerate(models):
        fits = fit_models(design, counts, np.broadcast_to(model, (len(counts), model.size)))
        better = (fits.code == ADMISSIBLE) & (fits.bic < lowest)
        best[better] = place
        total[better] = fits.total[better]
        lowest[better] = fits.bic[better]
    return best, total
