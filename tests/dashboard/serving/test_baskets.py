"""The kernel of baskets: one at a time, a short line, another after a fault; its addresses."""

from __future__ import annotations

import asyncio
import base64
import json
from queue import Empty
from types import SimpleNamespace

import pytest
from dashboard.serving.doubles import Manager
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from analysis.dashboard.serving import baskets as module
from analysis.dashboard.serving import own_kernel
from analysis.dashboard.serving.basket_pages import SCRIPTS, AskHandler, BasketHandler
from analysis.dashboard.serving.baskets import (
    MOST_WAITING,
    BasketBusyError,
    Baskets,
    NoAnswerError,
)
from analysis.documents.basket.entries import MOST_ENTRIES


class Kernel:
    lives = True

    async def is_alive(self):
        return self.lives


@pytest.fixture
def made(monkeypatch):
    """Baskets with kernels of straw: what was asked is in ``asked``, what they say in ``says``."""
    manager = Manager()
    held = SimpleNamespace(asked=[], says=[], closed=0, started=0, manager=manager)

    async def start():
        held.started += 1
        manager[f"kernel {held.started}"] = Kernel()
        return f"kernel {held.started}"

    def close():
        held.closed += 1

    async def open_client(_manager, _longest):
        return SimpleNamespace(stop_channels=close)

    async def ask_kernel(_client, expression, _longest, code=""):
        await asyncio.sleep(0)
        if code:
            return {"status": "ok"}
        held.asked.append(expression)
        said = held.says.pop(0) if held.says else {"asked": len(held.asked)}
        if isinstance(said, Exception):
            raise said
        if "status" in said:
            return said
        return {"status": "ok", "data": {"application/json": said}}

    monkeypatch.setattr(own_kernel, "open_client", open_client)
    monkeypatch.setattr(own_kernel, "ask_kernel", ask_kernel)
    held.make = lambda: Baskets(manager, start)
    return held


def test_one_kernel_answers_all_and_what_was_typed_stays_text(made) -> None:
    async def go():
        baskets = made.make()
        typed = "'); import os; ('"
        answers = [await baskets.ask("list", "en", typed), await baskets.ask("docx", "mk", "[]")]
        baskets.close()
        return answers

    assert asyncio.run(go()) == [{"asked": 1}, {"asked": 2}]
    assert made.started == 1
    assert made.asked[0] == """answer_basket('list', 'en', "'); import os; ('")"""
    assert made.asked[1] == "answer_basket('docx', 'mk', '[]')"


def test_who_comes_behind_a_full_line_is_told_so(made) -> None:
    async def go():
        baskets = made.make()
        asked = [baskets.ask("docx", "en", "[]") for _ in range(MOST_WAITING + 2)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        again = await baskets.ask("list", "en", "[]")
        baskets.close()
        return answers, again

    answers, again = asyncio.run(go())
    assert [type(a) for a in answers[MOST_WAITING:]] == [BasketBusyError] * 2
    assert [a["asked"] for a in answers[:MOST_WAITING]] == list(range(1, MOST_WAITING + 1))
    assert again == {"asked": MOST_WAITING + 1}


def test_a_fault_is_told_and_a_silent_kernel_is_replaced(made) -> None:
    made.says += [{"status": "error", "ename": "KeyError", "evalue": "x"}, Empty(), {"asked": 3}]

    async def go():
        baskets = made.make()
        with pytest.raises(NoAnswerError, match="KeyError: x"):
            await baskets.ask("list", "en", "[]")
        assert (made.started, baskets._kernel.kernel_id) == (1, "kernel 1")
        with pytest.raises(Empty):
            await baskets.ask("list", "en", "[]")
        assert (baskets._kernel.kernel_id, dict(made.manager)) == ("", {})
        answer = await baskets.ask("list", "en", "[]")
        baskets.close()
        return answer

    assert asyncio.run(go()) == {"asked": 3}
    assert made.started == 2


def test_a_kernel_that_has_died_is_replaced(made) -> None:
    async def go():
        baskets = made.make()
        await baskets.ask("list", "en", "[]")
        made.manager[baskets._kernel.kernel_id].lives = False
        await baskets.ask("list", "en", "[]")
        baskets.close()

    asyncio.run(go())
    assert made.started == 2


def test_whoever_opens_the_page_finds_a_kernel(made) -> None:
    async def go():
        baskets = made.make()
        baskets.prepare()
        baskets.prepare()
        await asyncio.sleep(0)
        answer = await baskets.ask("list", "en", "[]")
        baskets.close()
        return answer

    assert asyncio.run(go()) == {"asked": 1}
    assert made.started == 1


def test_an_idle_kernel_gives_its_memory_back(made, monkeypatch) -> None:
    monkeypatch.setattr(module, "IDLE", 0.0)

    async def go():
        baskets = made.make()
        await baskets.ask("list", "en", "[]")
        while baskets._kernel.kernel_id:  # noqa: ASYNC110  # nobody tells when it has gone
            await asyncio.sleep(0)
        assert made.manager == {}
        baskets.close()

    asyncio.run(go())
    assert made.closed == 1


@pytest.fixture
def ask(workspace):
    """Asks a server of the two addresses; its kernel answers what it is told to."""

    def go(method, path, answer, **more):
        async def serve():
            asked = []

            async def reply(*question):
                asked.append(question)
                if isinstance(answer, Exception):
                    raise answer
                return answer

            application = Application(
                [
                    (r"/basket/?", BasketHandler, {"workspace": workspace}),
                    (r"/basket/(list|docx|zip)", AskHandler),
                ],
                hosts={"127.0.0.1"},
                baskets=SimpleNamespace(ask=reply, prepare=lambda: asked.append("prepare")),
                identity_provider=SimpleNamespace(knows=lambda _: True),
            )
            listening, port = bind_unused_port()
            server = HTTPServer(application)
            server.add_sockets([listening])
            request = HTTPRequest(f"http://127.0.0.1:{port}{path}", method=method, **more)
            try:
                return await AsyncHTTPClient().fetch(request, raise_error=False), asked
            finally:
                server.stop()
                await server.close_all_connections()

        return asyncio.run(serve())

    return go


ASKED = json.dumps({"language": "mk", "entries": [{"reference": "a"}]})


def test_a_document_is_sent_as_a_file_that_nobody_keeps(ask) -> None:
    answer = {"name": "a.docx", "media": "application/zip", "content": "aGVsbG8="}
    got, asked = ask("POST", "/basket/docx", answer, body=ASKED)

    assert asked == [("docx", "mk", '[{"reference": "a"}]')]
    assert (got.code, got.body) == (200, base64.b64decode("aGVsbG8="))
    assert got.headers["Content-Disposition"] == 'attachment; filename="a.docx"'
    assert got.headers["Content-Type"] == "application/zip"
    assert got.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in got.headers


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ({"entries": [], "notice": ""}, 200, {"entries": [], "notice": ""}),
        ({"problem": "The basket is empty."}, 422, {"problem": "The basket is empty."}),
        (BasketBusyError(), 503, {"problem": "", "busy": True}),
        (NoAnswerError("/work/secret"), 500, {"problem": ""}),
    ],
)
def test_what_cannot_be_made_is_told_without_what_went_wrong_inside(ask, answer, code, said):
    got, _ = ask("POST", "/basket/list", answer, body=ASKED)

    assert (got.code, json.loads(got.body)) == (code, said)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"language": "xx", "entries": []}', '{"language": "mk", "entries": {}}',
     '{"language": ["mk"], "entries": []}', "[" * 60_000],
)  # fmt: skip
def test_what_is_no_basket_does_not_reach_the_kernel(ask, body) -> None:
    got, asked = ask("POST", "/basket/list", {}, body=body)

    assert (got.code, asked) == (400, [])


def test_a_page_of_another_site_gets_nothing(ask) -> None:
    got, asked = ask(
        "POST", "/basket/docx", {}, body=ASKED, headers={"Origin": "https://evil.example"}
    )

    assert (got.code, asked) == (403, [])


@pytest.mark.parametrize("path", ["/basket/pdf", "/basket/list/../docx", "/basket/restricted"])
def test_there_are_no_other_addresses(ask, path) -> None:
    got, asked = ask("POST", path, {}, body=ASKED)

    assert (got.code, asked) == (404, [])


def test_the_page_has_the_mark_of_a_draft_and_no_script_of_its_own(ask) -> None:
    got, asked = ask("GET", "/basket?language=en", {})
    page = got.body.decode()
    policy = got.headers["Content-Security-Policy"]

    assert (got.code, asked) == (200, ["prepare"])
    assert "Draft for discussion" in page
    assert '<html lang="en">' in page
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]
    assert page.count("<script") == page.count('<script defer src="/basket/scripts/') + 1
    assert '<script type="application/json" id="words">' in page
    assert "Set-Cookie" not in got.headers


def test_browser_and_server_hold_to_the_same_bound() -> None:
    assert f"const MOST = {MOST_ENTRIES};" in (SCRIPTS / "store.js").read_text(encoding="utf-8")
