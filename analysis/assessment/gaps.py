"""What we do not know of a municipality, read from the catalogue and the states of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from analysis.catalog import Area, Indicator
    from analysis.store.read import PublicData

Kind = Literal["not_held", "no_row", "withheld", "years_missing", "second_hand"]
SECOND_HAND = frozenset({"read_secondary_source", "region_sum_only", "unverified"})
# A series by year is expected of these domains; elsewhere one figure is enough.
YEARLY_DOMAIN = "asylum"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known, and why.

    Parameters
    ----------
    indicator : Indicator
    kind : str
        ``not_held`` (nobody has given it), ``no_row`` (no figure for this place), ``withheld``
        (every figure is too small to publish), ``years_missing``, or ``second_hand`` (the figure
        was read in a secondary source and waits for the office's own table).
    years : tuple of int
        The years that it concerns, where it concerns years.
    """

    indicator: Indicator
    kind: Kind
    years: tuple[int, ...] = ()


def find_gaps(data: PublicData, area: Area, up_to: int) -> tuple[Gap, ...]:
    """List what the data do not say of a municipality.

    Parameters
    ----------
    data : PublicData
    area : Area
        A municipality.
    up_to : int
        Last year that counts.

    Returns
    -------
    tuple of Gap
        In the order of the catalogue. Never empty while the catalogue names an indicator that
        nobody has given.
    """
    found: list[Gap] = []
    for indicator in data.indicators:
        # The catalogue names many more indicators than a page can speak of.
        if not indicator.in_profile or "municipality" not in indicator.levels:
            continue
        gap = _gap_of(data, indicator, area, up_to)
        if gap:
            found.append(gap)
    return tuple(found)


def _gap_of(data: PublicData, indicator: Indicator, area: Area, up_to: int) -> Gap | None:
    if not indicator.is_held:
        return Gap(indicator, "not_held")
    results = [r for r in data.series(indicator.indicator_id, area.area_id) if r.year <= up_to]
    if not results:
        return Gap(indicator, "no_row")
    if all(r.state == "suppressed" for r in results):
        return Gap(indicator, "withheld", tuple(sorted({r.year for r in results})))
    if indicator.domain == YEARLY_DOMAIN:
        held = {r.year for r in results}
        missing = tuple(y for y in range(min(held), up_to + 1) if y not in held)
        return Gap(indicator, "years_missing", missing) if missing else None
    second = _second_hand_years(data, indicator, area, up_to)
    return Gap(indicator, "second_hand", second) if second else None


def _second_hand_years(
    data: PublicData, indicator: Indicator, area: Area, up_to: int
) -> tuple[int, ...]:
    rows = data.list_rows(indicator.indicator_id, area.area_id)
    years = {int(row["period_end"][:4]) for row in rows if row["verification"] in SECOND_HAND}
    return tuple(sorted(y for y in years if y <= up_to))
