"""Run the profile of all 80 municipalities in three ways, and compare seconds and outputs.

(a) Papermill's own API with ordinary kernels, (b) ours with a cold cache, both with the same
number of workers and in turns, so that a busy machine is busy for both; (c) the same cells in one
warm process without kernels. Every output of (a) and (b) is compared, cell by cell, pictures
included. At the end stands the whole suite with its pages, briefs, checks and the switch.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
from bench_memory import Watch

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.suite.attempt import Limits, execute_notebook
from analysis.suite.cache import Keys, make_seed
from analysis.suite.inside import SEED
from analysis.suite.plan import Run, plan_runs
from analysis.suite.run import Options, judge_runs, run_suite
from analysis.workspace import VARIABLE, Workspace

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("data_raw/published", "notebooks", "dashboards", "policy_briefs/templates")
FASTER, ABOVE = 10.0, 0.5
NOT_KEPT = 3
IDLE_SECONDS, IDLE_RUNS = 2.0, 2_000


@dataclass
class Cost:
    """What one way took."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: int = 0
    notebooks: dict[str, Any] = field(default_factory=dict)


def main() -> int:
    """Measure, print, and say which promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=80)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="patokaz-bench-") as folder:
        space = make_workspace(Path(folder))
        runs = [r for r in plan_runs(space, every_area=True, languages=["mk"]) if r.is_profile]
        kept = measure(space, runs[: asked.areas], asked.turns, asked.workers)
        kept += measure_planning(space)
    print(f"\n{sum(kept)} of {len(kept)} promises kept")
    return 0 if all(kept) else NOT_KEPT


def make_workspace(root: Path) -> Workspace:
    """Build a workspace of the inputs of this checkout."""
    for name in INPUTS:
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "requirements.lock", root)
    space = Workspace(root)
    publish_observations(build_observations(space.published), space)
    os.environ[VARIABLE] = str(root)
    return space


def measure(space: Workspace, runs: list[Run], turns: int, workers: int) -> list[bool]:
    """Take turns between Papermill's own way and ours, then one warm process."""
    plain, ours = Cost(), Cost()
    size = -(-len(runs) // turns)
    keys = Keys(space)
    made = [(run, keys.make_key(run).run_id) for run in runs]
    warm_up(space, made[0])
    with open_pool(workers) as one, open_pool(workers) as other:
        for start in range(0, len(made), size):
            part = made[start : start + size]
            take_turn(plain, part, space, one, execute_plainly)
            take_turn(ours, part, space, other, execute_ours)
    warm = measure_warm(space, runs)
    ratio = sum(plain.wall) / sum(ours.wall)
    print(f"\n{len(runs)} runs, {workers} workers, {turns} turns, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<34}{'wall':>9}{'a run':>9}{'CPU a run':>12}{'peak PSS':>12}")
    for name, cost in (("(a) Papermill, ordinary kernels", plain), ("(b) ours", ours)):
        wall, cpu = sum(cost.wall), sum(cost.cpu)
        print(
            f"{name:<34}{wall:>8.1f}s{wall / len(runs):>8.2f}s{cpu / len(runs):>11.2f}s"
            f"{cost.peak / 1e6:>9.0f} MB"
        )
    print(f"{'(c) one warm process':<34}{'':>9}{'':>9}{warm:>11.2f}s")
    above = sum(ours.cpu) / len(runs) - warm
    differing = compare(plain.notebooks, ours.notebooks)
    return [
        say(ratio >= FASTER, f"{ratio:.1f} times faster (wanted: {FASTER:g})"),
        say(above <= ABOVE, f"{above:.2f} s of CPU a run above (c) (wanted: at most {ABOVE:g})"),
        say(not differing, f"all outputs equal: {len(differing)} cells differ {differing[:3]}"),
        measure_whole(space, runs, workers),
    ]


def warm_up(space: Workspace, one: tuple[Run, str]) -> None:
    """Let files be read and a parent be there before anything is timed, for both ways."""
    execute_plainly(one, str(space.root))
    execute_ours(one, str(space.root))


def take_turn(
    cost: Cost, part: list[tuple[Run, str]], space: Workspace, pool: Executor, execute: Any
) -> None:
    """Run a part of the municipalities in one way, and note what it took."""
    watch = Watch()
    started = time.perf_counter()
    # Processes start at the first turn of each way, and their start is part of it.
    found = list(pool.map(execute, part, [str(space.root)] * len(part)))
    cost.cpu.append(sum(seconds for _, seconds in found))
    cost.wall.append(time.perf_counter() - started)
    cost.peak = max(cost.peak, watch.stop())
    for (run, _), (text, _) in zip(part, found, strict=True):
        cost.notebooks[run.area] = nbformat.reads(  # type: ignore[no-untyped-call]
            text, as_version=4
        )


def execute_plainly(one: tuple[Run, str], root: str) -> tuple[str, float]:
    """Execute a notebook as Papermill's documentation says."""
    import papermill

    run, run_id = one
    os.environ |= {"PATOKAZ_RUN_ID": run_id, SEED: str(make_seed(run)), VARIABLE: root}
    began = _count_own()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        target = Path(folder) / "out.ipynb"
        papermill.execute_notebook(
            f"{root}/notebooks/{run.notebook}.ipynb",
            str(target),
            parameters=dict(run.parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=root,
        )
        return target.read_text(encoding="utf-8"), _count_own() - began


def execute_ours(one: tuple[Run, str], root: str) -> tuple[str, float]:
    """Execute a notebook as the suite does."""
    run, run_id = one
    space = Workspace(Path(root))
    began = _count_own()
    with tempfile.TemporaryDirectory() as folder:
        given = {SEED: str(make_seed(run))}
        made = execute_notebook(run, run_id, space, Path(folder), given, Limits())
        if made.reason or made.kernel != "warm":
            msg = f"{run.name}: {made.reason or 'an ordinary kernel took over'}"
            raise SystemExit(msg)
        text = (Path(folder) / f"{run.notebook}.ipynb").read_text(encoding="utf-8")
    return text, _count_own() - began + made.cpu_seconds


def _count_own() -> float:
    """Count the CPU seconds of this process and of all its children, ended or at work."""
    used = os.times()
    ended = used.user + used.system + used.children_user + used.children_system
    # The service that draws pictures is a child that goes on.
    at_work = [p.cpu_times() for p in psutil.Process().children(recursive=True)]
    return ended + sum(times.user + times.system for times in at_work)


def measure_warm(space: Workspace, runs: list[Run]) -> float:
    """Execute the same cells in one process that has everything imported, without kernels."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from bench_suite import execute_warm; execute_warm(sys.argv[2], sys.argv[3])"
    )
    areas = json.dumps([run.area for run in runs[:10]])
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(space.root), areas],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1])


def execute_warm(root: str, areas: str) -> None:
    """Print the median CPU seconds of the cells of a notebook in this process."""
    from IPython.core.interactiveshell import InteractiveShell

    os.environ[VARIABLE] = root
    os.chdir(root)
    shell: Any = InteractiveShell.instance()
    notebook = nbformat.read(  # type: ignore[no-untyped-call]
        f"{root}/notebooks/02_municipal_profile.ipynb", as_version=4
    )
    sources = [c.source for c in notebook.cells if c.cell_type == "code"]
    seconds = []
    for area in json.loads(areas):
        began = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            for number, source in enumerate(sources):
                given = f"\narea = {area!r}\nlanguage = 'mk'" if number == 0 else ""
                result = shell.run_cell(source + given)
                result.raise_error()
        seconds.append(time.process_time() - began)
    print(statistics.median(seconds[1:]))


def compare(plain: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Name the cells whose outputs differ."""
    found = []
    for area, notebook in plain.items():
        for number, (one, other) in enumerate(
            zip(notebook.cells, ours[area].cells, strict=True), start=1
        ):
            if one.get("outputs") != other.get("outputs") or one.source != other.source:
                found.append(f"{area} cell {number}")
    return found


def measure_whole(space: Workspace, runs: list[Run], workers: int) -> bool:
    """Run the suite as a person does: notebooks, pages, briefs, checks and the switch."""
    planned = [p for p in judge_runs(runs, space) if p.is_needed]
    started = time.perf_counter()
    report = run_suite(planned, space, options=Options(workers=workers))
    seconds = time.perf_counter() - started
    print(
        f"\nThe whole suite of {len(planned)}, with pages, briefs, checks and switch: "
        f"{seconds:.1f} s, {seconds / len(planned):.2f} s a run"
    )
    print(f"{len(report.failed)} failed. {report.refused}")
    return say(not report.failed and not report.refused, "all made and published")


def measure_planning(space: Workspace) -> list[bool]:
    """Plan 2,000 runs of which nothing changed."""
    runs = plan_runs(space, every_area=True, languages=["mk"])
    profiles = [r for r in runs if r.is_profile]
    started = time.perf_counter()
    fresh, count = Keys(space), 0
    while count < IDLE_RUNS:
        for run in profiles:
            reason, changed = fresh.judge(run, fresh.make_key(run))
            if reason != "unchanged":
                raise SystemExit(f"{run.name}: {reason} {changed}")
            count += 1
    seconds = time.perf_counter() - started
    return [say(seconds <= IDLE_SECONDS, f"{count} unchanged runs judged in {seconds:.2f} s")]


def open_pool(workers: int) -> Executor:
    """Open processes that start with nothing imported, as a person's do."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def say(is_kept: bool, what: str) -> bool:  # noqa: FBT001
    """Say whether a promise is kept."""
    print(f"{'PASS' if is_kept else 'FAIL':>8} {what}")
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
