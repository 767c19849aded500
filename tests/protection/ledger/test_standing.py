"""The standing is of the content: the same bytes keep it, and any change of a figure ends it."""

from __future__ import annotations

import datetime as dt
import json

from analysis.protection.ledger.folder import Ledger, read_ledger
from analysis.protection.ledger.review import Step
from analysis.protection.ledger.standing import Standing, judge_standing, read_standing
from analysis.protection.ledger.steps import approve_edition, return_edition, submit_edition
from analysis.store.files import OBSERVATIONS


def test_before_a_build_there_is_a_draft_of_nothing(space) -> None:
    assert read_standing(space) == Standing("draft", None, "", "", "", "")


def test_what_was_built_is_a_draft(space, built) -> None:
    built(space)
    note = json.loads((space.public / "release.json").read_text(encoding="utf-8"))
    assert read_standing(space) == Standing("draft", None, "", "", "", note["observations_sha256"])


def test_each_step_is_read_back(space, built, march) -> None:
    built(space)
    sha256 = read_standing(space).sha256
    said = submit_edition(space, "Ana", march)
    assert said == read_standing(space)
    assert said == Standing("submitted", None, "Ana", "", "2026-03-04", sha256)
    said = return_edition(space, "Arben", "a reason", march + dt.timedelta(days=1))
    assert said == read_standing(space)
    assert said == Standing("returned", None, "Ana", "Arben", "2026-03-05", sha256)
    assert submit_edition(space, "Mimoza", march).author == "Mimoza"
    approve_edition(space, "Arben", march + dt.timedelta(days=2))
    said = read_standing(space)
    assert said == Standing("released", 1, "Mimoza", "Arben", "2026-03-06", sha256)
    assert said.is_released


def test_the_same_bytes_built_again_stay_released(space, built, published) -> None:
    published(space)
    built(space)
    assert read_standing(space).number == 1


def test_one_changed_figure_makes_a_draft(space, built, published) -> None:
    published(space)
    built(space, {1: 104.0})
    assert read_standing(space).state == "draft"
    assert read_standing(space).number is None


def test_a_withheld_figure_may_change_without_a_change_of_what_is_public(
    space, built, published
) -> None:
    published(space)
    built(space, {5: 4.0})
    assert read_standing(space).is_released


def test_figures_that_come_back_are_the_release_that_they_were(space, built, published) -> None:
    published(space)
    published(space, {1: 500.0})
    assert read_standing(space).number == 2
    built(space)
    assert read_standing(space).number == 1


def test_a_table_that_its_note_does_not_name_is_a_draft(space, built, published) -> None:
    # A build that ended between the two files must not put new figures under an old release.
    published(space)
    note = (space.public / "release.json").read_bytes()
    built(space, {1: 104.0})
    (space.public / "release.json").write_bytes(note)
    assert read_standing(space).state == "draft"


def test_a_released_table_without_a_note_is_a_draft(space, published) -> None:
    published(space)
    (space.public / "release.json").unlink()
    assert read_standing(space).state == "draft"
    (space.public / OBSERVATIONS).unlink()
    assert read_standing(space).sha256 == ""


def test_a_submission_outlives_a_build_that_was_taken_back(space, built, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    built(space, {1: 104.0})
    assert read_standing(space).state == "draft"
    built(space)
    assert read_standing(space).state == "submitted"


def test_an_approval_alone_makes_no_release() -> None:
    # Without its entry nothing says what was let out.
    step = Step("approved", "Arben", "2026-03-06T10:00:00Z", "ab", entry_sha256="cd")
    assert judge_standing("ab", Ledger((), (step,))).state == "draft"


def test_whoever_serves_needs_no_restricted_zone(space, published) -> None:
    published(space)
    space.restricted.rename(space.root / "elsewhere")
    assert read_standing(space).is_released
    assert len(read_ledger(space).entries) == 1
