"""A picture is the same bytes, whoever draws it; and the service ends when its owner does."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis.figures import client, service, wire
from analysis.figures.export import to_png, to_svg
from analysis.figures.picture import Picture
from analysis.figures.service import PicturesError, start_pictures
from analysis.text import find_language

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
MK = find_language("mk")
NOTICE = "Synthetic data for demonstration"


@pytest.fixture(scope="module")
def pictures():
    with start_pictures() as started:
        yield started


@pytest.fixture(autouse=True)
def nothing_kept():
    client.forget_drawings()


@pytest.fixture
def asked(pictures, monkeypatch):
    """The service is named in the environment, and this process refuses to draw."""
    monkeypatch.setenv(client.VARIABLE, str(pictures.socket))
    monkeypatch.setattr(client, "_FAILED", set())
    client.forget_drawings()
    for name in ("render_svg", "render_png"):
        monkeypatch.setattr(client, name, lambda *_: pytest.fail("drawn in this process"))


@pytest.fixture
def drawings(monkeypatch):
    """How often this process drew an SVG."""
    drawn = []
    own = client.render_svg
    monkeypatch.setattr(client, "render_svg", lambda *given: drawn.append(1) or own(*given))
    return drawn


@pytest.fixture
def alone(monkeypatch):
    """No service is named."""
    monkeypatch.delenv(client.VARIABLE, raising=False)
    monkeypatch.setattr(client, "_FAILED", set())


def draw_all(chart, notice=""):
    return to_svg(chart, MK, "Алт", notice), to_png(chart, MK, notice=notice)


@pytest.fixture
def own_drawings(alone, chart):  # noqa: ARG001
    drawn = draw_all(chart), draw_all(chart, NOTICE)
    client.forget_drawings()
    return drawn


def test_every_kind_of_chart_is_the_same_bytes_either_way(
    own_drawings,
    asked,  # noqa: ARG001  # after the drawings of one's own
    chart,
):
    assert (draw_all(chart), draw_all(chart, NOTICE)) == own_drawings
    svg, png = own_drawings[0]
    assert svg.startswith("<svg role=")
    assert png.startswith(b"\x89PNG")


@pytest.mark.usefixtures("alone")
def test_a_picture_is_drawn_once_for_both_files(chart_of, drawings):
    picture = Picture("route", chart_of("route"), "caption", "Алт", None, MK)
    found = picture.svg, picture.png
    assert len(drawings) == 1
    client.forget_drawings()
    assert found == draw_all(chart_of("route"))
    assert len(drawings) == 2


@pytest.mark.usefixtures("alone")
def test_the_same_picture_of_another_page_is_not_drawn_again(chart_of, drawings):
    first = draw_all(chart_of("route"))
    assert draw_all(chart_of("route")) == first
    assert len(drawings) == 1
    for other in (
        to_svg(chart_of("route"), find_language("en")),
        to_svg(chart_of("route"), MK, notice=NOTICE),
        to_svg(chart_of("applications"), MK),
    ):
        assert other not in first
    assert len(drawings) == 4


@pytest.mark.usefixtures("alone")
def test_another_size_is_another_picture(chart_of):
    chart = chart_of("route")
    assert len(to_png(chart, MK, scale=1.0)) < len(to_png(chart, MK, scale=2.0))


@pytest.mark.usefixtures("alone")
def test_no_more_is_kept_than_was_said(chart_of, drawings, monkeypatch):
    monkeypatch.setattr(client, "KEPT", 2)
    for name in ("route", "applications", "route", "change", "route", "applications"):
        to_svg(chart_of(name), MK)
        assert len(client._KEPT) <= 2
    # The one that was not asked for the longest goes first.
    assert len(drawings) == 4


@pytest.mark.usefixtures("alone")
def test_png_is_what_the_renderer_makes_of_the_specification(chart):
    from analysis.figures.export import _marks, specification
    from analysis.figures.render import _renderer

    direct = _renderer().vegalite_to_png(specification(chart), scale=2.0, format_locale=_marks(MK))
    assert to_png(chart, MK) == direct


@pytest.mark.usefixtures("asked")
def test_many_ask_at_once_and_each_gets_his_own(chart_of):
    names = ["change", "route", "registered", "outlook"] * 3
    alone = {name: to_svg(chart_of(name), MK) for name in set(names)}
    assert len(set(alone.values())) == 4
    client.forget_drawings()
    with ThreadPoolExecutor(8) as several:
        found = list(several.map(lambda name: to_svg(chart_of(name), MK), names))
    assert found == [alone[name] for name in names]


@pytest.mark.usefixtures("asked")
def test_nobody_else_may_enter_and_nothing_is_kept(pictures, chart_of):
    draw_all(chart_of("route"))
    folder = pictures.socket.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(pictures.socket.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [pictures.socket]


def talk(path, content: bytes) -> dict:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return wire.receive_message(connection)


def framed(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (struct.pack(">I", wire.LIMIT + 1), "are the most"),
        (b"\x00", "ended after 1 of 4 bytes"),
        (struct.pack(">I", 9) + b"{}", "ended after 2 of 9 bytes"),
        (framed(b"no"), "cannot be read"),
        (framed(b"[]"), "a message is a list"),
        (framed(b"{}"), "draw"),
        (framed(b'{"draw": "gif"}'), "'gif' cannot be drawn. expected svg or png."),
        (framed(b'{"draw": "svg", "specification": {}, "marks": {}}'), "valueerror"),
        (framed(b'{"draw": "svg", "specification": 1, "marks": {}}'), "typeerror"),
        (
            framed(b'{"draw": "png", "svg": "<no", "scale": 1}'),
            "runtimeerror: the document does not have a root node",
        ),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_message_that_is_none_is_refused_and_the_next_is_drawn(pictures, chart_of, content, why):
    answer = talk(pictures.socket, content)
    assert why in answer["failed"].lower()
    assert "\n" not in answer["failed"]
    assert to_svg(chart_of("route"), MK).startswith("<svg")


def test_a_chart_that_cannot_be_drawn_fails_as_without_a_service(pictures, monkeypatch, caplog):
    class Wrong:
        def to_dict(self):
            return {"layer": 3}

    said = []
    for path in ("", str(pictures.socket)):
        monkeypatch.setenv(client.VARIABLE, path)
        monkeypatch.setattr(client, "_FAILED", set())
        with pytest.raises(ValueError, match="Vega") as failure:
            to_svg(Wrong(), MK)
        said.append(str(failure.value))
    assert said[0] == said[1]
    assert not caplog.records
    assert not client._FAILED


def test_a_message_over_the_limit_is_drawn_here_and_the_service_stays_in_use(
    pictures, chart_of, monkeypatch, caplog
):
    expected = to_svg(chart_of("route"), MK)
    client.forget_drawings()
    monkeypatch.setenv(client.VARIABLE, str(pictures.socket))
    monkeypatch.setattr(client, "_FAILED", set())
    monkeypatch.setattr(
        client, "send_message", lambda *given: wire.send_message(*given, limit=1000)
    )
    with caplog.at_level(logging.INFO):
        assert to_svg(chart_of("route"), MK) == expected
    assert "1000 are the most" in caplog.text
    assert not client._FAILED


def refuse_to_be_there(folder):
    return folder / "nothing"


def answer_with(*content: bytes):
    """Make a service that answers any message with some bytes."""

    def serve(folder):
        path = folder / "bad"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen(8)

        def answer():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    wire.receive_message(connection)
                    connection.sendall(b"".join(content))

        threading.Thread(target=answer, daemon=True).start()
        return path

    return serve


@pytest.fixture
def short_folder():
    # Paths of sockets are short, those of pytest are not.
    folder = Path(tempfile.mkdtemp(prefix="patokaz-"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "serve",
    [
        refuse_to_be_there,
        answer_with(b""),
        answer_with(b"HTTP/1.1 200 OK"),
        answer_with(framed(b"no")),
        answer_with(framed(b"{}")),
        answer_with(framed(b'{"drawn": 3}')),
        answer_with(framed(b'{"drawn": ""}')),
    ],
)
def test_where_the_service_fails_pictures_are_drawn_here(
    own_drawings_of_route, chart_of, monkeypatch, caplog, short_folder, serve
):
    monkeypatch.setenv(client.VARIABLE, str(serve(short_folder)))
    assert draw_all(chart_of("route")) == own_drawings_of_route
    client.forget_drawings()
    assert draw_all(chart_of("route")) == own_drawings_of_route
    (told,) = caplog.records
    assert told.levelno == logging.WARNING
    assert "Pictures are drawn in this process from now on" in told.getMessage()


@pytest.fixture
def own_drawings_of_route(alone, chart_of):  # noqa: ARG001
    drawn = draw_all(chart_of("route"))
    client.forget_drawings()
    return drawn


def test_a_png_that_is_no_base64_is_drawn_here(
    own_drawings_of_route, chart_of, monkeypatch, caplog, short_folder
):
    expected = own_drawings_of_route[1]
    monkeypatch.setenv(client.VARIABLE, str(answer_with(framed(b'{"drawn": "!"}'))(short_folder)))
    monkeypatch.setattr("analysis.figures.export.draw_svg", client.render_svg)
    assert to_png(chart_of("route"), MK) == expected
    assert len(caplog.records) == 1


def test_a_service_that_hangs_is_not_waited_for_without_end(
    own_drawings_of_route, chart_of, monkeypatch, caplog, short_folder
):
    path = short_folder / "hangs"
    monkeypatch.setattr(client, "PATIENCE", 0.1)
    monkeypatch.setenv(client.VARIABLE, str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen(4)
        assert draw_all(chart_of("route")) == own_drawings_of_route
    assert "timed out" in caplog.text


def test_a_service_that_was_killed_is_left_alone(own_drawings_of_route, chart_of, monkeypatch):
    with start_pictures() as started:
        monkeypatch.setenv(client.VARIABLE, str(started.socket))
        started.process.kill()
        started.process.wait()
        assert not started.is_running
        assert draw_all(chart_of("route")) == own_drawings_of_route
    assert str(started.socket) in client._FAILED


def test_a_stopped_service_is_gone_with_its_folder():
    started = start_pictures()
    assert started.is_running
    started.stop()
    started.stop()
    assert not started.is_running
    assert not started.socket.parent.exists()


def test_a_path_that_is_too_long_is_said(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with pytest.raises(PicturesError, match="too long for a socket: 100 characters are the most"):
        start_pictures()
    assert not list(long.iterdir())


def test_a_system_without_unix_sockets_is_said(monkeypatch):
    monkeypatch.delattr(socket, "AF_UNIX")
    with pytest.raises(PicturesError, match="this system has none. Go on without it."):
        start_pictures()


def test_a_service_that_does_not_start_is_said(monkeypatch, short_folder):
    monkeypatch.setattr(tempfile, "tempdir", str(short_folder))
    monkeypatch.setattr(service.sys, "executable", shutil.which("false"))
    with pytest.raises(PicturesError, match="did not start within 60 seconds"):
        start_pictures()
    assert not list(short_folder.iterdir())


OWNER = """
import os, sys, time
from analysis.figures.service import start_pictures
started = start_pictures()
if not os.fork():
    # A child that holds the pipe of the service, as a kernel forked from its owner does.
    time.sleep(30)
    os._exit(0)
print(started.process.pid, started.socket, flush=True)
time.sleep(30)
"""


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_the_service_ends_when_its_owner_is_killed():
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        pid, path = owner.stdout.readline().split()
        assert is_there(int(pid))
        owner.kill()
        owner.wait()
        until = time.monotonic() + 20
        while is_there(int(pid)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not is_there(int(pid))
        assert not Path(path).parent.exists()
    finally:
        owner.stdout.close()
        # The child of the owner, in the session that this test began.
        os.killpg(owner.pid, signal.SIGKILL)


def test_the_service_loads_no_charts_and_no_tables():
    code = (
        "import sys, analysis.figures.service; "
        "print({'altair', 'pandas', 'vl_convert'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


def test_a_chart_that_was_drawn_is_not_drawn_again(monkeypatch):
    drawn = []
    monkeypatch.setattr(service, "render_svg", lambda *given: drawn.append(given) or f"{given}")
    service._draw_svg.cache_clear()
    one = {"draw": "svg", "specification": {"a": 1}, "marks": {"decimal": "."}}
    others = [{**one, "specification": {"a": 2}}, {**one, "marks": {"decimal": ","}}]
    try:
        answers = [service._draw(message) for message in (one, dict(one), *others)]
    finally:
        service._draw_svg.cache_clear()

    assert answers[0] == answers[1]
    assert len(set(answers)) == len(drawn) == 3
    assert drawn[0] == ({"a": 1}, {"decimal": "."})


def test_a_chart_that_failed_is_tried_again(monkeypatch):
    def fail(*_):
        raise ValueError

    monkeypatch.setattr(service, "render_svg", fail)
    message = {"draw": "svg", "specification": {"b": 1}, "marks": {}}
    with pytest.raises(ValueError, match="^$"):
        service._draw(message)
    monkeypatch.setattr(service, "render_svg", lambda *_: "<svg/>")
    try:
        assert service._draw(message) == "<svg/>"
    finally:
        service._draw_svg.cache_clear()
