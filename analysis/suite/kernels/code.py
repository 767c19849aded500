"""What a parent imports: every module that a kernel of our notebooks ends up with, and no data.

What is not imported here is imported in each kernel anew. A test runs all notebooks and names
the modules that are missing from the lists.
"""

from __future__ import annotations

import importlib
import importlib.util
import os

# Read by libraries when they are imported. One thread: a fork takes along one thread only, and
# what the others held would be held for ever.
STEADY = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    # Its own pools set megabytes aside in each kernel; tables of ours are small.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}

OURS = (
    "analysis.documents.face",
    "analysis.dashboard.municipal",
    "analysis.dashboard.everywhere",
    "analysis.dashboard.downloads",
    "analysis.dashboard.trafficking",
    "analysis.dashboard.migration",
    "analysis.dashboard.topic",
    "analysis.dashboard.panel",
    "analysis.dashboard.compare",
    "analysis.dashboard.readiness",
    "analysis.dashboard.registry",
    "analysis.dashboard.first_view",
    "analysis.dashboard.late",
    "analysis.suite.inside",
)

# What a kernel imports only when it starts or shows something.
KERNEL = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.parentpoller",
    "ipywidgets",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "debugpy.server.api",
    "faulthandler",
    "runpy",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)

# What libraries import only when a function is called for the first time.
LATE = (
    "encodings.utf_16_le",
    "encodings.utf_8_sig",
    "font_source_sans_pro",
    "formulaic",
    "hypothesis.extra._array_helpers",
    "hypothesis.extra.numpy",
    "hypothesis.extra.pandas",
    "narwhals._interchange.dataframe",
    "narwhals._pandas_like.dataframe",
    "narwhals._pandas_like.expr",
    "narwhals._pandas_like.namespace",
    "narwhals.stable.v1._namespace",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
    "pandas.io.formats.string",
    "pandera.accessors.pandas_accessor",
    "pandera.api.geopandas",
    "pandera.backends.pandas.array",
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.checks",
    "pandera.backends.pandas.components",
    "pandera.backends.pandas.container",
    "pandera.backends.pandas.hypotheses",
    "pandera.backends.pandas.parsers",
    "pandera.backends.pandas.register",
    "patsy",
    "pyarrow._azurefs",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "scipy.fftpack",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.ndimage",
    "scipy.signal",
    "statsmodels.base.covtype",
    "statsmodels.emplike.descriptive",
    "statsmodels.iolib.summary",
    "statsmodels.stats.base",
    "statsmodels.tools.eval_measures",
    "statsmodels.tsa.base.prediction",
    "statsmodels.tsa.exponential_smoothing.ets",
    "statsmodels.tsa.filters.hp_filter",
    "statsmodels.tsa.statespace.cfa_simulation_smoother",
    "statsmodels.tsa.statespace.structural",
    "xstatic.pkg.leaflet",
)

# Imported where the library is there: an institution may draw with it, the project does not.
DRAWING = "matplotlib"
OPTIONAL = ("matplotlib.pyplot", "matplotlib_inline.backend_inline")
# Fills what is kept of files that come with the package: translations, templates, shapes, fonts.
PRELOAD = "analysis.dashboard.warm"
# Keeps what kernels want to know of all modules.
NOTES = "analysis.suite.kernels.application"


# Variables that libraries set while they are imported: an ordinary kernel has them too.
SET_BY_IMPORT: dict[str, str] = {}


def import_code() -> tuple[str, ...]:
    """Import all of it.

    Returns
    -------
    tuple of str
        Names that are not there any more: a library moved them. Kernels do without.
    """
    before = dict(os.environ)
    missing = []
    for name in (*KERNEL, *OURS, *LATE):
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    for name in OPTIONAL if importlib.util.find_spec(DRAWING) else ():
        importlib.import_module(name)
    importlib.import_module(PRELOAD).preload()
    importlib.import_module(NOTES).note_modules()
    SET_BY_IMPORT.update((k, v) for k, v in os.environ.items() if before.get(k) != v)
    return tuple(missing)
