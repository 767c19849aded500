"""What a fork is spared when it becomes a kernel, and that nobody can tell the difference."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace

import pytest
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from analysis.suite.attempt import QUIET_KERNEL
from analysis.suite.inside import FIRST_LINE
from analysis.suite.kernels.application import (
    WarmKernelApp,
    note_modules,
    offer_notes,
    read_plainly,
)
from analysis.suite.kernels.birth import NEW_OBJECTS, ORPHAN

OF_A_RUN = [
    "-f", "kernel.json", *QUIET_KERNEL, f"--IPKernelApp.exec_lines={FIRST_LINE}", ORPHAN,
]  # fmt: skip
LISTED = """
import gc, sys
kernel, shell = get_ipython().kernel, get_ipython()
asked = {m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)}
known, names = set(kernel._kernel_modules), shell._sys_modules_keys
print(asked - known, set(sys.modules) - names, names - set(sys.modules))
print(*(file.rsplit("/")[-1] for file in known - asked))
print(len(known) > 1000, kernel.debugger.kernel_modules is kernel._kernel_modules)
print(gc.isenabled(), gc.get_threshold()[0], type(sys).__name__)
import ipykernel.ipkernel, IPython.core.shellapp
print(ipykernel.ipkernel.sys is sys, IPython.core.shellapp.sys is sys)
"""


@pytest.fixture
def a_module():
    return SimpleNamespace(sys=sys)


@pytest.mark.parametrize(
    "arguments",
    [OF_A_RUN, ["-f", "a b.json"], ["--HistoryManager.enabled=True", ORPHAN]],
)
def test_plain_arguments_are_read_as_the_parser_reads_them(arguments):
    ours, own = WarmKernelApp(), IPKernelApp()
    ours.parse_command_line(arguments)
    own.parse_command_line(arguments)

    assert read_plainly(arguments) is not None
    for name in ("connection_file", "exec_lines", "log_level", "parent_handle", "argv"):
        assert getattr(ours, name) == getattr(own, name)
    assert ours.extra_args == own.extra_args == []
    assert set(ours.cli_config) == set(own.cli_config)
    assert ours.cli_config.get("HistoryManager") == own.cli_config.get("HistoryManager")


@pytest.mark.parametrize(
    "arguments",
    [["--pylab=inline"], ["-f"], ["-f=kernel.json"], ["--IPKernelApp.log_level"], ["--debug"]],
)
def test_other_arguments_are_left_to_the_parser(arguments):
    assert read_plainly(arguments) is None


def test_the_parser_reads_what_is_left_to_it():
    ours = WarmKernelApp()
    ours.parse_command_line(["-f=kernel.json", "--IPKernelApp.ip=127.0.0.9"])

    assert ours.connection_file == "kernel.json"
    assert ours.ip == "127.0.0.9"


def test_no_arguments_are_no_settings():
    assert read_plainly([]) == Config()


def test_what_was_noted_is_offered_with_what_came_since(a_module, monkeypatch):
    note_modules()
    late = SimpleNamespace(__file__="/late.py")
    monkeypatch.setitem(sys.modules, "_came_late", late)

    with offer_notes(a_module):
        seen = a_module.sys.modules.copy()
        files = [m.__file__ for m in seen.values() if hasattr(m, "__file__") and m.__file__]
        names = list(seen.keys())

    assert names == list(sys.modules)
    asked = [getattr(m, "__file__", None) for m in sys.modules.values()]
    assert files == [file for file in asked if file]
    assert files[-1] == "/late.py"


def test_everything_else_of_python_is_its_own(a_module, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["before"])
    with offer_notes(a_module):
        assert a_module.sys is not sys
        assert a_module.sys.stdout is sys.stdout
        a_module.sys.argv = ["after"]

    assert sys.argv == ["after"]


def test_a_module_has_its_own_back_whatever_happens(a_module):
    with pytest.raises(ZeroDivisionError), offer_notes(a_module):
        raise ZeroDivisionError
    assert a_module.sys is sys


def test_a_module_that_asks_another_way_is_left_alone():
    with offer_notes(SimpleNamespace()) as nothing:
        assert nothing is None
    other = SimpleNamespace(sys="other")
    with offer_notes(other):
        assert other.sys == "other"


def test_a_kernel_knows_all_modules_as_an_ordinary_one_does(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as kernel:
            language = kernel.client.language
            return language["name"], (await kernel.run(LISTED)).splitlines()

    language, (differing, own, known, collector, restored) = asyncio.run(go())

    assert language == "python"
    assert differing == "set() set() set()"
    # What was executed: an ordinary kernel has its launcher in this place.
    assert own == "parent.py"
    assert known == "True True"
    assert collector == f"True {NEW_OBJECTS} module"
    assert restored == "True True"
