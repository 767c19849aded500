"""Measure how quickly pages and dashboards come, beside stock Voila with stock kernels.

Both servers run on two cores, one after the other, each with one visitor before the others so
that no disk is asked for the first time. The visitors share the cores with the server, as they do
on a laptop; a network would add its own time to all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CORES = 2
READERS, ROUNDS = 50, 5
VISITORS, ALONE, CHOICES = 20, 5, 12
PAGE_SECONDS, ALONE_SECONDS, CROWD_SECONDS, CONTROL_SECONDS = 0.1, 2.0, 6.0, 0.3
NOT_KEPT = 3
TIMEOUT = 600
SILENCE = 1.5
PAGE = "/pages/en/kumanovo/index.html"
OURS, STOCK = "/dashboards/municipal_profile", "/voila/render/municipal_profile.ipynb"
# The table that comes with the first chart. Stock Voila shows a drawing of its own while one waits.
CHART = re.compile(rb"data-table=.{0,12}residents")
KERNEL = re.compile(rb'"kernelId":\s*"([0-9a-f-]{36})"')
PROTOCOL = "v1.kernel.websocket.jupyter.org"
PIN = "import os, sys; os.sched_setaffinity(0, {cores}); os.execv(sys.executable, {command})"
COMMANDS = {
    "ours": ["-m", "analysis.cli", "serve", "--sessions", str(VISITORS + ALONE + 5)],
    "stock": ["-m", "voila", "--no-browser", "--Voila.ip=127.0.0.1"],
}


@dataclass(frozen=True)
class Answer:
    """What a visitor got.

    Parameters
    ----------
    first : float
        Seconds until what was waited for was there.
    body : bytes
    cookie : str
    """

    first: float
    body: bytes
    cookie: str


@dataclass(frozen=True)
class Result:
    """Seconds of one server; an empty list where it has nothing of the kind."""

    pages: list[float]
    alone: list[float]
    crowd: list[float]
    control: list[float]


async def ask(port: int, path: str, wanted: re.Pattern[bytes] | None = None) -> Answer:
    """Ask for a page on a line of its own, as a browser that has never been there."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    packing = "identity" if wanted else "gzip"
    words = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    writer.write(f"{words}Accept-Encoding: {packing}\r\n\r\n".encode())
    said, first = b"", 0.0
    while part := await reader.read(65536):
        said += part
        body = said.partition(b"\r\n\r\n")[2]
        if not first and body and (wanted is None or wanted.search(body)):
            first = time.perf_counter() - began
    writer.close()
    head, _, body = said.partition(b"\r\n\r\n")
    if b" 200 " not in head[:20] or not first:
        msg = f"{path} was answered with {head[:300]!r}, without what was waited for."
        raise SystemExit(msg)
    found = re.search(rb"Set-Cookie: ([^;\r]+)", head)
    return Answer(first, body, found[1].decode() if found else "")


def pack(kind: str, content: dict[str, Any]) -> bytes:
    """Write a message as a page does."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "bench"}
    header |= {"version": "5.3", "date": "2025-01-01T00:00:00Z"}
    parts = [b"shell", *(json.dumps(p).encode() for p in (header, {}, {}, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join(n.to_bytes(8, "little") for n in (len(offsets), *offsets)) + b"".join(parts)


def unpack(said: bytes) -> tuple[str, dict[str, Any]]:
    """Read a message of a kernel."""
    count = int.from_bytes(said[:8], "little")
    at = [int.from_bytes(said[8 * i : 8 * (i + 1)], "little") for i in range(1, count + 1)]
    return json.loads(said[at[1] : at[2]])["msg_type"], json.loads(said[at[4] : at[5]])


async def hear(line: WebSocketClientConnection, kind: str) -> dict[str, Any]:
    """Hear a line until the kernel says something of a kind."""
    while True:
        said = await asyncio.wait_for(line.read_message(), TIMEOUT)
        if not isinstance(said, bytes):
            continue
        heard, content = unpack(said)
        if heard == kind:
            return content


async def hear_silence(line: WebSocketClientConnection) -> None:
    """Hear a line until nothing is said any more: map and files follow the numbers."""
    with contextlib.suppress(TimeoutError):
        while await asyncio.wait_for(line.read_message(), SILENCE) is not None:
            continue


async def find_menu(line: WebSocketClientConnection) -> tuple[str, list[str]]:
    """Find the menu of municipalities among the widgets of a page, and its choices."""
    await line.write_message(
        pack("comm_info_request", {"target_name": "jupyter.widget"}), binary=True
    )
    comms = (await hear(line, "comm_info_reply"))["comms"]
    for comm_id in comms:
        asked = pack("comm_msg", {"comm_id": comm_id, "data": {"method": "request_state"}})
        await line.write_message(asked, binary=True)
        # What the live view says meanwhile is no answer to this.
        while (said := await hear(line, "comm_msg"))["comm_id"] != comm_id:
            continue
        labels = said["data"].get("state", {}).get("_options_labels", [])
        if "Berovo" in labels:
            return str(comm_id), labels
    msg = "The page has no menu of municipalities."
    raise SystemExit(msg)


async def measure_control(port: int, page: Answer) -> list[float]:
    """Choose municipalities, one after the other, until the numbers of each are there."""
    found = KERNEL.search(page.body)
    kernel = found[1].decode() if found else ""
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id=bench"
    asked = HTTPRequest(address, headers={"Cookie": page.cookie} if page.cookie else {})
    line = await websocket_connect(asked, subprotocols=[PROTOCOL])
    menu, labels = await find_menu(line)
    times = []
    for index in range(CHOICES):
        await hear_silence(line)
        chosen = {"method": "update", "state": {"index": index}, "buffer_paths": []}
        began = time.perf_counter()
        await line.write_message(pack("comm_msg", {"comm_id": menu, "data": chosen}), binary=True)
        shown = ""
        while labels[index] not in shown:
            shown = str((await hear(line, "comm_msg"))["data"].get("state", {}).get("value", ""))
        times.append(time.perf_counter() - began)
    line.close()
    return times


async def measure(port: int, kind: str) -> Result:
    """Measure one server."""
    path = OURS if kind == "ours" else STOCK
    slugs = read_slugs()

    def address(slug: str) -> str:
        return f"{path}?area={slug}&language=en"

    pages: list[float] = []
    if kind == "ours":
        await ask(port, PAGE)
        for _ in range(ROUNDS):
            answers = await asyncio.gather(*(ask(port, PAGE) for _ in range(READERS)))
            pages += [answer.first for answer in answers]
    await ask(port, address(slugs[-1]), CHART)
    alone = [await ask(port, address(slug), CHART) for slug in slugs[:ALONE]]
    control = await measure_control(port, alone[-1])
    crowd = await asyncio.gather(*(ask(port, address(s), CHART) for s in slugs[:VISITORS]))
    return Result(pages, [a.first for a in alone], [a.first for a in crowd], control)


def read_slugs() -> list[str]:
    """Name the municipalities that are visited."""
    from analysis.catalog import load_areas

    return [area.slug for area in load_areas() if area.level == "municipality"]


@contextlib.contextmanager
def open_server(kind: str) -> Iterator[int]:
    """Start a server on two cores.

    Yields
    ------
    int
        Its port.
    """
    command = [sys.executable, *COMMANDS[kind]]
    if kind == "stock":
        with socket.create_server(("127.0.0.1", 0)) as free:
            command += [f"--port={free.getsockname()[1]}", str(ROOT / "dashboards")]
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    server = subprocess.Popen(
        [sys.executable, "-c", PIN.format(cores=cores, command=command)],
        env={**os.environ, "PATOKAZ_HOME": os.environ.get("PATOKAZ_HOME", str(ROOT))},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield read_port(server)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.communicate(timeout=120)


def read_port(server: subprocess.Popen[str]) -> int:
    """Read where a server listens, and give its parent of kernels time to be ready."""
    assert server.stdout is not None  # noqa: S101  # it was asked for
    for line in server.stdout:
        # Stock Voila says it a moment before it listens.
        found = re.search(r"http://[\w.]+:(\d+)", line)
        if found:
            return int(found[1])
    msg = "The server did not start."
    raise SystemExit(msg)


def judge(result: Result) -> list[bool]:
    """Say which promises are kept."""
    said = (
        (statistics.median(result.pages), PAGE_SECONDS, f"a page, {READERS} at once, median"),
        (statistics.median(result.alone), ALONE_SECONDS, "first chart, one visitor, median"),
        (max(result.crowd), CROWD_SECONDS, f"first chart, {VISITORS} at once, the last"),
        (statistics.median(result.control), CONTROL_SECONDS, "a control, median"),
    )
    for seconds, most, text in said:
        word = "PASS" if seconds <= most else "FAIL"
        print(f"{word:>12} {text}: {seconds:.3f} s (wanted: at most {most} s)")
    return [seconds <= most for seconds, most, _ in said]


def show(kind: str, result: Result) -> None:
    """Print a line of the table: medians, and the last of a crowd."""
    pages = f"{statistics.median(result.pages):.3f} s" if result.pages else "none"
    alone, control = statistics.median(result.alone), statistics.median(result.control)
    print(f"{kind:<10}{pages:>12}{alone:>12.2f} s{max(result.crowd):>12.2f} s{control:>12.3f} s")


def main() -> int:
    """Measure both servers, and say which promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", action="store_true", help="leave stock Voila out")
    asked = parser.parse_args()
    home = Path(os.environ.get("PATOKAZ_HOME", str(ROOT)))
    if not (home / "data_processed" / "site" / PAGE.removeprefix("/pages/")).is_file():
        print("There is nothing to show yet. Type: make run", file=sys.stderr)
        return 1
    print(f"{CORES} of {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'server':<10}{'page':>12}{'one visitor':>14}{'the last of 20':>15}{'control':>13}")
    results = {}
    for kind in ("ours",) if asked.ours else ("ours", "stock"):
        with open_server(kind) as port:
            results[kind] = asyncio.run(measure(port, kind))
        show(kind, results[kind])
    return 0 if all(judge(results["ours"])) else NOT_KEPT


if __name__ == "__main__":
    sys.exit(main())
