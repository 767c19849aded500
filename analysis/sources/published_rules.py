"""The rules that every row of a published table obeys, and the sentence for a row that does not."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa

from analysis.catalog.populations import load_categories
from analysis.catalog.vocabulary import AGES, READINGS, SEXES

if TYPE_CHECKING:
    from collections.abc import Collection

TOTAL = "total"
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
# A country of ISO 3166-1, or a side of the border where the publisher says no more.
PEOPLE = r"total|national|foreign|[A-Z]{3}"


class PublishedError(ValueError):
    """A published table that cannot be read as it stands."""


def check_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Hold the rows of published tables against their rules.

    Whether a number fits its state is a rule of all observations and is checked with them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text as written, with every dimension, and ``file`` and ``line`` for the sentence. Its
        index has no row twice. It is not changed.

    Returns
    -------
    pandas.DataFrame
        The same rows.

    Raises
    ------
    PublishedError
        When a row breaks a rule; the sentence names file, line, column and rule.
    """
    try:
        return _rules().validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failure:
        cases = failure.failure_cases
        placed = cases.loc[cases["index"].notna()].sort_values("index", kind="stable")
        first = placed.iloc[0]
        row = frame.loc[int(first["index"])]
        column = str(first["column"])
        what = (
            f"{column} is '{row[column]}', which {first['check']}"
            if first["schema_context"] == "Column"
            else str(first["check"])
        )
        msg = f"{row['file']}, line {row['line']}: {what}. Correct the row; nothing was built."
        raise PublishedError(msg) from None


@lru_cache(maxsize=1)
def _rules() -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            "period_start": _matches(DAY, "must be a day, year-month-day"),
            "period_end": _matches(DAY, "must be a day, year-month-day"),
            "sex": _one_of(SEXES),
            "origin": _filled(),
            "citizenship": _matches(
                PEOPLE, "must be total, national, foreign or a code of three letters"
            ),
            "age": _one_of(AGES),
            "category": _among(
                [TOTAL, *load_categories()], "must be total or a category of categories.csv"
            ),
            "verification": _one_of(READINGS),
            "locator": _filled(),
        },
        checks=[
            pa.Check(_counts_whole_persons, error="persons are counted in whole numbers from 0"),
        ],
    )


def _counts_whole_persons(frame: pd.DataFrame) -> pd.Series:
    number = pd.to_numeric(frame["value"], errors="coerce")
    broken = frame["indicator_id"].str.endswith("_persons") & (number.lt(0) | number.mod(1).gt(0))
    return ~broken


def _one_of(values: Collection[str]) -> pa.Column:
    return _among(values, f"must be one of: {', '.join(values)}")


def _among(values: Collection[str], error: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(list(values), error=error))


def _matches(pattern: str, error: str) -> pa.Column:
    return pa.Column(str, pa.Check(lambda s: s.str.fullmatch(pattern), error=error))


def _filled() -> pa.Column:
    return pa.Column(str, pa.Check(lambda s: s.str.strip().ne(""), error="must not be blank"))
