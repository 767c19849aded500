"""One run in a kernel: what it gives, what it read, and how it fails."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from analysis.protection.ledger.standing import Standing
from analysis.suite import execute
from analysis.suite.attempt import HEARTBEAT, Limits
from analysis.suite.cache import Keys, make_seed
from analysis.suite.execute import execute_run
from analysis.suite.notebook_mark import TAG, mark_notebook
from analysis.suite.plan import plan_runs
from analysis.suite.records import find_results, read_record, read_records
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.suite.execute import Outcome
    from analysis.suite.records import Record
    from analysis.workspace import Workspace

COLD = Limits(seconds=60, retries=0, warm=False)
READING = """
from analysis.store.read import read_public
from analysis.workspace import find_workspace
public = read_public(find_workspace())
print(len(public.series("population_persons", area)))
"""
RANDOM = """
import random
import numpy as np
print(random.random(), np.random.random())
"""


def _execute(space: Workspace, limits: Limits = COLD) -> tuple[Outcome, Record]:
    run = plan_runs(space)[0]
    outcome = execute_run(run, Keys(space).make_key(run), space.root, limits)
    record = read_record(space.runs / run.name)
    assert record is not None
    return outcome, record


def _kept(space: Workspace) -> nbformat.NotebookNode:
    path = space.runs / plan_runs(space)[0].name / "09_small.ipynb"
    return nbformat.read(path, as_version=4)


def test_the_kept_notebook_of_a_draft_says_so_first(small: Workspace) -> None:
    _execute(small)
    kept = _kept(small)
    nbformat.validate(kept)
    assert kept.cells[0].cell_type == "markdown"
    assert kept.cells[0].source == (
        "**DRAFT.** Draft for discussion: nobody has released it yet. The figures may still "
        "change: please do not quote them."
    )
    assert kept.cells[0].metadata.tags == [TAG]
    assert kept.metadata["patokaz"] == {"standing": "draft"}
    assert [TAG in cell.metadata.get("tags", ()) for cell in kept.cells].count(True) == 1


@pytest.mark.parametrize("language", ["mk", "en"])
def test_a_release_carries_no_mark_of_a_draft(language: str) -> None:
    code = nbformat.v4.new_code_cell("1", id="one")
    draft, release = (nbformat.v4.new_notebook(cells=[code.copy()]) for _ in range(2))
    standing = Standing("released", 4, "Ana", "Arben", "2026-03-06", "ab")
    mark_notebook(draft, None, translator(language))
    mark_notebook(release, standing, translator(language))

    assert [cell.id for cell in draft.cells] == [TAG, "one"]
    assert ("DRAFT" in draft.cells[0].source) is (language == "en")
    assert [cell.id for cell in release.cells] == ["one"]
    assert release.metadata["patokaz"] == {"standing": "release 4, 2026-03-06"}


def test_a_run_writes_its_own_folder_and_nothing_else(small: Workspace) -> None:
    before = {path for path in small.root.rglob("*") if path.is_file()}
    outcome, record = _execute(small)
    assert (outcome.state, outcome.reason, outcome.attempts) == ("ok", "", 1)
    made = {path for path in small.root.rglob("*") if path.is_file()} - before
    folder = small.runs / outcome.name
    page = find_results(small, record) / "site" / "en" / "small-kumanovo" / "index.html"
    history = small.logs / "runs.jsonl"
    assert made == {
        page,
        folder / "09_small.ipynb",
        folder / "manifest.json",
        history,
    }
    assert "<h2>MK-703</h2>" in page.read_text(encoding="utf-8")
    assert record.good.outputs.keys() == {"site/en/small-kumanovo/index.html"}
    line = json.loads(history.read_text(encoding="utf-8"))
    assert (line["name"], line["state"]) == (outcome.name, "ok")
    assert "reads" not in line
    assert (record.seconds > 0, record.cpu_seconds > 0, record.kernel) == (True, True, "ordinary")


def test_what_the_kernel_read_is_on_record(small: Workspace, rewrite: Callable[..., None]) -> None:
    rewrite(small, READING)
    _, record = _execute(small)
    assert record.reads == {"population_persons": ["MK-703"]}
    assert dict(record.key)["data"] == Keys(small).hash_data(record)


def test_random_numbers_begin_alike(small: Workspace, rewrite: Callable[..., None]) -> None:
    rewrite(small, RANDOM)
    said = []
    for _ in range(2):
        _, record = _execute(small)
        said.append(_kept(small).cells[-1].outputs[0].text)
    assert said[0] == said[1]
    assert record.seed == make_seed(plan_runs(small)[0])


def test_a_cell_that_fails_is_kept_and_named(
    small: Workspace, rewrite: Callable[..., None]
) -> None:
    _execute(small)
    rewrite(small, "1 / 0", "print('never')")
    outcome, record = _execute(small, Limits(seconds=60, retries=3, warm=False))
    assert outcome.state == "failed"
    # A cell that fails once fails again: it is not tried a second time.
    assert outcome.attempts == 1
    assert outcome.reason == "cell 5: division by zero"
    failed = _kept(small).cells[record.cell]
    assert failed.source == "1 / 0"
    # The page of the attempt before is still there.
    assert record.good is not None
    assert (find_results(small, record) / "site/en/small-kumanovo/index.html").is_file()
    assert record.good.run_id != record.run_id


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def broken(:\n    pass", "invalid syntax"),
        ("x = bytearray(4_000_000_000)", "MemoryError"),
    ],
)
def test_errors_of_syntax_and_memory_are_failed_cells(
    small: Workspace, rewrite: Callable[..., None], source: str, said: str
) -> None:
    rewrite(small, source)
    outcome, record = _execute(small, Limits(60, 0, 2_000_000_000, warm=False))
    assert outcome.state == "failed"
    assert said in outcome.reason
    assert _kept(small).cells[record.cell].source == source


def test_a_notebook_that_hangs_is_stopped(small: Workspace, rewrite: Callable[..., None]) -> None:
    rewrite(small, "import time", "while True:\n    time.sleep(1)")
    outcome, record = _execute(small, Limits(seconds=4, retries=0, warm=False))
    assert "took longer than 4 s and was stopped in this cell" in outcome.reason
    assert _kept(small).cells[record.cell].source.startswith("while True")


def test_a_kernel_that_dies_is_tried_again(small: Workspace, rewrite: Callable[..., None]) -> None:
    mark = small.root / "died"
    rewrite(
        small,
        f"import os, pathlib\nmark = pathlib.Path({str(mark)!r})\n"
        "first = not mark.exists()\nmark.touch()\nif first:\n    os._exit(9)",
    )
    outcome, _ = _execute(small, Limits(seconds=60, retries=1, warm=False))
    assert (outcome.state, outcome.attempts) == ("ok", 2)


def test_a_kernel_that_never_says_that_it_is_there_is_tried_again(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    whole = execute.execute_notebook

    def start(*given: Any) -> Any:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("The kernel ended before it said that it was there.")
        return whole(*given)

    monkeypatch.setattr(execute, "execute_notebook", start)
    monkeypatch.setattr(execute.time, "sleep", lambda _: None)
    outcome, _ = _execute(small, Limits(seconds=60, retries=1, warm=False))
    assert (outcome.state, outcome.attempts) == ("ok", 2)
    asked.clear()
    outcome, record = _execute(small)
    assert (outcome.state, outcome.attempts, len(asked)) == ("failed", 1, 1)
    assert record.reason == "The kernel ended before it said that it was there."


def test_a_page_that_cannot_be_made_is_not_tried_again(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("The notebook shows no header.")

    monkeypatch.setattr(execute, "publish_run", refuse)
    outcome, _ = _execute(small, Limits(seconds=60, retries=3, warm=False))
    assert (outcome.state, outcome.attempts) == ("failed", 1)


def test_a_kernel_that_dies_each_time_is_a_failed_run(
    small: Workspace, rewrite: Callable[..., None]
) -> None:
    rewrite(small, "import os\nos._exit(9)")
    outcome, record = _execute(small)
    assert "the kernel ended by itself in this cell" in outcome.reason
    assert _kept(small).cells[record.cell].source.endswith("os._exit(9)")


def test_nothing_under_way_is_left_behind(small: Workspace) -> None:
    _, record = _execute(small)
    folder = small.runs / record.name
    stale = folder / "results-stale"
    stale.mkdir()
    _, record = _execute(small)
    assert not stale.exists()
    assert not (folder / HEARTBEAT).exists()
    assert [path.name for path in folder.glob("results-*")] == [record.good.folder]


@pytest.mark.skipif(os.name == "nt", reason="folders are closed by their mode on POSIX")
def test_a_record_that_cannot_be_written_is_a_failed_run(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.suite.execute.write_record", refuse)
    run = plan_runs(small)[0]
    outcome = execute_run(run, Keys(small).make_key(run), small.root, COLD)
    assert outcome.state == "failed"
    assert "could not be written down: [Errno 28] No space left on device" in outcome.reason
    assert read_records(small) == []
