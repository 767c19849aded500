"""The commands about editions: what they print, and how they end."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from analysis.cli import editions as _registered  # noqa: F401  # its commands
from analysis.cli.shared import app
from analysis.suite.editions import taken_out
from analysis.suite.editions.edition import EditionError, edition_folder
from analysis.suite.lock import hold_lock

if TYPE_CHECKING:
    from click.testing import Result

    from analysis.workspace import Workspace

    Runs = Any


@pytest.fixture
def home(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    published.notebooks.mkdir()
    published.suite_file.write_text("", encoding="utf-8")
    monkeypatch.setenv("PATOKAZ_HOME", str(published.root))
    return published


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.usefixtures("home")
def test_publish_says_the_number_and_that_nothing_changed(runs: Runs) -> None:
    assert "Edition 1 is what readers see already; nothing changed" in call("publish").output
    runs.fail(runs.give("kumanovo", "mk"))
    done = call("publish")
    assert done.exit_code == 0
    assert "Edition 2 is what readers see now" in done.output
    assert "kumanovo_mk_public: failed. cell 3: the file is torn" in done.output


@pytest.mark.usefixtures("home")
def test_publish_for_a_program(runs: Runs) -> None:
    runs.fail(runs.give("kumanovo", "mk"))
    said = json.loads(call("publish", "--json").stdout)
    assert (said["number"], said["is_new"], said["is_current"]) == (2, True, True)
    assert said["not_fresh"] == [
        {
            "name": "02_municipal_profile/kumanovo_mk_public",
            "state": "failed",
            "reason": "cell 3: the file is torn",
            "data_date": "2025-12",
        }
    ]
    assert json.loads(call("publish", "--json").stdout)["is_new"] is False


@pytest.mark.usefixtures("home")
def test_publish_refuses_in_sentences(runs: Runs) -> None:
    runs.give("kumanovo", "mk", extra='<a href="gone.html">x</a>')
    refused = call("publish")
    assert isinstance(refused.exception, EditionError)
    assert "gone.html" in str(refused.exception)
    assert call("publish", "--accept").exit_code != 0


@pytest.mark.usefixtures("home")
def test_rollback_and_the_list(runs: Runs) -> None:
    runs.fail(runs.give("kumanovo", "mk"))
    call("publish")
    listed = call("editions").stdout.splitlines()
    assert listed[0].startswith("     1  20")
    assert listed[1].startswith("*    2  20")
    assert listed[1].endswith("8 pages, 1 not of the newest run")
    assert "Readers see edition 1 of" in call("rollback").output
    said = json.loads(call("editions", "--json").stdout)
    assert [(e["number"], e["is_current"]) for e in said] == [(1, True), (2, False)]
    assert json.loads(call("rollback", "2", "--json").stdout)["number"] == 2


@pytest.mark.usefixtures("home")
def test_differences_of_two_editions(runs: Runs) -> None:
    runs.fail(runs.give("kumanovo", "mk"))
    call("publish")
    assert "0 rows changed, 0 moved" in call("differences", "1", "2").output
    said = json.loads(call("differences", "1", "2", "--json").stdout)
    assert said == {"asks_for_a_look": False, "kinds": [], "moved": [], "gone": []}


@pytest.mark.usefixtures("home")
def test_differences_name_what_is_gone(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("mk", "en"):
        runs.give("butel", language)
    records = {n: SimpleNamespace(name=n) for n in map(name_run, ("butel", "kumanovo"))}
    monkeypatch.setattr(taken_out, "plan_runs", lambda _: list(records.values()))
    call("publish")
    monkeypatch.setattr(taken_out, "plan_runs", lambda _: [records[name_run("kumanovo")]])
    call("publish")
    said = call("differences", "2", "3").output.splitlines()
    assert f"   gone  {name_run('butel')}" in said


def name_run(slug: str) -> str:
    return f"02_municipal_profile/{slug}_mk_public"


@pytest.mark.parametrize("words", [("publish",), ("rollback",)])
def test_while_runs_are_under_way_nothing_is_switched(
    home: Workspace, words: tuple[str, ...]
) -> None:
    with hold_lock(home.lock, "20 runs"):
        refused = call(*words)
    assert refused.exit_code == 75
    assert "holds 20 runs since" in refused.output


def test_keep_names_what_is_not_removed(
    home: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.fail(runs.give("kumanovo", "mk"))
    seen: list[Any] = []
    monkeypatch.setattr(
        "analysis.suite.editions.publish.prune_editions", lambda *given: seen.append(given[2])
    )
    call("publish", "--keep", "1", "--keep", "3")
    assert seen == [[1, 3]]
    assert edition_folder(home, 1).is_dir()
