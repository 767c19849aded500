"""Somebody is told once, in one message, with what to do; never twice, and once when solved."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite import alerts
from analysis.suite.alert_settings import VARIABLE, find_secret, read_alert_settings
from analysis.suite.alerts import Event, compose_message, hide_numbers, send_alerts
from analysis.suite.suite_file import SuiteError
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.workspace import Workspace

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
TORN = Event(
    "failed:a", "5:torn", "Profiles: failed", "Butel (mk)", "The table is torn.", "Mend it"
)
SAME = replace(TORN, key="failed:b", where="Veles (mk)")
MISSED = Event("missed", "missed", "A run was missed", remedy="Look at cron.")


class Receiver(HTTPServer):
    """Takes messages on this machine, or refuses them."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.answer = 200
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/alerts"


class Handler(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.answer == 200:
            self.server.messages.append(json.loads(body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def space(
    own_workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    monkeypatch.setenv(VARIABLE, receiver.address)
    return own_workspace


def test_one_message_says_what_where_and_what_to_do(space: Workspace, receiver: Receiver) -> None:
    sent = send_alerts(space, [TORN, SAME, MISSED], NOW)
    assert (sent.told, sent.problems) == (1, ())
    (message,) = receiver.messages
    assert message["title"] == "Patokaz: 3 new, 0 solved, 0 still open"
    assert message["message"].splitlines()[:6] == [
        "New:",
        "- Profiles: failed: Butel (mk), Veles (mk)",
        "  The table is torn.",
        "  Mend it",
        "- A run was missed",
        "  Look at cron.",
    ]
    assert "data_processed/status/index.html" in message["message"]


def test_the_same_failure_is_not_told_twice(space: Workspace, receiver: Receiver) -> None:
    send_alerts(space, [TORN], NOW)
    for day in range(1, 4):
        assert send_alerts(space, [TORN], NOW + dt.timedelta(days=day)).told == 0
    assert len(receiver.messages) == 1
    (book,) = json.loads((space.logs / "alerts.json").read_text(encoding="utf-8")).values()
    assert book["failed:a"]["since"] == "2026-03-02T04:30:00+00:00"


def test_a_failure_that_changed_or_came_to_it_is_told(space: Workspace, receiver: Receiver) -> None:
    send_alerts(space, [TORN, MISSED], NOW)
    send_alerts(space, [replace(TORN, mark="6:empty", reason="It is empty."), MISSED], NOW)
    send_alerts(space, [replace(TORN, mark="6:empty"), MISSED, SAME], NOW)
    assert [m["title"] for m in receiver.messages] == [
        "Patokaz: 2 new, 0 solved, 0 still open",
        "Patokaz: 1 new, 0 solved, 1 still open",
        "Patokaz: 1 new, 0 solved, 2 still open",
    ]
    assert "It is empty." in receiver.messages[1]["message"]
    assert "Veles" not in receiver.messages[1]["message"]


def test_what_is_solved_is_said_once_and_told_anew_when_it_comes_again(
    space: Workspace, receiver: Receiver
) -> None:
    send_alerts(space, [TORN], NOW)
    send_alerts(space, [], NOW)
    send_alerts(space, [], NOW)
    send_alerts(space, [TORN], NOW)
    assert [m["title"] for m in receiver.messages] == [
        "Patokaz: 1 new, 0 solved, 0 still open",
        "Patokaz: 0 new, 1 solved, 0 still open",
        "Patokaz: 1 new, 0 solved, 0 still open",
    ]
    assert receiver.messages[1]["message"].splitlines()[:2] == [
        "Solved:",
        "- Profiles: failed: Butel (mk)",
    ]


def test_where_all_is_well_nobody_hears_anything(space: Workspace, receiver: Receiver) -> None:
    assert send_alerts(space, [], NOW).told == 0
    assert receiver.messages == []


def test_who_did_not_take_the_message_is_told_the_next_time_and_nobody_else(
    space: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    other = Receiver()
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        monkeypatch.setenv(VARIABLE, f"{receiver.address} {other.address}")
        other.answer = 500
        first = send_alerts(space, [TORN], NOW)
        other.answer = 200
        second = send_alerts(space, [TORN], NOW)
    finally:
        other.shutdown()
        thread.join()
        other.server_close()
    assert (first.told, second.told) == (1, 1)
    assert first.problems == ("The alert to address 2 was not taken; the next run tries it again.",)
    assert first.problems[0] in caplog.text
    assert [len(receiver.messages), len(other.messages)] == [1, 1]


def test_an_alert_never_fails_a_run(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv(VARIABLE, "nonsense")
    assert "none that Apprise knows" in send_alerts(space, [TORN], NOW).problems[0]
    space.suite_file.write_text('[alerts]\nto = ["json://a:pw@b"]\n', encoding="utf-8")
    sent = send_alerts(space, [TORN], NOW)
    assert "line 2: address 1 of 'to' holds a password" in sent.problems[0]
    assert "a:pw" not in sent.problems[0] + caplog.text
    space.suite_file.unlink()
    assert send_alerts(space, [TORN], NOW).problems[0].startswith("No alert was sent: ")


def test_a_full_disk_is_no_failure_either(
    space: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        message = "no space left on device"
        raise OSError(message)

    with monkeypatch.context() as full:
        full.setattr(alerts, "write_atomically", fail)
        sent = send_alerts(space, [TORN], NOW)
    assert sent.problems == ("No alert was sent: no space left on device",)
    assert receiver.messages == [], "nothing is told that could not be remembered"
    assert send_alerts(space, [TORN], NOW).told == 1


def test_a_torn_book_begins_anew(space: Workspace, receiver: Receiver) -> None:
    space.logs.mkdir(parents=True)
    (space.logs / "alerts.json").write_text("{torn", encoding="utf-8")
    send_alerts(space, [TORN], NOW)
    send_alerts(space, [TORN], NOW)
    assert len(receiver.messages) == 1


def test_no_secret_of_an_address_is_kept(
    space: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, receiver.address.replace("://", "://ana:hushhush@"))
    assert send_alerts(space, [TORN], NOW).told == 1
    text = (space.logs / "alerts.json").read_text(encoding="utf-8")
    assert "failed:a" in text
    assert not re.search(r"hush|ana|127", text)


def test_many_places_and_many_kinds_are_cut_with_their_number() -> None:
    places = [replace(TORN, key=str(n), where=f"Place{n}") for n in range(80)]
    _, body = compose_message(places, {}, translator("en")) or ("", "")
    assert "Place7, and 72 more" in body
    assert "Place8" not in body
    kinds = [replace(TORN, key=str(n), what=f"Kind{n}") for n in range(25)]
    _, body = compose_message(kinds, {}, translator("en")) or ("", "")
    assert "- and 5 more" in body
    assert "Kind19" in body
    assert "Kind20" not in body


def test_numbers_of_a_reason_stay_in_the_house() -> None:
    assert hide_numbers("3 of 1.204,5 in Štip; none") == "… of … in Štip; none"
    assert hide_numbers("5") == "…"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("json://localhost:8080/alerts", ""),
        ("mailto://mail.example.org?to=ana@example.org&from=patokaz@example.org", ""),
        ("mailtos://ana:pw@example.org", "holds a password"),
        ("mailtos://example.org?pass=hush", "settings that may be secrets"),
        ("jsons://example.org/?+X-Token=hush", "settings that may be secrets"),
        ("jsons://example.org/hook/a8f3Kd93mslq02Xz", "looks like a key"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "of the kind 'slack'"),
        ("ana@example.org", "not an address as Apprise writes them"),
        ("json://[broken", "cannot be read"),
    ],
)
def test_an_address_with_a_secret_does_not_belong_into_the_file(address: str, why: str) -> None:
    found = find_secret(address)
    assert (why in found) if why else found == ""
    assert not re.search("hush|ana:pw", found)


@pytest.mark.parametrize(
    ("lines", "line", "sentence"),
    [
        (["[alerts]", "too = []"], 2, "'too' is not a key of [alerts]. Use: language, stale"),
        (["[alerts]", "to = 5"], 2, "'to' is no list of addresses"),
        (["[alerts]", "to = [", '"json://a/b",', '"json://a:pw@b"]'], 4, "address 2 of 'to'"),
        (["[alerts]", 'language = "fr"'], 2, "'fr' is not a language"),
        (["[alerts]", 'to = "json://a/b"', "stale_after_days = 0"], 3, "is 0. Expected a whole"),
        (["[alerts]", "stale_after_days = true"], 2, "is True. Expected a whole number"),
        (["", 'alerts = "x"'], 2, "'alerts' is not a table. Write [alerts]"),
    ],
)
def test_a_mistake_is_refused_with_its_line(
    own_workspace: Workspace, lines: list[str], line: int, sentence: str
) -> None:
    own_workspace.suite_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SuiteError, match=f"suite.toml, line {line}: .*{re.escape(sentence)}"):
        read_alert_settings(own_workspace.suite_file, {})


def test_addresses_of_the_file_and_of_the_environment_are_told_each_once(
    own_workspace: Workspace,
) -> None:
    path = own_workspace.suite_file
    held = read_alert_settings(path, {VARIABLE: " json://a/b\n json://c "})
    assert held.to == ("json://a/b", "json://c")
    assert (held.language, held.stale_after_days) == ("en", None)
    path.write_text(
        '[alerts]\nto = "json://a/b"\nlanguage = "mk"\nstale_after_days = 400\n', encoding="utf-8"
    )
    held = read_alert_settings(path, {VARIABLE: "json://a/b json://x:y@c"})
    assert held.to == ("json://a/b", "json://x:y@c")
    assert (held.language, held.stale_after_days) == ("mk", 400)
