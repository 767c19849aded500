"""Fetched figures take the place of older ones of their own source, and of no other."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.sources.protocol import About, Received, SourceError, read_rows
from analysis.sources.snapshots import keep, latest
from analysis.store.build import build_observations
from analysis.store.live import read_live

if TYPE_CHECKING:
    from analysis.sources.client import Client
    from analysis.workspace import Workspace

DAY = dt.date(2026, 11, 1)


class Toy:
    """A source whose files are lists of rows in JSON."""

    about = About(
        source_id="frontex-ibc",
        publisher="Frontex",
        title="Monthly detections",
        citation="Frontex",
        licence="to be confirmed",
        licence_address="",
        home="https://example.org",
        schedule="monthly",
    )

    def fetch(self, client: Client) -> list[Received]:
        raise NotImplementedError

    def read(self, content: bytes, _: str) -> pd.DataFrame:
        return read_rows(json.loads(content))


def _row(month: str, value: int, **more: str) -> dict[str, object]:
    return {
        "indicator_id": "route_detections_crossings",
        "area_id": "ROUTE-WB",
        "period_start": f"{month}-01",
        "period_end": f"{month}-31",
        "value": str(value),
        "state": "value",
        "status": "provisional",
        "verification": "read",
        "source_id": "frontex-ibc",
        "locator": "sheet",
        "note": "",
    } | more


def _keep(workspace: Workspace, rows: list[dict[str, object]], published: str = "") -> None:
    received = Received(
        "detections.json", json.dumps(rows).encode(), "https://example.org", "t", published, "json"
    )
    keep(workspace, Toy.about, received, DAY)


def _build(workspace: Workspace) -> pd.DataFrame:
    live = read_live(workspace, {"frontex-ibc": Toy()})
    return build_observations(workspace.published, live).observations


def _route(observations: pd.DataFrame) -> pd.DataFrame:
    route = observations["indicator_id"].eq("route_detections_crossings")
    return observations.loc[route & observations["method"].eq("as published")]


def test_nothing_fetched_is_nothing_changed(own_workspace: Workspace) -> None:
    plain = build_observations(own_workspace.published).observations
    pd.testing.assert_frame_equal(_build(own_workspace), plain)


def test_a_newer_figure_of_the_same_source_stands_alone(own_workspace: Workspace) -> None:
    before = _route(_build(own_workspace))
    _keep(own_workspace, [_row("2009-01", 178), _row("2025-05", 999)])
    after = _route(_build(own_workspace))
    assert len(after) == len(before) + 1
    january = after.loc[after["period_start"].eq("2009-01-01")].iloc[0]
    assert january["value"] == 178
    assert january["snapshot_id"].startswith("frontex-ibc/detections.json@")


def test_sums_follow_the_newer_figure(own_workspace: Workspace) -> None:
    def year(frame: pd.DataFrame) -> float:
        rows = frame.loc[frame["method"].eq("sum of 12 months")]
        return float(rows.loc[rows["period_end"].eq("2009-12-31"), "value"].iloc[0])

    before = year(_build(own_workspace))
    _keep(own_workspace, [_row("2009-01", 178)])
    assert year(_build(own_workspace)) == before + 1


def test_another_source_is_kept_beside(own_workspace: Workspace) -> None:
    _keep(own_workspace, [_row("2009-01", 500, source_id="eurostat-asyapp")])
    after = _route(_build(own_workspace))
    january = after.loc[after["period_start"].eq("2009-01-01")]
    assert dict(zip(january["source_id"], january["value"], strict=True)) == {
        "frontex-ibc": 177,
        "eurostat-asyapp": 500,
    }


def test_only_the_newest_snapshot_counts(own_workspace: Workspace) -> None:
    _keep(own_workspace, [_row("2009-01", 178)])
    _keep(own_workspace, [_row("2009-01", 179)])
    assert len(latest(own_workspace, "frontex-ibc")) == 1
    after = _route(_build(own_workspace))
    assert list(after.loc[after["period_start"].eq("2009-01-01"), "value"]) == [179]


def test_the_table_of_sources_says_how_new_it_is(own_workspace: Workspace) -> None:
    _keep(own_workspace, [_row("2009-01", 178)], published="2026-09-02")
    live = read_live(own_workspace, {"frontex-ibc": Toy()})
    sources = build_observations(own_workspace.published, live).sources.set_index("source_id")
    assert sources.loc["frontex-ibc", "as_of"] == "2026-09-02"
    assert sources.index.is_unique


def test_without_a_stated_day_the_day_of_the_download_stands(own_workspace: Workspace) -> None:
    _keep(own_workspace, [_row("2009-01", 178)], published="release 9")
    live = read_live(own_workspace, {"frontex-ibc": Toy()})
    assert live.sources.loc[0, "as_of"] == "2026-11-01"


def test_a_damaged_snapshot_is_never_passed_over(own_workspace: Workspace) -> None:
    _keep(own_workspace, [_row("2009-01", 178)])
    path = latest(own_workspace, "frontex-ibc")[0].path
    path.chmod(0o644)
    path.write_bytes(b"[]")
    with pytest.raises(SourceError, match=path.name):
        read_live(own_workspace, {"frontex-ibc": Toy()})


def _office(indicator: str, year: int, value: int) -> dict[str, object]:
    day = indicator.startswith("midyear")
    return _row("2021-01", value, source_id="makstat") | {
        "indicator_id": indicator,
        "area_id": "MK-703",
        "period_start": f"{year}-06-30" if day else f"{year}-01-01",
        "period_end": f"{year}-06-30" if day else f"{year}-12-31",
        "status": "final",
    }


def test_net_migration_is_what_births_and_deaths_leave_of_the_change(
    own_workspace: Workspace,
) -> None:
    rows = [
        _office("midyear_population_persons", 2021, 98_000),
        _office("midyear_population_persons", 2022, 97_000),
        *[_office("live_births_persons", year, 900) for year in (2021, 2022)],
        *[_office("deaths_persons", year, 1_200) for year in (2021, 2022)],
    ]
    _keep(own_workspace, rows)
    built = _build(own_workspace)
    found = built.loc[built["indicator_id"].eq("residual_net_migration_persons")]
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["value"], row["status"]) == (-1_000 + 300, "estimate")
    assert row["method"].startswith("residual: population change − (births − deaths)")
    assert (row["period_start"], row["period_end"]) == ("2021-07-01", "2022-06-30")
    assert row["source_id"] == "makstat"


def test_two_offices_are_never_put_into_one_balance(own_workspace: Workspace) -> None:
    rows = [
        _office("live_births_persons", 2021, 900),
        _office("deaths_persons", 2021, 1_200),
    ]
    _keep(own_workspace, rows)
    built = _build(own_workspace)
    assert not built["indicator_id"].eq("residual_net_migration_persons").any()
