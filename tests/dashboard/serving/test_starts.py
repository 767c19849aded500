from __future__ import annotations

import asyncio
import os

from analysis.dashboard.serving.starts import Starts, count_starts


def test_no_more_sessions_begin_at_once_than_were_said_and_in_their_order():
    order, most = [], []

    async def session(starts, number, under_way):
        async with starts.take_turn():
            under_way.add(number)
            order.append(number)
            most.append(len(under_way))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            under_way.discard(number)

    async def run():
        starts, under_way = Starts(2), set()
        await asyncio.gather(*(session(starts, n, under_way) for n in range(7)))

    asyncio.run(run())

    assert order == list(range(7))
    assert max(most) == 2


def test_a_session_waits_for_first_views_and_begins_when_they_are_there():
    busy = iter([True, True, False])

    async def run():
        async with Starts(1, lambda: next(busy)).take_turn():
            return list(busy)

    assert asyncio.run(run()) == []


def test_a_session_does_not_wait_for_first_views_for_ever():
    async def run():
        async with Starts(1, lambda: True, longest=0.05).take_turn():
            return True

    assert asyncio.run(run())


def test_a_session_that_fails_gives_its_turn_back():
    async def fail(starts):
        async with starts.take_turn():
            raise LookupError

    async def run():
        starts = Starts(1)
        return await asyncio.gather(fail(starts), fail(starts), return_exceptions=True)

    assert [type(failure) for failure in asyncio.run(run())] == [LookupError, LookupError]


def test_there_is_one_more_start_than_processors():
    assert count_starts() == len(os.sched_getaffinity(0)) + 1
