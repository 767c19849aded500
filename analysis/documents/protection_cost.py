"""What protection costs, beside simpler and better ways: figures that only the edition can give.

They are worked out where the numbers are still known, and hold none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["edition", "rows_and_columns", "optimum"]


@dataclass(frozen=True, slots=True)
class WayCost:
    """What one way of protecting the same edition withholds.

    Parameters
    ----------
    way : {"edition", "rows_and_columns", "optimum"}
        What this edition does, simple suppression of rows and columns, the least possible.
    cells : float or None
        Share of protected cells that are withheld, from 0 to 1; None where it is not known.
    information : float or None
        Share of the sum of weights log(1 + count) that is withheld, from 0 to 1.
    """

    way: Way
    cells: float | None
    information: float | None


@dataclass(frozen=True, slots=True)
class PooledGain:
    """How many withheld municipal series of an indicator pass the threshold when years are pooled.

    Parameters
    ----------
    indicator_id : str
    years : int
        3 or 5.
    passing : int
        Series, counted from the numbers themselves.
    """

    indicator_id: str
    years: int
    passing: int


@dataclass(frozen=True, slots=True)
class EditionCost:
    """What the protection of an edition costs.

    Parameters
    ----------
    ways : tuple of WayCost
        The edition first.
    pooled : tuple of PooledGain
        Empty where nobody has counted; the report then says what the policy lets it say.

    Examples
    --------
    >>> EditionCost((WayCost("edition", 0.12, 0.03), WayCost("optimum", 0.11, None))).ways[1].cells
    0.11
    """

    ways: tuple[WayCost, ...] = ()
    pooled: tuple[PooledGain, ...] = ()
