"""Readiness by owner adds up to the whole, and keeps of it what one owner can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.assessment.owners import OwnerError, choose_owner, count_owners
from analysis.assessment.readiness import Readiness, judge_readiness, load_readiness
from analysis.store.read import read_public

if TYPE_CHECKING:
    from analysis.workspace import Workspace

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def readiness(workspace: Workspace) -> Readiness:
    return load_readiness(workspace, DAY)


def test_owners_add_up_to_the_catalogue(readiness: Readiness) -> None:
    counted = count_owners(readiness)
    assert sum(o.all for o in counted) == len(list(readiness.data.indicators))
    assert sum(o.overdue for o in counted) == len(readiness.overdue)
    assert sum(o.missing for o in counted) == len(readiness.wanted)
    fresh = sum(h.freshness == "fresh" for h in readiness.held)
    assert sum(o.fresh for o in counted) == fresh
    assert [o.owner for o in counted] == sorted(o.owner for o in counted)


def test_one_owner_sees_the_own_figures_alone(readiness: Readiness) -> None:
    own = choose_owner(readiness, "unhcr")
    assert {h.indicator.owner for h in own.held} == {"unhcr"}
    assert {c.indicator.owner for c in own.conflicts} <= {"unhcr"}
    (counted,) = count_owners(own)
    assert counted == next(o for o in count_owners(readiness) if o.owner == "unhcr")
    places = {p.area_id: p for p in own.places}
    assert len(places) == 80
    assert places["MK-102"].rows == 0, "the census is another owner's"
    assert 0 < places["MK-703"].rows < {p.area_id: p.rows for p in readiness.places}["MK-703"]


def test_changes_follow_the_owner(workspace: Workspace) -> None:
    changes = pd.DataFrame(
        {
            "indicator_id": ["route_detections_crossings", "unhcr_refugees_persons"],
            "kind": ["revised", "new"],
        }
    )
    found = judge_readiness(read_public(workspace), DAY, changes)
    assert choose_owner(found, "unhcr").changes["kind"].tolist() == ["new"]
    assert len(found.changes) == 2, "the whole stays as it was"


def test_nobody_chosen_is_everybody(readiness: Readiness) -> None:
    assert choose_owner(readiness, "") is readiness


def test_an_unknown_owner_is_a_sentence(readiness: Readiness) -> None:
    with pytest.raises(OwnerError, match="'me' is no owner of the catalogue. Write one of: sso, u"):
        choose_owner(readiness, "me")
