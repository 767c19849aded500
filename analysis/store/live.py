"""Figures that were fetched: the newest snapshot of each source, beside the published tables.

A figure that a source has given anew takes the place of the one that ships under the same source
and the same keys. Sources that differ stay beside each other: nothing is averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.sources.published import SOURCE_COLUMNS, PublishedTable
from analysis.sources.registry import all_sources
from analysis.sources.snapshots import latest
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.sources.protocol import About, Source
    from analysis.sources.snapshots import Snapshot
    from analysis.workspace import Workspace

FIGURE = ["indicator_id", "area_id", "period_start", "period_end", *DIMENSIONS, "source_id"]
DIGEST_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Live:
    """What the snapshots of a workspace hold.

    Parameters
    ----------
    tables : tuple of PublishedTable
        One a snapshot.
    sources : pandas.DataFrame
        A row for each source that has a snapshot, columns as the table of sources.
    """

    tables: tuple[PublishedTable, ...]
    sources: pd.DataFrame


def read_live(workspace: Workspace, known: Mapping[str, Source] | None = None) -> Live:
    """Read the newest snapshots of every source.

    Parameters
    ----------
    workspace : Workspace
    known : mapping of str to Source, optional
        All connectors, unless given.

    Returns
    -------
    Live
        Empty where nothing was ever fetched.

    Raises
    ------
    SourceError
        When a snapshot is damaged, or cannot be read any more; it is never passed over.
    """
    tables: list[PublishedTable] = []
    rows: list[dict[str, str]] = []
    for source_id, source in (known if known is not None else all_sources()).items():
        snapshots = latest(workspace, source_id)
        tables += [_table(source, snapshot) for snapshot in snapshots]
        if snapshots:
            rows.append(_source_row(source.about, snapshots))
    return Live(tuple(tables), pd.DataFrame(rows, columns=list(SOURCE_COLUMNS)))


def _table(source: Source, snapshot: Snapshot) -> PublishedTable:
    frame = source.read(snapshot.path.read_bytes(), snapshot.name)
    name = f"{source.about.source_id}/{snapshot.name}"
    return PublishedTable(
        name=name,
        snapshot_id=f"{name}@{snapshot.sha256[:DIGEST_LENGTH]}",
        frame=frame.reset_index(drop=True).assign(line=0),
        is_check=False,
    )


def _source_row(about: About, snapshots: Sequence[Snapshot]) -> dict[str, str]:
    dates = [_as_of(snapshot.sidecar) for snapshot in snapshots]
    return dict.fromkeys(SOURCE_COLUMNS, "") | {
        "source_id": about.source_id,
        "publisher": about.publisher,
        "title": about.title,
        "address": about.home,
        "as_of": max(dates),
        "licence": about.licence,
        "language": "en",
        "verification": "read",
        "how_verified": "read by machine in the file as received",
    }


def _as_of(sidecar: Mapping[str, object]) -> str:
    """Give the day that the publisher states, or else the day of the download."""
    stated = str(sidecar.get("date_published") or "")[:10]
    return stated if _is_day(stated) else str(sidecar["date_accessed"])


def _is_day(text: str) -> bool:
    return pd.notna(pd.to_datetime(text, format="%Y-%m-%d", errors="coerce"))


def supersede(
    published: Sequence[PublishedTable], live: Sequence[PublishedTable]
) -> list[PublishedTable]:
    """Take out of the published tables what their own source has given anew.

    Parameters
    ----------
    published, live : sequence of PublishedTable

    Returns
    -------
    list of PublishedTable
        The published tables without those rows, then the live ones. Tables that only serve as a
        check stay whole.
    """
    if not live:
        return list(published)
    renewed = set(pd.concat([t.frame[FIGURE] for t in live]).itertuples(index=False, name=None))
    kept = [t if t.is_check else _without(t, renewed) for t in published]
    return [*kept, *live]


def _without(table: PublishedTable, renewed: set[tuple[str, ...]]) -> PublishedTable:
    keys = table.frame[FIGURE].itertuples(index=False, name=None)
    stays = [key not in renewed for key in keys]
    return PublishedTable(
        table.name, table.snapshot_id, table.frame.loc[stays].reset_index(drop=True), table.is_check
    )


def join_sources(published: pd.DataFrame, live: pd.DataFrame) -> pd.DataFrame:
    """Join the tables of sources; the newer account of a source stands.

    Parameters
    ----------
    published, live : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        One row a source, sorted by id.
    """
    old = published.loc[~published["source_id"].isin(set(live["source_id"]))]
    return pd.concat([old, live], ignore_index=True).sort_values("source_id", ignore_index=True)
