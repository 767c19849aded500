"""Measure what a person waits for: starting, building, a first run and a run with nothing to do.

Runs in a copy of the checkout, so that the checkout's own pages and tables stay as they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {".git", ".venv", "data_processed", "policy_briefs/built"}
PATOKAZ = [sys.executable, "-c", "from analysis.cli import main; main()"]
STEPS = {
    "import analysis": [sys.executable, "-c", "import analysis"],
    "patokaz --help": [*PATOKAZ, "--help"],
    "patokaz build": [*PATOKAZ, "build"],
    "patokaz run, first": [*PATOKAZ, "run"],
    "patokaz run, nothing to do": [*PATOKAZ, "run"],
}


def _built_here(folder: str, names: list[str]) -> set[str]:
    inside = Path(folder).relative_to(ROOT)
    return {name for name in names if (inside / name).as_posix() in LEFT_OUT}


def main() -> int:
    """Time every step once, after one start that warms the disk cache."""
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
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
