"""A workspace of a few runs, made by hand: what is on record, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.records import Good, Record

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


def write_down(name: str, **changes: Any) -> Record:
    """Make the record of a run that ended well, but for what is said."""
    notebook, rest = name.split("/")
    slug, language, edition = rest.rsplit("_", 2)
    good = Good("ab12", "2026-03-02T04:01:00+00:00", "2025-12", (("data", "d1"),), {})
    values: dict[str, Any] = {
        "name": name,
        "notebook": notebook,
        "area": "MK-703",
        "language": language,
        "edition": edition,
        "slug": slug,
        "state": "ok",
        "reason": "",
        "cell": None,
        "attempts": 1,
        "began": "2026-03-02T04:00:00+00:00",
        "ended": "2026-03-02T04:01:00+00:00",
        "seconds": 0.6,
        "cpu_seconds": 0.5,
        "peak_bytes": 1,
        "kernel": "warm",
        "run_id": "ab12",
        "seed": 1,
        "key": (("data", "d1"),),
        "parameters": {},
        "reads": {},
        "good": good,
    }
    return Record(**{**values, **changes})


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def record() -> Callable[..., Record]:
    """Makes the record of a run that ended well, but for what is said."""
    return write_down
