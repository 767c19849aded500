"""Figures that somebody handed over in a table of indicators, as accepted by the importer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.sources.demonstration import PREFIX as SYNTHETIC
from analysis.sources.published import COLUMNS, SOURCE_COLUMNS, PublishedTable
from analysis.sources.returns.kinds import find_kind
from analysis.sources.returns.ledger import active_rows, read_ledger
from analysis.store.live import Live

if TYPE_CHECKING:
    from analysis.workspace import Workspace

KIND = "indicator_table"
PREFIX = "received-"
UNNAMED = "source not named"
LENGTH = 8
DIGEST_LENGTH = 12


def read_received(workspace: Workspace) -> Live:
    """Read the accepted rows of tables of indicators.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Live
        One table a file that was handed over, and a row for each source that they name. A source
        is called ``received-…``: it stands beside published ones and replaces none of them.
    """
    rows = active_rows(read_ledger(workspace.received, find_kind(KIND)))
    if rows.empty:
        return Live((), pd.DataFrame(columns=list(SOURCE_COLUMNS)))
    named = rows["source"].replace("", UNNAMED)
    ids = named.map(_source_id)
    frame = pd.DataFrame(
        {
            **{c: rows[c].astype(str) for c in ("indicator_id", "period_start", "period_end")},
            "area_id": rows["area"].astype(str),
            **{c: rows[c].astype(str) for c in ("sex", "origin", "citizenship")},
            "value": rows["value"].map(_digits),
            "state": rows["value_state"].astype(str),
            "status": rows["status"].replace("", "final").astype(str),
            "verification": "received",
            "source_id": ids,
            "locator": "sheet " + rows["sheet"].astype(str),
            "note": rows["warning"].astype(str),
        }
    )[list(COLUMNS)].assign(line=rows["row"].astype(int), file=rows["file_sha256"])
    parts = frame.groupby("file", sort=True)
    tables = tuple(_table(str(digest)[:DIGEST_LENGTH], part) for digest, part in parts)
    return Live(tables, _sources(named, ids))


def _digits(number: Any) -> str:
    return "" if pd.isna(number) else repr(float(number))


def _table(file: str, rows: pd.DataFrame) -> PublishedTable:
    return PublishedTable(
        name=f"{KIND}/{file}",
        snapshot_id=f"{KIND}@{file}",
        frame=rows.drop(columns="file").reset_index(drop=True),
        is_check=False,
    )


def _source_id(name: str) -> str:
    if name.startswith(SYNTHETIC):
        # It stays known as synthetic, and mixes with nothing.
        return name
    return PREFIX + hashlib.sha256(name.encode("utf-8")).hexdigest()[:LENGTH]


def _sources(named: pd.Series, ids: pd.Series) -> pd.DataFrame:
    pairs = sorted(set(zip(ids, named, strict=True)))
    return pd.DataFrame(
        [
            dict.fromkeys(SOURCE_COLUMNS, "")
            | {
                "source_id": source_id,
                "publisher": name,
                "title": "Table of indicators, handed over",
                "licence": "ask the publisher",
                "verification": "received",
                "how_verified": "checked by the importer, not against a publication",
            }
            for source_id, name in pairs
        ],
        columns=list(SOURCE_COLUMNS),
    )


def join_live(first: Live, second: Live) -> Live:
    """Join what was fetched with what was handed over."""
    sources = pd.concat([first.sources, second.sources], ignore_index=True)
    return Live((*first.tables, *second.tables), sources)
