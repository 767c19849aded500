"""Measure what a person waits for, and hold it against what was promised.

Commands run in a copy of the checkout, so that the checkout's own pages and tables stay as they
are. Registers and tables are made up in a folder that is removed. Each measurement of a register
is a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PARTS_FILE = ROOT / ".ci" / "bench_parts.py"
METHODS_FILE = ROOT / ".ci" / "bench_methods.py"
PROTECTION_FILE = ROOT / ".ci" / "bench_protection.py"
BRIEFS_FILE = ROOT / ".ci" / "bench_briefs.py"
LEFT_OUT = {".git", ".venv", "data_processed", "policy_briefs/built"}
PATOKAZ = [sys.executable, "-c", "from analysis.cli import main; main()"]
STEPS = {
    "import analysis": [sys.executable, "-c", "import analysis"],
    "patokaz --help": [*PATOKAZ, "--help"],
    "patokaz build": [*PATOKAZ, "build"],
    "patokaz run, first": [*PATOKAZ, "run"],
    "patokaz run, nothing to do": [*PATOKAZ, "run"],
}
PARTS = ("commands", "registers", "areas", "methods", "protection", "briefs")
# Rows of a register, and how often each is measured.
REGISTERS = {1_000: 7, 100_000: 5, 10_000_000: 2}
LARGE = 10_000_000
TIMES_FASTER = 5
SHARE_OF_MEMORY = 0.25
AREA_SECONDS = 0.025
NOT_KEPT = 3
# One thread on both sides, and memory that the process keeps: otherwise the growth of a method is
# that of the pages which it asks the kernel for.
STEADY = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
}


def main() -> int:
    """Measure the parts that are asked for, and say which promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, metavar=f"{{{','.join(PARTS)}}}")
    parser.add_argument("--rows", type=int, nargs="+", default=list(REGISTERS))
    parser.add_argument("--check", action="store_true", help="fail when a promise is not kept")
    asked = parser.parse_args()
    kept: list[bool] = []
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if "commands" in asked.parts:
        time_commands()
    if "registers" in asked.parts:
        kept += compare_registers(asked.rows)
    if "areas" in asked.parts:
        kept += time_areas()
    if "methods" in asked.parts:
        kept += run_contest(METHODS_FILE)
    if "protection" in asked.parts:
        kept += run_contest(PROTECTION_FILE)
    if "briefs" in asked.parts:
        kept += run_contest(BRIEFS_FILE)
    return 1 if asked.check and not all(kept) else 0


def time_commands() -> None:
    """Time every command once, after one start that warms the disk cache."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(ROOT, copy, ignore=_built_here)
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        subprocess.run(STEPS["import analysis"], cwd=copy, env=environment, check=True)
        for name, command in STEPS.items():
            started = time.perf_counter()
            subprocess.run(
                command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL
            )
            print(f"{name:<28}{time.perf_counter() - started:7.2f} s", flush=True)


def compare_registers(sizes: list[int]) -> list[bool]:
    """Count registers with our module and with a plain pandas script, turn by turn."""
    kept = []
    print(f"\n{'register':<28}{'min':>9}{'median':>9}{'max':>9}   {'peak memory':>12}")
    with tempfile.TemporaryDirectory() as scratch:
        for rows in sizes:
            path = Path(scratch) / f"{rows}.csv"
            _child("make", path)
            results: dict[str, list[dict[str, Any]]] = {"ours": [], "pandas": []}
            for _ in range(REGISTERS.get(rows, 3)):
                for name, found in results.items():
                    found.append(_child(name, path))
            path.unlink()
            if len({r["digest"] for found in results.values() for r in found}) != 1:
                msg = f"The two counts of {rows:,} rows differ. Find out which one is wrong."
                raise SystemExit(msg)
            for name, found in results.items():
                _say(f"{rows:>12,} rows, {name}", [r["seconds"] for r in found], end="")
                print(f"   {statistics.median(r['peak'] for r in found):>9.0f} MB")
            kept += _judge_register(rows, results)
    return kept


def _judge_register(rows: int, results: dict[str, list[dict[str, Any]]]) -> list[bool]:
    # Fastest against fastest: what else the machine does can only add to a time.
    best = {n: min(r["seconds"] for r in found) for n, found in results.items()}
    peak = {n: max(r["peak"] for r in found) for n, found in results.items()}
    faster = best["pandas"] / best["ours"]
    memory = peak["ours"] / peak["pandas"]
    said = f"{faster:.1f} times as fast, {memory:.0%} of the memory"
    if rows < LARGE:
        print(f"{'':>12} {said}")
        return []
    kept = [faster >= TIMES_FASTER, memory < SHARE_OF_MEMORY]
    wanted = (f"{TIMES_FASTER} times", f"under {SHARE_OF_MEMORY:.0%}")
    for is_kept, text, target in zip(kept, said.split(", "), wanted, strict=True):
        print(f"{'PASS' if is_kept else 'FAIL':>12} {text} (wanted: {target})")
    return kept


def time_areas() -> list[bool]:
    """Time the reading of one area, as the store writes its table and in other row groups."""
    print(f"\n{'one of 8,000 areas':<28}{'min':>9}{'median':>9}{'max':>9}   {'file':>12}")
    with tempfile.TemporaryDirectory() as scratch:
        found = _child("areas", Path(scratch))
    for name, result in found.items():
        _say(name, result["seconds"], end="")
        print(f"   {result['megabytes']:>9.1f} MB")
    middle = statistics.median(found["as stored"]["seconds"])
    is_kept = middle < AREA_SECONDS
    print(f"{'PASS' if is_kept else 'FAIL':>12} {1000 * middle:.1f} ms (wanted: under 25 ms)")
    return [is_kept]


def run_contest(file: Path) -> list[bool]:
    """Run a bench of its own process: methods against plain loops, the others against promises."""
    sys.stdout.flush()
    done = subprocess.run(
        [sys.executable, str(file)],
        env={**os.environ, **STEADY, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode not in {0, NOT_KEPT}:
        raise SystemExit(done.returncode)
    return [done.returncode == 0]


def _built_here(folder: str, names: list[str]) -> set[str]:
    inside = Path(folder).relative_to(ROOT)
    return {name for name in names if (inside / name).as_posix() in LEFT_OUT}


def _say(name: str, seconds: list[float], end: str = "\n") -> None:
    numbers = (min(seconds), statistics.median(seconds), max(seconds))
    print(f"{name:<28}" + "".join(f"{n:>9.4f}" for n in numbers), end=end, flush=True)


def _child(what: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(PARTS_FILE), what, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
