"""Where runs are carried out: in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

import psutil

from analysis.suite.work import prepare_worker

# What a run takes at most before anybody asks why: its kernel, and the worker that writes pages.
A_RUN = 1_500_000_000
SHARE = 0.8


class ClusterError(ValueError):
    """A cluster that cannot be used."""


def count_workers(asked: int | None = None, available: int | None = None) -> int:
    """Say how many runs may be under way at once: by cores, and by memory.

    Parameters
    ----------
    asked : int, optional
        What somebody wants; memory bounds it all the same.
    available : int, optional
        Bytes of memory; what the machine has free unless given.

    Returns
    -------
    int
        1 at least.

    Raises
    ------
    ValueError
        When fewer than one is asked for.

    Examples
    --------
    >>> count_workers(8, available=4_000_000_000)
    2
    """
    if asked is not None and asked < 1:
        msg = f"{asked} workers were asked for. Give 1 or more, or none to use all cores."
        raise ValueError(msg)
    free = psutil.virtual_memory().available if available is None else available
    return max(1, min(asked or os.cpu_count() or 1, int(free * SHARE // A_RUN)))


def bound_memory(workers: int, available: int | None = None) -> int:
    """Say how much memory the data of one kernel may take, so that all fit.

    Parameters
    ----------
    workers : int
    available : int, optional
        Bytes of memory; what the machine has free unless given.

    Returns
    -------
    int
        Bytes.
    """
    free = psutil.virtual_memory().available if available is None else available
    return max(A_RUN, int(free * SHARE) // workers)


def open_local(workers: int) -> Executor:
    """Open local processes.

    They are spawned, not forked: a forked child would share sockets and threads of its parent.

    Parameters
    ----------
    workers : int

    Returns
    -------
    concurrent.futures.Executor
    """
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare_worker,
        initargs=(os.getpid(),),
    )


def open_cluster(address: str) -> Executor:
    """Open a Dask cluster whose workers see the same folders as this machine.

    Parameters
    ----------
    address : str
        Of its scheduler, such as ``tcp://10.0.0.5:8786``.

    Returns
    -------
    concurrent.futures.Executor
        A run whose worker is lost goes to another one.

    Raises
    ------
    ClusterError
        When `distributed` is not installed, nobody answers, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError:
        msg = "A cluster needs Dask. Install it with `pip install patokaz[dask]`."
        raise ClusterError(msg) from None
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout="10s", set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as failure:
        msg = (
            f"No scheduler answers at '{address}' ({failure}). Start one with `dask scheduler`, "
            "or leave out --cluster to use this machine."
        )
        raise ClusterError(msg) from None
    if not client.scheduler_info()["workers"]:
        client.close()
        msg = (
            f"The scheduler at '{address}' has no workers. Start one with `dask worker {address}`."
        )
        raise ClusterError(msg)
    return _Cluster(client)


class _Cluster(Executor):
    """Dask's executor, which closes its client at its end."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False, retries=2)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        # What is waiting is cancelled by Dask whenever nobody waits for it.
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()
