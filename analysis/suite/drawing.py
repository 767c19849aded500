"""One picture service for all kernels of a suite; a worker that has lost it has its own."""

from __future__ import annotations

import atexit
import logging
import os
import socket
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.figures.client import VARIABLE
from analysis.figures.service import PicturesError, start_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger(__name__)
# It takes a connection at once, or is not there.
PATIENCE = 5.0


@contextmanager
def share_pictures() -> Iterator[None]:
    """Hold one picture service for all processes that are started meanwhile.

    Its engine is started once and not in each worker, and what the pages of all municipalities
    have in common is drawn once. Where none can be started, workers see to it themselves.
    """
    if os.environ.get(VARIABLE):
        yield
        return
    try:
        pictures = start_pictures()
    except (PicturesError, OSError) as failure:
        LOG.warning("Each worker has its pictures drawn by itself: %s", failure)
        yield
        return
    os.environ[VARIABLE] = str(pictures.socket)
    try:
        with pictures:
            yield
    finally:
        os.environ.pop(VARIABLE, None)


def offer_pictures() -> str:
    """Tell the kernels of this process of a picture service: the shared one, or its own.

    A kernel that drew by itself would start the renderer's engine each time, which takes longer
    than all else that a run does.

    Returns
    -------
    str
        Where it listens; blank where none could be started, and kernels draw by themselves.
    """
    if not _is_there(os.environ.get(VARIABLE, "")):
        os.environ[VARIABLE] = _start_own()
    return os.environ[VARIABLE]


def _is_there(address: str) -> bool:
    """Say whether a service listens; one that was killed leaves its socket behind."""
    if not address or not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        try:
            line.connect(address)
        except OSError:
            return False
    return True


@lru_cache(maxsize=1)
def _start_own() -> str:
    try:
        pictures = start_pictures()
    except (PicturesError, OSError) as failure:
        LOG.warning("Kernels draw their pictures by themselves: %s", failure)
        return ""
    atexit.register(pictures.stop)
    return str(pictures.socket)
