"""Signing in at a provider, from the first page to the way back, and what must not let in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from analysis.dashboard.serving.files import Shelf
from analysis.dashboard.serving.guard import SIGN_IN
from analysis.dashboard.serving.health import Counts
from analysis.dashboard.serving.identity import Identity, OpenId, Way
from analysis.dashboard.serving.openid import BACK, BackHandler, StartHandler
from analysis.dashboard.serving.pages import SiteHandler


@dataclass
class Provider:
    """What the provider says, and what it was asked."""

    port: int
    claims: dict = field(default_factory=dict)
    status: int = 200
    answer: object = None
    issuer: str = ""
    asked: dict = field(default_factory=dict)
    challenge: str = ""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


class Configuration(RequestHandler):
    def get(self):
        said = self.settings["provider"]
        self.write(
            {
                "issuer": said.issuer or said.address,
                "authorization_endpoint": f"{said.address}/go",
                "token_endpoint": f"{said.address}/token",
            }
        )


class Token(RequestHandler):
    def post(self):
        said = self.settings["provider"]
        said.asked = {k: v[0] for k, v in parse_qs(self.request.body.decode()).items()}
        verifier = said.asked["code_verifier"].encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=")
        assert digest.decode() == said.challenge
        self.set_status(said.status)
        body = base64.urlsafe_b64encode(json.dumps(said.claims).encode()).rstrip(b"=").decode()
        answer = {"id_token": f"e30.{body}.x"} if said.answer is None else said.answer
        self.write(json.dumps(answer))


class Browser:
    """Keeps its cookies, and follows nothing by itself."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self.client = AsyncHTTPClient(force_instance=True)

    async def get(self, path):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.client.fetch(
            f"http://127.0.0.1:{self.port}{path}",
            headers={"Cookie": cookie},
            raise_error=False,
            follow_redirects=False,
        )
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
        return answer


async def open_servers(site):
    (asked,) = bind_sockets(0, "127.0.0.1")
    (own,) = bind_sockets(0, "127.0.0.1")
    provider = Provider(asked.getsockname()[1])
    pages = [(r"/\.well-known/openid-configuration", Configuration), (r"/token", Token)]
    servers = [HTTPServer(Application(pages, provider=provider, log_function=str))]
    identity = Identity()
    identity.way = Way(openid=OpenId(provider.address, "patokaz", "s", ("@kumanovo.gov.mk",)))
    port = own.getsockname()[1]
    application = Application(
        [
            (r"/pages/(.*)", SiteHandler, {"path": str(site), "default_filename": "index.html"}),
            (SIGN_IN, StartHandler),
            (BACK, BackHandler),
        ],
        hosts={"127.0.0.1"},
        identity_provider=identity,
        cookie_secret="a secret of this test",  # noqa: S106  # of this test alone
        shelf=Shelf(),
        counts=Counts(),
        port=port,
        log_function=str,
    )
    servers.append(HTTPServer(application))
    for server, socket in zip(servers, (asked, own), strict=True):
        server.add_sockets([socket])
    return servers, provider, Browser(port)


@pytest.fixture
def sign_in(tmp_path):
    """Signs in at a provider that says what a test wants; gives the way back and what follows."""
    (tmp_path / "index.html").write_text("<h1>Figures</h1>", encoding="utf-8")

    async def walk(change, send, before):
        servers, provider, browser = await open_servers(tmp_path)
        before(provider)
        try:
            led = await browser.get("/pages/?a=b")
            begun = await browser.get(led.headers["Location"])
            if begun.code != 302:
                return begun, None, provider
            there = parse_qs(urlsplit(begun.headers["Location"]).query)
            provider.challenge = there["code_challenge"][0]
            provider.claims = {
                "iss": provider.address,
                "aud": "patokaz",
                "nonce": there["nonce"][0],
                "exp": time.time() + 60,
                "iat": time.time(),
                "email": "ana@kumanovo.gov.mk",
                "email_verified": True,
            }
            change(provider)
            sent = send({"state": there["state"][0], "code": "c"}, browser)
            back = await browser.get(f"{BACK}?{urlencode(sent)}")
            page = await browser.get(back.headers.get("Location", "/pages/"))
            return back, page, provider
        finally:
            browser.client.close()
            for server in servers:
                server.stop()
                await server.close_all_connections()

    def run(change=lambda _: None, send=lambda sent, _: sent, before=lambda _: None):
        return asyncio.run(walk(change, send, before))

    return run


def test_a_reader_on_the_list_comes_back_to_where_they_wanted_to_go(sign_in):
    back, page, provider = sign_in()

    assert (back.code, back.headers["Location"]) == (303, "/pages/?a=b")
    assert (page.code, page.body) == (200, b"<h1>Figures</h1>")
    assert provider.asked["code"] == "c"
    assert provider.asked["client_secret"] == "s"  # noqa: S105
    assert provider.asked["redirect_uri"].endswith(BACK)


def forget(sent, browser):
    browser.cookies.clear()
    return sent


@pytest.mark.parametrize(
    "send",
    [
        forget,
        lambda sent, _: sent | {"state": "of another sign-in"},
        lambda sent, _: sent | {"state": "ѕ"},
        lambda _, __: {"code": "c"},
    ],
)
def test_who_did_not_begin_here_is_not_let_in(sign_in, send):
    back, page, provider = sign_in(send=send)

    assert back.code == 403
    assert page.code == 302
    assert provider.asked == {}


def say(**claims):
    return lambda provider: provider.claims.update(claims)


def answer(status, what):
    def change(provider):
        provider.status, provider.answer = status, what

    return change


@pytest.mark.parametrize(
    "change",
    [
        say(nonce="of another sign-in"),
        say(nonce="ѕ"),
        say(aud="another"),
        say(exp=0),
        say(email="ana@evil.example"),
        say(email_verified=False),
        answer(400, {"error": "invalid_grant"}),
        answer(302, {}),
        answer(200, ["id_token"]),
        answer(200, {}),
        answer(200, 5),
    ],
)
def test_what_the_provider_does_not_prove_lets_nobody_in(sign_in, change):
    back, page, _ = sign_in(change)

    assert back.code == 403
    assert b"invalid_grant" not in back.body
    assert page.code == 302


def test_a_provider_under_another_name_is_not_asked(sign_in):
    def rename(provider):
        provider.issuer = "https://evil.example"

    begun, page, _ = sign_in(before=rename)

    assert begun.code == 403
    assert page is None
