"""`patokaz schedule` and `patokaz status` show, install, keep, remove; and refuse in a sentence."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from analysis import cli
from analysis.cli import schedule as schedule_command
from analysis.cli import shared, status
from analysis.suite.schedule.memory import Seen, read_seen, write_seen

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

assert schedule_command
assert status


@pytest.fixture
def patokaz(
    scheduled: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Runs a command in a workspace that has a schedule: exit code, output, words."""
    space = scheduled('at = "05:00"\ndays = ["mon", "thu"]')
    monkeypatch.setenv("PATOKAZ_HOME", str(space.root))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(space.root / "config"))
    monkeypatch.setattr(shared.words, "width", 1000)

    def go(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["patokaz", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return go


@pytest.fixture
def crontab(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a crontab before that of the machine; gives its table."""
    folder = tmp_path_factory.mktemp("cron")
    table, program = folder / "table", folder / "crontab"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = "-l" ]; then cat "{table}"; else cat > "{table}"; fi\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    table.write_text("# mine\n", encoding="utf-8")
    cat = shutil.which("cat")
    assert cat
    (folder / "cat").symlink_to(cat)
    monkeypatch.setenv("PATH", str(folder))
    return table


def test_the_schedule_and_its_next_three_times_are_shown(patokaz: Any) -> None:
    code, out, words = patokaz("schedule")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "mon, thu at 05:00 (Europe/Skopje): build, run"
    assert len(lines) == 4
    assert all(re.fullmatch(r"  (Mon|Thu) \d{4}-\d\d-\d\d 05:00 CES?T", line) for line in lines[1:])
    assert "It was never set going here" in words


def test_a_program_reads_the_schedule(patokaz: Any, own_workspace: Workspace) -> None:
    write_seen(own_workspace, Seen("2026-03-05T04:00:00+00:00", ended="x", exit_code=3))
    code, out, _ = patokaz("schedule", "--json")
    said = json.loads(out)
    assert (code, said["is_kept"], said["last_exit_code"]) == (0, True, 3)
    moments = [dt.datetime.fromisoformat(m) for m in said["next"]]
    assert moments == sorted(moments)
    assert {m.weekday() for m in moments} <= {0, 3}


def test_a_dry_run_installs_nothing(patokaz: Any, crontab: Path, own_workspace: Workspace) -> None:
    for system, sign in (("cron", "* * 1,4 "), ("systemd", "Persistent=true"), ("tasks", "<Task ")):
        code, out, _ = patokaz("schedule", "--install", system, "--dry-run")
        assert code == 0
        assert sign in out
    assert crontab.read_text(encoding="utf-8") == "# mine\n"
    assert not (own_workspace.root / "config").exists()
    assert read_seen(own_workspace) is None


def test_a_schedule_is_installed_once_and_removed(
    patokaz: Any, crontab: Path, own_workspace: Workspace
) -> None:
    for _ in range(2):
        code, _, words = patokaz("schedule", "--install", "cron")
        assert code == 0
        assert "Installed with cron: mon, thu at 05:00" in words
    held = crontab.read_text(encoding="utf-8")
    assert held.startswith("# mine\n")
    assert held.count("schedule --due") == held.count("# >>>") == 1
    assert read_seen(own_workspace) is not None
    assert "Removed from: cron." in patokaz("schedule", "--remove")[2]
    assert crontab.read_text(encoding="utf-8") == "# mine\n"
    assert read_seen(own_workspace) is None
    assert "No scheduler held it." in patokaz("schedule", "--remove")[2]


def test_what_contradicts_itself_is_refused(patokaz: Any) -> None:
    code, _, words = patokaz("schedule", "--keep", "--due")
    assert code == shared.EXIT_REFUSED
    assert "--install, --keep, --due and --remove were given together. Choose one" in words


def test_nothing_due_is_said(patokaz: Any, own_workspace: Workspace) -> None:
    write_seen(own_workspace, Seen(dt.datetime.now(dt.UTC).isoformat()))
    code, _, words = patokaz("schedule", "--due")
    assert (code, words.strip()) == (0, "Nothing is due.")


def test_the_status_is_said_in_lines_and_as_json(patokaz: Any, own_workspace: Workspace) -> None:
    code, out, _ = patokaz("status")
    assert code == 0
    assert out.startswith("20 runs: 0 ok, 20 not run, 0 check, 0 held, 0 failed.")
    assert "The schedule was never set going here" in out
    assert not own_workspace.status.exists()
    code, out, words = patokaz("status", "--json", "--write")
    assert code == 0
    assert json.loads(out)["counts"]["not run"] == 20
    assert "index.html" in words
    assert (own_workspace.status / "mk" / "index.html").is_file()


@pytest.mark.slow
def test_the_keeper_ends_when_it_is_asked_to(patokaz: Any, own_workspace: Workspace) -> None:
    assert patokaz
    code = (
        "from analysis import cli; from analysis.cli import schedule, status; "
        "import sys; sys.argv = ['patokaz', 'schedule', '--keep']; cli.main()"
    )
    keeper = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PATOKAZ_HOME": str(own_workspace.root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert keeper.stderr
        assert "Keeping the schedule: mon, thu at 05:00" in keeper.stderr.readline()
        until = time.monotonic() + 60
        while read_seen(own_workspace) is None and time.monotonic() < until:
            time.sleep(0.05)  # until it is at work
        keeper.send_signal(signal.SIGTERM)
        _, words = keeper.communicate(timeout=60)
    finally:
        keeper.kill()
    assert keeper.returncode == 0
    assert words.strip() == "The schedule is no longer kept."
