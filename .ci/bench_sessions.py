"""Open many dashboards at once, with ordinary kernels and with warm ones, side by side.

Each side is a server of its own on two cores, as ``patokaz serve`` starts it, with one visitor
before the others so that no disk is asked for the first time. What counts is when the last of all
pages is complete, with heading, chart, table and all cells run. Each visitor then asks for the
widgets, as a browser does, and stays until menus, figures, map and files are there too: when that
is, is printed beside it. Memory is taken then, with every live view there: what the server, its
kernels, their parent and the picture service take more than without the visitors, as proportional
shares (PSS), so that what processes share is counted once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_memory import add_memory
from bench_pages import KERNEL, PROTOCOL, Answer, ask, pack
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

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
# The end of a page that has the table of its first chart.
COMPLETE = re.compile(rb'data-table="residents".*</html>', re.DOTALL)
# What the last widget of a live view carries.
LIVE = b"data-live"
LARGEST = 64 * 2**20
# What has to be the same, whatever names the widgets around it are given.
FIGURES = re.compile(r"<table.*?</table>|<svg.*?</svg>", re.DOTALL)


@dataclass(frozen=True)
class Visit:
    """What one visitor got.

    Parameters
    ----------
    read : float
        Seconds until the page was there as it is read without scripts.
    live : float
        Seconds until its live view was there too.
    figures : str
        The tables and charts of the page.
    line : WebSocketClientConnection
        Open as long as the visitor is there.
    """

    read: float
    live: float
    figures: str
    line: WebSocketClientConnection


@dataclass(frozen=True)
class Result:
    """What one kind of kernel came to.

    Parameters
    ----------
    visits : list of Visit
    megabytes : float
        Additional memory for each session.
    """

    visits: list[Visit]
    megabytes: float

    @property
    def last(self) -> float:
        """When the last of all pages was complete."""
        return max(visit.read for visit in self.visits)

    @property
    def last_live(self) -> float:
        """When the last of all live views was there."""
        return max(visit.live for visit in self.visits)


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
        f"{'kernels':<12}{'page, median':>14}{'last page':>12}{'live, median':>14}"
        f"{'last live':>12}{'memory a session':>18}"
    )
    results = {kind: asyncio.run(measure_kind(kind, asked.sessions)) for kind in KINDS}
    for kind, result in results.items():
        read = [visit.read for visit in result.visits]
        live = [visit.live for visit in result.visits]
        print(
            f"{kind:<12}{statistics.median(read):>12.2f} s{max(read):>10.2f} s"
            f"{statistics.median(live):>12.2f} s{max(live):>10.2f} s{result.megabytes:>15.0f} MB"
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
    sooner = ordinary.last / warm.last
    is_same = [v.figures for v in warm.visits] == [v.figures for v in ordinary.visits]
    said = (
        (is_same, "the same tables and charts", "on all pages"),
        (sooner >= TIMES_SOONER, f"last page {sooner:.1f} times sooner", f"{TIMES_SOONER} times"),
        (
            warm.megabytes <= MEGABYTES,
            f"{warm.megabytes:.0f} MB a session",
            f"at most {MEGABYTES} MB",
        ),
    )
    for is_kept, text, target in said:
        print(f"{'PASS' if is_kept else 'FAIL':>12} {text} (wanted: {target})")
    live = ordinary.last_live / warm.last_live
    print(f"{'':>12} last live view {live:.1f} times sooner")
    return [is_kept for is_kept, _, _ in said]


async def measure_kind(kind: str, sessions: int) -> Result:
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
        port = int(address.rpartition(":")[2])
        (await visit(port, areas[-1])).line.close()
        before = add_memory(roots)
        found = await asyncio.gather(*(visit(port, area) for area in areas))
        after = add_memory(roots)
        for one in found:
            one.line.close()
    return Result(list(found), (after - before) / len(areas))


def read_slugs() -> list[str]:
    """Name the municipalities that are visited, each by one visitor."""
    from analysis.catalog import load_areas

    return [area.slug for area in load_areas() if area.level == "municipality"]


async def visit(port: int, area: str) -> Visit:
    """Open a dashboard, and stay until its live view is there."""
    began = time.perf_counter()
    answer = await ask(port, f"{DASHBOARD}?area={area}&language=en", COMPLETE)
    read = time.perf_counter() - began
    line = await open_line(port, answer)
    opened = uuid.uuid4().hex
    begin = {"comm_id": opened, "target_name": "jupyter.widget.control", "data": {}}
    await line.write_message(pack("comm_open", begin), binary=True)
    states = {"comm_id": opened, "data": {"method": "request_states"}}
    await line.write_message(pack("comm_msg", states), binary=True)
    heard: Any = b""
    while LIVE not in heard:
        heard = await asyncio.wait_for(line.read_message(), TIMEOUT)
        if not isinstance(heard, bytes):
            msg = f"The session of {area} ended before its live view was there."
            raise SystemExit(msg)
    live = time.perf_counter() - began
    return Visit(read, live, "".join(FIGURES.findall(answer.body.decode())), line)


async def open_line(port: int, answer: Answer) -> WebSocketClientConnection:
    """Open the socket of a page."""
    found = KERNEL.search(answer.body)
    kernel = found[1].decode() if found else ""
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id=bench"
    asked = HTTPRequest(address, headers={"Cookie": answer.cookie})
    return await websocket_connect(asked, subprotocols=[PROTOCOL], max_message_size=LARGEST)


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
    configure = server.configuration

    def configured(workspace: Workspace, port: int | None = None) -> Config:
        config = configure(workspace, port)
        config.merge(Config(own))
        return config

    server.configuration = configured
    print(parent, flush=True)
    with held:
        server.serve(Workspace(ROOT), open_browser=False)


if __name__ == "__main__":
    sys.exit(main())
