"""The memory and the CPU time that a benchmark and all that it has started take together."""

from __future__ import annotations

import contextlib
import threading

import psutil

# How often a look is taken, in seconds. It takes some milliseconds a process itself.
OFTEN = 1.0
PARENT = "analysis.suite.kernels.parent"


class Watch:
    """Watches the memory of all that works for a workspace.

    Parameters
    ----------
    root : str
        Of the workspace.
    """

    def __init__(self, root: str) -> None:
        self.peak, self._end, self._root = 0, threading.Event(), root
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._end.wait(OFTEN):
            self.peak = max(self.peak, sum(measure_pss(p) for p in list_processes(self._root)))

    def stop(self) -> int:
        """End, and give the peak in bytes."""
        self._end.set()
        self._thread.join()
        return self.peak


def list_processes(root: str) -> list[psutil.Process]:
    """List what this process has started, and the warm parents of a workspace with their kernels.

    Parameters
    ----------
    root : str
        Of the workspace; other people's parents may be there at the same time.

    Returns
    -------
    list of psutil.Process
    """
    me = psutil.Process()
    ours = {p.pid: p for p in me.children(recursive=True)}
    for process in psutil.process_iter(["cmdline"]):
        said = " ".join(process.info["cmdline"] or ())
        if PARENT in said and root in said:
            ours |= {p.pid: p for p in [process, *_list_children(process)]}
    return list(ours.values())


def _list_children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def count_cpu(root: str) -> float:
    """Count the CPU seconds of all that works for a workspace, this process left out.

    Those that have ended are in the count of who waited for them. What has ended with its parent
    is not in it any more: compare two counts only while all processes of a pool live.
    """
    return sum(_count_one(p) for p in list_processes(root))


def _count_one(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def measure_pss(process: psutil.Process) -> int:
    """Measure what a process adds to the memory in use, in bytes; 0 where it has ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


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
