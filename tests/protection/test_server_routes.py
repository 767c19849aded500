"""No address of the server leads to what is withheld, and none runs a visitor's code.

The server of these tests may read everything: what keeps a visitor out is its routes alone. They
are asked of the application itself, so that a route added later is tried too.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import os
import re
import subprocess
import sys
import uuid
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from analysis.workspace import Workspace

pytestmark = pytest.mark.slow

MARKER = "withheld: one girl, Gevgelija, 7f3a91c4"
CLOSED = ("data_processed/restricted", "data_raw/received", "data_raw/snapshots")
DASHBOARD = "/dashboards/municipal_profile"
KERNEL = "11111111-2222-3333-4444-555555555555"
# Prints the pattern of every rule of the application that `patokaz serve` would run.
ASK = """
import json
from analysis.dashboard import server
from analysis.workspace import find_workspace

def patterns(router):
    for rule in router.rules:
        if hasattr(rule.target, "rules"):
            yield from patterns(rule.target)
        else:
            yield rule.matcher.regex.pattern

class Asked(server.DashboardServer):
    def listen(self):
        print(json.dumps(sorted(set(patterns(self.app.default_router)))))
        self.stop()

server.DashboardServer = Asked
server.serve(find_workspace())
"""
# First folders of the addresses of static files, from which a way up may begin.
STARTS = ("patokaz/static/", "base/static/", "../static/", "en/", "link/", "assets/")
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda path: path,
    "encoded dots": lambda path: path.replace("..", "%2e%2e"),
    "encoded slashes": lambda path: path.replace("/", "%2f"),
    "encoded twice": lambda path: path.replace("../", "%252e%252e%252f"),
    "backslashes": lambda path: path.replace("/", "\\"),
    "encoded backslashes": lambda path: path.replace("../", "..%5c"),
    "doubled": lambda path: path.replace("../", "....//"),
    "overlong": lambda path: path.replace("../", "%c0%ae%c0%ae/"),
    "parameters": lambda path: path.replace("../", "..;/"),
    "null byte": lambda path: path + "%00.html",
    "raw null byte": lambda path: path + "\x00.html",
    "line break": lambda path: path + "%0a",
    "blank": lambda path: path + "%20",
}


@pytest.fixture(scope="module")
def open_space(
    tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]
) -> Workspace:
    """A workspace whose server may read everything, with ways out of the published pages."""
    made = new_workspace(tmp_path_factory.mktemp("open"))
    for name in CLOSED:
        (made.root / name).mkdir(parents=True, exist_ok=True)
        (made.root / name / "marker.txt").write_text(MARKER, encoding="utf-8")
    for folder in (made.site / "en", made.site / "open"):
        folder.mkdir(parents=True)
    (made.site / "en" / "index.html").write_text("<h1>Pages</h1>", encoding="utf-8")
    (made.site / "link").symlink_to(made.restricted)
    (made.site / "en" / "marker.txt").symlink_to(made.restricted / "marker.txt")
    return made


@pytest.fixture(scope="module")
def served_open(
    open_space: Workspace, tmp_path_factory: pytest.TempPathFactory, server_tools
) -> Iterator[str]:
    start, address_of = server_tools
    log = tmp_path_factory.mktemp("log") / "log"
    with log.open("w", encoding="utf-8") as errors:
        server = start(open_space, errors)
        try:
            yield address_of(server, log)
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.fixture(scope="module")
def patterns(open_space: Workspace) -> list[str]:
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "PATOKAZ_HOME": str(open_space.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(asked.stdout)
    return found


class Visitor(http.client.HTTPConnection):
    """Sends addresses as they are, for a browser would tidy them."""

    def _validate_path(self, url: str) -> None:
        pass

    def _encode_request(self, request: str) -> bytes:
        return request.encode("latin-1")

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """Send one request and give the status with the whole answer, headers and all."""
        try:
            self.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = self.getresponse()
            return answer.status, str(answer.headers).encode() + answer.read()
        except (http.client.HTTPException, ConnectionError):
            # The server hangs up on what is no request; the next one gets a line of its own.
            self.close()
            return 0, b""


@pytest.fixture
def visitor(served_open: str) -> Iterator[Visitor]:
    made = Visitor(served_open.removeprefix("http://"), timeout=60)
    yield made
    made.close()


def ways(root: Path) -> list[str]:
    """Write the ways to the marker: up from any folder, down a link, by its whole name."""
    closed = root / CLOSED[0] / "marker.txt"
    ends = ["restricted/marker.txt", f"{CLOSED[0]}/marker.txt", str(closed).lstrip("/")]
    climbing = ["../" * up + end for up in (1, 2, 3, 5, 8, 14) for end in ends]
    others = [f"../../{name}/marker.txt" for name in CLOSED]
    return [*climbing, *others, *ends[1:], "marker.txt", "link/marker.txt", f"/{closed}"]


def choices(pattern: str) -> list[str]:
    """Give the words among which a group lets one choose, and none where it takes any."""
    found = re.search(r"\(([a-z]+(?:\|[a-z]+)+)\)", pattern)
    return found[1].split("|") if found else []


def parts(pattern: str) -> tuple[str, str]:
    """Give what stands in a pattern before its first and behind its last group."""
    literal = pattern.removeprefix("^").removesuffix("$")
    before, _, rest = literal.partition("(")
    after = rest.rpartition(")")[2]
    plain = [re.sub(r"\\(.)", r"\1", text) for text in (before, after)]
    return plain[0].removesuffix("?"), plain[1]


def addresses(pattern: str, root: Path) -> list[str]:
    """List what is tried on one route: every way in every writing, and from every start."""
    before, after = parts(pattern)
    names = ["", KERNEL, "nothing", "a-b.ttf", "a.js", quote(str(root)), f"file://{root}"]
    names += choices(pattern)
    tried = [*names, *(start + way for start in STARTS for way in ways(root))]
    tried += [written(way) for written in ENCODINGS.values() for way in ways(root)]
    return [before + end + after for end in dict.fromkeys(tried)]


def leaks(visitor: Visitor, tried: list[str]) -> list[str]:
    """List the addresses whose answer holds the marker."""
    return [path for path in tried if MARKER.encode() in visitor.ask("GET", path)[1]]


def test_the_application_names_all_its_routes(patterns):
    assert len(patterns) > 10
    assert any("channels" in pattern for pattern in patterns)
    assert any("pages" in pattern for pattern in patterns)
    assert any("labextensions" in pattern for pattern in patterns)


def test_every_route_is_reached(patterns, open_space):
    for pattern in patterns:
        tried = addresses(pattern, open_space.root)

        assert any(re.match(pattern, path) for path in tried), pattern


def test_no_route_leads_to_what_is_withheld(patterns, open_space, visitor):
    for pattern in patterns:
        assert leaks(visitor, addresses(pattern, open_space.root)) == [], pattern


def test_a_file_that_lies_among_the_pages_is_found(open_space, visitor):
    (open_space.site / "open" / "marker.txt").write_text(MARKER, encoding="utf-8")
    try:
        assert leaks(visitor, ["/pages/open/marker.txt", "/pages/en/"]) == [
            "/pages/open/marker.txt"
        ]
    finally:
        (open_space.site / "open" / "marker.txt").unlink()


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_leads_there_or_is_taken(patterns, open_space, visitor, method):
    body = json.dumps({"path": str(open_space.restricted / "marker.txt"), "name": "python3"})
    for pattern in [*patterns, "/api/kernels", "/api/sessions", "/api/terminals", "/api/contents"]:
        before, after = parts(pattern)
        for name in ("", KERNEL, "marker.txt", *choices(pattern)):
            path = before + name + after
            status, content = visitor.ask(method, path, body)

            assert MARKER.encode() not in content
            assert status >= 300 or method in {"HEAD", "OPTIONS"}, (path, status)


@pytest.mark.parametrize("action", ["list", "docx", "zip"])
def test_no_basket_leads_to_what_is_withheld(open_space, visitor, action):
    """What a basket names goes to a kernel that may read everything."""
    marker = str(open_space.restricted / "marker.txt")
    asked = [
        f"{view}?area={area}#{name}"
        for view in ("municipal_profile", "restricted", "../restricted")
        for area in ("butel", "../restricted/marker.txt", quote(marker, safe=""))
        for name in ("table:residents", "table:marker", "picture:../restricted/marker", "file:x")
    ]
    lines = (f"![x]({marker})", "{% include '../restricted/marker.txt' %}", f"file://{marker}")
    entries = [
        *({"reference": reference} for reference in (*asked, marker, f"file://{marker}")),
        *({"reference": asked[0], "line": line} for line in lines),
    ]
    for entry in entries:
        body = json.dumps({"language": "en", "entries": [entry]})
        status, content = visitor.ask("POST", f"/basket/{action}", body)

        assert status in {200, 422}, (entry, content)
        assert MARKER.encode() not in opened(content)


def opened(answer: bytes) -> bytes:
    """Give an answer with all files that are packed in it."""
    start = answer.find(b"PK\x03\x04")
    if start < 0:
        return answer
    with zipfile.ZipFile(io.BytesIO(answer[start:])) as archive:
        return answer + b"".join(opened(archive.read(name)) for name in archive.namelist())


@pytest.fixture
def kernel(served_open: str) -> tuple[str, str]:
    """The id of a kernel of one's own, as the page of a dashboard tells it, and one's cookie."""
    answer = httpx.get(f"{served_open}{DASHBOARD}?area=butel", timeout=60)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return str(re.search(r'"kernelId": "([0-9a-f-]{36})"', answer.text)[1]), cookie


def message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "a"}
    return {
        "header": header | {"version": "5.3", "date": "2025-01-01T00:00:00Z"},
        "parent_header": {},
        "metadata": {},
        "content": content,
        "buffers": [],
    }


def as_frames(sent: dict[str, Any], channel: str) -> bytes:
    """Write a message as the newer protocol does: offsets, channel, then four parts."""
    names = ("header", "parent_header", "metadata", "content")
    frames = [channel.encode(), *(json.dumps(sent[name]).encode() for name in names)]
    offsets = [8 * (len(frames) + 2)]
    for frame in frames:
        offsets.append(offsets[-1] + len(frame))
    return b"".join(n.to_bytes(8, "little") for n in (len(offsets), *offsets)) + b"".join(frames)


PROTOCOL = "v1.kernel.websocket.jupyter.org"


async def talk(address: str, cookie: str, sent: list[tuple[str, dict[str, Any], str]]) -> str:
    """Send messages to a kernel, then ask how it is, and give all that it says until it answers."""
    asked = HTTPRequest(address, headers={"Cookie": cookie})
    line = await websocket_connect(asked, subprotocols=[PROTOCOL])
    heard = ""
    try:
        for kind, content, channel in [*sent, ("kernel_info_request", {}, "shell")]:
            await line.write_message(as_frames(message(kind, content), channel), binary=True)
        while "help_links" not in heard:
            said = await asyncio.wait_for(line.read_message(), 30)
            heard += said if isinstance(said, str) else (said or b"help_links").decode("latin-1")
        return heard
    finally:
        line.close()
        while await line.read_message() is not None:
            pass


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
def test_a_visitor_runs_no_code(served_open, kernel, open_space, channel, tmp_path):
    proof = tmp_path / "ran"
    code = (
        f"open({str(proof)!r}, 'w').write('x'); "
        f"print(open({str(open_space.restricted / 'marker.txt')!r}).read())"
    )
    ways_to_run = [
        ("execute_request", {"code": code, "silent": False, "user_expressions": {"a": code}}),
        ("execute_request", {"code": "", "silent": True, "user_expressions": {"a": code}}),
        ("inspect_request", {"code": code, "cursor_pos": 1, "detail_level": 1}),
        ("complete_request", {"code": "open('", "cursor_pos": 6}),
        ("history_request", {"hist_access_type": "tail", "n": 9, "output": True, "raw": True}),
        ("debug_request", {"seq": 1, "type": "request", "command": "evaluate", "arguments": {}}),
        ("create_subshell_request", {}),
        ("input_reply", {"value": code}),
    ]
    kernel_id, cookie = kernel
    address = f"{served_open.replace('http', 'ws')}/api/kernels/{kernel_id}/channels"
    sent = [(kind, content, channel) for kind, content in ways_to_run]
    heard = asyncio.run(talk(address, cookie, sent))

    assert "kernel_info_reply" in heard
    for kind, _ in ways_to_run:
        assert kind.replace("_request", "_reply") not in heard or kind == "input_reply"
    assert MARKER not in heard
    assert not proof.exists()
