from __future__ import annotations

import json
import logging
import sys
from types import SimpleNamespace

import pytest
from lxml import html

from analysis.dashboard.serving.health import Counts, HealthHandler, MetricsHandler, write_metrics
from analysis.dashboard.serving.log import JsonFormatter, clean_text, close_log, set_up_log
from analysis.dashboard.serving.policy import dashboard_policy, make_nonce, page_policy
from analysis.dashboard.serving.sessions import Place, Sessions
from analysis.dashboard.serving.waiting import waiting_page

ADDRESS = "/dashboards/municipal_profile?area=butel&language=en"
PAGE = "/pages/en/butel/index.html"


def read(place, query="area=butel&language=en"):
    return html.fromstring(waiting_page(place, query, f"{ADDRESS}&x=<b>", PAGE))


def test_who_waits_reads_the_place_and_where_the_figures_are():
    page = read(Place(7, 6))

    assert page.get("lang") == "en"
    assert "Your place in line: 7." in page.text_content()
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == ["6"]
    assert page.xpath(f"//a[@href='{PAGE}']")
    assert page.xpath("//a/@href")[-1] == f"{ADDRESS}&x=<b>"
    assert not page.xpath("//script")
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1


def test_the_next_and_who_finds_the_line_closed_are_told_so():
    assert "You are the next in line." in read(Place(1, 5)).text_content()
    assert "the line is closed" in read(Place(0, 60)).text_content()


def test_the_waiting_page_speaks_the_language_of_the_address():
    assert read(Place(1, 5), "language=sr-Latn").get("lang") == "sr-Latn"
    assert read(Place(1, 5), "language=%3Cscript%3E").get("lang") == "mk"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /a?area=butel&q=ana HTTP", "GET /a?… HTTP"),
        ('"/a?x=1"', '"/a?…"'),
        ("kernel 11111111-2222-3333-4444-555555555555", "kernel …"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_people_asked_for_is_not_noted(said, kept):
    assert clean_text(said) == kept


def test_a_fault_is_one_line_of_json():
    try:
        int("/a?area=butel")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "It %s.", ("failed",), fault)
    line = JsonFormatter().format(record)
    facts = json.loads(line)

    assert "\n" not in line
    assert facts["said"] == "It failed."
    assert facts["level"] == "error"
    assert "ValueError" in facts["fault"]
    assert "butel" not in line


def test_requests_are_noted_where_they_are_wanted(ask, tmp_path):
    from analysis.dashboard.serving.log import note_request

    log = tmp_path / "log"
    handlers = set_up_log(str(log))
    counts = Counts()
    try:
        ask(
            [("/health", HealthHandler)],
            [("/health?name=ana", {})],
            log_function=note_request,
            counts=counts,
        )
    finally:
        close_log(handlers)
    facts = json.loads(log.read_text(encoding="utf-8"))

    assert (facts["method"], facts["path"], facts["status"]) == ("GET", "/health", 200)
    assert "ana" not in log.read_text(encoding="utf-8")
    assert counts.answers == {("health", 200): 1}


class Manager:
    def list_kernel_ids(self):
        return ["a session's", "the server's own"]

    def get_kernel(self, _):
        return SimpleNamespace(provisioner=SimpleNamespace(pid=None))


def test_metrics_are_for_this_machine_and_tell_of_nobody(ask):
    settings = {"kernel_manager": Manager(), "sessions": Sessions(4), "parents": []}
    settings["ending"] = SimpleNamespace(is_own=lambda kernel_id: "own" in kernel_id)
    passed_on = {"headers": {"X-Forwarded-For": "10.0.0.9"}}
    own, other, health = ask(
        [("/metrics", MetricsHandler), ("/health", HealthHandler)],
        [("/metrics", {}), ("/metrics", passed_on), ("/health", passed_on)],
        **settings,
    )

    assert "patokaz_sessions_limit 4" in own.body.decode()
    assert "\npatokaz_kernels 1\n" in own.body.decode()
    assert (own.code, other.code, health.code) == (200, 404, 200)
    assert json.loads(health.body) == {"status": "ok"}


def test_metrics_are_written_as_prometheus_reads_them():
    counts = Counts()
    counts.add("/pages/mk/kumanovo/index.html", 200)
    counts.add("/ana-from-kumanovo", 404)
    text = write_metrics(counts, Sessions(2), 1, 5)

    assert 'patokaz_requests_total{kind="pages",status="200"} 1\n' in text
    assert 'patokaz_requests_total{kind="other",status="404"} 1\n' in text
    assert "ana" not in text
    named = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    told = {line.split("{")[0].split()[0] for line in text.splitlines() if line[0] != "#"}
    assert named == told


def test_policies_let_nothing_in_from_elsewhere():
    strict, loose = dashboard_policy(["a.mk", "::1"], "abc"), dashboard_policy(["a.mk"])
    for policy in (page_policy(), strict, loose):
        assert "default-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "http" not in policy
    scripts = strict.partition("script-src ")[2].partition(";")[0]
    assert scripts == "'self' 'nonce-abc'"
    assert "[::1]" not in strict
    assert "wss://a.mk:*" in strict
    assert len({make_nonce() for _ in range(20)}) == 20


def test_only_named_sites_may_show_ours_in_a_frame():
    for policy in (page_policy(), dashboard_policy(["a.mk"], "abc")):
        assert "frame-ancestors 'self';" in policy
    allowed = ("https://www.a.mk", "http://b.mk:81")
    for policy in (page_policy(allowed), dashboard_policy(["a.mk"], "abc", allowed)):
        assert "frame-ancestors 'self' https://www.a.mk http://b.mk:81;" in policy
