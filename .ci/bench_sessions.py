"""Open many dashboards at once, with ordinary kernels and with warm ones, side by side.

Each side is a server of its own on two cores, as ``patokaz serve`` starts it, with one visitor
before the others so that no disk is asked for the first time. What counts is when the last of all
pages is complete, and how much memory the server, its kernels and their parent take with the
visitors there, more than without them: proportional shares (PSS), so that what processes share is
counted once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SESSIONS = 20
CORES = 2
TIMES_SOONER = 8
MEGABYTES = 60
NOT_KEPT = 3
KINDS = ("ordinary", "warm")
SAID = "Patokaz is open at "
DASHBOARD = "/dashboards/municipal_profile"
TIMEOUT = 900
# What has to be the same, whatever names the widgets around it are given.
FIGURES = re.compile(r"<table.*?</table>|<svg.*?</svg>", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """What one kind of kernel came to.

    Parameters
    ----------
    seconds : list of float
        From the first request until each page was complete.
    megabytes : float
        Additional memory for each session.
    pages : list of str
    """

    seconds: list[float]
    megabytes: float
    pages: list[str]


def main() -> int:
    """Measure both kinds, and say which promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--room", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve_kind(asked.serve, asked.room)
        return 0
    if not (ROOT / "data_processed" / "public" / "release.json").is_file():
        print("There is nothing to show yet. Type: make build", file=sys.stderr)
        return 1
    load = os.getloadavg()[0]
    print(
        f"{asked.sessions} sessions at once on {CORES} of {os.cpu_count()} cores, load {load:.1f}"
    )
    print(
        f"{'kernels':<12}{'first page':>12}{'median':>9}{'last page':>11}{'memory a session':>20}"
    )
    results = {kind: measure_kind(kind, asked.sessions) for kind in KINDS}
    for kind, result in results.items():
        times = (min(result.seconds), statistics.median(result.seconds), max(result.seconds))
        print(
            f"{kind:<12}{times[0]:>10.2f} s{times[1]:>7.2f} s{times[2]:>9.2f} s"
            f"{result.megabytes:>17.0f} MB"
        )
    return 0 if all(judge_results(results["ordinary"], results["warm"])) else NOT_KEPT


def judge_results(ordinary: Result, warm: Result) -> list[bool]:
    """Say which promises are kept.

    Parameters
    ----------
    ordinary, warm : Result

    Returns
    -------
    list of bool
    """
    sooner = max(ordinary.seconds) / max(warm.seconds)
    said = (
        (warm.pages == ordinary.pages, "the same tables and charts", "on all pages"),
        (sooner >= TIMES_SOONER, f"last page {sooner:.1f} times sooner", f"{TIMES_SOONER} times"),
        (
            warm.megabytes <= MEGABYTES,
            f"{warm.megabytes:.0f} MB a session",
            f"at most {MEGABYTES} MB",
        ),
    )
    for is_kept, text, target in said:
        print(f"{'PASS' if is_kept else 'FAIL':>12} {text} (wanted: {target})")
    return [is_kept for is_kept, _, _ in said]


def measure_kind(kind: str, sessions: int) -> Result:
    """Open sessions at a server of one kind.

    Parameters
    ----------
    kind : {"ordinary", "warm"}
    sessions : int

    Returns
    -------
    Result
    """
    areas = read_slugs()[:sessions]
    with open_server(kind) as (address, roots):
        read_page(address, areas[-1], time.monotonic())
        before = add_memory(roots)
        began = time.monotonic()
        with ThreadPoolExecutor(len(areas)) as visitors:
            found = list(visitors.map(lambda area: read_page(address, area, began), areas))
        after = add_memory(roots)
    seconds, pages = zip(*found, strict=True)
    return Result(list(seconds), (after - before) / len(areas), list(pages))


def read_slugs() -> list[str]:
    """Name the municipalities that are visited, each by one visitor."""
    from analysis.catalog import load_areas

    return [area.slug for area in load_areas() if area.level == "municipality"]


def read_page(address: str, area: str, began: float) -> tuple[float, str]:
    """Read a dashboard until it is complete.

    Returns
    -------
    tuple of (float, str)
        Seconds since the beginning; the tables and charts of the page.
    """
    answer = httpx.get(f"{address}{DASHBOARD}?area={area}&language=en", timeout=TIMEOUT)
    took = time.monotonic() - began
    answer.raise_for_status()
    if "</html>" not in answer.text or 'data-table="residents"' not in answer.text:
        msg = f"The page of {area} is not complete: {answer.text[-300:]}"
        raise SystemExit(msg)
    return took, "".join(FIGURES.findall(answer.text))


@contextlib.contextmanager
def open_server(kind: str) -> Iterator[tuple[str, list[int]]]:
    """Start a server of one kind.

    Yields
    ------
    tuple of (str, list of int)
        Its address, and the processes that it and its kernels descend from.
    """
    room = Path(tempfile.mkdtemp(prefix="pk-"))
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", kind, "--room", str(room)],
        env={**os.environ, "PATOKAZ_HOME": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None  # noqa: S101  # it was asked for above
        parents = [int(server.stdout.readline() or 0)]
        address = server.stdout.readline().removeprefix(SAID).strip().rstrip("/")
        yield address, [server.pid, *filter(None, parents)]
    finally:
        server.terminate()
        server.communicate(timeout=60)
        if kind == "warm":
            from analysis.suite.kernels.keeper import stop_parent

            stop_parent(ROOT / "requirements.lock", room, kill=True)
        shutil.rmtree(room)


def serve_kind(kind: str, room: Path) -> None:
    """Be the server: say which process kernels are forked from, then serve.

    Parameters
    ----------
    kind : {"ordinary", "warm"}
    room : pathlib.Path
        For sockets.
    """
    from traitlets.config import Config

    from analysis.dashboard import server
    from analysis.figures.client import VARIABLE
    from analysis.figures.service import start_pictures
    from analysis.suite.kernels.keeper import ensure_parent
    from analysis.suite.kernels.settings import warm_settings
    from analysis.workspace import Workspace

    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    own: dict[str, Any] = {
        "KernelProvisionerFactory": {"default_provisioner_name": "local-provisioner"}
    }
    held, parent = contextlib.ExitStack(), 0
    if kind == "warm":
        lock_file = ROOT / "requirements.lock"
        own = warm_settings(lock_file, room)
        hold = held.enter_context(ensure_parent(lock_file, room))
        parent = hold.pid
        os.environ[VARIABLE] = str(held.enter_context(start_pictures()).socket)
    configure = server.configuration

    def configured(workspace: Workspace, port: int | None = None) -> Config:
        config = configure(workspace, port)
        config.merge(Config(own))
        return config

    server.configuration = configured
    print(parent, flush=True)
    with held:
        server.serve(Workspace(ROOT), open_browser=False)


def add_memory(roots: list[int]) -> float:
    """Add up the memory of processes and all that descends from them.

    Parameters
    ----------
    roots : list of int

    Returns
    -------
    float
        Megabytes, what is shared counted once.
    """
    whole = 0
    for root in roots:
        top = psutil.Process(root)
        for process in [top, *top.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                whole += process.memory_full_info().pss
    return whole / 2**20


if __name__ == "__main__":
    sys.exit(main())
