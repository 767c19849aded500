"""Make a hundred briefs, each as docx, PDF and HTML, with as many processes as there are cores.

From a warm start: each process has drawn and set one brief of another place before the clock runs,
as it has in a run of the suite. Also how long it takes to follow one number back, command and all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_suite import INPUTS, ROOT
from bench_ways import HOME

BRIEFS, SECONDS = 100, 60.0
TRACES, TRACE_SECONDS = 5, 1.0
LANGUAGES = ("mk", "en")
FORMATS = (".docx", ".pdf", ".html")
WORKERS = 2
NOT_KEPT = 3


def main() -> int:
    """Measure, print, and say which promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefs", type=int, default=BRIEFS, help="fewer, for a first look")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="patokaz-briefs-") as folder:
        root = make_workspace(Path(folder))
        kept = [measure_traces(root), measure_briefs(root, asked.briefs)]
    print(f"{sum(kept)} of {len(kept)} promises kept")
    return 0 if all(kept) else NOT_KEPT


def make_workspace(root: Path) -> Path:
    """Build a workspace of the inputs of this checkout, in a process of its own."""
    for name in INPUTS:
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "requirements.lock", root)
    os.environ[HOME] = str(root)
    os.environ["PYTHONPATH"] = str(ROOT)
    subprocess.run(_command("build"), check=True, stdout=subprocess.DEVNULL)
    return root


def measure_briefs(root: Path, count: int) -> bool:
    """Make the briefs of fifty municipalities in two languages, or as many as are asked for."""
    from analysis.catalog import load_areas
    from analysis.suite.executors import open_local
    from analysis.suite.many_briefs import share_out
    from analysis.workspace import Workspace

    space = Workspace(root)
    areas = [a.area_id for a in load_areas().at_level("municipality")]
    first, others = areas[-1], areas[: count // len(LANGUAGES)]
    with open_local(WORKERS) as pool:
        # Of a place that is not measured; long enough that all processes take part.
        list(share_out(pool, [first] * 2 * WORKERS, LANGUAGES, space))
        before, started = _cpu(pool), time.perf_counter()
        made = list(share_out(pool, others, LANGUAGES, space))
        seconds, cpu = time.perf_counter() - started, _cpu(pool) - before
    lacking = [file.name for file in made if not file.is_file() or not file.stat().st_size]
    if lacking or len(set(made)) != count * len(FORMATS):
        msg = f"{len(set(made))} files of {count} briefs were made; empty or missing: {lacking}."
        raise SystemExit(msg)
    return _say(
        seconds <= SECONDS * count / BRIEFS,
        f"{count} briefs, {len(FORMATS)} files each, {WORKERS} processes: {seconds:.1f} s "
        f"(wanted: {SECONDS:g}), {cpu:.0f} s of CPU",
    )


def measure_traces(root: Path) -> bool:
    """Follow a derived number back with the command, several times."""
    sys.path.insert(0, str(ROOT))
    from analysis.store.files import OBSERVATIONS, read_table

    table = read_table(root / "data_processed" / "public" / OBSERVATIONS)
    one = table.loc[table["indicator_id"].eq("population_change_pct"), "observation_id"].iloc[0]
    walls = []
    for _ in range(TRACES + 1):
        started = time.perf_counter()
        subprocess.run(_command("trace", one), check=True, stdout=subprocess.DEVNULL)
        walls.append(time.perf_counter() - started)
    # The first one reads the disk.
    middle = statistics.median(walls[1:])
    return _say(middle < TRACE_SECONDS, f"one number traced in {middle:.2f} s (wanted: under 1)")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from analysis.cli import main; main()", *words]


def _cpu(pool: Any) -> float:
    import psutil

    times = [psutil.Process(pid).cpu_times() for pid in pool._processes]  # noqa: SLF001
    return sum(t.user + t.system for t in times)


def _say(is_kept: bool, sentence: str) -> bool:  # noqa: FBT001
    load = os.getloadavg()[0]
    print(f"{'kept' if is_kept else 'NOT KEPT':<9}{sentence}; load {load:.1f}", flush=True)
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
