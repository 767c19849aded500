"""The shape of observations, and the rules that every row obeys."""

from __future__ import annotations

import hashlib

import pandas as pd
import pandera.pandas as pa

STATES = ("value", "zero", "suppressed", "no_data", "not_applicable")
STATUSES = ("final", "provisional", "estimate", "survey")
DIMENSIONS = ("sex", "origin", "citizenship", "age", "category")
# These came later. They are part of an id only where a figure is split by them, so that the ids
# of all other figures, which pages and documents carry, stayed as they were.
LATER = ("age", "category")
KEYS = (
    "indicator_id",
    "area_id",
    "period_start",
    "period_end",
    *DIMENSIONS,
    "source_id",
    "snapshot_id",
)
VALUES = ("numerator", "denominator", "value", "lower", "upper", "method", "state", "status")
TRACE = ("observation_id", "verification", "locator", "line", "note")
COLUMNS = (*KEYS, *VALUES, *TRACE)
NUMBERS = ("numerator", "denominator", "value", "lower", "upper")
TOTAL = "total"


class ObservationError(ValueError):
    """Rows that break a rule of the table of observations."""


def _numbers_agree_with_state(frame: pd.DataFrame) -> pd.Series:
    silent = frame["state"].isin(["suppressed", "no_data", "not_applicable"])
    numbers = frame[list(NUMBERS)]
    empty = numbers.isna().all(axis=1)
    zero = frame["state"].eq("zero") & frame["value"].eq(0)
    positive = frame["state"].eq("value") & frame["value"].notna() & frame["value"].ne(0)
    return (silent & empty) | zero | positive


SCHEMA = pa.DataFrameSchema(
    {
        **{c: pa.Column(str, pa.Check.str_length(min_value=1)) for c in KEYS},
        **{c: pa.Column(float, nullable=True) for c in NUMBERS},
        "method": pa.Column(str),
        "state": pa.Column(str, pa.Check.isin(STATES)),
        "status": pa.Column(str, pa.Check.isin(STATUSES)),
        "observation_id": pa.Column(str, unique=True),
        "verification": pa.Column(str, pa.Check.str_length(min_value=1)),
        "locator": pa.Column(str),
        "line": pa.Column(int),
        "note": pa.Column(str),
    },
    checks=[
        pa.Check(_numbers_agree_with_state, name="numbers agree with the state"),
        pa.Check(lambda f: f["period_start"] <= f["period_end"], name="period runs forward"),
    ],
    unique=list(KEYS),
    ordered=True,
    strict=True,
)


def check_observations(frame: pd.DataFrame) -> pd.DataFrame:
    """Hold a table against the schema.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns as in :data:`COLUMNS`; periods as ISO dates in text.

    Returns
    -------
    pandas.DataFrame
        The same table.

    Raises
    ------
    ObservationError
        When a row breaks a rule; the sentence names the rule and the first row that breaks it.
    """
    try:
        return SCHEMA.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failure:
        cases = failure.failure_cases
        first = cases.iloc[0]
        where = ""
        if pd.notna(first["index"]) and int(first["index"]) in frame.index:
            row = frame.loc[int(first["index"])]
            where = (
                f" First at {row['indicator_id']}, {row['area_id']}, {row['period_start']} "
                f"(state '{row['state']}', value {row['value']}), from {row['snapshot_id']}."
            )
        msg = (
            f"{len(cases)} observations break the rule '{first['check']}' "
            f"(column {first['column']}, found {first['failure_case']!r}).{where} "
            f"Correct the table that they come from; nothing was written."
        )
        raise ObservationError(msg) from None


def identify(frame: pd.DataFrame) -> pd.Series:
    """Make the id of each observation: a short hash of its keys, the same in every build.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns of :data:`KEYS`. The snapshot is left out of the id, so that a page can
        point to "the same figure" before and after a revision.

    Returns
    -------
    pandas.Series
        Text of twelve hexadecimal digits.
    """
    first, *rest = (frame[k].astype(str) for k in KEYS if k not in {"snapshot_id", *LATER})
    joined = first.str.cat(pd.concat(rest, axis=1), sep="|") if len(frame) else first
    for name in LATER:
        split = frame[name].astype(str)
        joined = joined.where(split.eq(TOTAL), joined + f"|{name}=" + split)
    return joined.map(lambda text: hashlib.sha256(text.encode("utf-8")).hexdigest()[:12])
