"""What is handed to cron, systemd and Task Scheduler is what each of them can read."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from analysis.suite.schedule import cron, systemd, tasks
from analysis.suite.schedule.entry import name_entry
from analysis.suite.schedule.settings import Schedule
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
DAILY = Schedule((dt.time(5),), tuple(range(7)), (("build",), ("run",)), ZoneInfo("Europe/Skopje"))
SUNDAYS = Schedule((dt.time(0, 15), dt.time(5)), (0, 6), (("run",),), ZoneInfo("UTC"))
ROOT = Path('/srv/Ана\'s 100% $HOME "data"/patokaz')
# Fields of crontab(5): smallest and largest number.
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def read_line(line: str) -> tuple[list[set[int]], str]:
    """Read a line as crontab(5) describes it: five fields and a command up to an open %."""
    *fields, command = line.split(None, 5)
    assert len(fields) == 5
    found = []
    for said, (low, high) in zip(fields, FIELDS, strict=True):
        numbers: set[int] = set()
        for part in said.split(","):
            fits = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
            assert fits, part
            first = int(fits[1]) if fits[1] else low
            last = int(fits[2] or fits[1] or high)
            assert low <= first <= last <= high, part
            numbers |= set(range(first, last + 1, int(fits[3] or 1)))
        found.append(numbers)
    assert len(line) < 998
    assert not re.search(r"(?<!\\)%", command), "an open % would end the command"
    return found, command.replace(r"\%", "%")


def lines_of(block: str) -> list[str]:
    return [line for line in block.splitlines() if line and not line.startswith("#")]


def test_a_schedule_is_a_valid_line_of_a_crontab() -> None:
    (line,) = lines_of(cron.write_cron_block(DAILY, ROOT, NOW, dt.UTC))
    (minutes, hours, days, months, week), command = read_line(line)
    assert (minutes, hours) == ({0}, {3, 4})
    assert (len(days), len(months), len(week)) == (31, 12, 8)
    words = shlex.split(command)
    assert words[0] == f"PATOKAZ_HOME={ROOT}"
    assert words[1:] == [sys.executable, "-P", "-m", "analysis.cli", "schedule", "--due"]


def test_the_days_of_cron_begin_with_sunday() -> None:
    lines = lines_of(cron.write_cron_block(SUNDAYS, ROOT, NOW, dt.UTC))
    assert [line.split()[:5] for line in lines] == [
        ["15", "0", "*", "*", "0,1"],
        ["0", "5", "*", "*", "0,1"],
    ]


def test_cron_itself_finds_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("crontab") is None:
        pytest.skip("there is no cron on this machine")
    path = tmp_path / "table"
    path.write_text(cron.write_cron_block(DAILY, ROOT, NOW), encoding="utf-8")
    done = subprocess.run(["crontab", "-T", str(path)], capture_output=True, check=False)
    if b"invalid option" in done.stderr or b"unrecognized" in done.stderr:
        pytest.skip("this cron cannot check a table")
    assert done.returncode == 0, done.stderr


HELD = "MAILTO=ana@example.org\n# mine\n0 1 * * * true\n"


def test_lines_of_others_stay_as_they_are() -> None:
    block = cron.write_cron_block(DAILY, ROOT, NOW, dt.UTC)
    other = cron.write_cron_block(SUNDAYS, Path("/elsewhere"), NOW, dt.UTC)
    once = cron.replace_block(HELD + other, block, ROOT)
    assert once == HELD + other + block
    later = cron.replace_block(once + "5 5 * * * false", block, ROOT)
    assert later == once + "5 5 * * * false"
    changed = cron.write_cron_block(SUNDAYS, ROOT, NOW, dt.UTC)
    twice = cron.replace_block(later, changed, ROOT)
    assert twice == HELD + other + changed + "5 5 * * * false"
    assert cron.replace_block(twice, "", ROOT) == HELD + other + "5 5 * * * false"


def test_a_table_without_a_last_end_of_line_is_no_trap() -> None:
    assert cron.replace_block("0 1 * * * true", "# a\n", ROOT) == "0 1 * * * true\n# a\n"
    assert cron.replace_block("0 1 * * * true", "", ROOT) == "0 1 * * * true"
    assert cron.replace_block("", "# a\n", ROOT) == "# a\n"


@pytest.mark.parametrize("lost", [0, -1])
def test_half_a_block_is_not_guessed_at(lost: int) -> None:
    lines = cron.write_cron_block(DAILY, ROOT, NOW).splitlines(keepends=True)
    del lines[lost]
    with pytest.raises(SuiteError, match="not exactly once, in this order. Open it with `crontab"):
        cron.replace_block("".join(lines), "# new\n", ROOT)
    with pytest.raises(SuiteError, match="not exactly once"):
        cron.replace_block(cron.write_cron_block(DAILY, ROOT, NOW) * 2, "# new\n", ROOT)


PRETENDED = """#!/bin/sh
if [ "$1" = "-l" ]; then
  [ -f "{table}" ] || {{ echo "{word} for ana" >&2; exit 1; }}
  cat "{table}"
else
  cat > "{table}"
fi
"""


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a crontab of its own before that of the machine; gives the table."""

    def make(word: str = "no crontab") -> Path:
        table, program = tmp_path / "table", tmp_path / "bin" / "crontab"
        program.parent.mkdir()
        program.write_text(PRETENDED.format(table=table, word=word), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        return table

    return make


def test_a_crontab_is_read_and_written(pretend: Callable[..., Path]) -> None:
    table = pretend()
    assert cron.read_crontab() == ""
    cron.write_crontab(HELD)
    assert table.read_text(encoding="utf-8") == HELD
    assert cron.read_crontab() == HELD


def test_a_cron_that_refuses_is_a_sentence(pretend: Callable[..., Path]) -> None:
    pretend("you are not allowed to use this program")
    with pytest.raises(SuiteError, match="`crontab` refused: you are not allowed .*not changed"):
        cron.read_crontab()


def test_a_machine_without_cron_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SuiteError, match="There is no `crontab` on this machine. Use `--install"):
        cron.read_crontab()
    with pytest.raises(
        SuiteError, match="There is no systemd on this machine. Use `--install cron"
    ):
        systemd.install_units({}, tmp_path)
    with pytest.raises(SuiteError, match="There is no Task Scheduler on this machine"):
        tasks.install_task("", ROOT)
    assert tasks.remove_task(ROOT) is False


def test_units_say_when_and_what() -> None:
    files = systemd.write_unit_files(DAILY, ROOT)
    name = name_entry(ROOT)
    assert set(files) == {f"{name}.service", f"{name}.timer"}
    timer, service = files[f"{name}.timer"], files[f"{name}.service"]
    assert "\nOnCalendar=*-*-* 05:00:00 Europe/Skopje\n" in timer
    assert "\nPersistent=true\n" in timer
    assert "\nSuccessExitStatus=75\n" in service
    assert r'Environment="PATOKAZ_HOME=/srv/Ана' in service
    assert r"100%% $HOME \"data\"/patokaz" in service
    assert f'ExecStart="{sys.executable}" "-P" "-m" "analysis.cli" "schedule" "--due"' in service
    sundays = systemd.write_unit_files(SUNDAYS, ROOT)[f"{name}.timer"]
    assert re.findall("OnCalendar=(.*)", sundays) == [
        "Mon,Sun *-*-* 00:15:00 UTC",
        "Mon,Sun *-*-* 05:00:00 UTC",
    ]


@pytest.mark.parametrize("schedule", [DAILY, SUNDAYS])
def test_systemd_itself_reads_the_calendar(schedule: Schedule) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd on this machine")
    timer = systemd.write_unit_files(schedule, ROOT)[f"{name_entry(ROOT)}.timer"]
    for line in re.findall("OnCalendar=(.*)", timer):
        done = subprocess.run(
            ["systemd-analyze", "calendar", line], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert f"Normalized form: {line}" in done.stdout


def test_units_are_written_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, asked = tmp_path / "bin" / "systemctl", tmp_path / "asked"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    files, folder, name = systemd.write_unit_files(DAILY, ROOT), tmp_path / "user", name_entry(ROOT)
    systemd.install_units(files, folder)
    assert {p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()} == files
    assert asked.read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload",
        f"--user enable {name}.timer",
        f"--user restart {name}.timer",
    ]
    assert systemd.remove_units(Path("/elsewhere"), folder) is False
    assert systemd.remove_units(ROOT, folder) is True
    assert list(folder.iterdir()) == []
    program.write_text("#!/bin/sh\necho no bus >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(SuiteError, match="`systemctl --user daemon-reload` refused: no bus. Use"):
        systemd.install_units(files, folder)


def test_units_lie_where_a_persons_units_are() -> None:
    assert systemd.find_unit_folder({"XDG_CONFIG_HOME": "/x"}) == Path("/x/systemd/user")
    assert systemd.find_unit_folder({}) == Path.home() / ".config" / "systemd" / "user"


def test_a_task_is_one_trigger_a_time_and_makes_up_what_was_missed() -> None:
    text = tasks.write_task_text(SUNDAYS, ROOT, NOW, dt.UTC)
    task = ET.fromstring(text.encode("utf-16"))  # noqa: S314  # our own text
    space = {"t": tasks.SPACE}
    begins = [e.text for e in task.findall(".//t:StartBoundary", space)]
    assert begins == ["2026-03-05T00:15:00", "2026-03-05T05:00:00"]
    for week in task.findall(".//t:DaysOfWeek", space):
        assert [day.tag.split("}")[1] for day in week] == ["Monday", "Sunday"]
    found = {e.tag.split("}")[1]: e.text for e in task.iter()}
    assert found["StartWhenAvailable"] == "true"
    assert found["MultipleInstancesPolicy"] == "IgnoreNew"
    assert found["Command"] == sys.executable
    assert found["Arguments"] == "-P -m analysis.cli schedule --due"
    assert found["WorkingDirectory"] == str(ROOT)


def test_two_workspaces_have_two_names_and_a_broken_path_none() -> None:
    assert name_entry(Path("/a")) != name_entry(Path("/b"))
    with pytest.raises(SuiteError, match="has a sign that no scheduler can hold. Rename"):
        name_entry(Path("/a\n* * * * * rm -r x"))
