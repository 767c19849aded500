"""How ready the data are on a day: fresh, overdue, missing, conflicting, by indicator and owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from analysis.assessment.due import DUE_AFTER_DAYS, find_due
from analysis.catalog import load_areas
from analysis.sources.demonstration import is_demonstration
from analysis.store.read import PublicData, read_public
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from analysis.catalog import Indicator
    from analysis.workspace import Workspace

Freshness = Literal["fresh", "overdue", "no_schedule", "no_date"]
MUNICIPAL = r"MK-\d{3}$"
TODAY = "today"
CONFLICT_KEYS = ["indicator_id", "area_id", "period_start", "period_end", *DIMENSIONS]


class ReadinessError(ValueError):
    """A day that is none."""


@dataclass(frozen=True, slots=True)
class Held:
    """One indicator that has figures.

    Parameters
    ----------
    indicator : Indicator
    newest_period : str
        Last day of the newest period with a row.
    as_of : str
        Date of the newest source, as exact as the source says.
    freshness : str
        ``fresh``, ``overdue``, ``no_schedule`` or ``no_date``.
    municipalities : int
        How many of the 80 have at least one figure, shown or withheld.
    withheld, rows : int
        Rows that are withheld, and all rows.
    """

    indicator: Indicator
    newest_period: str
    as_of: str
    freshness: Freshness
    municipalities: int
    withheld: int
    rows: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """One figure that sources give differently; all of them are kept."""

    indicator: Indicator
    area_id: str
    period_end: str
    values: tuple[tuple[str, float], ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What is held of one municipality.

    Parameters
    ----------
    area_id : str
    indicators : int
        How many indicators have at least one row.
    rows, withheld, without_data : int
        All rows, those that are withheld, those that say that there are no data.
    newest_period : str
        Last day of the newest period with a row.
    """

    area_id: str
    indicators: int
    rows: int
    withheld: int
    without_data: int
    newest_period: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of the data on a day.

    Parameters
    ----------
    day : datetime.date
    held : tuple of Held
        Indicators with figures, in the order of the catalogue.
    wanted : tuple of Indicator
        Indicators that nobody has given figures for.
    conflicts : tuple of Conflict
    places : tuple of Place
        One a municipality, by id.
    changes : pandas.DataFrame
        The changelog between the last two builds; empty where there is none.
    data : PublicData
    """

    day: dt.date
    held: tuple[Held, ...]
    wanted: tuple[Indicator, ...]
    conflicts: tuple[Conflict, ...]
    places: tuple[Place, ...]
    changes: pd.DataFrame
    data: PublicData

    @property
    def overdue(self) -> tuple[Held, ...]:
        """The indicators whose source should have been renewed by now."""
        return tuple(h for h in self.held if h.freshness == "overdue")

    @property
    def is_demonstration(self) -> bool:
        """Whether the figures are synthetic, by the names of their sources."""
        return is_demonstration(self.data.sources["source_id"])


def load_readiness(workspace: Workspace, day: str) -> Readiness:
    """Judge the public zone of a workspace on a day.

    Parameters
    ----------
    workspace : Workspace
    day : str
        ISO date.

    Returns
    -------
    Readiness

    Raises
    ------
    ReadinessError
        When the day is not a date.
    StoreError
        When nothing has been built.
    """
    path = workspace.public / "changes.csv"
    changes = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None
    return judge_readiness(read_public(workspace), day, changes)


def judge_readiness(data: PublicData, day: str, changes: pd.DataFrame | None = None) -> Readiness:
    """Judge protected data that are already in memory.

    Parameters
    ----------
    data : PublicData
        All areas.
    day : str
        ISO date on which freshness is judged, or ``today``.
    changes : pandas.DataFrame, optional
        Changelog of the last build.

    Returns
    -------
    Readiness

    Raises
    ------
    ReadinessError
        When the day is not a date.
    """
    try:
        judged = dt.datetime.now(dt.UTC).date() if day == TODAY else dt.date.fromisoformat(day)
    except ValueError:
        msg = f"'{day}' is not a day. Write 'today', or a date such as 2026-01-31."
        raise ReadinessError(msg) from None
    with_rows = set(data.frame["indicator_id"])
    return Readiness(
        day=judged,
        held=tuple(_hold(data, i, judged) for i in data.indicators if i.indicator_id in with_rows),
        wanted=tuple(i for i in data.indicators if i.indicator_id not in with_rows),
        conflicts=find_conflicts(data),
        places=count_places(data),
        changes=changes if changes is not None else pd.DataFrame(),
        data=data,
    )


def _hold(data: PublicData, indicator: Indicator, day: dt.date) -> Held:
    rows = data.frame.loc[data.frame["indicator_id"].eq(indicator.indicator_id)]
    used = data.sources.loc[data.sources["source_id"].isin(set(rows["source_id"]))]
    as_of = max((d for d in used["as_of"] if d), default="")
    municipal = rows.loc[rows["area_id"].str.match(MUNICIPAL), "area_id"]
    return Held(
        indicator=indicator,
        newest_period=str(rows["period_end"].max()),
        as_of=as_of,
        freshness=judge_freshness(as_of, indicator.schedule, day),
        municipalities=int(municipal.nunique()),
        withheld=int(rows["state"].eq("suppressed").sum()),
        rows=len(rows),
    )


def count_places(data: PublicData) -> tuple[Place, ...]:
    """Count what is held of each municipality, those with nothing included."""
    found = dict(list(data.frame.groupby("area_id")))
    places = []
    for area in load_areas().at_level("municipality"):
        rows = found.get(area.area_id, data.frame.iloc[:0])
        places.append(
            Place(
                area_id=area.area_id,
                indicators=len(set(rows["indicator_id"])),
                rows=len(rows),
                withheld=int(rows["state"].eq("suppressed").sum()),
                without_data=int(rows["state"].eq("no_data").sum()),
                newest_period=str(rows["period_end"].max()) if len(rows) else "",
            )
        )
    return tuple(sorted(places, key=lambda place: place.area_id))


def judge_freshness(as_of: str, schedule: str, day: dt.date) -> Freshness:
    """Say whether a source should have been renewed by a day.

    Parameters
    ----------
    as_of : str
        Year, month or day of the source; a year counts as its end, so that doubt is in its
        favour.
    schedule : str
        ``monthly``, ``quarterly``, ``half-yearly``, ``yearly`` or another word.
    day : datetime.date

    Returns
    -------
    str

    Examples
    --------
    >>> judge_freshness("2025-06-03", "monthly", dt.date(2026, 1, 1))
    'overdue'
    >>> judge_freshness("2025", "yearly", dt.date(2026, 6, 1))
    'fresh'
    """
    if schedule not in DUE_AFTER_DAYS:
        return "no_schedule"
    due = find_due(as_of, schedule)
    if due is None:
        return "no_date"
    return "overdue" if day > due else "fresh"


def find_conflicts(data: PublicData) -> tuple[Conflict, ...]:
    """List the figures that sources give differently.

    A withheld figure is in no conflict: its number may not be compared in public.
    """
    shown = data.frame.loc[data.frame["state"].isin(["value", "zero"])]
    # All groups are counted at once, and only the few that differ are looked into: one by one they
    # are thousands.
    groups = shown.groupby(CONFLICT_KEYS, sort=False)
    differ = groups["source_id"].transform("nunique").gt(1) & groups["value"].transform(
        "nunique"
    ).gt(1)
    found = []
    for _, group in shown.loc[differ].groupby(CONFLICT_KEYS, sort=True):
        ordered = group.sort_values("source_id")
        first = ordered.iloc[0]
        found.append(
            Conflict(
                indicator=data.indicators.get(str(first["indicator_id"])),
                area_id=str(first["area_id"]),
                period_end=str(first["period_end"]),
                values=tuple(zip(ordered["source_id"], ordered["value"], strict=True)),
                references=tuple(ordered["observation_id"]),
            )
        )
    return tuple(found)
