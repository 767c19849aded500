"""One place is run for real: notebook, page, files, brief; and a failure stays alone."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.attempt import Limits
from analysis.suite.cache import Keys
from analysis.suite.execute import Outcome
from analysis.suite.lock import LockedError, hold_lock
from analysis.suite.plan import plan_runs
from analysis.suite.records import find_results, read_record
from analysis.suite.run import Options, Report, judge_runs, run_suite
from analysis.suite.work import carry_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.workspace import Workspace


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]
) -> tuple[Workspace, Report]:
    """A workspace in which Kumanovo was run in two languages."""
    space = new_workspace(tmp_path_factory.mktemp("ran"))
    publish_observations(build_observations(space.published), space)
    planned = judge_runs(plan_runs(space, ["kumanovo"]), space)
    return space, run_suite(planned, space)


def _page(space: Workspace, code: str) -> str:
    return (space.site / code / "kumanovo" / "index.html").read_text(encoding="utf-8")


def test_both_runs_succeed(ran: tuple[Workspace, Report]) -> None:
    _, report = ran
    assert [(o.state, o.reason) for o in report.outcomes] == [("ok", ""), ("ok", "")]
    assert report.kernels_started == 2


def test_a_second_run_starts_no_kernel_and_no_edition(
    ran: tuple[Workspace, Report], inline: Any
) -> None:
    space, first = ran
    planned = judge_runs(plan_runs(space, ["kumanovo"]), space)
    report = run_suite(planned, space, open_executor=lambda _: inline)
    assert inline.submitted == 0
    assert report.kernels_started == 0
    assert len(report.unchanged) == 2
    assert report.edition.number == first.edition.number == 1


def test_the_page_prints_98104_and_names_the_census(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    assert "98,104</data> residents" in _page(space, "en")
    assert "In the census of 2021" in _page(space, "en")
    assert "98.104</data> жители" in _page(space, "mk")
    assert "Според пописот од 2021 година" in _page(space, "mk")


def test_pages_of_two_languages_hold_the_same_numbers(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    pattern = re.compile(r'<data value="([^"]+)" data-observation="(\w+)"')
    found = {code: sorted(pattern.findall(_page(space, code))) for code in ("mk", "en")}
    assert found["mk"] == found["en"]
    assert len(found["mk"]) > 60


def test_every_number_of_the_page_is_its_observation(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    table = read_table(space.public / OBSERVATIONS).set_index("observation_id")
    page = _page(space, "mk")
    for value, reference in re.findall(r'<data value="([^"]+)" data-observation="(\w+)"', page):
        assert table.loc[reference, "value"] == float(value)
    withheld = re.findall(r'state-suppressed" data-observation="(\w+)"', page)
    assert withheld
    assert table.loc[withheld, "state"].eq("suppressed").all()


def test_the_page_is_readable_without_scripts_and_loads_nothing(
    ran: tuple[Workspace, Report],
) -> None:
    space, _ = ran
    for code in ("mk", "en"):
        page = _page(space, code)
        assert f'<html lang="{code}">' in page
        assert page.count("<h1>") == 1
        assert "<script" not in page
        assert page.count("<table") >= 5
        loaded = re.findall(r"<(?:img|link|script|iframe|source|object)\b[^>]*", page)
        assert loaded
        assert not [tag for tag in loaded if "//" in tag]
        assert "[en]" not in page


def test_links_of_the_page_lead_to_files(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    pages = [
        space.site / "index.html",
        *space.site.glob("*/index.html"),
        *space.site.glob("*/*/index.html"),
    ]
    assert len(pages) == 9
    assert sum("protection" in page.parts for page in pages) == 2
    followed = 0
    for page in pages:
        for target in re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "data:", "../../../dashboards/")):
                followed += 1
                assert (page.parent / target).resolve().is_file(), (page, target)
    assert followed > 25


def test_run_id_and_data_date_stand_on_the_page(ran: tuple[Workspace, Report]) -> None:
    space, report = ran
    english = next(o for o in report.outcomes if "_en_" in o.name)
    assert f"<code>{english.run_id}</code>" in _page(space, "en")
    assert "<time>2025-12</time>" in _page(space, "en")


def test_the_executed_notebook_is_kept_with_its_manifest(ran: tuple[Workspace, Report]) -> None:
    space, report = ran
    for outcome in report.outcomes:
        folder = space.runs / outcome.name
        notebook = nbformat.read(folder / "02_municipal_profile.ipynb", as_version=4)
        assert all(c.execution_count for c in notebook.cells if c.cell_type == "code")
        record = read_record(folder)
        assert record.run_id == record.good.run_id == outcome.run_id
        assert set(record.good.outputs) == set(outcome.outputs)
        for name in outcome.outputs:
            assert (space.current / name).read_bytes() == (
                find_results(space, record) / name
            ).read_bytes()
    suite = json.loads((space.runs / "suite_manifest.json").read_text(encoding="utf-8"))
    assert {r["name"] for r in suite["runs"]} == {o.name for o in report.outcomes}


def test_the_table_for_download_equals_the_observations(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    path = space.site / "mk" / "kumanovo" / "kumanovo_profile_mk.csv"
    every = pd.read_csv(path, encoding="utf-8-sig")
    assert set(every["kind"]) == {"observation", "rate_per_1000_residents"}
    rows = every.loc[every["kind"].eq("observation")].set_index("observation_id")
    table = read_table(space.public / OBSERVATIONS).set_index("observation_id")
    assert len(rows) > 150
    pd.testing.assert_series_equal(rows["value"], table.loc[rows.index, "value"], check_names=False)
    assert (rows["state"] == table.loc[rows.index, "state"]).all()


def test_pictures_come_with_their_words(ran: tuple[Workspace, Report]) -> None:
    space, _ = ran
    with zipfile.ZipFile(space.site / "en" / "kumanovo" / "kumanovo_pictures_en.zip") as bundle:
        names = bundle.namelist()
        assert {n.rsplit(".", 1)[1] for n in names} == {"svg", "png", "txt"}
        assert "Source: State Statistical Office" in bundle.read("kumanovo_change_en.txt").decode()
        assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in bundle.infolist())


def test_a_failed_run_keeps_its_notebook_and_touches_nothing_else(
    own_workspace: Workspace,
) -> None:
    space = own_workspace
    publish_observations(build_observations(space.published), space)
    path = space.notebooks / "02_municipal_profile.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = (
        'if language == "en":\n    raise ValueError("the table for sources is torn")\n'
        + notebook.cells[-1].source
    )
    nbformat.write(notebook, path)
    report = run_suite(judge_runs(plan_runs(space, ["butel"]), space), space)
    good, bad = report.outcomes
    assert (good.state, bad.state) == ("ok", "failed")
    assert "the table for sources is torn" in bad.reason
    assert "\n" not in bad.reason
    assert (space.site / "mk" / "butel" / "index.html").is_file()
    # The link from the other language leads to a page that says what is missing.
    missing = (space.site / "en" / "butel" / "index.html").read_text(encoding="utf-8")
    assert "data-observation" not in missing
    assert report.refused == ""
    kept = nbformat.read(space.runs / bad.name / "02_municipal_profile.ipynb", as_version=4)
    assert any(o.output_type == "error" for c in kept.cells for o in c.get("outputs", []))
    again = judge_runs(plan_runs(space, ["butel"]), space)
    assert [p.reason for p in again] == ["unchanged", "failed before"]


def test_a_watcher_is_told_of_each_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, inline: Any
) -> None:
    def pretend(run: Any, key: Any, *_: Any) -> Outcome:
        return Outcome(run.name, key.run_id, "ok", "", 0.1, ())

    monkeypatch.setattr("analysis.suite.work.execute_run", pretend)
    told: list[tuple[int, int]] = []
    keys = Keys(workspace)
    needed = [(run, keys.make_key(run)) for run in plan_runs(workspace)]
    carry_out(
        needed,
        workspace,
        Limits(),
        lambda _: inline,
        lambda _, done, total: told.append((done, total)),
    )
    assert len(needed) == 20
    assert told == [(i, 20) for i in range(1, 21)]


def test_a_second_runner_is_told_to_wait(small: Workspace, inline: Any) -> None:
    planned = judge_runs(plan_runs(small), small)
    with (
        hold_lock(small.lock, "20 runs (02_municipal_profile)"),
        pytest.raises(LockedError, match=r"holds 20 runs \(02_municipal_profile\) since"),
    ):
        run_suite(planned, small, open_executor=lambda _: inline)
    assert inline.submitted == 0


def test_only_what_failed_is_made_again(
    small: Workspace, rewrite: Callable[..., None], inline: Any
) -> None:
    cold = Limits(60, 0, warm=False)
    rewrite(small, "if area == 'MK-703':\n    1 / 0")
    first = run_suite(
        judge_runs(plan_runs(small), small), small, None, Options(cold), lambda _: inline
    )
    assert [o.state for o in first.outcomes] == ["failed", "ok", "ok"]
    rewrite(small)
    planned = judge_runs(plan_runs(small), small)
    assert [p.reason for p in planned] == ["failed before", "changed", "changed"]
    report = run_suite(planned, small, None, Options(cold, only_failed=True), lambda _: inline)
    assert [o.name for o in report.outcomes] == [first.outcomes[0].name]
    assert report.edition.number == 2
    assert (small.site / "en" / "small-kumanovo" / "index.html").is_file()
