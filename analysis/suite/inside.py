"""What a kernel does before the first cell of a run: random numbers and a limit of memory."""

from __future__ import annotations

import os
import random
from typing import Any

SEED, MEMORY = "PATOKAZ_SEED", "PATOKAZ_MEMORY"
# Read by the documents that a notebook composes. A test sees that they call it the same: whoever
# starts a kernel needs the name alone, and not all that composes documents.
RUN = "PATOKAZ_RUN_ID"
# Said to the kernel as an argument, so that ordinary kernels do it as well as warm ones.
FIRST_LINE = "import analysis.suite.inside as _run; _run.prepare_kernel(); del _run"
FIRST_CELL = "pre_run_cell"


def prepare_kernel() -> None:
    """Seed random numbers and bound memory, as the environment says.

    A cell that wants more memory than there is for one run fails with Python's ``MemoryError``,
    and its notebook is kept; without a bound the system would end some process, and nobody could
    say why.
    """
    seed = os.environ.get(SEED, "")
    if seed:
        _seed_first_cell(int(seed))
    limit = os.environ.get(MEMORY, "")
    if limit and os.name != "nt":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit), hard))


def _seed_first_cell(seed: int) -> None:
    # The kernel itself draws numbers while it starts, and not always as many.
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()

    def begin(_: object = None) -> None:
        shell.events.unregister(FIRST_CELL, begin)
        seed_numbers(seed)

    shell.events.register(FIRST_CELL, begin)


def seed_numbers(seed: int) -> None:
    """Let the random numbers of Python and numpy begin anew.

    Parameters
    ----------
    seed : int
        Below 2 to the 32nd.
    """
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  # notebooks and libraries use it too
