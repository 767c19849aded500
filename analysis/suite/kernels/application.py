"""IPython's own kernel, started from what its parent knows already.

Half of what a fork does until it listens is to look at three thousand modules that it has never
used, each of which the system has to copy for it, and to build a parser for five arguments. Both
are known before it is born.
"""

from __future__ import annotations

import contextlib
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import ipykernel.ipkernel
import IPython.core.shellapp
from ipykernel.kernelapp import IPKernelApp
from traitlets.config.loader import Config, DeferredConfigList, DeferredConfigString

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

FILE = "-f"
CONNECTION = "--IPKernelApp.connection_file"
# Arguments that need no parser; anything else is read by Jupyter's own.
PLAIN: dict[str, Callable[[str], Any]] = {
    CONNECTION: DeferredConfigString,
    "--HistoryManager.enabled": DeferredConfigString,
    "--IPKernelApp.exec_lines": lambda value: DeferredConfigList([value]),
    "--IPKernelApp.log_level": DeferredConfigString,
    "--IPKernelApp.parent_handle": DeferredConfigString,
}


class _Module:
    """As much of a module as a kernel wants to know: its file."""

    __slots__ = ("__file__",)

    def __init__(self, file: str | None) -> None:
        self.__file__ = file and _copy(file)


class _Modules:
    """All modules as they were when they were written down, with those that came since.

    Texts and objects lie side by side, so that whoever asks for all of them has a hundred pages
    copied and not thousands.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._known: list[_Module] = []

    def note(self) -> None:
        files = [getattr(module, "__file__", None) for module in sys.modules.values()]
        self._known = [_Module(file) for file in files]
        self._names = [_copy(name) for name in sys.modules]

    def copy(self) -> _Modules:
        return self

    def keys(self) -> list[str]:
        return self._names + self._added()

    def values(self) -> list[Any]:
        return [*self._known, *(sys.modules[name] for name in self._added())]

    def _added(self) -> list[str]:
        # New ones come last; to begin at the front would be to touch them all.
        return list(islice(reversed(sys.modules), max(0, len(sys.modules) - len(self._names))))


class _System:
    """Python's own ``sys``, but for the modules that are imported."""

    def __init__(self, modules: _Modules) -> None:
        vars(self)["modules"] = modules

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(sys, name, value)


def _copy(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


_NOTED = _Modules()


def note_modules() -> None:
    """Write down all modules: once, in the parent, when all is imported."""
    _NOTED.note()


@contextlib.contextmanager
def offer_notes(module: ModuleType) -> Iterator[None]:
    """Let a module of Jupyter find what was written down where it asks for all modules.

    Parameters
    ----------
    module : module
        One that asks ``sys.modules`` for names or files, and for nothing else.
    """
    own = getattr(module, "sys", None)
    if own is not sys:
        yield
        return
    module.sys = _System(_NOTED)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.sys = own  # type: ignore[attr-defined]


class WarmKernelApp(IPKernelApp):
    """IPython's kernel in a fork."""

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Read the arguments; those that every run has without a parser."""
        given = read_plainly(argv or ())
        if given is None:
            super().parse_command_line(argv)
            return
        self.argv = list(argv or ())
        self.cli_config = given
        self.update_config(given)
        self.extra_args = []

    def init_kernel(self) -> None:
        """Make the kernel; its debugger wants to know the files of all modules."""
        with offer_notes(ipykernel.ipkernel):
            super().init_kernel()  # type: ignore[no-untyped-call]

    def init_code(self) -> None:
        """Run what comes before the first cell; then the names of all modules are noted."""
        with offer_notes(IPython.core.shellapp):
            super().init_code()  # type: ignore[no-untyped-call]


def read_plainly(arguments: Sequence[str]) -> Config | None:
    """Read arguments as Jupyter's parser would.

    Parameters
    ----------
    arguments : sequence of str

    Returns
    -------
    traitlets.config.Config or None
        None where there is one that needs the parser.

    Examples
    --------
    >>> str(read_plainly(["-f", "kernel.json"])["IPKernelApp"]["connection_file"])
    'kernel.json'
    >>> read_plainly(["--pylab"]) is None
    True
    """
    config = Config()
    left = list(arguments)
    while left:
        name, _, value = left.pop(0).partition("=")
        if name == FILE and not value and left:
            name, value = CONNECTION, left.pop(0)
        if name not in PLAIN or not value:
            return None
        section, trait = name.removeprefix("--").split(".")
        config[section][trait] = PLAIN[name](value)
    return config
