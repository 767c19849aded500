from __future__ import annotations

import base64
import json

import pytest
from jupyter_server.auth.security import passwd

from analysis.dashboard.serving.files import FOR_EVER
from analysis.dashboard.serving.guard import SIGN_IN
from analysis.dashboard.serving.health import HealthHandler
from analysis.dashboard.serving.identity import OpenId, Way, read_way
from analysis.dashboard.serving.openid import SignInError, read_claims, start_address
from analysis.dashboard.serving.options import ServeError
from analysis.dashboard.serving.pages import SiteHandler
from analysis.dashboard.serving.signing import (
    TRIES,
    TRIES_OF_ALL,
    PasswordHandler,
    Tries,
    find_next,
)

OPENID = OpenId("https://id.example.mk", "patokaz", "s", ("ana@example.org", "@kumanovo.gov.mk"))
CLAIMS = {
    "iss": "https://id.example.mk",
    "aud": "patokaz",
    "nonce": "n",
    "exp": 1000,
    "iat": 900,
    "email": "ana@example.org",
    "email_verified": True,
}


def token(**claims):
    body = base64.urlsafe_b64encode(json.dumps(CLAIMS | claims).encode()).rstrip(b"=").decode()
    return f"e30.{body}.x"


def test_what_the_provider_says_is_read():
    assert read_claims(token(), OPENID, "n", 950)["email"] == "ana@example.org"
    assert read_claims(token(aud=["patokaz"]), OPENID, "n", 950)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "another"}, "client"),
        ({"aud": ["patokaz", "another"]}, "client"),
        ({"azp": "another"}, "client"),
        ({"nonce": "of another sign-in"}, "sign-in"),
        ({"exp": 800}, "time"),
        ({"iat": 5000}, "time"),
        ({"exp": "soon"}, "cannot be read"),
        ({"aud": None}, "client"),
    ],
)
def test_an_answer_that_proves_nothing_is_refused(claims, why):
    with pytest.raises(SignInError, match=why):
        read_claims(token(**claims), OPENID, "n", 950)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.e30.c", "a.bnVsbA.c"])
def test_an_answer_that_is_none_is_refused(text):
    with pytest.raises(SignInError, match="cannot be read"):
        read_claims(text, OPENID, "n", 950)


@pytest.mark.parametrize(
    ("email", "verified", "is_let_in"),
    [
        ("ana@example.org", True, True),
        ("ANA@Example.org", True, True),
        ("mira@kumanovo.gov.mk", True, True),
        ("mira@kumanovo.gov.mk", False, False),
        ("mira@kumanovo.gov.mk", "true", False),
        ("mira@kumanovo.gov.mk.evil.example", True, False),
        ("ana@example.org@kumanovo.gov.mk", True, False),
        ("@kumanovo.gov.mk", True, True),
        ("", True, False),
        ("boris@example.org", True, False),
    ],
)
def test_who_is_on_the_list_may_read(email, verified, is_let_in):
    assert OPENID.lets_in({"email": email, "email_verified": verified}) is is_let_in


def test_a_reader_is_sent_with_a_proof_that_only_this_server_can_complete():
    secret = {"state": "S", "nonce": "N", "verifier": "V"}
    provider = {"authorization_endpoint": "https://id.example.mk/go"}
    address = start_address(provider, OPENID, "https://f.example.mk/sign-in/back", secret)

    assert address.startswith("https://id.example.mk/go?")
    assert "code_challenge_method=S256" in address
    assert "state=S" in address
    assert "verifier" not in address
    assert "V" not in address.partition("code_challenge=")[2][:1]


def write(tmp_path, text):
    path = tmp_path / "readers.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_files_of_both_kinds_are_read(tmp_path):
    (tmp_path / "secret").write_text("s\n", encoding="utf-8")
    text = '[openid]\nissuer = "https://a"\nclient = "b"\nsecret_file = "secret"\nallow = ["@c"]\n'

    assert read_way(None) == Way()
    assert not Way().is_asked
    assert read_way(write(tmp_path, 'password = "argon2:x"')) == Way("argon2:x")
    assert read_way(write(tmp_path, text)).openid == OpenId("https://a", "b", "s", ("@c",))


OIDC = '[openid]\nissuer = "{}"\nclient = "b"\nsecret_file = "none"\nallow = {}\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "either password"),
        ("password = ", "cannot be read"),
        ('password = "argon2:x"\n[openid]\n', "either password"),
        ('password = "hunter2"', "stands there as it is typed"),
        ("[openid]\n", "lacks allow, client, issuer, secret_file"),
        (OIDC.format("http://id.example.mk", '["@c"]'), "not a secure address"),
        (OIDC.format("https://id.example.mk", "[]"), "names nobody"),
        (OIDC.format("https://id.example.mk", '["@c"]'), "secret_file .* cannot be read"),
        (OIDC.format("https://a", '["@c"]') + "more = 1\n", "has the unknown more"),
    ],
)
def test_a_file_that_lets_nobody_in_safely_is_refused(tmp_path, text, why):
    with pytest.raises(ServeError, match=why):
        read_way(write(tmp_path, text))


def test_a_file_that_everybody_may_read_is_refused(tmp_path):
    path = write(tmp_path, 'password = "argon2:x"')
    path.chmod(0o644)
    with pytest.raises(ServeError, match="chmod 640"):
        read_way(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ServeError, match="cannot be read"):
        read_way(tmp_path / "none")


@pytest.fixture
def handlers(tmp_path):
    (tmp_path / "index.html").write_text("<h1>Figures</h1>", encoding="utf-8")
    site = {"path": str(tmp_path), "default_filename": "index.html"}
    return [
        (r"/pages/(.*)", SiteHandler, site),
        (r"/health", HealthHandler),
        (SIGN_IN, PasswordHandler, {"tries": Tries(lambda: 0.0)}),
    ]


@pytest.fixture(scope="module")
def way():
    return Way(password=passwd("a good password", "sha256"))


def form(password, onward="/pages/"):
    return {"method": "POST", "body": f"password={password}&next={onward}"}


def test_a_stranger_is_led_to_the_sign_in_and_back(ask, handlers, way):
    page, health, asked, done = ask(
        handlers,
        [
            ("/pages/index.html?a=b", {}),
            ("/health", {}),
            (SIGN_IN, {}),
            (SIGN_IN, form("a+good+password")),
        ],
        way,
    )

    assert page.code == 302
    assert page.headers["Location"] == "/sign-in?next=%2Fpages%2Findex.html%3Fa%3Db"
    assert b"Figures" not in page.body
    assert health.code == 200
    assert b'<label for="password">' in asked.body
    assert done.code == 303
    assert done.headers["Location"] == "/pages/"
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_cookie_of_this_server_opens_the_pages_and_a_made_one_does_not(ask, handlers, way):
    secret = {"cookie_secret": "one", "port": 7}
    (done,) = ask(handlers, [(SIGN_IN, form("a+good+password"))], way, **secret)
    cookie = done.headers["Set-Cookie"].partition(";")[0]
    made = cookie[:-3] + "000"
    good, bad = (
        ask(handlers, [("/pages/", {"headers": {"Cookie": c}})], way, **secret)[0]
        for c in (cookie, made)
    )

    assert good.code == 200
    assert bad.code == 302


def test_a_wrong_password_is_told_and_many_are_stopped(ask, handlers, way):
    answers = ask(handlers, [(SIGN_IN, form("no"))] * (TRIES + 1), way)
    (late,) = ask(handlers, [(SIGN_IN, form("a+good+password"))], way)

    assert [a.code for a in answers] == [401] * TRIES + [429]
    assert b'role="alert"' in answers[0].body
    assert "Set-Cookie" not in answers[0].headers
    assert late.code == 429


def test_who_guesses_closes_the_form_for_himself_and_many_together_for_all():
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(TRIES):
        tries.note_failure("10.0.0.1")

    assert tries.are_spent("10.0.0.1")
    assert not tries.are_spent("10.0.0.2")

    for number in range(TRIES_OF_ALL - TRIES):
        assert not tries.are_spent("10.0.9.9")
        now[0] = number / TRIES_OF_ALL
        right = tries.note_failure(f"10.0.1.{number}")

    assert tries.are_spent("10.0.9.9")
    tries.take_back(right)
    assert not tries.are_spent("10.0.9.9")
    assert tries.are_spent("10.0.0.1")
    now[0] = 60.0
    assert not tries.are_spent("10.0.0.1")


def test_a_room_full_of_readers_may_sign_in_at_once(ask, handlers, way):
    answers = ask(handlers, [(SIGN_IN, form("a+good+password"))] * (TRIES + 2), way)

    assert [a.code for a in answers] == [303] * (TRIES + 2)


def test_what_only_some_may_read_is_kept_by_their_browser_only(ask, handlers, way, tmp_path):
    name = "0123456789abcdef"
    (tmp_path / f"map.{name}.svg").write_text("<svg/>", encoding="utf-8")
    secret = {"cookie_secret": "one", "port": 7}
    (done,) = ask(handlers, [(SIGN_IN, form("a+good+password"))], way, **secret)
    cookie = {"headers": {"Cookie": done.headers["Set-Cookie"].partition(";")[0]}}
    paths = ("/pages/index.html", f"/pages/map.{name}.svg")
    kept = ask(handlers, [(path, cookie) for path in paths], way, **secret)
    free = ask(handlers, [(path, {}) for path in paths])

    assert [a.code for a in (*kept, *free)] == [200] * 4
    assert [a.headers["Cache-Control"] for a in kept] == [
        "private, no-cache",
        "private, max-age=31536000, immutable",
    ]
    assert [a.headers["Cache-Control"] for a in free] == ["no-cache", FOR_EVER]


def test_a_form_of_another_site_is_refused(ask, handlers, way):
    more = form("a+good+password") | {"headers": {"Origin": "https://evil.example"}}
    (answer,) = ask(handlers, [(SIGN_IN, more)], way)

    assert answer.code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "\t//x", "/a\r\nb: c"]
)
def test_nobody_is_led_elsewhere(onward):
    assert find_next(onward) == "/"
