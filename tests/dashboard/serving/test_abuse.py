"""A server of two seats, and visitors who do what no page does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import socket
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from lxml import html
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from analysis.dashboard.serving.channels import LARGEST_BACKLOG, MOST_LINES
from analysis.dashboard.serving.options import SESSION_BYTES

pytestmark = pytest.mark.slow

DASHBOARD = "/dashboards/municipal_profile"
PROTOCOL = "v1.kernel.websocket.jupyter.org"
SEATS = 2
# All widgets of a page with their pictures.
LARGEST_SAID = 64 * 2**20
# Shortened here; `make soak` gives the hour.
SOAK_SECONDS = float(os.environ.get("PATOKAZ_SOAK_SECONDS", "20"))
CROWD = int(os.environ.get("PATOKAZ_CROWD", "30"))
CROWD_SEATS = int(os.environ.get("PATOKAZ_CROWD_SEATS", "2"))
# What the server itself takes the first time that many ask at once.
BYTES_OF_SERVER = 80 * 2**20
DASHBOARDS = ("municipal_profile", "compare", "trafficking", "migration", "data_readiness")
HEAD = "Host: 127.0.0.1\r\n"
# Ways out of the folders that are served.
PATHS = (
    "/pages/../restricted/observations.parquet",
    "/pages/..%2f..%2frestricted/observations.parquet",
    "/pages/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/pages//etc/passwd",
    "/pages/x%00.html",
    "/voila/static/../../../etc/passwd",
    "/voila/labextensions/..%2f..%2f..%2fetc/passwd",
    "/dashboards/fonts/../../notebooks/suite.toml",
    "/dashboards/..%2fnotebooks%2fsuite.toml",
    "/voila/files/suite.toml",
    "/api/contents",
    "/api/kernels",
    "/files/requirements.lock",
)


@pytest.fixture(scope="module")
def server(workspace, tmp_path_factory, server_tools):
    """A server of two seats: its process, address and log."""
    yield from run_server(workspace, tmp_path_factory, server_tools, SEATS)


def run_server(workspace, tmp_path_factory, server_tools, seats):
    start, address_of = server_tools
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w", encoding="utf-8") as errors:
        process = start(workspace, errors, "--sessions", str(seats))
        try:
            yield process, address_of(process, log), log
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture
def address(server):
    """The address of the server, with all its seats free."""
    wait_for_seats(server[1])
    return server[1]


def wait_for_seats(address):
    until = time.monotonic() + 200
    while count(address, "sessions") + count(address, "waiting") and time.monotonic() < until:
        time.sleep(0.5)


class Visitor:
    """A browser: it keeps its cookie and knows the kernel of its page."""

    def __init__(self, address, query="area=butel&language=en", page=DASHBOARD):
        self.address, self.page = address, page
        self.cookie = self.kernel = ""
        self.open(query)

    def open(self, query):
        self.answer = self.get(f"{self.page}?{query}")
        self.cookie = self.answer.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        found = re.search(r'"kernelId": "([0-9a-f-]{36})"', self.answer.text)
        self.kernel = found[1] if found else ""

    def get(self, path):
        return httpx.get(f"{self.address}{path}", headers={"Cookie": self.cookie}, timeout=90)

    def leave(self):
        if self.kernel:
            end = f"{self.address}/voila/api/shutdown/{self.kernel}"
            httpx.post(end, headers={"Cookie": self.cookie}, timeout=60)


@pytest.fixture
def visitor(address):
    made = Visitor(address)
    yield made
    made.leave()


def count(address, name):
    text = httpx.get(f"{address}/metrics", timeout=30).text
    return int(re.search(rf"^patokaz_{name} (\d+)$", text, re.MULTILINE)[1])


def frames(kind, content, channel="shell"):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "a"}
    header |= {"version": "5.3", "date": "2025-01-01T00:00:00Z"}
    parts = [channel.encode(), *(json.dumps(p).encode() for p in (header, {}, {}, content))]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join(n.to_bytes(8, "little") for n in (len(offsets), *offsets)) + b"".join(parts)


async def connect(address, kernel, cookie, protocols=(PROTOCOL,), **headers):
    asked = HTTPRequest(
        f"{address.replace('http', 'ws')}/api/kernels/{kernel}/channels",
        headers={"Cookie": cookie, **headers},
    )
    return await websocket_connect(
        asked, subprotocols=list(protocols), max_message_size=LARGEST_SAID
    )


async def hear_end(line, wait=20):
    """Hear a line until it is closed, and give its last words and all it said."""
    said = b""
    while (heard := await asyncio.wait_for(line.read_message(), wait)) is not None:
        said += heard if isinstance(heard, bytes) else heard.encode()
    line.close()
    return line.close_code, said


def test_a_page_of_ones_own_is_answered(address, visitor):
    async def talk():
        line = await connect(address, visitor.kernel, visitor.cookie)
        await line.write_message(frames("kernel_info_request", {}), binary=True)
        said = b""
        while b"help_links" not in said:
            said += await asyncio.wait_for(line.read_message(), 30)
        line.close()
        await hear_end(line)

    asyncio.run(talk())
    model = visitor.get(f"/api/kernels/{visitor.kernel}").json()
    assert model["id"] == visitor.kernel
    assert set(model) == {"id", "name", "execution_state", "last_activity", "connections"}


def test_a_session_of_somebody_else_is_not_there(address, visitor):
    asked = [
        ("GET", f"/api/kernels/{visitor.kernel}"),
        ("DELETE", f"/api/kernels/{visitor.kernel}"),
        ("POST", f"/voila/api/shutdown/{visitor.kernel}"),
    ]
    for cookie in ("", "patokaz-session-1=x", visitor.cookie[:-2] + "zz"):
        headers = {"Cookie": cookie} if cookie else {}
        refused = [httpx.request(m, f"{address}{path}", headers=headers) for m, path in asked]
        assert [r.status_code for r in refused] == [404, 405, 404]
        with pytest.raises(HTTPClientError, match="404"):
            asyncio.run(connect(address, visitor.kernel, cookie))

    assert visitor.get(f"/api/kernels/{visitor.kernel}").status_code == 200
    assert count(address, "sessions") == 1


def test_the_cookie_of_one_visitor_does_not_open_the_page_of_another(address, visitor):
    other = Visitor(address)
    try:
        with pytest.raises(HTTPClientError, match="404"):
            asyncio.run(connect(address, visitor.kernel, other.cookie))
        with pytest.raises(HTTPClientError, match="404"):
            asyncio.run(connect(address, str(uuid.uuid4()), other.cookie))
    finally:
        other.leave()


@pytest.mark.parametrize("protocols", [(), ("v0",)])
def test_older_ways_of_writing_are_refused(address, visitor, protocols):
    with pytest.raises(HTTPClientError, match="400"):
        asyncio.run(connect(address, visitor.kernel, visitor.cookie, protocols))


def test_a_page_of_another_site_opens_no_socket(address, visitor):
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(connect(address, visitor.kernel, visitor.cookie, Origin="https://evil.example"))


def test_who_keeps_sending_code_is_cut_off_and_nothing_runs(address, visitor, tmp_path):
    proof = tmp_path / "ran"
    code = {"code": f"open({str(proof)!r}, 'w').write('x')", "silent": False}

    async def send():
        line = await connect(address, visitor.kernel, visitor.cookie)
        for _ in range(60):
            await line.write_message(frames("execute_request", code), binary=True)
        return await hear_end(line)

    code_of_end, said = asyncio.run(send())
    assert code_of_end == 1008
    assert b"execute_reply" not in said
    assert not proof.exists()
    assert count(address, "refused_messages_total") >= 50


def test_who_sends_too_much_or_too_large_is_cut_off(address, visitor):
    async def flood():
        line = await connect(address, visitor.kernel, visitor.cookie)
        for _ in range(310):
            await line.write_message(frames("kernel_info_request", {}), binary=True)
        return (await hear_end(line))[0]

    async def burst():
        line = await connect(address, visitor.kernel, visitor.cookie)
        await line.write_message(b"x" * 1_000_000, binary=True)
        return (await hear_end(line))[0]

    assert asyncio.run(flood()) == 1008
    assert asyncio.run(burst()) in {1006, 1009, None}
    assert httpx.get(f"{address}/health").status_code == 200


def test_who_opens_line_after_line_gets_few(address, visitor):
    async def open_many():
        asked = [connect(address, visitor.kernel, visitor.cookie) for _ in range(12)]
        found = await asyncio.gather(*asked, return_exceptions=True)
        lines = [one for one in found if not isinstance(one, Exception)]
        assert {one.code for one in found if isinstance(one, Exception)} == {429}
        for line in lines:
            line.close()
        for line in lines:
            await hear_end(line)
        again = await connect(address, visitor.kernel, visitor.cookie)
        again.close()
        await hear_end(again)
        return len(lines)

    assert asyncio.run(open_many()) == MOST_LINES


def test_who_asks_and_never_listens_takes_no_memory(server, visitor):
    process, address, _ = server
    opening = {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}
    asking = {"comm_id": "c", "data": {"method": "request_states"}}
    host, _, port = address.removeprefix("http://").partition(":")
    head = (
        f"GET /api/kernels/{visitor.kernel}/channels HTTP/1.1\r\nHost: {host}:{port}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        f"Sec-WebSocket-Protocol: {PROTOCOL}\r\nCookie: {visitor.cookie}\r\n\r\n"
    )
    before = psutil.Process(process.pid).memory_info().rss
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(30)
        line.connect((host, int(port)))
        line.sendall(head.encode())
        assert line.recv(12) == b"HTTP/1.1 101"
        line.sendall(mask(frames("comm_open", opening)))
        for _ in range(150):
            line.sendall(mask(frames("comm_msg", asking)))
        most, until = 0, time.monotonic() + 20
        while time.monotonic() < until:
            most = max(most, psutil.Process(process.pid).memory_info().rss)
            time.sleep(0.2)

    assert most - before < 4 * LARGEST_BACKLOG
    assert httpx.get(f"{address}/health").status_code == 200


def mask(message):
    """Put a message into a frame as browsers do; a mask of zeros changes nothing."""
    return b"\x82" + b"\xfe" + len(message).to_bytes(2, "big") + bytes(4) + message


def send_raw(address, text, wait):
    """Send bytes and give what comes back until the server hangs up."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=wait) as line:
        line.sendall(text)
        said = b""
        # Hanging up at once is an answer too.
        with contextlib.suppress(ConnectionError):
            while part := line.recv(4096):
                said += part
        return said


def test_large_and_slow_requests_are_cut_off(address):
    large = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999\r\n\r\n"
    slow = b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n\r\nabc"
    never = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    head = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: " + b"x" * 100_000
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda text: send_raw(address, text, 40), (large, slow, never, head)))

    assert all(b" 200 " not in answer for answer in said)
    assert httpx.get(f"{address}/health").status_code == 200


def test_who_finds_no_seat_waits_and_gets_the_first_that_is_free(address):
    sitting = [Visitor(address) for _ in range(SEATS)]
    try:
        waiting = Visitor(address, "area=gevgelija&language=sq")
        page = html.fromstring(waiting.answer.text)

        assert waiting.answer.status_code == 503
        assert waiting.answer.headers["Retry-After"] == "5"
        assert page.get("lang") == "sq"
        assert page.xpath("//meta[@http-equiv='refresh']")
        assert page.xpath("//a[starts-with(@href, '/pages/')]")
        assert Visitor(address).answer.status_code == 503

        sitting[0].leave()
        assert Visitor(address).answer.status_code == 503
        waiting.open("area=gevgelija&language=sq")
        assert waiting.answer.status_code == 200
        waiting.leave()
    finally:
        for visitor in sitting:
            visitor.leave()


def test_a_page_that_is_closed_gives_its_seat_back(address, visitor):
    assert count(address, "kernels") == 1
    visitor.leave()

    assert count(address, "sessions") == count(address, "kernels") == 0


def test_who_hangs_up_while_the_page_is_made_leaves_no_session_behind(address):
    host, _, port = address.removeprefix("http://").partition(":")
    began = count(address, "sessions_total")
    for area in ("butel", "kumanovo", "gevgelija"):
        with socket.create_connection((host, int(port)), timeout=90) as line:
            asked = f"GET {DASHBOARD}?area={area} HTTP/1.1\r\nHost: {host}\r\n\r\n"
            line.sendall(asked.encode())
            # The first view comes before the kernel, which starts while nobody reads any more.
            assert line.recv(1) == b"H"
        wait_until(lambda: count(address, "sessions") == count(address, "kernels") == 0)

    # Without kernels there would have been nothing to leave behind.
    assert count(address, "sessions_total") > began


def wait_until(is_so, seconds=90):
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "It did not come about."
        time.sleep(0.1)


def count_files(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.fixture(scope="module")
def crowded(workspace, tmp_path_factory, server_tools):
    """A server for a crowd."""
    yield from run_server(workspace, tmp_path_factory, server_tools, CROWD_SEATS)


def test_a_crowd_at_once_breaks_nobody(crowded):
    _, address, _ = crowded
    first = Visitor(address)
    before = count(address, "memory_bytes")
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(lambda _: Visitor(address), range(CROWD)))
    try:
        codes = [a.answer.status_code for a in answers]

        assert codes.count(200) == CROWD_SEATS - 1
        assert codes.count(503) == CROWD - CROWD_SEATS + 1
        assert all('data-table="residents"' in a.answer.text for a in answers if a.kernel)
        assert count(address, "kernels") == CROWD_SEATS
        assert first.get(f"/api/kernels/{first.kernel}").status_code == 200
        # The count is some seconds old at most.
        time.sleep(3)
        added = count(address, "memory_bytes") - before
        # What the server reckons with when it counts its seats.
        bound = (CROWD_SEATS - 1) * SESSION_BYTES + BYTES_OF_SERVER
        assert added < bound
    finally:
        for visitor in (first, *answers):
            visitor.leave()


@dataclass
class MixedUse:
    """What an hour brings: readers, visitors who work and go, some who just go, and attackers."""

    address: str
    draw: random.Random
    may_vanish: bool
    opened: int = 0
    waited: int = 0
    refused: int = 0

    def read(self):
        for path in ("/pages/", "/health", "/dashboards/nothing", "/"):
            httpx.get(f"{self.address}{path}", timeout=60, follow_redirects=True)

    def work(self):
        name = self.draw.choice(DASHBOARDS)
        language = self.draw.choice(("mk", "sq", "en", "sr-Latn", "sr-Cyrl"))
        visitor = Visitor(self.address, f"language={language}", f"/dashboards/{name}")
        if not visitor.kernel:
            assert visitor.answer.status_code == 503
            self.waited += 1
            return
        self.opened += 1
        asyncio.run(self._talk(visitor))
        if not self.may_vanish or self.draw.random() < 0.9:
            visitor.leave()

    async def _talk(self, visitor):
        line = await connect(self.address, visitor.kernel, visitor.cookie)
        opening = {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}
        asking = {"comm_id": "c", "data": {"method": "request_states"}}
        await line.write_message(frames("comm_open", opening), binary=True)
        await line.write_message(frames("comm_msg", asking), binary=True)
        said = b""
        while b"update_states" not in said:
            said += await asyncio.wait_for(line.read_message(), 60) or b"<end>"
            assert not said.endswith(b"<end>")
        line.close()
        await hear_end(line)

    def attack(self):
        for path in PATHS:
            answer = send_raw(
                self.address, f"GET {path} HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode(), 30
            )
            assert b" 200 " not in answer[:20]
        large = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999\r\n\r\n"
        assert b" 200 " not in send_raw(self.address, large, 30)
        with pytest.raises(HTTPClientError, match="404"):
            asyncio.run(connect(self.address, str(uuid.uuid4()), "none=1"))
        visitor = Visitor(self.address)
        if visitor.kernel:
            asyncio.run(self._send_code(visitor))
            visitor.leave()
        self.hang_up()

    async def _send_code(self, visitor):
        line = await connect(self.address, visitor.kernel, visitor.cookie)
        for _ in range(60):
            await line.write_message(frames("execute_request", {"code": "1"}), binary=True)
        self.refused += (await hear_end(line))[0] == 1008

    def hang_up(self):
        host, _, port = self.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(f"GET {DASHBOARD} HTTP/1.1\r\n{HEAD}\r\n".encode())
            time.sleep(0.1)


def look_at(process, address, began):
    names = ("sessions", "kernels", "waiting", "memory_bytes")
    return {
        "seconds": round(time.monotonic() - began),
        **{name: count(address, name) for name in names},
        "server_bytes": psutil.Process(process.pid).memory_info().rss,
        "files": count_files(process.pid),
    }


def tell(capsys, facts):
    """Print what a long soak has seen so far."""
    if SOAK_SECONDS > 60:
        with capsys.disabled():
            sys.stdout.write(json.dumps(facts, default=lambda _: None) + "\n")
            sys.stdout.flush()


def test_it_is_still_well_after_mixed_use(crowded, capsys):
    process, address, _ = crowded
    wait_for_seats(address)
    draw = random.Random(20)  # noqa: S311  # which dashboard is opened next
    use = MixedUse(address, draw, may_vanish=SOAK_SECONDS > 300)
    use.work()
    began, seen = time.monotonic(), []
    while (passed := time.monotonic() - began) < SOAK_SECONDS:
        seen.append(look_at(process, address, began))
        for do in (use.read, use.work, use.work, use.attack):
            do()
        # Long soaks leave the machine to others in between.
        time.sleep(0 if SOAK_SECONDS <= 60 else 3)
        if passed // 30 != (time.monotonic() - began) // 30:
            tell(capsys, seen[-1] | vars(use))
    wait_for_seats(address)
    last = look_at(process, address, began)
    tell(capsys, last | vars(use))

    assert use.opened >= 4
    assert use.refused >= 1
    assert last["sessions"] == last["kernels"] == 0
    assert last["files"] < seen[0]["files"] + 10
    # What libraries load once is loaded in the first third.
    settled = max(one["server_bytes"] for one in seen[: 1 + len(seen) // 3])
    assert last["server_bytes"] < settled + 60 * 2**20
    assert not re.search(r'status="50[0124-9]"', httpx.get(f"{address}/metrics", timeout=30).text)
    again = Visitor(address)
    assert again.answer.status_code == 200
    again.leave()
