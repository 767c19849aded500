"""From a build to a release, to one that would tell, to its remedy: the way of its owner."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from analysis.protection import load_policy, publish_observations
from analysis.protection.ledger.refusal import ReleaseRefusedError
from analysis.protection.ledger.remedies import accept_remedy, read_accepted
from analysis.protection.ledger.standing import read_standing
from analysis.protection.ledger.steps import approve_edition, submit_edition
from analysis.store.build import build_workspace
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.schema import identify

if TYPE_CHECKING:
    from analysis.store.build import Built
    from analysis.workspace import Workspace

FLOW = "protection_granted_persons"


def _add(built: Built, rows: list[dict[str, Any]]) -> Built:
    like = built.observations.loc[built.observations["state"].eq("value")].iloc[0].to_dict()
    plain = dict.fromkeys(("sex", "origin", "citizenship", "age", "category"), "total")
    new = pd.DataFrame([like | plain | row for row in rows])
    new = new.assign(
        numerator=new["value"], indicator_id=FLOW, area_id="MK-703", lower=float("nan")
    )
    new = new.assign(upper=float("nan"), denominator=float("nan"), observation_id=identify(new))
    whole = pd.concat([built.observations, new[list(built.observations)]], ignore_index=True)
    return replace(built, observations=whole)


def _span(first: int, last: int, count: int) -> dict[str, Any]:
    return {"period_start": f"{first}-01-01", "period_end": f"{last}-12-31", "value": float(count)}


@pytest.fixture
def built(own_workspace: Workspace) -> Built:
    return build_workspace(own_workspace)


def _state(workspace: Workspace) -> dict[tuple[str, str], str]:
    table = read_table(workspace.public / OBSERVATIONS)
    rows = table.loc[table["indicator_id"].eq(FLOW) & table["area_id"].eq("MK-703")]
    keys = zip(rows["period_start"].str[:4], rows["period_end"].str[:4], strict=True)
    return dict(zip(keys, rows["state"], strict=True))


def test_a_release_that_would_tell_is_refused_and_its_remedy_publishes(
    own_workspace: Workspace, built: Built
) -> None:
    years = [_span(y, y, c) for y, c in ((2021, 8), (2022, 9), (2023, 8))]
    publish_observations(_add(built, years), own_workspace)
    assert _state(own_workspace)["2021", "2023"] == "value", "the sum of three years was offered"
    submit_edition(own_workspace, "Ana Petrova")
    assert approve_edition(own_workspace, "Arben Hoxha").number == 1
    assert read_standing(own_workspace).is_released

    # No sum of three years is offered any more: it takes the former release to see it.
    bare = replace(load_policy(), remedies=("suppress",))
    two = _add(built, [_span(2021, 2022, 17), *years])
    before = {p: p.read_bytes() for p in own_workspace.root.rglob("*.parquet")}
    with pytest.raises(ReleaseRefusedError, match=r"release 0001 of .*Kumanovo, 2023") as refused:
        publish_observations(two, own_workspace, bare)
    after = {p: p.read_bytes() for p in own_workspace.root.rglob("*.parquet")}
    assert after == before, "neither zone was touched"
    assert read_standing(own_workspace).is_released
    assert refused.value.refusal.release == 1

    remedy = accept_remedy(own_workspace, "Ana Petrova")
    assert set(remedy.observation_ids) == set(refused.value.refusal.remedy.observation_ids)
    publish_observations(two, own_workspace, bare)
    assert _state(own_workspace)["2021", "2022"] == "suppressed"
    assert not read_standing(own_workspace).is_released, "other figures are a draft again"
    submit_edition(own_workspace, "Arben Hoxha")
    assert approve_edition(own_workspace, "Ana Petrova").number == 2
    assert read_accepted(own_workspace) == frozenset(remedy.observation_ids), "it stays accepted"


def test_the_same_figures_again_stay_released_to_the_byte(
    own_workspace: Workspace, built: Built
) -> None:
    publish_observations(built, own_workspace)
    submit_edition(own_workspace, "Ana Petrova")
    approve_edition(own_workspace, "Arben Hoxha")
    table = (own_workspace.public / OBSERVATIONS).read_bytes()
    publish_observations(built, own_workspace)
    assert (own_workspace.public / OBSERVATIONS).read_bytes() == table
    assert read_standing(own_workspace).is_released


def test_the_public_note_says_nothing_of_small_counts(
    own_workspace: Workspace, built: Built
) -> None:
    publish_observations(built, own_workspace)
    note = json.loads((own_workspace.public / "release.json").read_text(encoding="utf-8"))
    public = read_table(own_workspace.public / OBSERVATIONS)
    detail = read_table(own_workspace.restricted / "reasons.parquet")
    assert "small count" not in json.dumps(note)
    assert not public["reason"].str.contains("small|sake|another").any()
    assert set(detail["observation_id"]) == set(
        public.loc[public["reason"].ne(""), "observation_id"]
    )
    assert detail["reason"].eq("small count").sum() > 100
    assert own_workspace.restricted.stat().st_mode & 0o077 == 0
