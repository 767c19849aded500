"""The memory that a benchmark and all that it has started take together."""

from __future__ import annotations

import threading

import psutil

# How often a look is taken, in seconds.
OFTEN = 0.5


class Watch:
    """Watches the memory of this process and all that it has started."""

    def __init__(self) -> None:
        self.peak, self._end = 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._end.wait(OFTEN):
            self.peak = max(self.peak, sum(measure_pss(p) for p in list_processes()))

    def stop(self) -> int:
        """End, and give the peak in bytes."""
        self._end.set()
        self._thread.join()
        return self.peak


def list_processes() -> list[psutil.Process]:
    """List all processes that this one has started, warm parents and their kernels included."""
    me = psutil.Process()
    ours = {p.pid: p for p in me.children(recursive=True)}
    for process in psutil.process_iter(["cmdline"]):
        if "analysis.suite.kernels.parent" in " ".join(process.info["cmdline"] or ()):
            ours |= {p.pid: p for p in [process, *process.children(recursive=True)]}
    return list(ours.values())


def measure_pss(process: psutil.Process) -> int:
    """Measure what a process adds to the memory in use, in bytes; 0 where it has ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
