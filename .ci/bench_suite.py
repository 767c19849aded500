"""Run the profile of all 80 municipalities in three ways, and compare seconds and outputs.

(a) Papermill's own API with ordinary kernels, (b) ours with a cold cache, both with the same
number of workers and in turns, so that a busy machine is busy for both; (c) the same cells in one
warm process without kernels. Every output of (a) and (b) is compared, cell by cell, pictures
included. CPU is that of all processes of a way, their start included. At the end stands the whole
suite with its pages, briefs, checks and the switch, and the plan of 2,000 runs.

What is imported here is imported by each worker as well, so it is little.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_ways import HOME, Task, execute_ours, execute_plainly

if TYPE_CHECKING:
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("data_raw/published", "notebooks", "dashboards", "policy_briefs/templates")
FASTER, ABOVE = 10.0, 0.5
NOT_KEPT = 3
MARK = "patokaz-draft"


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
    from bench_planning import SECONDS, measure_planning

    from analysis.suite.plan import plan_runs

    with tempfile.TemporaryDirectory(prefix="patokaz-bench-") as folder:
        space = make_workspace(Path(folder))
        runs = [r for r in plan_runs(space, every_area=True, languages=["mk"]) if r.is_profile]
        kept = measure(space, runs[: asked.areas], asked.turns, asked.workers)
        count, seconds = measure_planning(space)
        kept.append(say(seconds <= SECONDS, f"{count} unchanged runs planned in {seconds:.2f} s"))
    print(f"\n{sum(kept)} of {len(kept)} promises kept")
    return 0 if all(kept) else NOT_KEPT


def make_workspace(root: Path) -> Workspace:
    """Build a workspace of the inputs of this checkout."""
    from analysis.protection import publish_observations
    from analysis.store.build import build_observations
    from analysis.workspace import Workspace

    for name in INPUTS:
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "requirements.lock", root)
    space = Workspace(root)
    publish_observations(build_observations(space.published), space)
    os.environ[HOME] = str(root)
    return space


def make_tasks(space: Workspace, runs: list[Run]) -> list[Task]:
    """Say of each run what both ways need."""
    from analysis.suite.cache import Keys, make_seed

    keys = Keys(space)
    return [
        Task(
            name=run.name,
            notebook=run.notebook,
            area=run.area,
            language=run.language,
            parameters=run.parameters,
            run_id=keys.make_key(run).run_id,
            seed=make_seed(run),
            root=str(space.root),
        )
        for run in runs
    ]


def measure(space: Workspace, runs: list[Run], turns: int, workers: int) -> list[bool]:
    """Take turns between Papermill's own way and ours, then one warm process."""
    from bench_memory import count_cpu

    from analysis.suite.drawing import share_pictures

    plain, ours = Cost(), Cost()
    size = -(-len(runs) // turns)
    tasks = make_tasks(space, runs)
    # Let files be read and a parent be there before anything is timed, for both ways. In processes
    # of their own: what ours starts and sets there, Papermill's own way must not find.
    for execute in (execute_plainly, execute_ours):
        with open_pool(1) as pool:
            pool.submit(execute, tasks[0]).result()
    with ExitStack() as held:
        one, other = held.enter_context(open_pool(workers)), held.enter_context(open_pool(workers))
        before, started = count_cpu(tasks[0].root), time.perf_counter()
        # As the suite does; its start is part of what ours takes.
        held.enter_context(share_pictures())
        ours.wall.append(time.perf_counter() - started)
        ours.cpu.append(count_cpu(tasks[0].root) - before)
        for start in range(0, len(tasks), size):
            part = tasks[start : start + size]
            take_turn(plain, part, one, execute_plainly)
            take_turn(ours, part, other, execute_ours)
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
    print(f"In CPU (a) is {sum(plain.cpu) / sum(ours.cpu):.1f} times (b).")
    above = sum(ours.cpu) / len(runs) - warm
    differing = compare(plain.notebooks, ours.notebooks)
    return [
        say(ratio >= FASTER, f"{ratio:.1f} times faster (wanted: {FASTER:g})"),
        say(above <= ABOVE, f"{above:.2f} s of CPU a run above (c) (wanted: at most {ABOVE:g})"),
        say(not differing, f"all outputs equal: {len(differing)} cells differ {differing[:3]}"),
        measure_whole(space, runs, workers),
    ]


def take_turn(cost: Cost, part: list[Task], pool: Executor, execute: Any) -> None:
    """Run a part of the municipalities in one way, and note what it took."""
    import nbformat
    from bench_memory import Watch, count_cpu

    root = part[0].root
    watch, before = Watch(root), count_cpu(root)
    started = time.perf_counter()
    # Processes start at the first turn of each way, and their start is part of it.
    found = list(pool.map(execute, part))
    cost.wall.append(time.perf_counter() - started)
    cost.cpu.append(count_cpu(root) - before)
    cost.peak = max(cost.peak, watch.stop())
    for task, text in zip(part, found, strict=True):
        cost.notebooks[task.area] = nbformat.reads(  # type: ignore[no-untyped-call]
            text, as_version=4
        )


def measure_warm(space: Workspace, runs: list[Run]) -> float:
    """Execute the same cells in one process that has everything imported, without kernels."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from bench_ways import execute_warm; execute_warm(sys.argv[2], sys.argv[3])"
    )
    areas = json.dumps([run.area for run in runs[:10]])
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(space.root), areas],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1])


def compare(plain: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Name the cells whose outputs differ."""
    found = []
    for area, notebook in plain.items():
        # Ours says at the top that an edition is a draft.
        kept = [c for c in ours[area].cells if MARK not in c.metadata.get("tags", ())]
        for number, (one, other) in enumerate(zip(notebook.cells, kept, strict=True), start=1):
            if one.get("outputs") != other.get("outputs") or one.source != other.source:
                found.append(f"{area} cell {number}")
    return found


def measure_whole(space: Workspace, runs: list[Run], workers: int) -> bool:
    """Run the suite as a person does: notebooks, pages, briefs, checks and the switch."""
    from analysis.suite.run import Options, judge_runs, run_suite

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


def open_pool(workers: int) -> Executor:
    """Open processes that start with nothing imported, as a person's do."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def say(is_kept: bool, what: str) -> bool:  # noqa: FBT001
    """Say whether a promise is kept."""
    print(f"{'PASS' if is_kept else 'FAIL':>8} {what}")
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
