"""The picture service of a worker: it draws for all kernels of the worker, one after the other."""

from __future__ import annotations

import atexit
import logging
import os
from functools import lru_cache

from analysis.figures.client import VARIABLE
from analysis.figures.service import PicturesError, start_pictures

LOG = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def offer_pictures() -> str:
    """Start the picture service of this process once, and tell its kernels of it.

    A kernel that drew by itself would start the renderer's engine each time, which takes longer
    than all else that a run does.

    Returns
    -------
    str
        Where it listens; blank where none could be started, and kernels draw by themselves.
    """
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    try:
        pictures = start_pictures()
    except (PicturesError, OSError) as failure:
        LOG.warning("Kernels draw their pictures by themselves: %s", failure)
        return ""
    atexit.register(pictures.stop)
    os.environ[VARIABLE] = str(pictures.socket)
    return str(pictures.socket)
