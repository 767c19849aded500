"""The gate: an edition passes when an attacker with all that is public stays away from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.cells import NO_CELL
from analysis.protection.edition.protect import protect_edition
from analysis.protection.ledger.refusal import (
    Refusal,
    ReleaseRefusedError,
    name_cell,
    propose_remedy,
)
from analysis.protection.linked.components import split_components
from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.protection.edition.protect import ProtectedEdition, Rules
    from analysis.protection.ledger.editions import FormerEdition
    from analysis.protection.ledger.refusal import CellName

TABLE = ["indicator_id", "area_id", "period_start", "period_end", "source_id"]
NAMED = 5


class ExposedError(ValueError):
    """An edition that tells a small count whatever is withheld of it."""


def pass_gate(
    observations: pd.DataFrame,
    rules: Rules,
    former: Sequence[FormerEdition] = (),
    also: Collection[str] = (),
) -> ProtectedEdition:
    """Protect an edition and let it pass, or refuse it.

    What else to withhold is chosen for this edition alone; then an attacker tries it together
    with all former releases. Where they tell something, a person decides: fewer figures appear
    than would have, and whoever waits for them should know why.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built, with true values.
    rules : Rules
    former : sequence of FormerEdition
        All former releases, oldest first.
    also : collection of str
        Ids of observations that accepted remedies withhold.

    Returns
    -------
    ProtectedEdition
        Without an exposed cell.

    Raises
    ------
    ReleaseRefusedError
        When a difference between this edition and a former release would tell a count.
    ExposedError
        When nothing that can be withheld protects a count.
    SolverError
        When a program is not solved: what could not be examined does not pass.
    """
    edition = protect_edition(
        observations, rules, former=former, also=also, reckon_with_former=False
    )
    if edition.exposed.empty:
        return edition
    if not former:
        raise ExposedError(_tell_exposed(edition))
    gained = _find_remedy(observations, rules, former, edition, also)
    past = _find_telling(observations, rules, former, also)
    remedy = propose_remedy(_classify(edition, gained), gained)
    raise ReleaseRefusedError(Refusal(_name_exposed(edition), past.number, remedy, past.day))


def _find_remedy(
    observations: pd.DataFrame,
    rules: Rules,
    former: Sequence[FormerEdition],
    edition: ProtectedEdition,
    also: Collection[str],
) -> list[str]:
    wider = protect_edition(observations, rules, former=former, also=also)
    gained = _list_gained(edition, wider)
    if not wider.exposed.empty:
        # No choice protects them: what hangs together with them is held as a whole.
        gained = sorted({*gained, *_list_groups(wider)})
    proven = protect_edition(
        observations, rules, former=former, also=[*also, *gained], reckon_with_former=False
    )
    if not gained or not proven.exposed.empty:
        raise ExposedError(_tell_exposed(proven))
    return gained


def _list_gained(edition: ProtectedEdition, wider: ProtectedEdition) -> list[str]:
    more = wider.withheld & ~edition.withheld
    return [str(name) for name in edition.observations.loc[more, "observation_id"]]


def _list_groups(edition: ProtectedEdition) -> list[str]:
    exposed = edition.exposed.index.to_numpy()
    held = np.zeros(len(edition.linked.cells), dtype=bool)
    for group in split_components(edition.linked.cells, ~edition.marks.fixed):
        held[group.cells] = np.isin(group.cells, exposed).any()
    rows = (edition.place != NO_CELL) & ~edition.withheld.to_numpy()
    rows[rows] = held[edition.place[rows]]
    return [str(name) for name in edition.observations.loc[rows, "observation_id"]]


def _find_telling(
    observations: pd.DataFrame,
    rules: Rules,
    former: Sequence[FormerEdition],
    also: Collection[str],
) -> FormerEdition:
    """Find the newest release that tells by itself; the newest of all where it takes several."""
    for past in reversed(former):
        alone = protect_edition(
            observations, rules, former=[past], also=also, reckon_with_former=False
        )
        if not alone.exposed.empty:
            return past
    return former[-1]


def _name_exposed(edition: ProtectedEdition) -> tuple[CellName, ...]:
    named = [name_cell(row) for row in edition.exposed.to_dict("records")]
    return tuple(dict.fromkeys(named))


def _classify(edition: ProtectedEdition, gained: Collection[str]) -> str:
    """Say which remedy of the policy the withholding of these figures amounts to."""
    rows = edition.observations
    taken = rows["observation_id"].isin(gained)
    is_split = (rows[list(DIMENSIONS)] != TOTAL).any(axis=1)
    if not is_split[taken].all():
        return "suppress"
    tables = pd.MultiIndex.from_frame(rows[TABLE])
    same = tables.isin(tables[taken]) & is_split & ~edition.withheld & ~taken
    return "suppress" if same.any() else "fewer_dimensions"


def _tell_exposed(edition: ProtectedEdition) -> str:
    names = _name_exposed(edition)
    named = "; ".join(name.words for name in names[:NAMED])
    more = f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (
        f"Nothing was published: whatever is withheld, what is withheld in {named}{more} could be "
        f"worked out from what must be shown. Publish a longer period, a larger area or fewer "
        f"dimensions instead of these figures, or take their table out."
    )
