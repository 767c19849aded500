"""A small edition whose builds take no time: two indicators, four municipalities, two years."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.protection.ledger.steps import approve_edition, submit_edition
from analysis.store.files import OBSERVATIONS, SOURCES, write_table
from analysis.store.schema import COLUMNS, NUMBERS, check_observations, identify

if TYPE_CHECKING:
    from analysis.workspace import Workspace

AREAS = ("MK-703", "MK-801", "MK-605", "MK-104")
INDICATORS = ("trafficking_victims_identified", "asylum_applications")
# Withheld, and like nothing else in the tables: found nowhere by chance.
PLANTED = 7.123456789012345
MARCH = dt.datetime(2026, 3, 4, 10, 30, 5, tzinfo=dt.UTC)


def observe(changes: dict[int, float] | None = None) -> pd.DataFrame:
    """Observations before protection: rows 0 and 5 are small, row 6 was blank when it came."""
    rows = [
        {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            **dict.fromkeys(("sex", "origin", "citizenship", "age", "category"), "total"),
            "source_id": f"source-{year}",
            "snapshot_id": "file.csv@abc",
            **dict.fromkeys(NUMBERS, np.nan),
            "method": "",
            "state": "value",
            "status": "final",
            "verification": "read",
            "locator": "p. 1",
            "line": 3,
            "note": "",
        }
        for indicator in INDICATORS
        for year in (2023, 2024)
        for area in AREAS
    ]
    frame = pd.DataFrame(rows)
    frame["value"] = [PLANTED, *(100.0 + 3 * n for n in range(1, len(rows)))]
    frame.loc[5, "value"] = 2.0
    for row, value in (changes or {}).items():
        frame.loc[row, "value"] = value
    frame.loc[0, "note"] = "a note that tells"
    frame.loc[6, ["state", "value"]] = ["suppressed", np.nan]
    frame["observation_id"] = identify(frame)
    return check_observations(frame[list(COLUMNS)])


def withhold(frame: pd.DataFrame, also: tuple[str, ...] = ()) -> pd.DataFrame:
    """Protect observations as the door does, by the plainest rule."""
    hidden = frame["value"].lt(10) | frame["observation_id"].isin(also)
    out = frame.assign(reason=np.where(hidden, "small count", ""))
    out.loc[hidden, list(NUMBERS)] = np.nan
    out.loc[hidden, "state"] = "suppressed"
    out.loc[hidden, ["note", "method"]] = ""
    out.loc[hidden, "line"] = 0
    return out


def build(
    workspace: Workspace,
    changes: dict[int, float] | None = None,
    also: tuple[str, ...] = (),
    **note: Any,
) -> pd.DataFrame:
    """Write both zones; gives the public table."""
    frame = observe(changes)
    table = withhold(frame, also)
    write_table(workspace.restricted / OBSERVATIONS, frame)
    content = {
        "policy_version": "7",
        "observations_sha256": write_table(workspace.public / OBSERVATIONS, table),
        "sources_sha256": write_table(workspace.public / SOURCES, pd.DataFrame({"s": ["x"]})),
        **note,
    }
    (workspace.public / "release.json").write_text(json.dumps(content), encoding="utf-8")
    return table


def publish(workspace: Workspace, changes: dict[int, float] | None = None) -> Any:
    """Build, submit and approve."""
    build(workspace, changes)
    submit_edition(workspace, "Ana Petrova", MARCH)
    return approve_edition(workspace, "Arben Hoxha", MARCH + dt.timedelta(days=2))
