"""How a fork of the parent becomes a kernel of its owner."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import os
import random
import resource
import select
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from analysis.suite.kernels.code import DRAWING, SET_BY_IMPORT, STEADY
from analysis.suite.kernels.wire import Request

BACKEND = "MPLBACKEND"
INLINE = STEADY[BACKEND]
# Kernels do not look after a parent process: theirs is not their owner. 1 stands for nobody.
ORPHAN = "--IPKernelApp.parent_handle=1"
# No file of history for kernels to fight over, unless somebody asks for it.
HISTORY = "--HistoryManager.enabled="
LONGEST_WORD = 2.0
# How many new objects make the collector look. What comes from the parent is frozen, so that it
# looks at what is new alone; but a cell that composes pages makes some hundred thousand that
# stay, and Python's own number would have it look at them a hundred times.
NEW_OBJECTS = 20_000
LONGEST_SEED = 2**32


@dataclass(frozen=True, slots=True)
class Birth:
    """Descriptors that a fork was handed.

    Parameters
    ----------
    request : int
        A file with what is asked.
    lifeline : int
        A pipe that is closed when the owner is gone.
    output, errors : int
        Where the kernel writes.
    """

    request: int
    lifeline: int
    output: int
    errors: int


def become_kernel(born: Birth) -> None:
    """Be a kernel until it is told to end, and end the process.

    Parameters
    ----------
    born : Birth
    """
    code = 1
    try:
        os.setsid()
        hold_lifeline(born.lifeline)
        _take_streams(born)
        request = Request.from_file(born.request)
        take_over(request)
        plant_seed(request.seed)
        code = _run(request.arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # a fork never returns into the loop of its parent
        sys.excepthook(*sys.exc_info())
    _end(code)


def hold_lifeline(descriptor: int) -> None:
    """Have the system kill this process and all that it starts when the owner is gone.

    The system does it by itself, even where the kernel is deep in a calculation and its parent
    has ended before.

    Parameters
    ----------
    descriptor : int
        Reading end of a pipe whose writing end only the owner holds.
    """
    os.set_inheritable(descriptor, False)  # noqa: FBT003  # the library's only form
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    if waiting.poll(0):
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _take_streams(born: Birth) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, place in ((nothing, 0), (born.output, 1), (born.errors, 2)):
        os.dup2(descriptor, place)
        os.close(descriptor)


def take_over(request: Request) -> None:
    """Work where, and as, the owner would.

    Parameters
    ----------
    request : Request
    """
    os.environ.clear()
    os.environ.update(SET_BY_IMPORT | request.environment)
    # Frontends of the owner are no business of this process, and it has no parent to look after.
    os.environ.pop("JPY_PARENT_PID", None)
    time.tzset()
    os.umask(request.umask)
    os.chdir(request.folder)
    for number, (soft, hard) in request.limits.items():
        # A limit that only an administrator may lift stays as the parent has it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(int(number), (soft, hard))
    sys.argv = ["ipykernel_launcher", *request.arguments]


def plant_seed(seed: int | None) -> None:
    """Start random numbers anew: forks would all draw the same ones.

    Parameters
    ----------
    seed : int, optional
        From the run; without it the system gives one.
    """
    import numpy as np

    value = int.from_bytes(os.urandom(8), "big") if seed is None else seed
    random.seed(value)
    np.random.seed(value % LONGEST_SEED)  # noqa: NPY002  # the generator that notebooks share


def _run(arguments: list[str]) -> int:
    from analysis.suite.kernels.application import WarmKernelApp

    application = WarmKernelApp.instance()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
    remembers = any(a.startswith(HISTORY) for a in arguments)
    added = [ORPHAN] if remembers else [ORPHAN, f"{HISTORY}False"]
    application.initialize([*arguments, *added])  # type: ignore[no-untyped-call]
    restore_pictures(application.shell, os.environ.get(BACKEND, INLINE))
    restore_widgets()
    application.start()  # type: ignore[no-untyped-call]
    # It may still be saying that it ends, over the thread of outputs, which is closed next: an
    # interpreter that takes itself apart is slow enough for that, a fork that just ends is not.
    application.control_thread.stop()
    application.control_thread.join(LONGEST_WORD)
    return 0


def restore_widgets() -> None:
    """Let pages talk to widgets, and ask for all of them at once.

    The library was imported before there was a kernel, so that it told nobody of itself.
    """
    import ipywidgets

    ipywidgets.register_comm_target()


def restore_pictures(shell: Any, backend: str) -> None:
    """Let pictures of matplotlib appear below their cells.

    The library was imported before there was a shell, so that nobody told it where to draw.

    Parameters
    ----------
    shell : InteractiveShell
    backend : str
        As the environment names it; another one than the inline backend is left alone.
    """
    if DRAWING in sys.modules and backend == INLINE:
        shell.enable_matplotlib("inline")


def _end(code: int) -> None:
    """End as an interpreter does, without taking apart what is shared with the parent."""
    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # as multiprocessing does
        atexit._run_exitfuncs()  # noqa: SLF001  # the same
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
