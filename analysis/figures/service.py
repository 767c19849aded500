"""A process that draws for others: it alone starts the engine for JavaScript.

The engine takes half a second and some hundred megabytes, once a process; a kernel that shows
five pictures would spend more on it than on all else. The service listens on a Unix socket in a
folder that only its owner may enter, answers each message once, and ends when the process ends
that started it. The charts that it drew last are kept until then: a dashboard's first view and its
live view have the same ones, and so have the pages of all municipalities for the country.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from analysis.figures.render import render_png, render_svg
from analysis.figures.wire import MessageError, receive_message, send_message

if TYPE_CHECKING:
    from types import FrameType, TracebackType

READY = b"ready\n"
START_SECONDS = 60.0
STOP_SECONDS = 5.0
# How often the service looks whether its owner is still there; a pipe tells it at once, unless
# another child of the owner holds the pipe too.
LOOK_SECONDS = 1.0
# How long a connection may stay without saying anything.
SILENCE_SECONDS = 60.0
WAITING = 64
# Whoever connects in order to tie it up can do no more than this; the rest waits in the queue.
CONNECTIONS = 32
# The path of a Unix socket may have 107 characters on Linux, 103 on macOS.
LONGEST_PATH = 100
NAME = "pictures"
# Charts as SVG, some thirty kilobytes each.
KEPT = 64
# What the service draws at first, for the engine to be warm when somebody asks.
FIRST = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a"}}}
FIRST_MARKS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}


class PicturesError(RuntimeError):
    """A picture service that cannot be started here."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """A picture service that runs.

    Parameters
    ----------
    socket : pathlib.Path
        Where it listens; goes into the environment of whoever shall use it, as
        ``PATOKAZ_PICTURES``.
    process : subprocess.Popen
    """

    socket: Path
    process: subprocess.Popen[bytes]

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the service and remove its socket; may be called twice."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        if self.is_running:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def __enter__(self) -> Self:
        """Give the service itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the service."""
        self.stop()


def start_pictures() -> Pictures:
    """Start a picture service that lives as long as this process, at the longest.

    Returns
    -------
    Pictures
        Ready for its first message.

    Raises
    ------
    PicturesError
        Where there are no Unix sockets, where the folder for temporary files has too long a path,
        or where the process ends before it listens. Pictures are drawn in each process then.
    """
    if not hasattr(socket, "AF_UNIX"):
        msg = "A picture service needs Unix sockets, and this system has none. Go on without it."
        raise PicturesError(msg)
    # For its owner alone, whatever the mask says.
    folder = Path(tempfile.mkdtemp(prefix="patokaz-"))
    path = folder / NAME
    if len(os.fsencode(path)) > LONGEST_PATH:
        shutil.rmtree(folder)
        msg = (
            f"The path '{path}' is too long for a socket: {LONGEST_PATH} characters are the most. "
            f"Set TMPDIR to a folder with a shorter path."
        )
        raise PicturesError(msg)
    process = subprocess.Popen(  # noqa: S603  # our own module, in our own Python
        [sys.executable, "-m", "analysis.figures.service", str(path), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Ctrl-C in a terminal is for its owner, who then ends it.
        start_new_session=True,
    )
    started = Pictures(path, process)
    if _first_line(process) != READY:
        started.stop()
        msg = (
            f"The picture service did not start within {START_SECONDS:g} seconds. Its own words "
            f"stand above; pictures are drawn in each process."
        )
        raise PicturesError(msg)
    return started


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    output = process.stdout
    if output is None or not select.select([output], [], [], START_SECONDS)[0]:
        return b""
    return output.readline()


class _Service:
    """Answers connections, a thread each; the engine itself draws one picture after another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def listen(self) -> None:
        self._listener.bind(str(self._path))
        self._path.chmod(0o600)
        self._listener.listen(WAITING)

    def accept_all(self) -> None:
        try:
            # Who comes meanwhile waits in the queue of the socket.
            render_png(render_svg(FIRST, FIRST_MARKS), 1.0)
            while True:
                self._free.acquire()
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        finally:
            # Whoever asks learns at once that nobody draws here, and draws for himself.
            os.kill(os.getpid(), signal.SIGTERM)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, contextlib.suppress(OSError):
                connection.settimeout(SILENCE_SECONDS)
                send_message(connection, _answer(connection))
        finally:
            self._free.release()


def _answer(connection: socket.socket) -> dict[str, Any]:
    try:
        return {"drawn": _draw(receive_message(connection))}
    except BaseException as failure:  # noqa: BLE001  # the renderer's own panics are no Exception
        first = next(iter(str(failure).splitlines()), "")
        return {"failed": f"{type(failure).__name__}: {first}"[:500]}


@lru_cache(maxsize=KEPT)
def _draw_svg(specification: str, marks: str) -> str:
    return render_svg(json.loads(specification), json.loads(marks))


def _draw(message: dict[str, Any]) -> str:
    if message["draw"] == "svg":
        # As text: what is asked for twice, word for word, is drawn once.
        return _draw_svg(json.dumps(message["specification"]), json.dumps(message["marks"]))
    if message["draw"] == "png":
        drawn = render_png(str(message["svg"]), float(message["scale"]))
        return base64.b64encode(drawn).decode("ascii")
    msg = f"'{message['draw']}' cannot be drawn. Expected svg or png."
    raise MessageError(msg)


def _wait_for_end(owner: int) -> None:
    """Return when the owner closes the pipe, or is no longer our parent."""
    while os.getppid() == owner:
        if select.select([sys.stdin], [], [], LOOK_SECONDS)[0] and not os.read(0, 1):
            return


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def serve_pictures(path: Path, owner: int) -> None:
    """Listen and draw until the owner ends; what :func:`start_pictures` starts.

    Parameters
    ----------
    path : pathlib.Path
        Of the socket, in a folder that nobody else may enter.
    owner : int
        Id of the process that started this one.
    """
    signal.signal(signal.SIGTERM, _end)
    service = _Service(path)
    try:
        service.listen()
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        threading.Thread(target=service.accept_all, daemon=True).start()
        _wait_for_end(owner)
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)
        # The engine's threads have nothing to tidy up, and would be waited for.
        os._exit(0)


if __name__ == "__main__":
    serve_pictures(Path(sys.argv[1]), int(sys.argv[2]))
