"""What Jupyter asks for a kernel: a warm one where that can be, else an ordinary one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning import LocalProvisioner  # type: ignore[attr-defined]
from traitlets import Bool, Float, Unicode, default

from analysis.suite.kernels.keeper import check_system, reach_parent
from analysis.suite.kernels.place import NoWarmKernelError, find_place, start_variables
from analysis.suite.kernels.process import WarmProcess, fork_kernel
from analysis.suite.kernels.wire import connect_to
from analysis.workspace import WorkspaceError, find_workspace

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from jupyter_client.connect import KernelConnectionInfo

    from analysis.suite.kernels.place import Place
    from analysis.suite.kernels.settings import Kind

LAUNCHER = ["-m", "ipykernel_launcher"]
# What may be asked of a kernel that is forked. Anything else is for an ordinary one.
UNDERSTOOD = {"env", "cwd", "stdin", "stdout", "stderr", "independent", "kernel_id"}
UNDERSTOOD |= {"extra_arguments"}
# Set by Python itself, or taken away by Jupyter: no difference between owner and kernel.
NO_MATTER = {"PYTHONEXECUTABLE"}
STEP = 0.002
# A machine that is that busy has other troubles than a tenth of a second.
LONGEST_BIRTH = 5.0
STEPS = 50
# Parents that this process has used, and those that it leaves alone: until when, and why.
_used: set[Path] = set()
_resting: dict[Path, tuple[float, str]] = {}
_told: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Gives kernels that are forked from a parent with the code of the notebooks in it.

    ``kind`` says what the kernel is, ``why`` why it is not a warm one. Once the kernel has ended,
    ``cpu_seconds`` and ``peak_bytes`` say what it took; 0 where nobody could tell.
    """

    warm = Bool(default_value=True, help="Whether kernels are forked at all.").tag(config=True)
    lock_file = Unicode(help="The lock file of the workspace.").tag(config=True)
    room = Unicode(help="Folder for sockets; the user's own unless given.").tag(config=True)
    rest = Float(30.0, help="Seconds of ordinary kernels after a parent failed.").tag(config=True)

    kind: Kind | None = None
    why = ""
    cpu_seconds = 0.0
    peak_bytes = 0
    _ending = False

    @default("lock_file")
    def _find_lock_file(self) -> str:
        try:
            return str(find_workspace().lock_file)
        except WorkspaceError:
            return ""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Give a kernel, and say in one line of the log where it is an ordinary one."""
        self._ending, self.cpu_seconds, self.peak_bytes = False, 0.0, 0
        try:
            process = await self._fork(cmd, kwargs)
        except NoWarmKernelError as reason:
            self.kind, self.why = "ordinary", str(reason)
            self._tell()
            return await super().launch_kernel(cmd, **kwargs)
        self.kind, self.why = "warm", ""
        # What Jupyter knows as a child process is one in all that it asks of it.
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        await self._await_sockets(process)
        return self.connection_info

    async def _await_sockets(self, process: WarmProcess) -> None:
        """Wait until the kernel listens, where that can be seen.

        Who connects before waits for a tenth of a second until it tries again.
        """
        if self.connection_info.get("transport") != "ipc":
            return
        # The last one that a kernel opens.
        last = Path(f"{self.connection_info['ip']}-{self.connection_info['hb_port']}")
        until = time.monotonic() + LONGEST_BIRTH

        def is_coming() -> bool:
            waits = not last.exists() and process.poll() is None
            return waits and time.monotonic() < until

        while is_coming():  # noqa: ASYNC110  # nobody can tell of a file that appears
            await asyncio.sleep(STEP)

    async def poll(self) -> int | None:
        """Say how the kernel ended; None as long as it has not."""
        code = await super().poll()
        # Jupyter looks ten times a second, and a kernel that was told to end is quicker.
        for _ in range(STEPS if self._ending and self.kind == "warm" else 0):
            if code is not None:
                break
            await asyncio.sleep(STEP)
            code = await super().poll()
        return code

    async def wait(self) -> int | None:
        """Wait for the end of the kernel."""
        if not isinstance(self.process, WarmProcess):
            return await super().wait()
        while (code := self.process.poll()) is None:  # noqa: ASYNC110  # as Jupyter's own does
            await asyncio.sleep(STEP)
        self._note()
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and what it started, through its parent."""
        if isinstance(self.process, WarmProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002  # Jupyter's name
        """End the kernel at once."""
        self._expect_end()
        await super().kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Take note that the kernel was told to end."""
        self._expect_end()
        await super().shutdown_requested(restart)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Take note of what the kernel came to."""
        self._note()
        await super().cleanup(restart)

    def _expect_end(self) -> None:
        self._ending = True
        if self.kind == "ordinary" and self.pid:
            self.cpu_seconds, self.peak_bytes = _look_at(self.pid)

    def _note(self) -> None:
        if isinstance(self.process, WarmProcess) and self.process.poll() is not None:
            self.cpu_seconds = self.process.cpu_seconds
            self.peak_bytes = self.process.peak_bytes

    async def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> WarmProcess:
        self._check(cmd, kwargs)
        lock_file = Path(self.lock_file) if self.lock_file else None
        place = find_place(lock_file, Path(self.room) if self.room else None)
        try:
            connection = await self._reach(place, lock_file)
            process = fork_kernel(
                connection,
                cmd[len(LAUNCHER) + 1 :],
                kwargs["env"],
                str(kwargs.get("cwd") or Path.cwd()),
                (_number(kwargs.get("stdout"), 1), _number(kwargs.get("stderr"), 2)),
            )
        except NoWarmKernelError as reason:
            _used.discard(place.socket)
            _resting[place.socket] = (time.monotonic() + self.rest, str(reason))
            raise
        _used.add(place.socket)
        return process

    async def _reach(self, place: Place, lock_file: Path | None) -> socket.socket:
        until, why = _resting.get(place.socket, (0.0, ""))
        if time.monotonic() < until:
            raise NoWarmKernelError(why)
        if place.socket.exists():
            try:
                return connect_to(place.socket)
            except NoWarmKernelError:
                # One that worked until now has died: work goes on without it for a while.
                if place.socket in _used:
                    raise
        # Seconds: those who are served by this process meanwhile shall not notice.
        return await asyncio.to_thread(reach_parent, place, lock_file)

    def _check(self, cmd: list[str], kwargs: Mapping[str, Any]) -> None:
        """See that what is asked can be forked."""
        why = ""
        environment: Mapping[str, str] = kwargs["env"]
        if not self.warm:
            why = "warm kernels are switched off"
        elif [sys.executable, *LAUNCHER] != cmd[: len(LAUNCHER) + 1]:
            why = f"'{' '.join(cmd[:3])}' is not the kernel of this Python"
        elif set(kwargs) - UNDERSTOOD or kwargs.get("independent"):
            why = "more is asked of the process than a fork can give"
        elif subprocess.PIPE in (kwargs.get("stdout"), kwargs.get("stderr")):
            why = "its output is to go through a pipe"
        elif _at_start(environment) != _at_start(os.environ):
            why = "its environment differs in what Python reads at its start"
        elif not Path(kwargs.get("cwd") or ".").is_dir():
            why = f"there is no folder '{kwargs.get('cwd')}' to work in"
        if why:
            raise NoWarmKernelError(why)
        check_system()

    def _tell(self) -> None:
        text = f"An ordinary kernel is started: {self.why}."
        # Once a reason: a suite starts hundreds of kernels.
        (self.log.debug if text in _told else self.log.warning)(text)
        _told.add(text)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in start_variables(environment).items() if k not in NO_MATTER}


def _number(stream: Any, own: int) -> int:
    """Give the descriptor of a stream, as the standard library understands it."""
    if stream is None:
        return own
    return stream if isinstance(stream, int) and stream >= 0 else int(stream.fileno())


def _look_at(pid: int) -> tuple[float, int]:
    """Look up what an ordinary kernel has come to before it ends."""
    import psutil

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        times = process.cpu_times()
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            return times.user + times.system, process.memory_info().rss
        peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        return times.user + times.system, int(peaks[0]) * 1024 if peaks else 0
    return 0.0, 0
