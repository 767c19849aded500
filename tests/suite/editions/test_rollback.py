"""Going back is one step; what was taken back does not come again by itself."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from analysis.store.files import read_table
from analysis.suite.editions.edition import (
    Edition,
    EditionError,
    edition_folder,
    list_numbers,
    read_current,
    read_edition,
    write_edition,
)
from analysis.suite.editions.prune import choose_expired, prune_editions
from analysis.suite.editions.publish import publish_edition
from analysis.suite.editions.rollback import rollback

if TYPE_CHECKING:
    from analysis.workspace import Workspace

    Runs = Any

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def publish(space: Workspace, runs: Runs, value: str, **options: Any) -> Edition:
    for language in ("mk", "en"):
        runs.give("kumanovo", language, {"o1": value})
    return publish_edition(space, **options)


def shown(space: Workspace) -> str:
    page = (space.site / "mk" / "kumanovo" / "index.html").read_text(encoding="utf-8")
    return page.split('data value="')[1][0]


def test_back_to_the_one_before_and_forth_again(published: Workspace, runs: Runs) -> None:
    publish(published, runs, "8")
    publish(published, runs, "9")
    assert rollback(published).number == 2
    assert shown(published) == "8"
    assert rollback(published).number == 1
    assert shown(published) == "7"
    assert rollback(published, 3).number == 3
    assert shown(published) == "9"
    log = (published.logs / "editions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(x)["work"], json.loads(x)["to"]) for x in log[3:]] == [
        ("rollback", 2),
        ("rollback", 1),
        ("rollback", 3),
    ]


def test_to_where_one_is_changes_nothing(published: Workspace) -> None:
    assert rollback(published, 1).number == 1
    assert not (published.editions / "0001" / "withdrawn.json").exists()


def test_before_the_first_there_is_none(published: Workspace) -> None:
    with pytest.raises(EditionError, match="Edition 1 is the oldest that is kept"):
        rollback(published)


def test_an_unknown_number(published: Workspace) -> None:
    with pytest.raises(EditionError, match=r"There is no edition 7\. Kept are: 1\."):
        rollback(published, 7)


def test_nothing_published_yet(space: Workspace) -> None:
    with pytest.raises(EditionError, match=r"Nothing has been published yet.*Run `patokaz run`"):
        rollback(space)


@pytest.mark.parametrize("gone", [True, False])
def test_an_altered_edition_is_not_gone_back_to(
    published: Workspace, runs: Runs, *, gone: bool
) -> None:
    publish(published, runs, "8")
    path = published.editions / "0001" / "site" / "assets" / "page.css"
    if gone:
        path.unlink()
    else:
        path.write_text("altered", encoding="utf-8")
    with pytest.raises(EditionError, match="1 of its files were altered or are gone, 'site/"):
        rollback(published)
    assert shown(published) == "8"


def test_an_edition_that_shows_what_is_withheld_today_has_to_be_accepted(
    published: Workspace, runs: Runs
) -> None:
    publish(published, runs, "8")
    path = published.public / "observations.parquet"
    frame = read_table(path)
    first = frame.loc[frame["state"].eq("value"), "observation_id"].iloc[0]
    frame.loc[frame["observation_id"].eq(first), ["state", "value"]] = ["suppressed", None]
    path.unlink()
    frame.to_parquet(path)
    with pytest.raises(EditionError, match=f"shows 1 numbers that are withheld.*'{first}'"):
        rollback(published)
    assert shown(published) == "8"
    assert rollback(published, accept=True).number == 1


def test_what_was_taken_back_is_not_published_by_the_next_run(
    published: Workspace, runs: Runs
) -> None:
    publish(published, runs, "8")
    rollback(published)
    with pytest.raises(EditionError, match="These are the files of edition 2, which was taken"):
        publish_edition(published)
    assert shown(published) == "7"
    assert publish(published, runs, "9").number == 3
    assert publish(published, runs, "8", accept=True).number == 4


def test_what_was_returned_to_is_not_taken_back_any_more(published: Workspace, runs: Runs) -> None:
    publish(published, runs, "8")
    rollback(published)
    rollback(published, 2)
    publish(published, runs, "9")
    assert publish(published, runs, "8").number == 4


def edition(number: int, days: int, release: int | None = None) -> Edition:
    made = (NOW - dt.timedelta(days=days)).isoformat(timespec="seconds")
    return Edition(number, made, "", "", "", release, (), {})


def test_the_last_ten_stay_and_those_of_a_month() -> None:
    many = [edition(n, days=100 - n) for n in range(1, 16)]
    assert choose_expired(many, NOW, ()) == [1, 2, 3, 4, 5]
    young = [edition(n, days=29) for n in range(1, 16)]
    assert choose_expired(young, NOW, ()) == []
    exactly = [edition(n, days=30) for n in range(1, 12)]
    assert choose_expired(exactly, NOW, ()) == [1]


def test_releases_and_what_is_named_stay() -> None:
    many = [edition(n, days=100, release=n if n == 2 else None) for n in range(1, 15)]
    assert choose_expired(many, NOW, {3}) == [1, 4]


def test_old_editions_are_removed_when_a_new_one_is_published(
    published: Workspace, runs: Runs
) -> None:
    first = published.editions / "0001"
    old = replace(read_edition(first), made="2020-01-01T00:00:00+00:00")
    for number in range(1, 13):
        folder = edition_folder(published, number)
        folder.mkdir(exist_ok=True)
        write_edition(folder, replace(old, number=number))
        (folder / "shown.json").write_text("{}", encoding="utf-8")
    assert publish(published, runs, "8", keep=[2]).number == 13
    # 1 and 3 go; the last ten are 4 to 13.
    assert list_numbers(published) == [2, *range(4, 14)]


def test_the_edition_that_readers_see_never_goes(published: Workspace, runs: Runs) -> None:
    publish(published, runs, "8")
    rollback(published)
    for number in range(1, 14):
        folder = edition_folder(published, number)
        folder.mkdir(exist_ok=True)
        made = "2020-01-01T00:00:00+00:00"
        write_edition(folder, replace(read_edition(published.current), number=number, made=made))
        (folder / "shown.json").write_text("{}", encoding="utf-8")
    assert prune_editions(published, NOW) == [2, 3]
    assert shown(published) == "7"
    current = read_current(published)
    assert current is not None
    assert current.number == 1


def test_a_torn_note_is_a_sentence(published: Workspace) -> None:
    (published.editions / "0001" / "edition.json").write_text("{", encoding="utf-8")
    with pytest.raises(EditionError, match=r"cannot be read \(.*Publish again: `patokaz publish`"):
        read_current(published)
