"""When a former release tells what a new one withholds: the sentence, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.catalog import AreaError, IndicatorError, load_areas, load_indicators
from analysis.protection.ledger.entries import name_release
from analysis.store.schema import DIMENSIONS, TOTAL
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# In the order of the policy: the first costs the reader least.
REMEDIES = {
    "longer_period": mark("publish the sum of several years in place of each year"),
    "larger_area": mark("publish a larger area in place of its parts"),
    "fewer_dimensions": mark("publish without the split"),
    "suppress": mark("withhold these figures as well"),
}
NAMED = 10


@dataclass(frozen=True, slots=True)
class CellName:
    """What a cell is called; never what it holds.

    Parameters
    ----------
    indicator_id, area_id : str
    period_start, period_end : str
        ISO dates.
    split : tuple of (str, str)
        Dimension and part, the totals left out.
    """

    indicator_id: str
    area_id: str
    period_start: str
    period_end: str
    split: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The cell in words.

        Examples
        --------
        >>> CellName("x", "MK-703", "2023-01-01", "2023-12-31", (("sex", "female"),)).words
        'x in Kumanovo, 2023, sex: female'
        """
        parts = [f"{_indicator(self.indicator_id)} in {_area(self.area_id)}", self._period()]
        return ", ".join([*parts, *(f"{name}: {part}" for name, part in self.split)])

    def _period(self) -> str:
        year = self.period_start[:4]
        if (self.period_start, self.period_end) == (f"{year}-01-01", f"{year}-12-31"):
            return year
        return f"{self.period_start} to {self.period_end}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes an edition safe that was refused.

    Parameters
    ----------
    kind : str
        One of the remedies of the policy.
    observation_ids : tuple of str
        Observations that are withheld in addition.
    words : str
        What is done, in English; a message of the catalogs where it is one of :data:`REMEDIES`.
    """

    kind: str
    observation_ids: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an edition is not published.

    Parameters
    ----------
    cells : tuple of CellName
        Withheld cells that would be told.
    release : int
        Number of the former release whose figures tell them.
    remedy : Remedy
        The cheapest that was found.
    day : str, optional
        ISO date of that release.
    """

    cells: tuple[CellName, ...]
    release: int
    remedy: Remedy
    day: str = ""

    @property
    def sentence(self) -> str:
        """The cells, the release and the remedy, in English."""
        named = "; ".join(cell.words for cell in self.cells[:NAMED])
        more = len(self.cells) - NAMED
        rest = f"; and {more} more" if more > 0 else ""
        of_day = f" of {self.day}" if self.day else ""
        count = len(self.remedy.observation_ids)
        figures = "1 figure" if count == 1 else f"{count} figures"
        return (
            f"Nothing was published: together with release {name_release(self.release)}{of_day} "
            f"this edition would tell what is withheld in {named}{rest}. The cheapest remedy is "
            f"to {self.remedy.words} ({figures} less). Run `patokaz protect --accept --by NAME` "
            f"and build again."
        )


class ReleaseRefusedError(ValueError):
    """An edition that a former release would turn inside out.

    Parameters
    ----------
    refusal : Refusal
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def name_cell(observation: Mapping[Any, Any]) -> CellName:
    """Name the cell of an observation.

    Parameters
    ----------
    observation : mapping
        A row of observations; its numbers are not looked at.

    Returns
    -------
    CellName

    Examples
    --------
    >>> name_cell(
    ...     {
    ...         "indicator_id": "x",
    ...         "area_id": "MK",
    ...         "period_start": "2023-01-01",
    ...         "period_end": "2023-12-31",
    ...         "sex": "female",
    ...         "age": "total",
    ...     }
    ... ).split
    (('sex', 'female'),)
    """
    split = [(name, str(observation.get(name, TOTAL))) for name in DIMENSIONS]
    return CellName(
        indicator_id=str(observation["indicator_id"]),
        area_id=str(observation["area_id"]),
        period_start=str(observation["period_start"]),
        period_end=str(observation["period_end"]),
        split=tuple((name, part) for name, part in split if part != TOTAL),
    )


def propose_remedy(kind: str, observation_ids: Sequence[str]) -> Remedy:
    """Make a remedy of a kind that the policy knows.

    Parameters
    ----------
    kind : str
    observation_ids : sequence of str

    Returns
    -------
    Remedy
        Its ids sorted, each once.

    Raises
    ------
    ValueError
        When the kind is none of the policy's, or nothing would be withheld.

    Examples
    --------
    >>> propose_remedy("suppress", ["b", "a"])
    Remedy(kind='suppress', observation_ids=('a', 'b'), words='withhold these figures as well')
    """
    if kind not in REMEDIES:
        msg = f"'{kind}' is not a remedy. Expected one of: {', '.join(REMEDIES)}."
        raise ValueError(msg)
    if not observation_ids:
        msg = f"The remedy '{kind}' names no observation. Name those that it withholds."
        raise ValueError(msg)
    return Remedy(kind, tuple(sorted(set(observation_ids))), REMEDIES[kind])


def _area(area_id: str) -> str:
    try:
        return load_areas().get(area_id).name("name_en")
    except AreaError:
        return area_id


def _indicator(indicator_id: str) -> str:
    try:
        return load_indicators().get(indicator_id).name_en
    except IndicatorError:
        return indicator_id


__all__ = [
    "REMEDIES",
    "CellName",
    "Refusal",
    "ReleaseRefusedError",
    "Remedy",
    "name_cell",
    "propose_remedy",
]
