"""What protection costs, beside simpler and better ways: figures that only the edition can give.

They are worked out where the numbers are still known, and hold none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.protection import load_policy
from analysis.protection.details import protect_again
from analysis.protection.edition.cells import CELL
from analysis.protection.edition.cost import measure_costs

if TYPE_CHECKING:
    from analysis.protection.edition.cost import Share
    from analysis.workspace import Workspace

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
    told : tuple of dict or None
        Cells that an attacker comes near to whatever is withheld, by the columns that name them;
        None where no attacker was asked.

    Examples
    --------
    >>> EditionCost((WayCost("edition", 0.12, 0.03), WayCost("optimum", 0.11, None))).ways[1].cells
    0.11
    """

    ways: tuple[WayCost, ...] = ()
    pooled: tuple[PooledGain, ...] = ()
    told: tuple[dict[str, str], ...] | None = None


def recount_cost(workspace: Workspace) -> EditionCost:
    """Protect the restricted table once more, and say what that cost.

    Parameters
    ----------
    workspace : Workspace
        Built, and with its restricted zone.

    Returns
    -------
    EditionCost
    """
    edition = protect_again(workspace)
    costs = measure_costs(edition, load_policy())
    found: tuple[tuple[Way, Share | None], ...] = (
        ("edition", costs.edition),
        ("rows_and_columns", costs.rows_and_columns),
        ("optimum", costs.optimum),
    )
    ways = tuple(
        WayCost(way, None if c is None else c.cells, None if c is None else c.information)
        for way, c in found
    )
    told = edition.told[CELL].astype(str).to_dict("records")
    return EditionCost(ways, told=tuple({str(k): v for k, v in row.items()} for row in told))
