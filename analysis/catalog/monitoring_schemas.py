"""The rules of the tables of policy monitoring: tiers, evaluations, programmes, milestones."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from analysis.catalog.schemas import DATE
from analysis.catalog.vocabulary import (
    CENTRE_STATUSES,
    MILESTONE_KINDS,
    POPULATION_SUBJECTS,
    TIERS,
    VERIFICATIONS,
)


def _text(*checks: pa.Check, unique: bool = False) -> pa.Column:
    return pa.Column(str, list(checks), unique=unique)


def _filled() -> pa.Check:
    return pa.Check(lambda s: s.str.strip().ne(""), error="must not be blank")


def _one_of(*values: str) -> pa.Check:
    shown = ", ".join(value or "blank" for value in values)
    return pa.Check.isin(list(values), error=f"must be one of: {shown}")


def _matches(pattern: str, error: str) -> pa.Check:
    return pa.Check(lambda s: s.str.fullmatch(pattern), error=error)


def _date(*, blank: bool = False) -> pa.Check:
    pattern, also = (f"({DATE})?", "blank, ") if blank else (DATE, "")
    return _matches(pattern, f"must be {also}a year, a month or a day")


def _runs_forward(first: str, last: str) -> pa.Check:
    def holds(frame: pd.DataFrame) -> pd.Series:
        # Dates of unlike exactness are compared as far as both go.
        pairs = zip(frame[first], frame[last], strict=True)
        fits = [not b or (a != "" and a[: len(b)] <= b[: len(a)]) for a, b in pairs]
        return pd.Series(fits, index=frame.index)

    return pa.Check(holds, error=f"the {last} must not come before the {first}")


def _both_or_none(one: str, other: str) -> pa.Check:
    return pa.Check(
        lambda f: f[one].eq("") == f[other].eq(""), error=f"{one} and {other} belong together"
    )


def _key() -> pa.Column:
    return _text(_matches(r"[A-Za-z0-9-]+", "must be letters, digits and hyphens"), unique=True)


EVIDENCE = {"source": _text(_filled()), "verification": _text(_one_of(*VERIFICATIONS))}

TIER_TABLE = pa.DataFrameSchema(
    {
        "record_id": _key(),
        "area_id": _text(_filled()),
        "report_year": _text(_matches(r"20\d\d", "must be a year from 2000")),
        "tier": _text(_one_of("", *TIERS)),
        "locator": _text(),
        **EVIDENCE,
    },
    checks=[
        pa.Check(
            lambda f: f["tier"].ne("") | f["verification"].eq("unverified"),
            error="a year without a tier is unverified",
        ),
    ],
    unique=["area_id", "report_year"],
    strict=True,
)

ROUND_TABLE = pa.DataFrameSchema(
    {
        "record_id": _key(),
        "area_id": _text(_filled()),
        "round": _text(_matches(r"\d|ad hoc", "must be a number or 'ad hoc'")),
        **{
            name: _text(_date(blank=True))
            for name in ("visit_from", "visit_to", "adopted_from", "adopted_to", "published")
        },
        "finding_en": _text(),
        **EVIDENCE,
    },
    checks=[
        _both_or_none("visit_from", "visit_to"),
        _both_or_none("adopted_from", "adopted_to"),
        _runs_forward("visit_from", "visit_to"),
        _runs_forward("adopted_from", "adopted_to"),
    ],
    unique=["area_id", "round"],
    strict=True,
)

PROGRAMME_TABLE = pa.DataFrameSchema(
    {
        "record_id": _key(),
        "programme": _text(_filled()),
        "phase": _text(_filled()),
        "start": _text(_date()),
        "end": _text(_date(blank=True)),
        "areas": _text(_filled()),
        "content_en": _text(_filled()),
        "note_en": _text(),
        **EVIDENCE,
    },
    checks=[_runs_forward("start", "end")],
    strict=True,
)

MILESTONE_TABLE = pa.DataFrameSchema(
    {
        "record_id": _key(),
        "area_id": _text(_filled()),
        "topic": _text(_filled()),
        "kind": _text(_one_of(*MILESTONE_KINDS)),
        "date": _text(_date()),
        "until": _text(_date(blank=True)),
        "event_en": _text(_filled()),
        "amount_eur": _text(_matches(r"\d*", "must be blank or a whole number of euro")),
        "amount_of": _text(),
        **EVIDENCE,
    },
    checks=[_both_or_none("amount_eur", "amount_of"), _runs_forward("date", "until")],
    strict=True,
)

CENTRE_TABLE = pa.DataFrameSchema(
    {
        "record_id": _key(),
        "centre": _text(_filled()),
        "category": _text(_matches(r"centre:\w+", "must begin with 'centre:'")),
        "area_id": _text(_filled()),
        "status": _text(_one_of(*CENTRE_STATUSES)),
        "date": _text(_date()),
        "until": _text(_date(blank=True)),
        "event_en": _text(_filled()),
        **EVIDENCE,
    },
    checks=[_runs_forward("date", "until")],
    strict=True,
)

CATEGORY_TABLE = pa.DataFrameSchema(
    {
        "category": _text(
            _matches(r"[a-z_]+:[a-z_]+", "must be a kind and a word, as form:forced_labour"),
            unique=True,
        ),
        "kind": _text(_filled()),
        "name_en": _text(_filled()),
    },
    checks=[
        pa.Check(
            lambda f: f["category"].str.split(":").str[0].eq(f["kind"]),
            error="the category must begin with its kind",
        ),
    ],
    strict=True,
)

POPULATION_TABLE = pa.DataFrameSchema(
    {
        "word": _text(_filled(), unique=True),
        "subject": _text(_one_of(*POPULATION_SUBJECTS)),
        "indicator_id": _text(_filled()),
        "meaning_en": _text(_filled()),
    },
    strict=True,
)
