from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from lxml import html

DASHBOARD = "/dashboards/municipal_profile"


def read(address, **headers):
    answer = httpx.get(address, headers=headers, timeout=60, follow_redirects=True)
    return answer.status_code, answer.text, answer.headers


@pytest.fixture(scope="module")
def page(served):
    status, text, _ = read(f"{served}{DASHBOARD}?area=gevgelija&language=en")
    assert status == 200
    return html.fromstring(text)


def test_the_page_has_a_heading_a_table_and_a_link_before_any_script_runs(page):
    assert [h.text_content() for h in page.iter("h1")] == ["DRAFT – Gevgelija: municipal profile"]
    assert page.get("lang") == "en"
    (main,) = page.iter("main")
    table = main.xpath(".//table[@data-table='residents']")[0]
    assert "21,582" in table.text_content()
    assert main.xpath(".//table//th[@scope='col']")
    assert main.xpath(".//svg")
    assert page.xpath("//a[@href='/pages/en/gevgelija/index.html']")
    assert page.xpath("//a[@class='skip']/@href") == ["#figures"]
    assert page.xpath("//*[@aria-live='polite']")


def test_without_scripts_one_can_still_choose(page):
    (form,) = page.xpath("//noscript//form")

    assert form.get("action") == DASHBOARD
    assert len(form.xpath(".//select[@name='area']/option")) == 80
    assert form.xpath(".//select[@name='area']/option[@selected]/text()") == ["Gevgelija"]
    assert all(label.text_content().strip() for label in form.xpath(".//label"))


def test_the_page_names_nothing_outside_this_machine(page):
    named = page.xpath("//script/@src | //link/@href | //img/@src | //iframe/@src")

    assert named
    assert all(address.startswith(("/", "data:")) for address in named)
    assert all(not address.startswith("//") for address in named)


def test_the_page_shows_no_code(page):
    assert "open_dashboard" not in page.text_content()


def test_a_wrong_address_is_answered_with_kumanovo_and_a_sentence(served):
    _, text, _ = read(f"{served}{DASHBOARD}?area=%3Cscript%3Eatlantis&language=xx")
    page = html.fromstring(text)

    assert page.get("lang") == "mk"
    assert len(page.xpath("//p[@class='warning'][@data-first]")) == 2
    assert "<script>atlantis" not in text
    assert "Traceback" not in text


def test_the_root_leads_to_the_pages_which_say_how_they_are_made(served):
    status, text, _ = read(f"{served}/")

    assert status == 404
    assert "patokaz run" in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/dashboards/nothing",
        "/dashboards/../analysis/workspace.py",
        "/voila/tree",
        "/voila/render/municipal_profile.ipynb",
        "/voila/files/municipal_profile.ipynb",
        "/voila/api/contents",
        "/pages/%2e%2e/%2e%2e/requirements.lock",
        "/dashboards/fonts/../../conftest.py",
    ],
)
def test_every_other_address_is_answered_with_a_sentence(served, path):
    status, text, _ = read(f"{served}{path}")

    assert status in {403, 404}
    assert "<h1>Patokaz</h1>" in text
    assert "Traceback" not in text


def test_a_template_from_the_address_is_not_used(served):
    _, text, _ = read(f"{served}{DASHBOARD}?area=butel&template=lab&theme=dark")

    assert "cdn." not in text
    assert "Бутел" in text


def test_the_server_is_for_this_machine_only(served):
    assert served.startswith("http://127.0.0.1:")
    for path in ("/pages/", DASHBOARD, "/voila/static/voila.js"):
        status, _, _ = read(f"{served}{path}", Host="elsewhere.example")
        if path.startswith("/voila"):
            continue
        assert status == 403


def test_the_browser_is_told_to_load_nothing_from_elsewhere(served):
    for path in ("/pages/", DASHBOARD, "/nothing"):
        policy = read(f"{served}{path}")[2]["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "http:" not in policy
        assert "https:" not in policy


def test_the_font_comes_from_this_server(served):
    answer = httpx.get(f"{served}/dashboards/fonts/SourceSansPro-Regular.ttf")

    assert answer.content[:4] == b"\x00\x01\x00\x00"


def test_pages_are_served_as_they_were_published(workspace, served):
    index = workspace.site / "mk" / "kumanovo" / "index.html"
    index.parent.mkdir(parents=True)
    try:
        index.write_text("<h1>Куманово</h1>", encoding="utf-8")
        assert read(f"{served}/pages/mk/kumanovo/index.html")[1] == "<h1>Куманово</h1>"
        assert read(f"{served}/pages/mk/kumanovo/")[1] == "<h1>Куманово</h1>"
        assert read(f"{served}/pages/mk/nowhere/index.html")[0] == 404
    finally:
        index.unlink()
        for folder in (index.parent, index.parent.parent, workspace.site):
            folder.rmdir()


def kernels_in(folder):
    """List the processes that work in a folder: kernels work where their notebook lies."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if place.readlink() == folder:
                found.add(int(place.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's list of processes")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_with_its_kernels(workspace, own_server, ending):
    server, address = own_server
    before = kernels_in(workspace.dashboards)
    read(f"{address}{DASHBOARD}")
    kernels = kernels_in(workspace.dashboards) - before

    server.send_signal(ending)
    server.communicate(timeout=30)

    assert kernels
    assert server.returncode == 0
    for kernel in kernels:
        with pytest.raises(ProcessLookupError):
            os.kill(kernel, 0)


def test_a_port_that_is_taken_is_told_in_a_sentence(served, workspace, run_serve):
    port = served.rpartition(":")[2]
    ended = run_serve(workspace, "--port", port)

    assert ended.returncode != 0
    assert f"Port {port}" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def own_server(workspace, tmp_path, server_tools):
    start, address_of = server_tools
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as errors:
        server = start(workspace, errors)
        try:
            yield server, address_of(server, log)
        finally:
            server.kill()
            server.communicate()


@pytest.fixture
def run_serve(server_tools):
    start, _ = server_tools

    def run(workspace, *options):
        process = start(workspace, subprocess.PIPE, *options)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run
