"""How long a run may take, and how often it is tried: by command, by notebook, by default."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from analysis.cli import runs as _registered  # noqa: F401  # its commands
from analysis.cli.shared import app
from analysis.suite import execute
from analysis.suite.attempt import Limits
from analysis.suite.cache import Keys
from analysis.suite.execute import Outcome, execute_run
from analysis.suite.patience import fit_limits, tell_pause
from analysis.suite.plan import plan_runs
from analysis.suite.run import Options, judge_runs, run_suite
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace


class Asking(Executor):
    """Makes nothing, and keeps what it was to do."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Limits]] = []

    def submit(self, _: Any, /, run: Any, key: Any, __: Any, limits: Limits) -> Future[Any]:
        self.asked.append((run, limits))
        future: Future[Any] = Future()
        future.set_result(Outcome(run.name, key.run_id, "ok", "", 0.1, ()))
        return future


def _add(space: Workspace, text: str) -> None:
    said = space.suite_file.read_text(encoding="utf-8")
    space.suite_file.write_text(f"{said}{text}\n", encoding="utf-8")


def _asked(space: Workspace, options: Options) -> list[tuple[float, int]]:
    asking = Asking()
    planned = judge_runs(plan_runs(space), space)
    run_suite(planned, space, None, options, lambda _: asking)
    fitted = [fit_limits(limits, run) for run, limits in asking.asked]
    return [(limits.seconds, limits.retries) for limits in fitted]


COLD = Limits(warm=False)


def test_what_nobody_says_is_ten_minutes_and_one_retry(small: Workspace) -> None:
    assert _asked(small, Options(COLD)) == [(600.0, 1)] * 3


def test_a_notebook_has_its_own(small: Workspace) -> None:
    _add(small, "timeout = 90\nretries = 3")
    assert _asked(small, Options(COLD)) == [(90, 3)] * 3


def test_options_of_the_command_go_before(small: Workspace) -> None:
    _add(small, "timeout = 90\nretries = 3")
    assert _asked(small, Options(COLD, timeout=20.0)) == [(20.0, 3)] * 3
    assert _asked(small, Options(COLD, retries=0)) == [(90, 0)] * 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"timeout": -1.0}, "-1.0 is no time that one notebook may take"),
        ({"retries": 11}, "11 is no number of retries"),
    ],
)
def test_options_that_are_none_are_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SuiteError, match=sentence):
        Options(**given)


def test_a_run_stops_at_the_time_of_its_notebook(
    small: Workspace, rewrite: Callable[..., None]
) -> None:
    rewrite(small, "import time", "while True:\n    time.sleep(1)")
    run = replace(plan_runs(small)[0], timeout=3.0, retries=0)
    key = Keys(small).make_key(run)
    outcome = execute_run(run, key, small.root, Limits(600, 5, warm=False))
    assert "took longer than 3 s and was stopped in this cell" in outcome.reason
    assert outcome.attempts == 1


def test_retries_wait_longer_each_time(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(execute.time, "sleep", waits.append)
    monkeypatch.setattr(
        execute, "execute_notebook", lambda *_: execute.Attempt(reason="lost", is_lost=True)
    )
    run = replace(plan_runs(small)[0], retries=3)
    outcome = execute_run(run, Keys(small).make_key(run), small.root, Limits(warm=False))
    assert (outcome.state, outcome.attempts) == ("failed", 4)
    assert waits == [2.0, 4.0, 8.0]


def test_no_pause_is_longer_than_a_minute() -> None:
    assert [tell_pause(n) for n in (5, 6, 7, 10_000)] == [32.0, 60.0, 60.0, 60.0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--timeout", "0"), "0.0 is no time that one notebook may take"),
        (("--retries", "11"), "11 is no number of retries"),
        (("--folder", "s3://bucket/x"), "is of use to a cluster only"),
    ],
)
def test_the_command_refuses_before_anything_is_run(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.setenv("PATOKAZ_HOME", str(small.root))
    result = CliRunner().invoke(app, ["run", *words])
    assert isinstance(result.exception, SuiteError)
    assert sentence in str(result.exception)
    assert not small.runs.exists()


def test_the_command_hands_on_what_is_typed(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Options] = []

    def note(_: Any, __: Any, ___: Any, options: Options) -> None:
        asked.append(options)
        raise KeyboardInterrupt

    monkeypatch.setenv("PATOKAZ_HOME", str(small.root))
    monkeypatch.setattr("analysis.suite.run.run_suite", note)
    CliRunner().invoke(app, ["run"])
    typed = ["--timeout", "20", "--retries", "3", "--cluster", "tcp://x:1", "--folder", "s3://b/x"]
    CliRunner().invoke(app, ["run", *typed])
    said = [(o.timeout, o.retries, o.cluster, o.folder) for o in asked]
    assert said == [(None, None, "", ""), (20.0, 3, "tcp://x:1", "s3://b/x")]
