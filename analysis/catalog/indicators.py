"""Indicators: what each number counts, in which unit, at which levels, with which caveat."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog.schemas import INDICATORS, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator


class IndicatorError(ValueError):
    """An indicator that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    ``measure`` is a word of :data:`analysis.catalog.vocabulary.MEASURES`; a stock and a flow
    never share an axis, a sum or a caption. ``framework_code`` names the indicators of the
    frameworks that it serves, which may count something near to it and not the same: the
    definition says so. ``schedule`` is ``none`` where the indicator is wanted and nobody has
    given the figures yet. ``in_profile`` tells whether the page of a municipality speaks of it.
    """

    indicator_id: str
    framework_code: str
    framework: str
    domain: str
    measure: str
    unit: str
    level: str
    dimensions: str
    direction: str
    numerator: str
    denominator: str
    name_en: str
    name_mk: str
    name_sq: str
    name_sr_cyrl: str
    definition_en: str
    owner: str
    source: str
    schedule: str
    caveat_en: str
    verification: str
    in_profile: bool

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels at which the indicator is published."""
        return _parts(self.level)

    @property
    def framework_codes(self) -> tuple[str, ...]:
        """The codes of frameworks that the indicator serves; none for our own."""
        return _parts(self.framework_code)

    @property
    def is_held(self) -> bool:
        """Whether the workspace has a source for it."""
        return self.schedule != "none"

    def name(self, column: str) -> str:
        """Give the name from a column of the catalogue.

        A name that is not translated yet stands in English behind the mark ``[en]``.
        """
        return str(getattr(self, column)) or f"[en] {self.name_en}"


class Indicators:
    """The catalogue of indicators.

    Examples
    --------
    >>> load_indicators().get("asylum_applications_persons").measure
    'flow'
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        names = [f.name for f in fields(Indicator) if f.name != "in_profile"]
        self._by_id = {
            row["indicator_id"]: Indicator(
                **{n: row[n] for n in names}, in_profile=row["in_profile"] == "true"
            )
            for row in frame.to_dict("records")
        }

    def __iter__(self) -> Iterator[Indicator]:
        """Go through the indicators in the order of the catalogue."""
        return iter(self._by_id.values())

    def __contains__(self, indicator_id: object) -> bool:
        """Tell whether the catalogue holds an id."""
        return indicator_id in self._by_id

    def get(self, indicator_id: str) -> Indicator:
        """Look an indicator up by its id.

        Raises
        ------
        IndicatorError
            When there is no such id.
        """
        try:
            return self._by_id[indicator_id]
        except KeyError:
            msg = (
                f"'{indicator_id}' is not an indicator of the catalogue. "
                f"Add it to analysis/catalog/indicators.csv or correct the id."
            )
            raise IndicatorError(msg) from None

    def of_domain(self, domain: str) -> list[Indicator]:
        """List the indicators of one domain."""
        return [i for i in self if i.domain == domain]

    def of_framework(self, code: str) -> list[Indicator]:
        """List the indicators that serve a code of a framework.

        Examples
        --------
        >>> [i.indicator_id for i in load_indicators().of_framework("MIG-04")]
        ['external_migration_balance_per_1000']
        """
        return [i for i in self if code in i.framework_codes]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@lru_cache(maxsize=1)
def load_indicators() -> Indicators:
    """Read the catalogue of indicators that ships with the package, and check it.

    Returns
    -------
    Indicators

    Raises
    ------
    CatalogueError
        When a row breaks a rule, an indicator without owner, unit or source for instance; the
        sentence names its id.
    """
    file = resources.files("analysis.catalog") / "indicators.csv"
    with file.open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str, keep_default_na=False)
    return Indicators(check_table(frame, INDICATORS, "indicators.csv"))
