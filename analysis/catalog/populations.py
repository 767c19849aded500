"""Whom the figures count: the words of sources, and the categories that figures are split by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import analysis.catalog.monitoring_schemas as rules
from analysis.catalog.indicators import load_indicators
from analysis.catalog.monitoring_rows import read_rows, refuse_strangers


@dataclass(frozen=True, slots=True)
class CountedPopulation:
    """A word by which sources say whom they count, and the indicator that holds the count.

    Two words with two indicators are two populations: nothing adds them up.
    """

    word: str
    subject: str
    indicator_id: str
    meaning_en: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category that figures are split by, beside sex, age, origin and citizenship."""

    category: str
    kind: str
    name_en: str


@lru_cache(maxsize=1)
def load_populations() -> tuple[CountedPopulation, ...]:
    """Read whom the words of sources count, and under which indicator.

    Examples
    --------
    >>> [p.word for p in load_populations() if p.subject == "victims"][:3]
    ['identified', 'official', 'official plus potential']
    """
    name = "populations.csv"
    rows = read_rows(name, rules.POPULATION_TABLE)
    known = {indicator.indicator_id for indicator in load_indicators()}
    for row in rows:
        refuse_strangers(name, row["word"], [row["indicator_id"]], known, "indicators.csv")
    return tuple(CountedPopulation(**row) for row in rows)


@lru_cache(maxsize=1)
def load_categories() -> dict[str, Category]:
    """Read the categories that figures may be split by, by their code.

    Examples
    --------
    >>> load_categories()["form:multiple"].kind
    'form'
    """
    rows = read_rows("categories.csv", rules.CATEGORY_TABLE)
    return {row["category"]: Category(**row) for row in rows}
