"""What is due runs once: on time, or once after downtime, by one starter at a time."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import pytest

from analysis.suite.lock import hold_lock
from analysis.suite.schedule import due as due_module
from analysis.suite.schedule import keep as keep_module
from analysis.suite.schedule.due import EXIT_STOPPED, run_commands, run_due
from analysis.suite.schedule.keep import ScheduleTrigger, keep_schedule
from analysis.suite.schedule.memory import Seen, begin_memory, end_memory, read_seen, write_seen
from analysis.suite.schedule.settings import Schedule
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.workspace import Workspace

NOON = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
DUE = "2026-03-05T04:00:00+00:00"
FORMER = "2026-03-04T04:00:00+00:00"
LONG_AGO = "2026-02-20T04:00:00+00:00"


class Counting:
    """Pretends to run commands, and remembers what it was asked for."""

    def __init__(self, code: int = 0, during: Callable[[], Any] | None = None) -> None:
        self.calls: list[list[list[str]]] = []
        self.code = code
        self.during = during
        self.called = threading.Event()

    def __call__(self, _: Workspace, commands: Sequence[Sequence[str]], __: Any) -> int:
        self.calls.append([list(c) for c in commands])
        self.called.set()
        if self.during:
            self.during()
        return self.code


def test_what_is_due_runs_once_and_is_remembered(scheduled: Any) -> None:
    space, runner = scheduled(), Counting()
    write_seen(space, Seen(FORMER))
    done = run_due(space, lambda: NOON, runner=runner)
    assert (done.due, done.is_late, done.exit_code) == (DUE, True, 0)
    assert runner.calls == [[["build"], ["run"]]]
    seen = read_seen(space)
    assert seen
    assert (seen.due, seen.exit_code, seen.tries) == (DUE, 0, 1)
    assert seen.began == seen.ended == "2026-03-05T12:00:00+00:00"
    again = run_due(space, lambda: NOON, runner=runner)
    assert (again.due, again.sentence) == ("", "Nothing is due.")
    assert len(runner.calls) == 1


def test_one_run_makes_up_for_all_that_were_missed(scheduled: Any) -> None:
    space, runner, told = scheduled(), Counting(), []
    write_seen(space, Seen(LONG_AGO))

    def before(_: Workspace, now: dt.datetime) -> None:
        assert runner.calls == []
        told.append(now)

    for _ in range(3):
        run_due(space, lambda: NOON, runner=runner, before=before)
    assert len(runner.calls) == 1
    assert told == [NOON]


def test_what_is_on_time_is_not_told_as_missed(scheduled: Any) -> None:
    space, told = scheduled(), []
    write_seen(space, Seen(FORMER))
    now = dt.datetime.fromisoformat(DUE) + dt.timedelta(minutes=59)
    done = run_due(space, lambda: now, runner=Counting(), before=lambda *_: told.append(1))
    assert (done.is_late, told) == (False, [])
    assert done.sentence == f"What was due at {DUE}: done."


def test_a_failure_is_not_run_again_until_the_next_time(scheduled: Any) -> None:
    space, runner = scheduled(), Counting(3)
    write_seen(space, Seen(FORMER))
    done = run_due(space, lambda: NOON, runner=runner)
    assert done.exit_code == 3
    assert "made up for once: ended with exit code 3; see data_processed/logs/" in done.sentence
    run_due(space, lambda: NOON, runner=runner)
    assert len(runner.calls) == 1
    run_due(space, lambda: NOON + dt.timedelta(days=1), runner=runner)
    assert len(runner.calls) == 2


def test_what_a_power_cut_broke_off_is_begun_once_more_and_not_for_ever(scheduled: Any) -> None:
    space = scheduled()
    write_seen(space, Seen(FORMER))

    def cut() -> None:
        message = "the power is gone"
        raise OSError(message)

    runner = Counting(during=cut)
    for _ in range(2):
        with pytest.raises(OSError, match="the power is gone"):
            run_due(space, lambda: NOON, runner=runner)
    assert run_due(space, lambda: NOON, runner=runner).sentence == "Nothing is due."
    assert len(runner.calls) == 2


def test_another_runner_at_work_is_said_and_the_schedule_goes_on(scheduled: Any) -> None:
    space = scheduled()
    write_seen(space, Seen(FORMER))
    done = run_due(space, lambda: NOON, runner=Counting(75))
    assert done.exit_code == 75
    assert "another runner is at work, so this one stood back" in done.sentence
    assert run_due(space, lambda: NOON + dt.timedelta(days=1), runner=Counting()).exit_code == 0


def test_two_starters_at_once_are_one_run(scheduled: Any) -> None:
    space, second = scheduled(), []
    write_seen(space, Seen(FORMER))
    other = Counting()
    runner = Counting(during=lambda: second.append(run_due(space, lambda: NOON, runner=other)))
    run_due(space, lambda: NOON, runner=runner)
    assert (len(runner.calls), len(other.calls)) == (1, 0)
    assert second[0].exit_code == 75
    assert "scheduled commands" in second[0].sentence


def test_a_torn_memory_begins_anew(scheduled: Any) -> None:
    space = scheduled()
    for text in ("{torn", "[]", '{"due": "soon"}', '{"other": 1}'):
        space.logs.mkdir(parents=True, exist_ok=True)
        (space.logs / "schedule.json").write_text(text, encoding="utf-8")
        assert read_seen(space) is None, text
    begin_memory(space, NOON)
    begin_memory(space, NOON + dt.timedelta(days=1))
    assert read_seen(space) == Seen("2026-03-05T12:00:00+00:00")
    end_memory(space)
    end_memory(space)
    assert read_seen(space) is None


def test_without_a_schedule_nothing_is_started(own_workspace: Workspace) -> None:
    text = own_workspace.suite_file.read_text(encoding="utf-8").split("[schedule]")[0]
    own_workspace.suite_file.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=r"has no \[schedule\]"):
        run_due(own_workspace, lambda: NOON, runner=Counting())


def test_commands_run_one_after_the_other_until_one_fails(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = own_workspace
    code = "import os, sys; print(*sys.argv[1:], os.environ['PATOKAZ_HOME']); "
    monkeypatch.setattr(
        due_module, "MODULE", ("-c", f"{code}sys.exit(3 if 'fail' in sys.argv else 0)")
    )
    assert run_commands(space, [["one", "a"], ["fail"], ["never"]], threading.Event()) == 3
    said = (space.logs / "schedule.log").read_text(encoding="utf-8").splitlines()
    assert [line for line in said if not line.startswith("---")] == [
        f"one a {space.root}",
        f"fail {space.root}",
    ]
    assert said[0].endswith("patokaz one a")
    assert run_commands(space, [["one"]], threading.Event()) == 0


def test_a_command_ends_when_the_keeper_does(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_module, "MODULE", ("-c", "import time; time.sleep(60)"))
    stop = threading.Event()
    stop.set()
    assert run_commands(own_workspace, [["one"], ["two"]], stop) == EXIT_STOPPED
    killed = ("-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(due_module, "MODULE", killed)
    assert run_commands(own_workspace, [["one"]], threading.Event()) == 137


def test_a_log_that_grew_large_is_put_aside(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_module, "LARGEST_LOG", 10)
    monkeypatch.setattr(due_module, "MODULE", ("-c", "pass"))
    for _ in range(2):
        run_commands(own_workspace, [["one"]], threading.Event())
    log = own_workspace.logs / "schedule.log"
    assert log.read_text(encoding="utf-8").count("---") == 1
    assert log.with_suffix(".log.1").is_file()


class Keeper:
    """Keeps a schedule in a thread, and ends it."""

    def __init__(self, space: Workspace, runner: Counting) -> None:
        self.stop = threading.Event()
        self.told: list[Any] = []
        self.heard = threading.Semaphore(0)
        self.thread = threading.Thread(
            target=keep_schedule,
            args=(space, self.stop, self._hear),
            kwargs={"runner": runner},
        )

    def _hear(self, done: Any) -> None:
        self.told.append(done)
        self.heard.release()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()


@pytest.fixture
def in_a_second(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """A schedule whose time comes in the next second; gives that time."""
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=2)
    zone = ZoneInfo("UTC")
    schedule = Schedule((soon.time(),), tuple(range(7)), (("run",),), zone)
    monkeypatch.setattr(keep_module, "require_schedule", lambda _: schedule)
    monkeypatch.setattr(due_module, "require_schedule", lambda _: schedule)
    return soon


def test_a_job_that_is_due_in_a_second_runs_once(
    own_workspace: Workspace, in_a_second: dt.datetime
) -> None:
    write_seen(own_workspace, Seen((in_a_second - dt.timedelta(days=1)).isoformat()))
    runner = Counting()
    with Keeper(own_workspace, runner) as keeper:
        assert keeper.heard.acquire(timeout=30)
    assert runner.calls == [[["run"]]]
    (done,) = keeper.told
    assert done.due == in_a_second.isoformat()
    assert done.is_late is False


def test_the_keeper_makes_up_one_missed_run_after_downtime_and_not_two(
    own_workspace: Workspace, in_a_second: dt.datetime
) -> None:
    three_days = in_a_second - dt.timedelta(days=3)
    write_seen(own_workspace, Seen(three_days.isoformat()))
    made_up, runner = [], Counting()
    with Keeper(own_workspace, runner) as keeper:
        assert keeper.heard.acquire(timeout=30)
        made_up.append(len(runner.calls))
        assert keeper.heard.acquire(timeout=30)
    # Two days were missed: one run for both at the start, and then the one that is due.
    assert made_up == [1]
    assert len(runner.calls) == 2
    assert [(d.due, d.is_late) for d in keeper.told] == [
        ((in_a_second - dt.timedelta(days=1)).isoformat(), True),
        (in_a_second.isoformat(), False),
    ]


def test_a_second_start_makes_up_nothing_any_more(scheduled: Any) -> None:
    space = scheduled('at = "00:00"\ntime_zone = "UTC"')
    write_seen(space, Seen(LONG_AGO))
    runner = Counting()
    for _ in range(2):
        with Keeper(space, runner):
            assert runner.called.wait(30)
    assert len(runner.calls) == 1


def test_the_keeper_says_who_is_at_work_and_goes_on(
    own_workspace: Workspace, in_a_second: dt.datetime
) -> None:
    write_seen(own_workspace, Seen((in_a_second - dt.timedelta(days=1)).isoformat()))
    with (
        hold_lock(own_workspace.logs / "schedule.lock", "a run by hand"),
        Keeper(own_workspace, Counting()) as keeper,
    ):
        assert keeper.heard.acquire(timeout=30)
        assert keeper.thread.is_alive()
    assert keeper.told[0].exit_code == 75
    assert "a run by hand" in keeper.told[0].sentence


def test_a_failing_moment_does_not_end_the_keeper(
    own_workspace: Workspace, in_a_second: dt.datetime, caplog: Any
) -> None:
    def fail() -> None:
        message = "the disk is full"
        raise OSError(message)

    runner = Counting(during=fail)
    with Keeper(own_workspace, runner) as keeper:
        assert runner.called.wait(30)
        assert keeper.thread.is_alive()
    assert "could not be seen to this time; it goes on" in caplog.text
    assert "the disk is full" in caplog.text
    seen = json.loads((own_workspace.logs / "schedule.json").read_text(encoding="utf-8"))
    assert (seen["due"], seen["ended"]) == (in_a_second.isoformat(), "")


def test_the_trigger_fires_at_the_times_of_the_schedule() -> None:
    schedule = Schedule((dt.time(2, 30),), tuple(range(7)), (), ZoneInfo("Europe/Skopje"))
    trigger = ScheduleTrigger(schedule)
    first = trigger.get_next_fire_time(None, dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC))
    assert first.isoformat() == "2026-03-29T03:30:00+02:00"
    second = trigger.get_next_fire_time(first, NOON)
    assert second.isoformat() == "2026-03-30T02:30:00+02:00"
