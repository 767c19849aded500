"""A kernel of the server's own: how it begins, and what is left when it does not."""

from __future__ import annotations

import asyncio
from queue import Empty
from types import SimpleNamespace

import pytest
from dashboard.serving.doubles import Manager

from analysis.dashboard.serving import own_kernel
from analysis.dashboard.serving.own_kernel import LONGEST_START, OwnKernel


class Kernel:
    async def is_alive(self):
        return True


@pytest.fixture
def made(monkeypatch):
    """A kernel of straw, with what happened to it; ``fault`` comes when it begins."""
    held = SimpleNamespace(manager=Manager(), happened=[], fault=None)

    async def start():
        kernel_id = f"kernel {len(held.happened)}"
        held.manager[kernel_id] = Kernel()
        return kernel_id

    async def open_client(kernel, longest):
        assert kernel in held.manager.values()
        held.happened.append(("open", longest))
        return SimpleNamespace(stop_channels=lambda: held.happened.append("closed"))

    async def ask_kernel(_client, expression, longest, code=""):
        held.happened.append((expression, longest, code))
        if code and held.fault:
            raise held.fault
        return {"status": "ok"}

    monkeypatch.setattr(own_kernel, "open_client", open_client)
    monkeypatch.setattr(own_kernel, "ask_kernel", ask_kernel)
    held.kernel = OwnKernel(held.manager, start, "import this", 7.0)
    return held


def test_it_begins_once_and_is_asked_within_the_time_that_was_said(made):
    async def go():
        await made.kernel.ask("1 + 1", 3.0)
        await made.kernel.ask("2 + 2", 4.0)

    asyncio.run(go())

    assert made.happened == [
        ("open", LONGEST_START),
        ("0", 7.0, "import this"),
        ("1 + 1", 3.0, ""),
        ("2 + 2", 4.0, ""),
    ]


def test_one_that_did_not_begin_ends_before_another_one_starts(made):
    async def go():
        made.fault = Empty()
        with pytest.raises(Empty):
            await made.kernel.reach()
        first = made.kernel.kernel_id
        assert list(made.manager) == [first]
        await made.kernel.let_go()
        assert (made.kernel.kernel_id, made.manager, made.happened[-1]) == ("", {}, "closed")
        made.fault = None
        await made.kernel.reach()
        assert list(made.manager) == [made.kernel.kernel_id] != [first]

    asyncio.run(go())


def test_letting_go_of_nothing_is_nothing(made):
    asyncio.run(made.kernel.let_go())
    made.kernel.close()

    assert made.happened == []


def test_closing_the_line_leaves_the_kernel(made):
    asyncio.run(made.kernel.reach())
    made.kernel.close()
    made.kernel.close()

    assert made.happened.count("closed") == 1
    assert list(made.manager) == [made.kernel.kernel_id]
