"""Commands of protection: what they say, what they refuse, and the codes they end with."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from protection.ledger.small_edition import build

from analysis import cli
from analysis.cli import protection, shared
from analysis.protection.ledger.refusal import CellName, Refusal, propose_remedy
from analysis.protection.ledger.remedies import offer_remedy, read_accepted
from analysis.protection.ledger.standing import read_standing
from analysis.store.files import OBSERVATIONS
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def space(checkout: Path, tmp_path: Path) -> Workspace:
    """A workspace of one test with a small edition: 3 of 16 cells are withheld."""
    own = Workspace(tmp_path)
    own.notebooks.mkdir()
    own.suite_file.write_bytes(Workspace(checkout).suite_file.read_bytes())
    build(own)
    return own


@pytest.fixture
def patokaz(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in that workspace: exit code, output, words."""
    monkeypatch.setenv("PATOKAZ_HOME", str(space.root))
    monkeypatch.setattr(shared.words, "width", 1000)

    def go(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["patokaz", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        code = left.value.code
        return (0 if code is None else int(code)), said.out, said.err

    return go


def refuse(*ids: str) -> Refusal:
    cell = CellName("x", "MK-703", "2023-01-01", "2023-12-31")
    return Refusal((cell,), 1, propose_remedy("suppress", ids), "2026-03-06")


def offer(space: Workspace) -> None:
    offer_remedy(space, refuse("a", "b"))


def test_protection_says_what_is_withheld_and_why(patokaz: Any) -> None:
    code, out, words = patokaz("protect")
    assert code == 0
    assert out == (
        "     2  municipality   small count\n     1  municipality   withheld by its source\n"
    )
    assert "3 of 16 cells are withheld." in words
    assert "are a draft: nobody has submitted them." in words
    assert "refused" not in words


def test_a_program_can_read_what_is_withheld(patokaz: Any) -> None:
    code, out, _ = patokaz("protect", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["standing"]["state"] == "draft"
    assert facts["cells"] == 16
    assert facts["withheld"][0] == {"level": "municipality", "reason": "small count", "cells": 2}
    assert facts["offered"] is None
    assert "leaks" not in facts
    assert "report" not in facts


def test_protection_of_nothing_says_what_to_do(patokaz: Any, space: Workspace) -> None:
    (space.public / OBSERVATIONS).unlink()
    code, out, words = patokaz("protect")
    assert (code, out) == (2, "")
    assert "Run `patokaz build` first" in words


def test_two_persons_make_a_release(patokaz: Any, space: Workspace) -> None:
    code, out, words = patokaz("release", "submit", "--by", "Ana Petrova")
    assert (code, out) == (0, "")
    assert "Ana Petrova submitted these figures" in words
    assert "they wait for a reviewer" in words
    code, out, words = patokaz("release", "approve", "--by", "Arben Hoxha")
    assert (code, out) == (0, "0001\n")
    assert "submitted by Ana Petrova, approved by Arben Hoxha." in words
    assert "Run `patokaz run --all` anew: pages and briefs keep their draft mark" in words
    assert read_standing(space).is_released
    code, out, words = patokaz("release", "list")
    assert code == 0
    assert out.startswith("0001  20")
    assert out.endswith("withheld  Ana Petrova, Arben Hoxha\n")
    assert "are release 0001 of 20" in words
    _, _, words = patokaz("protect")
    assert "submitted by Ana Petrova and approved by Arben Hoxha." in words


def test_a_program_can_read_each_step(patokaz: Any) -> None:
    _, out, _ = patokaz("release", "submit", "--by", "Ana", "--json")
    assert json.loads(out)["state"] == "submitted"
    _, out, _ = patokaz("release", "return", "--by", "Arben", "--because", "why", "--json")
    assert json.loads(out)["state"] == "returned"
    patokaz("release", "submit", "--by", "Ana")
    _, out, _ = patokaz("release", "approve", "--by", "Arben", "--json")
    entry = json.loads(out)
    assert (entry["number"], entry["author"], entry["reviewer"]) == (1, "Ana", "Arben")
    _, out, _ = patokaz("release", "list", "--json")
    facts = json.loads(out)
    assert facts["releases"] == [entry]
    assert facts["standing"]["number"] == 1
    assert entry["moment"].startswith(entry["day"])


def test_a_return_says_by_whom(patokaz: Any) -> None:
    patokaz("release", "submit", "--by", "Ana")
    code, _, words = patokaz("release", "return", "--by", "Arben", "--because", "no source")
    assert code == 0
    assert "Arben returned these figures" in words
    code, out, words = patokaz("release", "list")
    assert (code, out) == (0, "")
    assert "they are a draft again" in words


def test_one_person_alone_releases_nothing(patokaz: Any, space: Workspace) -> None:
    patokaz("release", "submit", "--by", "Ана Шопова")
    code, out, words = patokaz("release", "approve", "--by", "ana shopova")
    assert (code, out) == (2, "")
    assert "'ana shopova' submitted these figures as 'Ана Шопова'" in words
    assert "Traceback" not in words
    assert read_standing(space).state == "submitted"


@pytest.mark.parametrize("step", ["submit", "approve", "return"])
def test_a_name_is_typed_and_never_guessed(
    patokaz: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for name in ("BY", "USER", "PATOKAZ_BY", "PATOKAZ_RELEASE_SUBMIT_BY"):
        monkeypatch.setenv(name, "Ana")
    code, _, words = patokaz("release", step)
    assert code == 2
    assert "Missing option '--by'" in words


def test_a_return_needs_a_reason(patokaz: Any) -> None:
    patokaz("release", "submit", "--by", "Ana")
    code, _, words = patokaz("release", "return", "--by", "Arben")
    assert code == 2
    assert "Missing option '--because'" in words
    code, _, words = patokaz("release", "return", "--by", "Arben", "--because", " ")
    assert code == 2
    assert "No reason was given" in words


def test_a_remedy_is_shown_and_accepted(patokaz: Any, space: Workspace) -> None:
    offer(space)
    code, _, words = patokaz("protect")
    assert code == 0
    assert "The last build was refused. Nothing was published: together with release 0001" in words
    code, _, words = patokaz("protect", "--accept", "--by", "Ana")
    assert code == 0
    accepted = "Accepted: withhold these figures as well (2 observations). Run `patokaz build`."
    assert accepted in words
    assert "was refused" not in words
    assert read_accepted(space) == {"a", "b"}
    code, _, words = patokaz("protect", "--accept", "--by", "Ana")
    assert code == 2
    assert "No remedy is on offer" in words


def test_remedies_are_lifted_by_two_persons(patokaz: Any, space: Workspace) -> None:
    offer(space)
    patokaz("protect", "--accept", "--by", "Ana")
    why = ("--because", "The figures were revised.")
    code, _, words = patokaz("release", "lift", "--by", "Ana", *why)
    assert code == 0
    assert "The remedies that withhold 2 observations are to be lifted. Another person" in words
    assert "`patokaz release confirm --by NAME`" in words
    code, _, words = patokaz("release", "confirm", "--by", "Ana")
    assert code == 2
    assert "cannot confirm it" in words
    assert read_accepted(space) == {"a", "b"}
    code, out, _ = patokaz("release", "confirm", "--by", "Arben", "--json")
    assert code == 0
    assert json.loads(out) == {"state": "lifted", "observation_ids": ["a", "b"]}
    assert read_accepted(space) == frozenset()
    code, _, words = patokaz("release", "lift", "--by", "Ana", *why)
    assert code == 2
    assert "No remedy is in force" in words


def test_a_remedy_is_accepted_by_a_person(patokaz: Any, space: Workspace) -> None:
    offer(space)
    code, _, words = patokaz("protect", "--accept")
    assert code == 2
    assert "'' is not the name of a person. Say who you are with --by NAME" in words
    assert read_accepted(space) == frozenset()


def test_a_remedy_of_the_first_build_is_accepted_too(patokaz: Any, space: Workspace) -> None:
    (space.public / OBSERVATIONS).unlink()
    offer(space)
    code, _, words = patokaz("protect")
    assert code == 0
    assert "0 of 0 cells are withheld." in words
    code, _, words = patokaz("protect", "--accept", "--by", "Ana")
    assert code == 0
    assert read_accepted(space) == {"a", "b"}


@dataclass(frozen=True)
class Leak:
    sentence: str


@pytest.mark.parametrize(("found", "expected"), [(0, 0), (1, 20), (2, 20)])
def test_a_scan_ends_with_a_code_where_it_finds_something(
    patokaz: Any, monkeypatch: pytest.MonkeyPatch, found: int, expected: int
) -> None:
    pretend = ModuleType("analysis.protection.scanner.scan")
    pretend.scan_workspace = lambda _: [Leak(f"file {n} tells") for n in range(found)]
    monkeypatch.setitem(sys.modules, "analysis.protection.scanner.scan", pretend)
    code, out, words = patokaz("protect", "--scan")
    assert code == expected
    assert out.count(" tells\n") == found
    assert f"The scan found {found} withheld values" in words
    code, out, _ = patokaz("protect", "--scan", "--json")
    assert code == expected
    assert json.loads(out)["leaks"] == [f"file {n} tells" for n in range(found)]


def test_a_report_is_written_in_a_language(
    patokaz: Any, space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str]] = []

    def write(workspace: Workspace, language: str, cost: str) -> Path:
        assert cost == "what it cost"
        asked.append((workspace.root, language))
        return workspace.root / "report.docx"

    pretend = ModuleType("analysis.documents.protection_report")
    pretend.write_protection_report = write
    monkeypatch.setitem(sys.modules, "analysis.documents.protection_report", pretend)
    counted = ModuleType("analysis.documents.protection_cost")
    counted.recount_cost = lambda _: "what it cost"
    monkeypatch.setitem(sys.modules, "analysis.documents.protection_cost", counted)
    code, _, words = patokaz("protect", "--report", "--language", "sq")
    assert code == 0
    assert "report.docx" in words
    patokaz("protect", "--report")
    assert asked == [(space.root, "sq"), (space.root, "mk")]
    code, _, words = patokaz("protect", "--report", "--language", "tlh")
    assert code == 2
    assert "tlh" in words
    assert len(asked) == 2


def test_every_step_has_words_and_an_example() -> None:
    commands = typer.main.get_command(protection.release).commands
    assert sorted(commands) == ["approve", "confirm", "lift", "list", "return", "submit"]
    for name, command in commands.items():
        assert f"Example: patokaz release {name}" in (command.help or "")
