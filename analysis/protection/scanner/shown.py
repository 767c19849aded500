"""What an edition shows: the figures by which a number in an artefact explains itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.store.schema import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

DECIMALS = (1, 2, 3)
Period = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """Figures that are shown.

    Parameters
    ----------
    of_id : mapping of str to frozenset of float
        Numbers of each shown observation.
    of_place : mapping of (str, (int, int)) to mapping of float to frozenset of str
        For an area and a period each number that is shown, with the indicators that show it.
    of_area, of_indicator : mapping of str to frozenset of float
        All numbers that are shown of an area, and of an indicator.
    """

    of_id: Mapping[str, frozenset[float]]
    of_place: Mapping[tuple[str, Period], Mapping[float, frozenset[str]]]
    of_area: Mapping[str, frozenset[float]]
    of_indicator: Mapping[str, frozenset[float]]

    def explain(
        self, value: float, area_id: str, period: Period, indicators: frozenset[str]
    ) -> bool:
        """Tell whether a shown figure of the area and the period is that number.

        Parameters
        ----------
        value : float
        area_id : str
        period : (int, int)
            First and last year.
        indicators : frozenset of str
            Indicators that the record names; where it names any, the figure must be of one.
        """
        found = self.of_place.get((area_id, period), {}).get(value, frozenset())
        return bool(found & indicators if indicators else found)

    def has_figure(self, area_id: str, period: Period, indicators: frozenset[str]) -> bool:
        """Tell whether anything is shown of an area and a period, of some indicators or of any."""
        found = self.of_place.get((area_id, period), {})
        return any(i & indicators if indicators else i for i in found.values())


def index_shown(observations: pd.DataFrame) -> Shown:
    """Index the shown rows of a public table.

    Parameters
    ----------
    observations : pandas.DataFrame
        Without withheld rows.

    Returns
    -------
    Shown
    """
    of_id: dict[str, frozenset[float]] = {}
    of_place: dict[tuple[str, Period], dict[float, frozenset[str]]] = {}
    of_area: dict[str, set[float]] = {}
    of_indicator: dict[str, set[float]] = {}
    names = ["observation_id", "area_id", "indicator_id", "period_start", "period_end", *NUMBERS]
    for row in observations[names].itertuples(index=False, name=None):
        name, area, indicator, start, end, *numbers = row
        values = frozenset(v for number in numbers for v in spell_number(number))
        of_id[name] = of_id.get(name, frozenset()) | values
        place = of_place.setdefault((area, (int(start[:4]), int(end[:4]))), {})
        for value in values:
            place[value] = place.get(value, frozenset()) | {indicator}
        of_area.setdefault(area, set()).update(values)
        of_indicator.setdefault(indicator, set()).update(values)
    return Shown(
        of_id,
        of_place,
        {area: frozenset(found) for area, found in of_area.items()},
        {indicator: frozenset(found) for indicator, found in of_indicator.items()},
    )


def spell_number(value: float | None) -> frozenset[float]:
    """Give a number as it is and as it is rounded for print.

    Examples
    --------
    >>> sorted(spell_number(4.0)), sorted(spell_number(0.0431)), sorted(spell_number(float("nan")))
    ([4.0], [0.0, 0.04, 0.043, 0.0431], [])
    """
    if value is None or math.isnan(value):
        return frozenset()
    if value == round(value):
        return frozenset({float(value)})
    return frozenset({float(value), *(round(float(value), d) for d in DECIMALS)})
