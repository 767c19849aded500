"""From published tables to observations: read, check, derive, identify, sort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.catalog import AreaError, IndicatorError, load_areas, load_indicators
from analysis.sources.demonstration import PREFIX
from analysis.sources.published import PublishedTable, read_published, read_sources
from analysis.store.derive import derive, duplicated_keys
from analysis.store.live import Live, join_sources, read_live, supersede
from analysis.store.received import join_live, read_received
from analysis.store.schema import COLUMNS, KEYS, check_observations, identify

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.catalog import Areas
    from analysis.workspace import Workspace


COUNTS = ("_persons", "_crossings", "_places", "_offences", "_cases")


class BuildError(ValueError):
    """Published tables that do not fit together."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, before protection.

    Parameters
    ----------
    observations : pandas.DataFrame
        Columns as in :data:`analysis.store.schema.COLUMNS`, sorted by area.
    sources : pandas.DataFrame
    snapshots : tuple of str
        The exact files that went in.
    """

    observations: pd.DataFrame
    sources: pd.DataFrame
    snapshots: tuple[str, ...]


def build_workspace(workspace: Workspace) -> Built:
    """Build all observations of a workspace: published, fetched and handed over.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Built

    Raises
    ------
    BuildError, PublishedError, ObservationError
        As :func:`build_observations`.
    SourceError
        When a snapshot is damaged.
    """
    return build_observations(
        workspace.published, join_live(read_live(workspace), read_received(workspace))
    )


def build_observations(published: Path, live: Live | None = None) -> Built:
    """Build all observations from a folder of published tables.

    Parameters
    ----------
    published : pathlib.Path
    live : Live, optional
        What was fetched, if anything.

    Returns
    -------
    Built

    Raises
    ------
    BuildError
        When a table names an unknown area or indicator, a key stands twice, a number cannot be
        read, or our sums differ from the totals that others printed.
    PublishedError
        When a table has other columns or an unlisted source.
    ObservationError
        When a row breaks a rule of the schema.
    """
    areas = load_areas()
    tables = supersede(read_published(published), live.tables if live else ())
    sources = read_sources(published)
    if live:
        sources = join_sources(sources, live.sources)
    _refuse_mixture(sources)
    read = [_observe(table, areas) for table in tables]
    plain = pd.concat(
        [f for f, t in zip(read, tables, strict=True) if not t.is_check], ignore_index=True
    )
    twice = duplicated_keys(plain)
    if len(twice):
        row = twice.iloc[0]
        msg = (
            f"{row['snapshot_id']} gives {row['indicator_id']} for {row['area_id']}, "
            f"{row['period_start']}, more than once (lines {twice['line'].iloc[0]} and "
            f"{twice['line'].iloc[1]}). Keep one row."
        )
        raise BuildError(msg)
    whole = derive(plain, areas)
    for frame, table in zip(read, tables, strict=True):
        if table.is_check:
            _compare_totals(whole, frame)
    whole = whole.assign(observation_id=identify(whole))[list(COLUMNS)]
    whole = whole.sort_values(["area_id", *KEYS], ignore_index=True)
    return Built(
        observations=check_observations(whole),
        sources=sources,
        snapshots=tuple(t.snapshot_id for t in tables),
    )


def _refuse_mixture(sources: pd.DataFrame) -> None:
    synthetic = sources["source_id"].str.startswith(PREFIX)
    if synthetic.any() and not synthetic.all():
        one, other = sources.loc[synthetic].iloc[0], sources.loc[~synthetic].iloc[0]
        msg = (
            f"'{one['source_id']}' is synthetic and '{other['source_id']}' is not. Figures for "
            f"demonstration are never mixed with real ones: keep them in a workspace of their "
            f"own, made by `patokaz demo`."
        )
        raise BuildError(msg)


def _observe(table: PublishedTable, areas: Areas) -> pd.DataFrame:
    frame = table.frame
    _check_known(table, areas)
    blank = frame["value"].eq("")
    numbers = pd.to_numeric(frame["value"].where(~blank), errors="coerce")
    unread = frame.loc[numbers.isna() & ~blank]
    if len(unread):
        row = unread.iloc[0]
        msg = (
            f"{table.name}, line {row['line']}: '{row['value']}' is not a number. Write digits "
            f"with a point, or leave the cell blank and set the state."
        )
        raise BuildError(msg)
    is_count = frame["indicator_id"].str.endswith(COUNTS)
    return frame.assign(
        snapshot_id=table.snapshot_id,
        value=numbers.astype(float),
        numerator=numbers.where(is_count).astype(float),
        denominator=np.nan,
        lower=np.nan,
        upper=np.nan,
        method="as published",
    )


def _check_known(table: PublishedTable, areas: Areas) -> None:
    indicators = load_indicators()
    for row in table.frame.drop_duplicates(["indicator_id", "area_id"]).to_dict("records"):
        try:
            areas.get(str(row["area_id"]))
            indicators.get(str(row["indicator_id"]))
        except (AreaError, IndicatorError) as failure:
            msg = f"{table.name}, line {row['line']}: {failure}"
            raise BuildError(msg) from None


def _compare_totals(observations: pd.DataFrame, printed: pd.DataFrame) -> None:
    on = ["indicator_id", "area_id", "period_start", "period_end"]
    merged = printed.merge(observations[[*on, "value"]], on=on, how="left", suffixes=("", "_ours"))
    off = merged.loc[merged["value_ours"].isna() | merged["value"].ne(merged["value_ours"])]
    if len(off):
        row = off.iloc[0]
        ours = "no sum" if pd.isna(row["value_ours"]) else f"{row['value_ours']:.0f}"
        msg = (
            f"The municipalities of {row['area_id']} give {ours} for {row['indicator_id']} in "
            f"{row['period_start'][:4]}, but {row['value']:.0f} is printed ({row['source_id']}, "
            f"line {row['line']} of {row['snapshot_id'].split('@')[0]}). "
            f"Find the wrong row before anything is published."
        )
        raise BuildError(msg)
