"""The client over real sockets: what is taken, what is asked again, what is refused and why."""

from __future__ import annotations

import datetime as dt
import email.utils
import inspect
import json
import socket
import ssl
import time

import httpx
import pytest
from servers.faults import Asked, Handler, Reply

from analysis.sources.client import Client, Rate
from analysis.sources.protocol import CutShort, Refused, Reshaped, SourceError, Unreachable
from analysis.sources.verdicts import check_way


def test_a_right_answer_is_given_as_it_came(serve, client) -> None:
    server = serve()
    answer = client.get(f"{server.address}/data", {"geo": ["MK", "RS"], "year": 2024})
    assert answer.json() == {"asked": "/data"}
    assert answer.media_type == "application/json"
    assert answer.address == f"{server.address}/data?geo=MK&geo=RS&year=2024"
    assert server.calls[0].query == {"geo": ["MK", "RS"], "year": ["2024"]}
    assert "patokaz" in server.calls[0].headers["user-agent"]


def test_a_query_is_posted_as_json(serve, client) -> None:
    server = serve()
    client.post_json(f"{server.address}/table", {"code": "Општина"})
    assert server.calls[0].method == "POST"
    assert json.loads(server.calls[0].body) == {"code": "Општина"}


@pytest.mark.parametrize(
    ("faults", "slept"),
    [
        (["500"], [0.5]),
        (["502", "504"], [0.5, 1.0]),
        (["429"], [1.0]),
        (["503", "429"], [1.0, 1.0]),
        (["cut"], [0.5]),
        (["cut-chunk", "drop"], [0.5, 1.0]),
    ],
)
def test_what_may_pass_is_asked_again(serve, client, clock, faults, slept) -> None:
    server = serve()
    server.faults.extend(faults)
    assert client.get(f"{server.address}/data").json() == {"asked": "/data"}
    assert clock.slept == slept
    assert len(server.calls) == len(faults) + 1


@pytest.mark.parametrize(
    ("fault", "kind", "calls", "sentence"),
    [
        ("403", Refused, 1, r"/data answered with the status 403, expected 200\. Check whether"),
        ("404", Refused, 1, "status 404"),
        ("429", Refused, 4, "status 429, expected 200. The publisher is busy or limits"),
        ("503", Unreachable, 4, "status 503"),
        ("500", Unreachable, 4, "status 500, expected 200. The server is out of order"),
        ("204", Reshaped, 1, "status 204, expected 200. The address may have moved"),
        ("cut", CutShort, 4, "ended before its answer was whole"),
        ("cut-chunk", CutShort, 4, "ended before its answer was whole"),
        ("drop", CutShort, 4, "ended before its answer was whole"),
        ("html", Reshaped, 1, r"/data gave a web page \(HTML\), expected data"),
        ("html-as-json", Reshaped, 1, r"gave a web page \(HTML\)"),
        ("circle", Reshaped, 21, "redirects in a circle, expected data"),
    ],
)
def test_what_stays_wrong_is_a_sentence_with_a_code(
    serve, client, fault, kind, calls, sentence
) -> None:
    server = serve()
    server.always = fault
    with pytest.raises(kind, match=sentence) as failure:
        client.get(f"{server.address}/data")
    assert len(server.calls) == calls
    assert "The former figures stay in use." in str(failure.value)


def test_each_kind_of_failure_has_an_exit_code() -> None:
    kinds = (SourceError, Unreachable, Refused, Reshaped, CutShort)
    assert [kind("").code for kind in kinds] == [10, 11, 12, 13, 14]


def test_a_page_is_taken_where_a_page_is_wanted(serve, client) -> None:
    server = serve()
    server.always = "html"
    answer = client.get(server.address, headers={"accept": "text/html"})
    assert answer.media_type == "text/html"


@pytest.mark.parametrize(("fault", "begin"), [("broken", r"'\{"), ("empty", "''")])
def test_bytes_that_are_no_json_are_named(serve, client, fault, begin) -> None:
    server = serve()
    server.always = fault
    with pytest.raises(Reshaped, match=rf"/data is not JSON .*; it begins with {begin}"):
        client.get(f"{server.address}/data").json()


def test_a_wrong_media_type_is_told_and_the_bytes_are_kept(serve, client) -> None:
    server = serve()
    server.always = "type"
    answer = client.get(f"{server.address}/data")
    assert (answer.media_type, answer.json()) == ("text/plain", {"asked": "/data"})


@pytest.mark.parametrize("fault", ["trickle", "trickle-headers"])
def test_a_slow_trickle_is_cut_at_the_deadline(serve, fault) -> None:
    server = serve()
    server.always = fault
    begin = time.monotonic()
    with Client(deadline=0.3) as hasty, pytest.raises(Unreachable, match="within 0.3 seconds"):
        hasty.get(f"{server.address}/data")
    assert time.monotonic() - begin < 0.9
    assert len(server.calls) == 1


def test_an_answer_without_end_is_broken_off(serve) -> None:
    server = serve()
    server.always = "endless"
    sentence = "gave more than 100000 bytes, the most that is taken in"
    with Client(max_bytes=100_000) as small, pytest.raises(Reshaped, match=sentence):
        small.get(server.address)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7", 7, 7),
        ("Wed, 01 Jan 2020 00:00:00 +0000", 0, 0),
        ("soon", 0.5, 0.5),
    ],
)
def test_a_publisher_says_how_long_to_wait(serve, client, clock, asked, least, most) -> None:
    server = serve()
    server.retry_after = asked
    server.faults.append("429")
    client.get(server.address)
    assert least <= clock.slept[0] <= most


def test_a_publisher_may_give_the_time_to_wait_for(serve, client, clock) -> None:
    server = serve()
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=40)
    server.retry_after = email.utils.format_datetime(until, usegmt=True)
    server.faults.append("429")
    client.get(server.address)
    assert 1 < clock.slept[0] <= 40


def test_a_wait_that_is_too_long_is_told_instead_of_slept(serve, client, clock) -> None:
    server = serve()
    server.retry_after = "3600"
    server.always = "429"
    with pytest.raises(Refused, match="asks to wait 3600 seconds: try again then"):
        client.get(server.address)
    assert clock.slept == []


def test_a_redirect_is_followed_for_a_question_and_not_for_a_query(serve, client) -> None:
    server = serve()
    server.faults.extend(["redirect", "right", "redirect"])
    assert client.get(f"{server.address}/data").address == f"{server.address}/moved/data"
    with pytest.raises(Reshaped, match="status 302, expected 200. The address may have moved"):
        client.post_json(f"{server.address}/data", {})


def test_a_redirect_to_a_line_without_encryption_is_refused() -> None:
    first = httpx.Response(302, request=httpx.Request("GET", "https://a.example/x"))
    last = httpx.Response(200, request=httpx.Request("GET", "http://a.example/y"), history=[first])
    with pytest.raises(Refused, match="leads to http://a.example/y, which is not encrypted"):
        check_way(last)


def test_nobody_there_is_a_sentence(client, clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="could not be reached .* Check the connection or the"):
        client.get(address)
    assert len(clock.slept) == 3


def test_calls_are_spread_over_time(clock) -> None:
    rate = Rate(2, 10, clock, clock.sleep)
    times = []
    for _ in range(5):
        rate.wait()
        times.append(clock.now)
        clock.now += 1
    assert times == [0, 1, 10, 11, 20]


def test_a_limit_holds_for_repeated_requests_too(serve, client, clock) -> None:
    server = serve()
    client.limit(server.address, 1, 100)
    server.faults.extend(["500", "right"])
    client.get(server.address)
    assert clock.now == 100


def test_a_proxy_of_the_environment_is_used(serve, monkeypatch) -> None:
    proxy = serve()
    monkeypatch.setenv("http_proxy", proxy.address)
    with Client() as through:
        through.get("http://figures.example/data")
    assert proxy.calls[0].target == "http://figures.example/data"


class _Compressed(Handler):
    def answer(self, asked: Asked) -> Reply:
        right = super().answer(asked)
        return Reply(right.content, headers={"Content-Encoding": "gzip"})


def test_bytes_that_cannot_be_unpacked_are_cut_short(serve, client) -> None:
    server = serve(_Compressed)
    with pytest.raises(CutShort, match="ended before its answer was whole"):
        client.get(server.address)


def test_certificates_cannot_be_switched_off(monkeypatch) -> None:
    assert not {"verify", "insecure"} & set(inspect.signature(Client).parameters)
    made: list[ssl.SSLContext] = []
    real = httpx.create_ssl_context
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: made.append(real()) or made[-1])
    Client().close()
    assert made[0].verify_mode == ssl.CERT_REQUIRED
    assert made[0].check_hostname


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_bundle_that_cannot_be_used_is_named(tmp_path, monkeypatch, content) -> None:
    bundle = tmp_path / "more.pem"
    if content:
        bundle.write_text(content, encoding="utf-8")
    monkeypatch.setenv("PATOKAZ_CA_BUNDLE", str(bundle))
    with pytest.raises(SourceError, match="PATOKAZ_CA_BUNDLE is set to '.*more.pem', which cannot"):
        Client()
