"""The suite file becomes runs, or an error with its line; nothing is started."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.catalog import AreaError
from analysis.suite.cache import Keys
from analysis.suite.parameters import ParameterError
from analysis.suite.plan import SuiteError, plan_runs

if TYPE_CHECKING:
    from analysis.workspace import Workspace


def _rewrite(workspace: Workspace, old: str, new: str) -> int:
    """Change the first place in the suite file and give the line on which it differs."""
    text = workspace.suite_file.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    workspace.suite_file.write_text(changed, encoding="utf-8")
    pairs = zip(text.splitlines(), changed.splitlines(), strict=False)
    return next(i for i, (a, b) in enumerate(pairs, start=1) if a != b)


def test_the_suite_comes_to_places_and_countries_in_two_languages(workspace: Workspace) -> None:
    runs = plan_runs(workspace)
    trends = [
        f"{topic}-{area}"
        for topic in ("migration-trends", "trafficking-trends")
        for area in ("north-macedonia", "serbia", "western-balkans")
    ]
    assert [r.name.split("/")[1] for r in runs] == [
        f"{place}_{code}_public"
        for place in ("data-readiness", "kumanovo", "butel", "gevgelija", *trends)
        for code in ("mk", "en")
    ]
    assert {r.outputs for r in runs if r.is_profile} == {("page", "brief")}
    others = {r.notebook: r.outputs for r in runs if not r.is_profile}
    assert others.pop("01_data_readiness") == ("page",)
    assert set(others.values()) == {("page", "brief")}


def test_who_names_places_gets_their_pages_only(workspace: Workspace) -> None:
    assert all(r.is_profile for r in plan_runs(workspace, ["veles"]))


def test_who_names_a_country_gets_its_trends_only(workspace: Workspace) -> None:
    runs = plan_runs(workspace, ["RS", "Albania"], ["en"])
    assert [r.slug for r in runs] == [
        "migration-trends-serbia",
        "migration-trends-albania",
        "trafficking-trends-serbia",
        "trafficking-trends-albania",
    ]


def test_an_area_that_no_notebook_is_run_for_is_named(workspace: Workspace) -> None:
    with pytest.raises(SuiteError, match="No notebook of suite.toml is run for a region such as"):
        plan_runs(workspace, ["MK001"])


def test_today_is_a_day_by_the_time_of_the_plan(workspace: Workspace) -> None:
    day = dict(plan_runs(workspace)[0].parameters)["day"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", day)


def test_areas_and_languages_can_be_chosen(workspace: Workspace) -> None:
    runs = plan_runs(workspace, ["Kumanova", "MK-703", "Бутел"], ["sq"])
    assert [(r.area, r.language) for r in runs] == [("MK-703", "sq"), ("MK-803", "sq")]


def test_all_means_80(workspace: Workspace) -> None:
    assert sum(r.is_profile for r in plan_runs(workspace, every_area=True)) == 160


def test_an_unknown_area_names_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(AreaError, match=r"'Atlantis' is not a municipality .*Did you mean"):
        plan_runs(workspace, ["Atlantis"])


def test_an_unknown_language_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ParameterError, match="'fr' is not a language"):
        plan_runs(workspace, languages=["fr"])


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("reference_period", "reference_perod", "Did you mean 'reference_period'"),
        ("= 2025", "= 1999", "1999 is not a year from 2021 to 2025"),
        ('"butel"', '"Atlantis"', "'Atlantis' is not a municipality"),
        ('"en"]', '"fr"]', "'fr' is not a language"),
        ("outputs", "output", "'output' is not a key of"),
        ('"brief"]', '"poster"]', "'poster' is not an output"),
        ("01_data_readiness", "03_nothing", "There is no notebook '03_nothing'"),
        ('"today"', '"soon"', "'soon' is not a day. Write 'today'"),
        ('"page"]', '"page"]\nareas = ["veles"]', "has no parameter 'area'"),
        ('"page"]', '"page"]\ntimeout = 0', "0 is no time that one notebook may take. Write sec"),
        ('"page"]', '"page"]\ntimeout = 86401', "above 0 and up to 86400, such as 600"),
        ('"page"]', '"page"]\ntimeout = "long"', "'long' is no time"),
        ('"page"]', '"page"]\ntimeout = true', "True is no time"),
        ('"page"]', '"page"]\nretries = -1', "-1 is no number of retries. Write a whole number"),
        ('"page"]', '"page"]\nretries = 11', "from 0 to 10: how often a run is tried again"),
        ('"page"]', '"page"]\nretries = 1.5', "1.5 is no number of retries"),
        ('"page"]', '"page"]\nretries = true', "True is no number of retries"),
    ],
)
def test_a_mistake_is_refused_with_its_line(
    own_workspace: Workspace, old: str, new: str, sentence: str
) -> None:
    line = _rewrite(own_workspace, old, new)
    with pytest.raises(SuiteError, match=f"suite.toml, line {line}: .*{re.escape(sentence)}"):
        plan_runs(own_workspace)


def test_the_line_is_that_of_the_later_block(own_workspace: Workspace) -> None:
    text = own_workspace.suite_file.read_text(encoding="utf-8")
    second = text[text.rindex("[[run]]") :].split("[schedule]")[0].replace("period =", "perod =")
    own_workspace.suite_file.write_text(text + "\n" + second, encoding="utf-8")
    lines = own_workspace.suite_file.read_text(encoding="utf-8").splitlines()
    line = next(i for i, said in enumerate(lines, start=1) if said.startswith("perod"))
    with pytest.raises(SuiteError, match=f"line {line}: "):
        plan_runs(own_workspace)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[run]\n", "suite.toml is not valid TOML: .*line 1"),
        ("", r"suite.toml has no \[\[run\]\]"),
        ('title = "x"\n[[run]]\nnotebook = "a"\n', "suite.toml has 'title' at its top"),
        ('[[run]]\nnotebook = "a"\n', r"line 1: \[\[run\]\] lacks 'languages'"),
        (
            '[[run]]\nnotebook = "02_municipal_profile"\nlanguages = ["mk"]\n',
            r"line 1: \[\[run\]\] lacks 'areas'",
        ),
    ],
)
def test_a_broken_file_is_a_sentence(own_workspace: Workspace, text: str, sentence: str) -> None:
    own_workspace.suite_file.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=sentence):
        plan_runs(own_workspace)


def test_each_notebook_has_its_own_patience(own_workspace: Workspace) -> None:
    _rewrite(own_workspace, 'outputs = ["page"]', 'outputs = ["page"]\ntimeout = 90.5\nretries = 3')
    runs = plan_runs(own_workspace)
    first = [r for r in runs if r.notebook == "01_data_readiness"]
    assert {(r.timeout, r.retries) for r in first} == {(90.5, 3)}
    assert {(r.timeout, r.retries) for r in runs if r not in first} == {(None, None)}


@pytest.mark.parametrize(("timeout", "retries"), [(1, 0), (86_400, 10), (0.5, 1)])
def test_bounds_of_patience_may_be_reached(
    own_workspace: Workspace, timeout: float, retries: int
) -> None:
    _rewrite(
        own_workspace,
        'outputs = ["page"]',
        f'outputs = ["page"]\ntimeout = {timeout}\nretries = {retries}',
    )
    run = plan_runs(own_workspace)[0]
    assert (run.timeout, run.retries) == (timeout, retries)


def test_more_time_makes_no_run_needed(own_workspace: Workspace, workspace: Workspace) -> None:
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    before = Keys(own_workspace).make_key(plan_runs(own_workspace)[0])
    _rewrite(own_workspace, 'outputs = ["page"]', 'outputs = ["page"]\ntimeout = 90\nretries = 3')
    assert Keys(own_workspace).make_key(plan_runs(own_workspace)[0]) == before
