"""What is withheld, with its true numbers, and what is shown beside it.

The true numbers come from the restricted zone. They stay in memory: nothing here writes them,
and what the scanner says names the cell, never its number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.catalog import load_areas, load_indicators
from analysis.protection.scanner.names import Names, name_area, name_indicator
from analysis.protection.scanner.shown import Shown, index_shown, spell_number
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.workspace import Workspace

TOLD = ("value", "numerator", "lower", "upper")
WITHHELD = "suppressed"
DISTINCTIVE = 3


@dataclass(frozen=True, slots=True)
class Secret:
    """One withheld cell.

    Parameters
    ----------
    observation_id, area_id, indicator_id, source_id : str
    period_start, period_end : str
        ISO dates.
    values : frozenset of float
        Every number that would tell it: value and numerator, as they are and rounded. Not part
        of what is printed of a secret.
    is_share : bool
        Whether it is counted in per cent.
    dimensions : tuple of (str, str)
        Code of each dimension.
    reason : str
        Why it is withheld.
    """

    observation_id: str
    area_id: str
    indicator_id: str
    source_id: str
    period_start: str
    period_end: str
    values: frozenset[float] = field(repr=False)
    is_share: bool = False
    dimensions: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def period(self) -> tuple[int, int]:
        """First and last year."""
        return int(self.period_start[:4]), int(self.period_end[:4])

    @property
    def period_labels(self) -> tuple[str, ...]:
        """How the period is written: a year, or a span of years, and its dates."""
        first, last = self.period
        label = str(last) if first == last else f"{first}\N{EN DASH}{last}"
        return (label, self.period_start, self.period_end)

    @property
    def area_names(self) -> frozenset[str]:
        """Names and codes of the area in all languages."""
        return name_area(load_areas().get(self.area_id))

    @property
    def indicator_names(self) -> frozenset[str]:
        """Names and code of the indicator in all languages."""
        return name_indicator(load_indicators().get(self.indicator_id))

    @property
    def distinctive(self) -> frozenset[float]:
        """Those of its numbers that have three digits or more, so that chance explains few."""
        return frozenset(v for v in self.values if count_digits(v) >= DISTINCTIVE)


@dataclass(frozen=True)
class Secrets:
    """All withheld cells of an edition, and what is needed to judge a record.

    Parameters
    ----------
    cells : tuple of Secret
    shown : Shown
        Figures that the edition shows, which explain numbers.
    areas, indicators : Names
        Finders of names of the whole catalogue.
    around : mapping of str to tuple of str
        For each area those that its pages speak of besides: what it lies in, and the routes.
    """

    cells: tuple[Secret, ...]
    shown: Shown
    areas: Names
    indicators: Names
    around: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def count_digits(value: float) -> int:
    """Count the digits that carry a number.

    Examples
    --------
    >>> count_digits(36.0), count_digits(120.0), count_digits(0.0431)
    (2, 3, 3)
    """
    text = f"{abs(value):.10g}"
    if "." not in text:
        return len(text.strip("0")) if "e" in text else len(text)
    return len(text.replace(".", "").lstrip("0"))


def make_secrets(restricted: pd.DataFrame, public: pd.DataFrame) -> Secrets:
    """Hold the table before protection against the table after it.

    Parameters
    ----------
    restricted : pandas.DataFrame
        Observations with their true numbers; an id may occur in several vintages.
    public : pandas.DataFrame
        Observations as published. A row that is not among them counts as withheld too.

    Returns
    -------
    Secrets
    """
    known = {a.area_id: name_area(a) for a in load_areas()}
    measured = {i.indicator_id: name_indicator(i) for i in load_indicators()}
    shares = {i.indicator_id for i in load_indicators() if i.unit not in {"persons", ""}}
    withheld = public["state"].eq(WITHHELD)
    reasons = dict(
        zip(
            public.loc[withheld, "observation_id"],
            public.loc[withheld, "reason"] if "reason" in public else [""] * int(withheld.sum()),
            strict=True,
        )
    )
    shown = public.loc[~withheld]
    hidden = restricted["observation_id"].isin(set(reasons))
    absent = ~restricted["observation_id"].isin(set(public["observation_id"]))
    values: dict[str, set[float]] = {}
    rows: dict[str, dict[Any, Any]] = {}
    for row in restricted.loc[hidden | absent].to_dict("records"):
        name = str(row["observation_id"])
        rows[name] = row
        values.setdefault(name, set()).update(*(spell_number(row[n]) for n in TOLD))
    cells = tuple(
        Secret(
            observation_id=name,
            area_id=str(row["area_id"]),
            indicator_id=str(row["indicator_id"]),
            source_id=str(row["source_id"]),
            period_start=str(row["period_start"]),
            period_end=str(row["period_end"]),
            values=frozenset(values[name]),
            is_share=str(row["indicator_id"]) in shares,
            dimensions=tuple((d, str(row[d])) for d in DIMENSIONS if d in row),
            reason=str(reasons.get(name, "")),
        )
        for name, row in sorted(rows.items())
    )
    return Secrets(cells, index_shown(shown), Names(known), Names(measured), _around())


def _around() -> dict[str, tuple[str, ...]]:
    areas = {a.area_id: a for a in load_areas()}
    routes = tuple(a.area_id for a in areas.values() if a.level == "route")
    found = {}
    for name, area in areas.items():
        chain, above = [], area.parent_id
        while above in areas and above not in chain:
            chain.append(above)
            above = areas[above].parent_id
        found[name] = (*chain, *routes)
    return found


def read_secrets(workspace: Workspace) -> Secrets:
    """Read what an edition withholds.

    Parameters
    ----------
    workspace : Workspace
        Built.

    Returns
    -------
    Secrets

    Raises
    ------
    StoreError
        When nothing has been built.
    """
    return make_secrets(
        read_table(workspace.restricted / OBSERVATIONS),
        read_table(workspace.public / OBSERVATIONS),
    )
