"""Expert scores: answers to questions, each option worth from 0 to 100 points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

HIGHEST = 100


def score_options(
    answers: pd.DataFrame, points: Mapping[str, Mapping[str, float | None]]
) -> pd.DataFrame:
    """Turn the option that experts chose for each question into points.

    The table goes into :func:`~analysis.methods.composite.build_composite` with
    ``Recipe(normaliser="given", treat=False, between="arithmetic")``: questions are averaged
    within a dimension, and dimensions between each other.

    Parameters
    ----------
    answers : pandas.DataFrame
        One row an area, one column a question; the option chosen, blank where nobody answered.
    points : mapping of str to mapping of str to float or None
        Points of each option of each question; None for an option that says that nothing is
        known, which is not the same as 0 points.

    Returns
    -------
    pandas.DataFrame
        Points, NaN where nothing is known; one column for each question in ``points``.

    Raises
    ------
    ValueError
        When a question is missing, an option is unknown, or points lie outside 0 to 100.

    References
    ----------
    Wolffhardt A, Conte C, Huddleston T (2019), The European benchmark for refugee integration
    (National Integration Evaluation Mechanism), for the design.

    Examples
    --------
    >>> answers = pd.DataFrame({"housing": ["yes", "no", "not known"]}, index=["A", "B", "C"])
    >>> points = {"housing": {"yes": 100, "no": 0, "not known": None}}
    >>> score_options(answers, points)["housing"].tolist()
    [100.0, 0.0, nan]
    """
    table = {}
    for question, options in points.items():
        if question not in answers.columns:
            raise ValueError(
                f"The question '{question}' is not in the answers. Add a column, blank where "
                "nobody answered."
            )
        for option, worth in options.items():
            if worth is not None and not 0 <= worth <= HIGHEST:
                raise ValueError(
                    f"The option '{option}' of '{question}' is worth {worth}, and points go from "
                    "0 to 100. Write None for an option that says that nothing is known."
                )
        chosen = answers[question]
        unknown = [option for option in chosen.dropna() if option not in options]
        if unknown:
            raise ValueError(
                f"'{unknown[0]}' is no option of '{question}'. Its options are "
                f"{', '.join(options)}."
            )
        worths = {
            option: np.nan if worth is None else float(worth) for option, worth in options.items()
        }
        table[question] = [np.nan if pd.isna(option) else worths[option] for option in chosen]
    return pd.DataFrame(table, index=answers.index, dtype=np.float64)
