"""``/health`` says whether the server is well; ``/metrics`` counts, and tells of nobody."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import psutil

from analysis.dashboard.serving.guard import NOT_FOUND, Guarded, as_json
from analysis.dashboard.serving.options import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.dashboard.serving.sessions import Sessions

KINDS = ("pages", "dashboards", "voila", "api", "health", "metrics")
OTHER = "other"
# A proxy says so: what it passes on comes from elsewhere.
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded")
# Looking at the memory of forty kernels takes a while.
FRESH = 2.0


class Counts:
    """What was answered since the server started."""

    def __init__(self) -> None:
        self.started = time.time()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.refused_messages = 0
        self.sent_to_wait = 0
        self.sessions = 0

    def add(self, path: str, status: int) -> None:
        """Count an answer by the first word of its address."""
        first = path.lstrip("/").partition("/")[0]
        self.answers[first if first in KINDS else OTHER, status] += 1


def add_memory(pids: Iterable[int]) -> int:
    """Add up the memory of processes, what they share counted once.

    Parameters
    ----------
    pids : iterable of int
        Those that have ended count nothing.

    Returns
    -------
    int
        Bytes.
    """
    whole = 0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            told = psutil.Process(pid).memory_full_info()
            whole += getattr(told, "pss", 0) or told.uss
    return whole


def write_metrics(counts: Counts, sessions: Sessions, kernels: int, memory: int) -> str:
    """Write the counts as Prometheus reads them.

    Parameters
    ----------
    counts : Counts
    sessions : Sessions
    kernels, memory : int
        How many kernels there are, and bytes that they and the server take.

    Returns
    -------
    str
    """
    lines: list[str] = []

    def tell(name: str, kind: str, words: str, value: Any) -> None:
        lines.extend((f"# HELP patokaz_{name} {words}", f"# TYPE patokaz_{name} {kind}"))
        lines.append(f"patokaz_{name} {value}")

    tell("started_seconds", "gauge", "When the server started.", round(counts.started))
    tell("sessions", "gauge", "Dashboards that are open.", len(sessions.seats))
    tell("sessions_limit", "gauge", "Dashboards that may be open.", sessions.limit)
    tell("sessions_total", "counter", "Dashboards that were opened.", counts.sessions)
    tell("waiting", "gauge", "Visitors in line for a dashboard.", sessions.waiting)
    tell("waiting_pages_total", "counter", "Waiting pages that were sent.", counts.sent_to_wait)
    tell("kernels", "gauge", "Kernels that are alive.", kernels)
    tell("memory_bytes", "gauge", "Memory of server and kernels.", memory)
    refused = counts.refused_messages
    tell("refused_messages_total", "counter", "Messages to kernels that were dropped.", refused)
    name = "patokaz_requests_total"
    lines += [f"# HELP {name} Requests that were answered.", f"# TYPE {name} counter"]
    for (kind, status), number in sorted(counts.answers.items()):
        lines.append(f'{name}{{kind="{kind}",status="{status}"}} {number}')
    return "\n".join(lines) + "\n"


class HealthHandler(Guarded):
    """Whether the server answers: for whoever keeps it running."""

    is_open = True

    def get(self) -> None:
        """Say that all is well."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(as_json({"status": "ok"}))


class MetricsHandler(Guarded):
    """Counts, for this machine only: a proxy's visitors are told that there is nothing."""

    is_open = True
    _memory: tuple[float, int] = (0.0, 0)

    def prepare(self) -> None:
        """Answer to a program of this machine."""
        super().prepare()
        asked = self.request
        is_own = is_loopback(asked.remote_ip or "")
        if not self._finished and (not is_own or any(h in asked.headers for h in PASSED_ON)):
            self.send_error(NOT_FOUND)

    async def get(self) -> None:
        """Count."""
        manager = self.settings["kernel_manager"]
        kernels = 0
        # The parent of kernels too: they share most of what they have with it.
        pids = [psutil.Process().pid, *self.settings["parents"]]
        ending = self.settings["ending"]
        for kernel_id in manager.list_kernel_ids():
            with contextlib.suppress(KeyError):
                pid = getattr(manager.get_kernel(kernel_id).provisioner, "pid", None)
                pids += [pid] if pid else []
                # Those of first views and of baskets are the server's own.
                kernels += not ending.is_own(kernel_id)
        when, memory = MetricsHandler._memory
        if time.monotonic() - when > FRESH:
            memory = await asyncio.to_thread(add_memory, pids)
            MetricsHandler._memory = (time.monotonic(), memory)
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        counts, sessions = self.settings["counts"], self.settings["sessions"]
        self.finish(write_metrics(counts, sessions, kernels, memory))
