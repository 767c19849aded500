from __future__ import annotations

import asyncio
import contextlib
import re
from queue import Empty

import pytest
from dashboard.serving.doubles import Manager

from analysis.dashboard.serving import first_views, own_kernel
from analysis.dashboard.serving.first_views import KEPT, REST, FirstViews

CALL = re.compile(r"make_first_view\('(\w+)', '([\w=&-]+)'\)")


class Client:
    """A kernel that says which view it was asked for, and of which edition it is."""

    def __init__(self, edition):
        self.edition = edition
        self.calls, self.answers = [], []
        self.fault, self.is_silent, self.is_open = "", False, True

    def execute(self, code, *, user_expressions, **more):
        assert more == {"silent": True, "store_history": False, "allow_stdin": False}
        self.calls.append(code or user_expressions["made"])
        said = {"status": "ok", "data": {"text/plain": "0"}}
        called = CALL.fullmatch(user_expressions["made"])
        if called:
            markup = f"<p>{called[1]} {called[2]}</p>"
            said["data"] = {"text/plain": self.edition(), "text/html": markup}
        if called and self.fault:
            said = {"status": "error", "ename": self.fault, "evalue": "why"}
        asked = f"asked {len(self.calls)}"
        # What was asked before comes late, and is no answer to this.
        other = {"parent_header": {"msg_id": "another"}, "content": {"user_expressions": {}}}
        answer = {
            "parent_header": {"msg_id": asked},
            "content": {"user_expressions": {"made": said}},
        }
        self.answers += [other, answer]
        return asked

    async def get_shell_msg(self, **within):
        await asyncio.sleep(0)
        if self.is_silent:
            raise Empty
        assert within["timeout"] > 0
        return self.answers.pop(0)

    def stop_channels(self):
        self.is_open = False


class Kernel:
    def __init__(self):
        self.lives = True

    async def is_alive(self):
        return self.lives


@pytest.fixture
def made(monkeypatch, clock, workspace):
    """First views with kernels of straw; the edition is the text in ``made.edition``."""

    async def start():
        kernel_id = f"kernel {len(views.clients)}"
        views.manager[kernel_id] = Kernel()
        return kernel_id

    manager = Manager()
    views = FirstViews(workspace, manager, start, clock)
    views.edition, views.clients, views.manager = "one", [], manager
    monkeypatch.setattr(first_views, "edition_standing", lambda _: None)
    monkeypatch.setattr(first_views, "name_edition", lambda *_: views.edition)

    async def open_client(_manager, _longest):
        views.clients.append(Client(lambda: views.edition))
        return views.clients[-1]

    monkeypatch.setattr(own_kernel, "open_client", open_client)
    return views


async def get(views, area, language="en", name="municipal_profile"):
    return await views.get(name, f"area={area}&language={language}")


def asked_for(views):
    return [call for client in views.clients for call in client.calls if CALL.match(call)]


def test_the_same_view_is_made_once_for_whoever_asks_at_once_and_later(made):
    async def ask():
        first = await asyncio.gather(*(get(made, "berovo") for _ in range(5)))
        return [*first, await get(made, "berovo")]

    assert set(asyncio.run(ask())) == {"<p>municipal_profile area=berovo&language=en</p>"}
    assert len(asked_for(made)) == 1
    assert len(made.clients) == 1


def test_another_language_place_or_dashboard_is_another_view(made):
    async def ask():
        return [
            await get(made, "berovo"),
            await get(made, "berovo", "mk"),
            await get(made, "bitola"),
            await made.get("compare", "language=en"),
        ]

    assert len(set(asyncio.run(ask()))) == 4


def test_another_edition_is_never_answered_with_what_was_kept(made):
    async def ask():
        await get(made, "berovo")
        made.edition = "two"
        await get(made, "berovo")
        # Back to the former edition: what is kept now is of the other one.
        made.edition = "one"
        await get(made, "berovo")

    asyncio.run(ask())

    assert len(asked_for(made)) == 3


def test_what_was_made_while_the_edition_was_switched_is_kept_under_its_own_name(made):
    async def ask():
        making = asyncio.ensure_future(get(made, "berovo"))
        await asyncio.sleep(0)
        made.edition = "two"
        await making
        await get(made, "berovo")
        made.edition = "one"
        await get(made, "berovo")

    asyncio.run(ask())

    assert len(asked_for(made)) == 2


def test_what_was_typed_into_the_address_does_not_reach_the_kernel(made):
    typed = "area=%27)%3B+import+os%23&language=en'%29&evil=1"

    asyncio.run(made.get("municipal_profile", typed))

    (call,) = asked_for(made)
    assert CALL.fullmatch(call)[2] == "area=kumanovo&language=mk"


def test_there_is_no_view_of_a_dashboard_that_there_is_not(made):
    assert asyncio.run(made.get("nothing", "")) == ""
    assert made.clients == []


def test_a_view_that_fails_is_told_in_the_log_and_others_are_made(made, caplog):
    async def ask():
        await made.prepare()
        made.clients[0].fault = "ValueError"
        failed = await get(made, "berovo")
        made.clients[0].fault = ""
        return failed, await get(made, "bitola")

    failed, other = asyncio.run(ask())

    assert (failed, "bitola" in other) == ("", True)
    assert "A first view could not be made." in caplog.text
    assert "ValueError: why" in caplog.text
    assert len(made.clients) == 1


def test_a_silent_kernel_is_ended_and_another_one_asked_after_a_rest(made, clock):
    async def ask():
        await made.prepare()
        made.clients[0].is_silent = True
        answers = [await get(made, "berovo"), await get(made, "bitola")]
        assert not made.manager
        clock.now += REST
        return [*answers, await get(made, "berovo")]

    first, second, third = asyncio.run(ask())

    assert (first, second) == ("", "")
    assert "berovo" in third
    assert not made.clients[0].is_open
    assert len(made.clients) == 2


def test_a_kernel_that_has_died_or_was_culled_is_replaced(made):
    async def ask():
        await get(made, "berovo")
        made.manager[made._kernel.kernel_id].lives = False
        await get(made, "bitola")
        made.manager.clear()
        return await get(made, "delchevo")

    assert "delchevo" in asyncio.run(ask())
    assert len(made.clients) == 3
    assert [client.is_open for client in made.clients] == [False, False, True]


def test_no_more_is_kept_than_fits(made, monkeypatch):
    monkeypatch.setattr(first_views, "KEPT", 2)
    assert KEPT > 2

    async def ask():
        for area in ("berovo", "bitola", "berovo", "delchevo", "berovo", "bitola"):
            await get(made, area)

    asyncio.run(ask())

    # Bitola was used longest ago when the third one came.
    assert [CALL.match(c)[2].split("&")[0][5:] for c in asked_for(made)] == [
        "berovo",
        "bitola",
        "delchevo",
        "bitola",
    ]


def test_sessions_wait_only_while_a_view_is_under_way(made):
    async def ask():
        before = made.is_busy
        making = asyncio.ensure_future(get(made, "berovo"))
        await asyncio.sleep(0)
        meanwhile = made.is_busy
        await making
        await asyncio.sleep(0)
        return before, meanwhile, made.is_busy

    assert asyncio.run(ask()) == (False, True, False)


def test_a_reader_who_leaves_takes_the_view_from_nobody(made):
    async def ask():
        leaving = asyncio.ensure_future(get(made, "berovo"))
        staying = asyncio.ensure_future(get(made, "berovo"))
        await asyncio.sleep(0)
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await leaving
        return await staying

    assert "berovo" in asyncio.run(ask())
    assert len(asked_for(made)) == 1


def test_the_line_is_closed_at_the_end(made):
    asyncio.run(made.prepare())

    made.close()
    made.close()

    assert not made.clients[0].is_open
