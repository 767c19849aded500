"""Commands say what they did, refuse in one sentence, and exit with a code that means something."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from analysis import cli
from analysis.cli import app, shared
from analysis.sources import fetch as fetching
from analysis.sources.fetch import FetchOutcome
from analysis.suite.plan import plan_runs

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace


@pytest.fixture
def patokaz(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Runs a command in a workspace of its own: exit code, output, words."""
    monkeypatch.setenv("PATOKAZ_HOME", str(own_workspace.root))
    monkeypatch.setattr(shared.words, "width", 1000)

    def go(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["patokaz", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        code = left.value.code
        return (0 if code is None else int(code)), said.out, said.err

    return go


def test_building_says_how_many_and_how_many_are_withheld(patokaz: Any) -> None:
    code, _, words = patokaz("build")
    assert code == 0
    assert re.search(r"Built \d{4} observations from \d+ files; \d+ are withheld", words)


def test_a_program_can_read_what_was_built(patokaz: Any) -> None:
    code, out, _ = patokaz("build", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["cells_withheld"] > 50
    assert len(facts["observations_sha256"]) == 64


def test_an_unknown_area_is_refused_before_anything_starts(
    patokaz: Any, own_workspace: Workspace
) -> None:
    patokaz("build")
    code, out, words = patokaz("run", "--area", "Atlantis")
    assert code == 2
    assert out == ""
    assert "'Atlantis' is not a municipality" in words
    assert "Did you mean" in words
    assert "Traceback" not in words
    assert not own_workspace.runs.exists()


def test_a_misspelt_parameter_is_refused_with_its_line(
    patokaz: Any, own_workspace: Workspace
) -> None:
    text = own_workspace.suite_file.read_text(encoding="utf-8")
    changed = text.replace("reference_period", "reference_perod")
    own_workspace.suite_file.write_text(changed, encoding="utf-8")
    line = changed[: changed.index("reference_perod")].count("\n") + 1
    patokaz("build")
    code, _, words = patokaz("plan")
    assert code == 2
    assert f"suite.toml, line {line}: 'reference_perod' is not a parameter" in words


def test_planning_before_building_says_what_to_do(patokaz: Any) -> None:
    code, _, words = patokaz("plan")
    assert code == 2
    assert "Run `patokaz build` first" in words


def test_a_plan_gives_a_reason_for_each_run(patokaz: Any) -> None:
    patokaz("build")
    code, out, words = patokaz("plan", "--area", "Kumanova", "--language", "en")
    assert code == 0
    assert re.fullmatch(r"[0-9a-f]{12}  02_municipal_profile/kumanovo_en_public  new\n", out)
    assert "1 runs, 1 needed" in words
    _, out, _ = patokaz("plan", "--json")
    assert {item["reason"] for item in json.loads(out)} == {"new"}


def test_a_failed_run_is_named_and_changes_the_exit_code(
    patokaz: Any, own_workspace: Workspace
) -> None:
    patokaz("build")
    path = own_workspace.notebooks / "02_municipal_profile.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("show_header(document)", "raise ValueError('torn')"), "utf-8")
    code, out, words = patokaz("run", "--area", "veles", "--language", "en", "--json")
    assert code == 3
    assert json.loads(out)["failed"] == ["02_municipal_profile/veles_en_public"]
    assert "FAILED" in words
    assert "torn" in words
    run = plan_runs(own_workspace, ["veles"], ["en"])[0]
    assert (own_workspace.runs / run.name / "manifest.json").is_file()


def test_a_number_is_traced_to_its_line(patokaz: Any, own_workspace: Workspace) -> None:
    patokaz("build")
    from analysis.store.files import OBSERVATIONS, read_table

    table = read_table(own_workspace.public / OBSERVATIONS)
    row = table.loc[
        table["area_id"].eq("MK-703")
        & table["indicator_id"].eq("resident_population_persons")
        & table["period_end"].eq("2021-12-31")
    ].iloc[0]
    code, out, _ = patokaz("trace", row["observation_id"], "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["value"] == "98104.0"
    assert facts["snapshot_id"].startswith("population.csv@")
    lines = (own_workspace.published / "population.csv").read_text(encoding="utf-8").splitlines()
    assert ",98104," in lines[int(facts["line"]) - 1]


def test_a_withheld_number_is_not_told_by_its_trace(patokaz: Any, own_workspace: Workspace) -> None:
    patokaz("build")
    from analysis.store.files import OBSERVATIONS, read_table

    table = read_table(own_workspace.public / OBSERVATIONS)
    row = table.loc[table["state"].eq("suppressed")].iloc[0]
    _, out, _ = patokaz("trace", row["observation_id"], "--json")
    facts = json.loads(out)
    assert (facts["value"], facts["line"], facts["state"]) == ("", "0", "suppressed")
    assert facts["row"] == ""


def test_an_unknown_number_is_a_sentence(patokaz: Any) -> None:
    patokaz("build")
    code, _, words = patokaz("trace", "ffffffffffffffff")
    assert code == 2
    assert "No observation has the id 'ffffffffffffffff'" in words


def test_a_brief_is_written_without_a_run(patokaz: Any, own_workspace: Workspace) -> None:
    patokaz("build")
    code, out, _ = patokaz("brief", "Гевгелија", "--language", "mk")
    assert code == 0
    assert sorted(p.name for p in own_workspace.own_briefs.iterdir()) == [
        "gevgelija_mk.docx",
        "gevgelija_mk.html",
        "gevgelija_mk.pdf",
    ]
    assert out.count("gevgelija_mk") == 3


@pytest.mark.parametrize(("codes", "expected"), [((0, 0), 0), ((0, 11), 11), ((13, 11), 13)])
def test_fetching_exits_with_the_gravest_failure(
    patokaz: Any, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], expected: int
) -> None:
    def pretend(*_: object) -> list[FetchOutcome]:
        return [
            FetchOutcome(f"source-{i}", "failed" if c else "new", (), f"sentence {i}", c)
            for i, c in enumerate(codes)
        ]

    monkeypatch.setattr(fetching, "fetch_sources", pretend)
    code, out, _ = patokaz("fetch", "source-0", "source-1")
    assert code == expected
    assert out.splitlines()[1].endswith("sentence 1")
    code, out, _ = patokaz("fetch", "source-0", "source-1", "--json")
    assert [o["code"] for o in json.loads(out)] == list(codes)


def test_an_unknown_source_is_refused(patokaz: Any) -> None:
    code, _, words = patokaz("fetch", "hearsay")
    assert code == 2
    assert "'hearsay' is not a source. Expected one of: makstat" in words


def test_a_demonstration_says_where_it_is(patokaz: Any, tmp_path: Path) -> None:
    code, out, _ = patokaz("demo", str(tmp_path / "synthetic"))
    assert code == 0
    assert "Every figure in it is invented" in out
    assert (tmp_path / "synthetic" / "data_raw" / "published" / "population.csv").is_file()


def test_every_command_has_help() -> None:
    assert app.info.help
    assert {c.name or c.callback.__name__ for c in app.registered_commands if c.callback} >= {
        "build",
        "fetch",
        "plan",
        "run",
        "brief",
        "serve",
        "lab",
        "trace",
        "demo",
    }
