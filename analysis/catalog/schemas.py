"""The rules of the catalogue's tables: one schema each, and sentences that name the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa

from analysis.catalog.vocabulary import (
    DIRECTIONS,
    DOMAINS,
    INDICATOR_LEVELS,
    LEVELS,
    MEASURES,
    OWNERS,
    PREFIXES,
    SCHEDULES,
    STATUSES,
    SUFFIXES,
    UNITS,
    VERIFICATIONS,
)

if TYPE_CHECKING:
    from collections.abc import Collection

# A year, a month or a day: a date is written as exactly as it is known.
DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


class CatalogueError(ValueError):
    """A row of the catalogue that breaks a rule."""


def _text(*checks: pa.Check, unique: bool = False) -> pa.Column:
    return pa.Column(str, list(checks), unique=unique)


def _filled() -> pa.Check:
    return pa.Check(lambda s: s.str.strip().ne(""), error="must not be blank")


def _one_of(values: Collection[str]) -> pa.Check:
    return pa.Check.isin(list(values), error=f"must be one of: {', '.join(values)}")


def _list_of(values: Collection[str]) -> pa.Check:
    return pa.Check(
        lambda s: s.map(lambda text: {p.strip() for p in text.split(";")} <= set(values)),
        error=f"must be some of, with semicolons between: {', '.join(values)}",
    )


def _matches(pattern: str, error: str) -> pa.Check:
    return pa.Check(lambda s: s.str.fullmatch(pattern), error=error)


def _date() -> pa.Check:
    return _matches(DATE, "must be a year, a month or a day: 2013, 2013-03 or 2013-03-24")


def _date_or_blank() -> pa.Check:
    return _matches(f"({DATE})?", "must be blank, a year, a month or a day")


def _carries_its_unit(frame: pd.DataFrame) -> pd.Series:
    suffixes = frame["unit"].map(lambda unit: SUFFIXES.get(unit, ""))
    pairs = zip(frame["indicator_id"], suffixes, strict=True)
    return pd.Series([name.endswith(suffix) for name, suffix in pairs], index=frame.index)


def _asks_a_question(frame: pd.DataFrame) -> pd.Series:
    asks = frame["indicator_id"].str.startswith(PREFIXES)
    agrees: pd.Series = asks.eq(frame["measure"].eq("yes_no"))
    return agrees


def _known(column: str) -> pa.Check:
    return pa.Check(
        lambda f: f[column].isin(["", *f["area_id"]]),
        error=f"the {column} must be an area of the table, or blank",
    )


def _ends_somewhere(frame: pd.DataFrame) -> pd.Series:
    after = dict(zip(frame["area_id"], frame["merged_into"], strict=True))
    last = frame["area_id"]
    for _ in range(len(frame)):
        if last.map(lambda area: after.get(area, "")).eq("").all():
            break
        last = last.map(lambda area: after.get(area, "") or area)
    return last.map(lambda area: not after.get(area, ""))


AREAS = pa.DataFrameSchema(
    {
        "area_id": _text(_filled(), unique=True),
        "level": _text(_one_of(LEVELS)),
        "parent_id": _text(),
        "slug": _text(_matches(r"[a-z0-9-]+", "must be letters a-z and hyphens"), unique=True),
        "name_en": _text(_filled()),
        **{c: _text() for c in ("name_mk", "name_sq", "name_sq_status", "name_sr_cyrl")},
        **{c: _text() for c in ("makstat_code", "ntes_code", "nuts3_code", "sors_code")},
        "is_city_of_skopje": _text(_one_of(("true", "false"))),
        **{c: _text() for c in ("lon", "lat", "point_source", "merged_into", "validity_note")},
        "valid_from": _text(_date_or_blank()),
        "valid_to": _text(_date_or_blank()),
    },
    checks=[
        _known("parent_id"),
        _known("merged_into"),
        pa.Check(_ends_somewhere, error="areas must not be merged in a circle"),
        pa.Check(
            lambda f: f["merged_into"].eq("") | f["valid_to"].ne(""),
            error="an area that was merged needs the date until which it was valid",
        ),
    ],
    strict=True,
)

INDICATORS = pa.DataFrameSchema(
    {
        "indicator_id": _text(
            _matches(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", "must be words a-z with underscores"),
            unique=True,
        ),
        "framework_code": _text(
            _matches(r"([A-Z]{3}-\d{2}(; [A-Z]{3}-\d{2})*)?", "must be codes such as MIG-01")
        ),
        "framework": _text(),
        "domain": _text(_one_of(DOMAINS)),
        "measure": _text(_one_of(MEASURES)),
        "unit": _text(_filled(), _one_of(UNITS)),
        "level": _text(_filled(), _list_of(INDICATOR_LEVELS)),
        "dimensions": _text(),
        "direction": _text(_one_of(DIRECTIONS)),
        "numerator": _text(),
        "denominator": _text(),
        "name_en": _text(_filled()),
        "name_mk": _text(_filled()),
        "name_sq": _text(),
        "name_sr_cyrl": _text(),
        "definition_en": _text(_filled()),
        "owner": _text(_filled(), _one_of(OWNERS)),
        "source": _text(_filled()),
        "schedule": _text(_one_of(SCHEDULES)),
        "caveat_en": _text(),
        "verification": _text(_one_of(VERIFICATIONS)),
        "in_profile": _text(_one_of(("true", "false"))),
    },
    checks=[
        pa.Check(_carries_its_unit, error="the id must end in its unit, as in asylum_persons"),
        pa.Check(_asks_a_question, error="has_ or is_ begins the id of a yes or no, and only that"),
    ],
    strict=True,
)

GLOSSARY = pa.DataFrameSchema(
    {
        "term_en": _text(_filled(), unique=True),
        **{c: _text() for c in ("mk", "sq", "sr_latn", "definition")},
        "source": _text(_filled()),
        "verification": _text(_one_of(VERIFICATIONS)),
    },
    strict=True,
)

POLICIES = pa.DataFrameSchema(
    {
        "policy_id": _text(_matches(r"[a-z0-9-]+", "must be letters a-z and hyphens")),
        "name_en": _text(_filled()),
        "name_mk": _text(),
        "area_id": _text(_filled()),
        "status": _text(_one_of(STATUSES)),
        "date": _text(_date()),
        "event_en": _text(_filled()),
        "source": _text(_filled()),
        "verification": _text(_one_of(VERIFICATIONS)),
    },
    unique=["policy_id", "area_id", "status", "date"],
    strict=True,
)

SOURCES = pa.DataFrameSchema(
    {
        "source_id": _text(_matches(r"[a-z0-9-]+", "must be letters a-z and hyphens"), unique=True),
        **{c: _text(_filled()) for c in ("publisher", "title", "address", "licence")},
        "as_of": _text(_date_or_blank()),
        "language": _text(_filled()),
        "verification": _text(_filled()),
        "how_verified": _text(),
    },
    strict=True,
)


def check_table(frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> pd.DataFrame:
    """Hold a table of the catalogue against its schema.

    Parameters
    ----------
    frame : pandas.DataFrame
        All text, blanks as empty text. The first column of the schema is the id.
    schema : pandera.pandas.DataFrameSchema
    name : str
        File name, for the sentence.

    Returns
    -------
    pandas.DataFrame
        The same table.

    Raises
    ------
    CatalogueError
        When a row breaks a rule; the sentence names the row by its id.
    """
    absent = [c for c in schema.columns if c not in frame.columns]
    unknown = [c for c in frame.columns if c not in schema.columns]
    if absent or unknown:
        what = f"lacks the column '{absent[0]}'" if absent else f"has a column '{unknown[0]}'"
        msg = f"{name} {what}. Expected exactly: {', '.join(schema.columns)}."
        raise CatalogueError(msg)
    try:
        return schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failure:
        raise CatalogueError(_sentence(frame, failure.failure_cases, name)) from None


def _sentence(frame: pd.DataFrame, cases: pd.DataFrame, name: str) -> str:
    key = frame.columns[0]
    placed = cases.loc[cases["index"].notna()]
    if placed.empty:
        return f"{name} breaks a rule: {cases.iloc[0]['check']}. Nothing was built."
    # The first row, and of that row the rule of a column before a rule of the whole row.
    placed = placed.sort_values(["index", "schema_context"], kind="stable")
    first = placed.iloc[0]
    row = frame.loc[int(first["index"])]
    rows = placed["index"].nunique()
    more = f" In all, {rows} rows break a rule." if rows > 1 else ""
    where = f"{name}: '{row[key]}'"
    # A rule of the whole row has no column of its own; its cases list every column.
    column = str(first["column"]) if first["schema_context"] == "Column" else ""
    if column and not str(row[column]).strip() and "blank" in str(first["check"]):
        what = f"has no {column}: it {first['check']}"
    elif str(first["check"]) in {"field_uniqueness", "multiple_fields_uniqueness"}:
        what = "is listed more than once: keep one row"
    elif column:
        what = f"has the {column} '{row[column]}', which {first['check']}"
    else:
        what = f"breaks a rule: {first['check']}"
    return f"{where} {what}.{more} Correct the row; nothing was built."


def check_catalogue(sources: pd.DataFrame | None = None) -> dict[str, int]:
    """Check every table of the catalogue, and how they fit together.

    Parameters
    ----------
    sources : pandas.DataFrame, optional
        The table of sources of a workspace (``data_raw/published/sources.csv``), to be checked
        with the others.

    Returns
    -------
    dict of str to int
        Number of rows of each table.

    Raises
    ------
    CatalogueError
        At the first table that breaks a rule.

    Examples
    --------
    >>> check_catalogue()["areas.csv"] > 80
    True
    """
    # The loaders check their own tables and need this module for it.
    from analysis.catalog.areas import load_areas
    from analysis.catalog.glossary import load_glossary
    from analysis.catalog.indicators import load_indicators
    from analysis.catalog.monitoring import check_monitoring
    from analysis.catalog.policies import load_policies

    counts = {
        "areas.csv": len(load_areas().whole),
        "indicators.csv": len(load_indicators().frame),
        "glossary.csv": len(load_glossary().frame),
        "policies.csv": len(load_policies().frame),
        **check_monitoring(),
    }
    if sources is not None:
        counts["sources.csv"] = len(check_table(sources, SOURCES, "sources.csv"))
    return counts
