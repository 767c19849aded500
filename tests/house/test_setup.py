"""Setting up says in a sentence what is missing, whatever Python a machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICK = ROOT / ".ci" / "pick_python.sh"
TOOLS = ROOT / ".ci" / "system_tools.sh"
CHECK = ROOT / ".ci" / "check_clone.py"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and sh are not Windows' own")


def make_python(folder: Path, name: str, facts: str) -> None:
    """Put a command there that answers as a Python of that version would."""
    command = folder / name
    command.write_text(f"#!/bin/sh\necho '{facts}'\n", encoding="utf-8")
    command.chmod(0o755)


def pick(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(PICK), "run", *asked],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_named(tmp_path: Path) -> None:
    make_python(tmp_path, "python3", "old-or-new venv 3.9.18")

    assert pick(tmp_path).stderr == (
        "Patokaz needs Python 3.11, 3.12 or 3.13; python3 is 3.9.18. "
        "Install one and run `make run PYTHON=python3.12`.\n"
    )


def test_a_python_without_environments_is_named(tmp_path: Path) -> None:
    make_python(tmp_path, "python3.12", "fits bare 3.12.3")
    make_python(tmp_path, "python3", "old-or-new venv 3.9.18")
    answer = pick(tmp_path)

    assert answer.returncode == 1
    assert "python3.12 is Python 3.12.3, but lacks" in answer.stderr
    assert "`apt install python3.12-venv`" in answer.stderr


def test_no_python_is_a_sentence_too(tmp_path: Path) -> None:
    assert "no Python was found" in pick(tmp_path).stderr
    assert "`python3.99` is not there" in pick(tmp_path, "python3.99").stderr


def test_the_first_that_fits_is_taken(tmp_path: Path) -> None:
    make_python(tmp_path, "python3.11", "fits bare 3.11.2")
    make_python(tmp_path, "python3", "old-or-new venv 3.14.0")
    (tmp_path / "python3.13").symlink_to(sys.executable)
    answer = pick(tmp_path)

    assert answer.returncode == 0
    assert Path(answer.stdout.strip()).is_file()
    assert answer.stderr == ""


def test_the_one_that_is_asked_for_is_not_replaced(tmp_path: Path) -> None:
    make_python(tmp_path, "python3.9", "old-or-new venv 3.9.18")
    (tmp_path / "python3.13").symlink_to(sys.executable)

    assert "python3.9 is 3.9.18" in pick(tmp_path, "python3.9").stderr


def test_missing_tools_are_one_loud_line_and_no_failure(tmp_path: Path) -> None:
    for name in ("basename", "dirname", "grep", "ls", "readlink"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    make_python(tmp_path, "id", "1000")
    answer = subprocess.run(
        ["/bin/sh", str(TOOLS)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0
    assert answer.stdout == (
        "### SKIPPED: browser and document tests. Not found and not installable here: "
        "chromium poppler-utils libreoffice-writer-nogui ###\n"
    )


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_help_lists_every_target() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = rules.split(".PHONY:")[1].split("\n\n")[0].replace("\\", " ").split()
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {line.split()[0] for line in listed.stdout.splitlines() if line.startswith("  ")} == set(
        phony
    )


def check_clone(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECK), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_clone_without_pages_or_with_empty_briefs_is_told_of(tmp_path: Path) -> None:
    brief = tmp_path / "policy_briefs" / "built" / "ohrid" / "brief.pdf"
    brief.parent.mkdir(parents=True)
    brief.touch()
    answer = check_clone("built", tmp_path)

    assert answer.returncode == 1
    assert "No pages: nothing matches data_processed/site/**/index.html." in answer.stderr
    assert "policy_briefs/built/ohrid/brief.pdf is empty." in answer.stderr
    assert "No briefs for publication" not in answer.stderr


@pytest.mark.parametrize(("report", "code"), [('{"kernels_started": 0}', 0), ("{}", 1)])
def test_a_second_run_must_say_that_it_started_nothing(
    tmp_path: Path, report: str, code: int
) -> None:
    path = tmp_path / "report.json"
    path.write_text(report, encoding="utf-8")

    assert check_clone("idle", path).returncode == code
