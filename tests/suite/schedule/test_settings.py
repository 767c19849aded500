"""The schedule of the suite file is read as a person means it, or refused with its line."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.plan import plan_runs
from analysis.suite.schedule.settings import read_schedule, require_schedule
from analysis.suite.suite_file import SuiteError, read_suite

if TYPE_CHECKING:
    from analysis.workspace import Workspace


def test_a_time_is_all_it_takes(scheduled: Any) -> None:
    found = require_schedule(scheduled('at = "05:00"').suite_file)
    assert found.words == "daily at 05:00 (Europe/Skopje): build, run"


def test_all_of_it_can_be_said(scheduled: Any) -> None:
    lines = """
    at = ["17:30", "05:00", "05:00"]
    days = ["fri", "mon"]
    commands = ["fetch", "build", "run --area kumanovo --language mk"]
    time_zone = "UTC"
    """
    found = require_schedule(scheduled(lines).suite_file)
    assert found.times == (dt.time(5), dt.time(17, 30))
    assert found.days == (0, 4)
    assert found.commands[2] == ("run", "--area", "kumanovo", "--language", "mk")
    assert found.words.startswith("mon, fri at 05:00, 17:30 (UTC): fetch, build, run --area")


def test_a_schedule_changes_nothing_of_the_plan(scheduled: Any, own_workspace: Workspace) -> None:
    before = plan_runs(own_workspace)
    space = scheduled('at = "05:00"')
    assert plan_runs(space) == before
    text = space.suite_file.read_text(encoding="utf-8")
    runs, own = text.split("[schedule]")
    space.suite_file.write_text(f"[schedule]{own}\n[alerts]\n{runs}", encoding="utf-8")
    assert plan_runs(space) == before
    assert read_schedule(space.suite_file) is not None


def test_the_line_of_a_run_is_not_looked_for_in_the_schedule(scheduled: Any) -> None:
    space = scheduled('at = "05:00"')
    space.suite_file.write_text(
        '[[run]]\nnotebook = "a"\nlanguages = ["mk"]\n[schedule]\ndays = "daily"\n'
        'at = "05:00"\n[[run]]\nnotebook = "b"\nlanguages = ["mk"]\n',
        encoding="utf-8",
    )
    first, second = read_suite(space.suite_file)
    assert (first.line_of("at"), second.line_of("notebook")) == (1, 8)
    assert len(first.lines) == 3


@pytest.mark.parametrize(
    ("lines", "line", "sentence"),
    [
        ('time = "05:00"', 1, "'time' is not a key of [schedule]. Use: at, commands, days"),
        ('days = ["mon"]', 0, "[schedule] lacks 'at'. Write at = \"05:00\""),
        ('at = "5 am"', 1, "'5 am' is not a time of day"),
        ('at = "24:00"', 1, "'24:00' is not a time of day"),
        ('at = "05:60"', 1, "'05:60' is not a time of day"),
        ("at = 5", 1, "'at' is 5. Expected a text between quotes"),
        ("at = []", 1, "'at' is []. Expected"),
        ('at = [\n"05:00",\n"5:00"\n]', 3, "'5:00' is not a time of day"),
        ('at = "05:00"\ndays = ["mon", "tues"]', 2, "'tues' is not a day. Use mon, tue, wed"),
        ('at = "05:00"\ndays = "weekly"', 2, "'weekly' is not a day"),
        ('at = "05:00"\ndays = ["Понеделник"]', 2, "'Понеделник' is not a day"),
        ('at = "05:00"\ntime_zone = "Skopje"', 2, "'Skopje' is not a time zone"),
        ('at = "05:00"\ntime_zone = "../../etc/passwd"', 2, "is not a time zone"),
        ('at = "05:00"\ntime_zone = 1', 2, "'1' is not a time zone"),
        ('at = "05:00"\ncommands = ["rollback"]', 2, "'rollback' is not a command that runs"),
        ('at = "05:00"\ncommands = ["release approve"]', 2, "is not a command that runs"),
        ('at = "05:00"\ncommands = ["run; rm -r x"]', 2, "is not a command that runs"),
        ('at = "05:00"\ncommands = ["run %"]', 2, "'%' in 'run %' has a sign that schedulers"),
        ('at = "05:00"\ncommands = ["run \\"a"]', 2, "is not a command that runs unattended"),
        ('at = "05:00"\ncommands = [""]', 2, "'' is not a command that runs unattended"),
    ],
)
def test_a_mistake_is_refused_with_its_line(
    scheduled: Any, lines: str, line: int, sentence: str
) -> None:
    path = scheduled(lines).suite_file
    head = path.read_text(encoding="utf-8").splitlines().index("[schedule]") + 1
    with pytest.raises(SuiteError, match=f"toml, line {head + line}: .*{re.escape(sentence)}"):
        require_schedule(path)


@pytest.mark.parametrize("text", ["schedule.at = '5'", "schedule = {at = '5'}"])
def test_other_ways_to_write_a_table_have_lines_too(own_workspace: Workspace, text: str) -> None:
    own_workspace.suite_file.write_text(f"# first\n{text}\n", encoding="utf-8")
    with pytest.raises(SuiteError, match="line 2: '5' is not a time of day"):
        read_schedule(own_workspace.suite_file)


def test_a_key_that_nothing_reads_stops_planning(scheduled: Any) -> None:
    with pytest.raises(SuiteError, match=r"'att' is not a key of \[schedule\]"):
        plan_runs(scheduled('at = "05:00"\natt = "06:00"'))


def test_without_a_schedule_the_sentence_says_what_to_write(own_workspace: Workspace) -> None:
    text = own_workspace.suite_file.read_text(encoding="utf-8").split("[schedule]")[0]
    own_workspace.suite_file.write_text(text, encoding="utf-8")
    assert read_schedule(own_workspace.suite_file) is None
    with pytest.raises(SuiteError, match=r"has no \[schedule\], so nothing runs by itself. Add"):
        require_schedule(own_workspace.suite_file)
