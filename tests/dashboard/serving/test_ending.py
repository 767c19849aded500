"""Starts that are broken off, and the server's own kernels: nothing lives that nobody knows of."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from analysis.dashboard.serving.ending import Ending
from analysis.dashboard.serving.health import MetricsHandler


class Manager(dict):
    """Kernels of straw: each is listed at once, and has started when a test says so."""

    def __init__(self):
        self.may_start = asyncio.Event()
        self.fault = None
        self.is_listed_late = False
        self.asked, self.ended = [], []

    async def start_kernel(self, *, kernel_id="a visitor's", **asked):
        self.asked.append(asked)
        kernel = SimpleNamespace(provisioner=None)
        if not self.is_listed_late:
            self[kernel_id] = kernel
        try:
            await self.may_start.wait()
        except asyncio.CancelledError:
            # As with Jupyter's: what was begun is there, and in no list.
            del self[kernel_id]
            raise
        if self.fault:
            del self[kernel_id]
            raise self.fault
        self[kernel_id] = kernel
        return kernel_id

    def list_kernel_ids(self):
        return list(self)

    def get_kernel(self, kernel_id):
        return self[kernel_id]

    async def shutdown_kernel(self, kernel_id, *, now):
        assert now
        await asyncio.sleep(0)
        del self[kernel_id]
        self.ended.append(kernel_id)


async def settle():
    """Let all that can go on go on."""
    for _ in range(10):
        await asyncio.sleep(0)


async def break_off(starting):
    """Cancel a task that waits for a kernel."""
    await settle()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting


def run(go):
    async def begin():
        manager = Manager()
        return await go(Ending(None, manager, None), manager)

    return asyncio.run(begin())


@pytest.mark.parametrize("name", ["start_kernel", "start_kernel_of_own"])
def test_a_kernel_whose_start_is_broken_off_is_ended_once_it_has_started(name):
    async def go(ending, manager):
        await break_off(asyncio.ensure_future(getattr(ending, name)()))
        (kernel_id,) = manager
        await settle()
        assert manager.ended == [], "it cannot be ended before it has started"
        manager.may_start.set()
        await settle()
        assert manager.ended == [kernel_id]
        assert manager == {}

    run(go)


def test_a_kernel_that_started_in_the_moment_of_the_cancelling_is_ended_too():
    async def go(ending, manager):
        starting = asyncio.ensure_future(ending.start_kernel())
        await settle()
        (start,) = ending._under_way
        manager.may_start.set()
        while not start.done():  # noqa: ASYNC110  # in this very moment
            await asyncio.sleep(0)
        assert not starting.done()
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await settle()
        assert manager.ended == ["a visitor's"]

    run(go)


def test_a_kernel_that_somebody_waits_for_lives_on():
    async def go(ending, manager):
        manager.may_start.set()
        started = await ending.start_kernel(path="here")
        await settle()
        assert (started, list(manager), manager.ended) == ("a visitor's", ["a visitor's"], [])
        assert manager.asked == [{"path": "here"}]

    run(go)


def test_one_that_leaves_takes_the_kernel_from_nobody_else():
    async def go(ending, manager):
        leaving = asyncio.ensure_future(ending.start_kernel(kernel_id="left"))
        staying = asyncio.ensure_future(ending.start_kernel(kernel_id="wanted"))
        await break_off(leaving)
        manager.may_start.set()
        assert await staying == "wanted"
        await settle()
        assert list(manager) == ["wanted"]

    run(go)


def test_a_broken_off_start_that_fails_troubles_nobody():
    async def go(ending, manager):
        said = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: said.append(told))
        manager.fault = OSError("no room")
        await break_off(asyncio.ensure_future(ending.start_kernel()))
        manager.may_start.set()
        await settle()
        assert (said, manager.ended, ending._under_way) == ([], [], set())

    run(go)


def test_a_fault_is_told_to_whoever_waits():
    async def go(ending, manager):
        manager.fault = OSError("no room")
        manager.may_start.set()
        with pytest.raises(OSError, match="no room"):
            await ending.start_kernel()

    run(go)


def test_the_end_of_the_server_waits_for_kernels_that_nobody_wants_any_more():
    async def go(ending, manager):
        await break_off(asyncio.ensure_future(ending.start_kernel(kernel_id="left")))
        going = asyncio.ensure_future(ending.start_kernel(kernel_id="going"))
        end = asyncio.ensure_future(ending.end_all())
        await settle()
        assert not end.done()
        manager.may_start.set()
        await end
        assert await going == "going"
        assert manager == {}
        assert sorted(manager.ended) == ["going", "left"]

    run(go)


def test_a_kernel_of_the_servers_own_is_known_as_such_while_it_starts():
    async def go(ending, manager):
        starting = asyncio.ensure_future(ending.start_kernel_of_own())
        visitor = asyncio.ensure_future(ending.start_kernel())
        await settle()
        own, of_visitor = manager
        before = ending.is_own(own), ending.is_own(of_visitor)
        manager.may_start.set()
        assert await starting == own
        await visitor
        return before, (ending.is_own(own), ending.is_own(of_visitor))

    assert run(go) == ((True, False), (True, False))


def test_a_kernel_of_the_servers_own_that_nobody_wants_any_more_stays_its_own():
    async def go(ending, manager):
        await break_off(asyncio.ensure_future(ending.start_kernel_of_own()))
        (left,) = manager
        another = asyncio.ensure_future(ending.start_kernel_of_own())
        await settle()
        assert ending.is_own(left)
        manager.may_start.set()
        await another
        await settle()
        assert len(manager) == 1

    run(go)


def test_two_that_start_at_once_are_both_its_own_though_jupyter_lists_neither_yet():
    async def go(ending, manager):
        manager.is_listed_late = True
        starts = [asyncio.ensure_future(ending.start_kernel_of_own()) for _ in range(2)]
        await settle()
        assert manager == {}
        manager.may_start.set()
        return [ending.is_own(one) for one in await asyncio.gather(*starts)]

    assert run(go) == [True, True]


def test_kernels_of_its_own_that_have_gone_are_forgotten():
    async def go(ending, manager):
        manager.may_start.set()
        first = await ending.start_kernel_of_own()
        second = await ending.start_kernel_of_own()
        await manager.shutdown_kernel(first, now=True)
        third = await ending.start_kernel_of_own()
        assert len({first, second, third}) == 3
        return [ending.is_own(one) for one in (first, second, third)]

    assert run(go) == [False, True, True]


def test_metrics_count_no_kernel_of_the_servers_own_not_even_one_that_starts(ask, sessions):
    class WhileTheyStart(MetricsHandler):
        async def get(self):
            manager = Manager()
            ending = Ending(sessions, manager, None)
            self.settings.update(kernel_manager=manager, ending=ending)
            starts = [
                asyncio.ensure_future(ending.start_kernel_of_own()),
                *(asyncio.ensure_future(ending.start_kernel(kernel_id=n)) for n in "ab"),
            ]
            await settle()
            await super().get()
            assert len(manager) == 3
            manager.may_start.set()
            await asyncio.gather(*starts)

    settings = {"sessions": sessions, "parents": []}
    (said,) = ask([("/metrics", WhileTheyStart)], [("/metrics", {})], **settings)

    assert said.code == 200
    assert "\npatokaz_kernels 2\n" in said.body.decode()
