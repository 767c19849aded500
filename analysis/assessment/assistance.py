"""How many of those whom mobile teams found were given direct assistance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.methods.rates import estimate_share

if TYPE_CHECKING:
    from analysis.catalog import Area
    from analysis.methods import Result
    from analysis.store.read import PublicData

HELPED = "victims_given_direct_assistance_persons"
FOUND = "mobile_team_contacts_persons"
# Whom the assistance is for; vulnerable persons are met by the teams and are not counted here.
STATUSES = ("status:victim", "status:potential_victim")


@dataclass(frozen=True, slots=True)
class Assistance:
    """One publisher's figures of one period, for the same persons.

    Parameters
    ----------
    area : Area
    helped : Result
        Persons who were given assistance.
    found : Result
        Victims and potential victims together, worked out from ``parts``.
    parts : tuple of Result
    share : Result
        In percent, with Wilson's interval and the number of those found.
    rest : Result
        Those found who were not helped; whether they needed help is not known.
    """

    area: Area
    helped: Result
    found: Result
    parts: tuple[Result, ...]
    share: Result
    rest: Result

    @property
    def results(self) -> tuple[Result, ...]:
        """The observations behind it."""
        return (self.helped, *self.parts)


def read_assistance(data: PublicData, area: Area) -> Assistance | None:
    """Read the newest period for which one publisher gives both ends.

    Parameters
    ----------
    data : PublicData
    area : Area
        A country.

    Returns
    -------
    Assistance or None
        None where a count is missing or withheld, where the parts have other periods or
        publishers, or where more were helped than found: then the two count different persons.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22, 209-212.
    """
    split = [(p, r) for p, r in data.splits(FOUND, area.area_id, "category") if p in STATUSES]
    for helped in reversed(data.series(HELPED, area.area_id)):
        parts = tuple(r for _, r in split if _is_same(r, helped))
        if len(parts) != len(STATUSES) or not all(r.is_number for r in (helped, *parts)):
            continue
        whole = sum(r.value or 0.0 for r in parts)
        if (helped.value or 0.0) <= whole:
            return _join(area, helped, parts, whole)
    return None


def _is_same(one: Result, other: Result) -> bool:
    return (one.source_id, one.period_start, one.period_end) == (
        other.source_id,
        other.period_start,
        other.period_end,
    )


def _join(area: Area, helped: Result, parts: tuple[Result, ...], whole: float) -> Assistance:
    inputs = tuple(r.reference for r in (helped, *parts))
    found = _count(parts[0], whole, "sum of parts", inputs[1:])
    rest = _count(parts[0], whole - (helped.value or 0.0), "difference", inputs)
    share = estimate_share([helped.value or 0.0], [whole]).at(0).settle()
    bound = replace(
        share,
        unit="percent",
        inputs=inputs,
        source_id=helped.source_id,
        period_start=helped.period_start,
        period_end=helped.period_end,
        status="estimate",
    )
    return Assistance(area, helped, found, parts, bound, rest)


def _count(like: Result, value: float, method: str, inputs: tuple[str, ...]) -> Result:
    return replace(
        like,
        state="value" if value else "zero",
        value=value,
        n=None,
        reference="",
        method=method,
        inputs=inputs,
    )
