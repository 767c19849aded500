"""Views in a frame on somebody else's page, and the terms of the glossary: without a script."""

from __future__ import annotations

import re
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from browser.conftest import QuietHandler
from browser.looks import find_faults, find_strangers, find_violations

from analysis.dashboard.registry import list_dashboards
from analysis.text import LANGUAGES, translator

pytestmark = pytest.mark.browser
READY = 60_000


@pytest.fixture
def outside(tmp_path):
    """A page of another site with lines that somebody has put into it."""
    servers = []

    def give(lines):
        text = f'<!doctype html><html lang="en"><title>Other</title><h1>Other</h1>{lines}</html>'
        (tmp_path / "index.html").write_text(text, encoding="utf-8")
        handler = partial(QuietHandler, directory=str(tmp_path))
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        # Another name of this machine: browsers take it for another site.
        return f"http://localhost:{servers[-1].server_port}/index.html"

    yield give
    for server in servers:
        server.shutdown()
        server.server_close()


def listen(page):
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return asked, errors


@pytest.mark.parametrize("name", list_dashboards())
def test_an_embedded_view_has_figures_sources_date_and_a_way_to_the_whole(browser, served, name):
    page = browser.new_page()
    asked, errors = listen(page)
    page.goto(f"{served}/embed/{name}?language=en", timeout=READY)

    assert page.locator("main figure svg").first.is_visible()
    assert page.locator("main table").count() > 0
    assert page.locator("nav, header, footer, select, script").count() == 0
    assert re.search(r"Newest source: \d{4}", page.locator(".sourced").inner_text())
    assert "Next update: " in page.locator(".sourced").inner_text()
    whole = page.get_by_role("link", name="The whole dashboard").get_attribute("href")
    assert whole.startswith(f"/dashboards/{name}?")
    assert find_violations(page) + find_faults(page) == []
    assert find_strangers(asked) == []
    assert errors == []
    page.close()


def test_an_embedded_view_is_the_one_that_was_asked_for(browser, served):
    page = browser.new_page()
    page.goto(f"{served}/embed/municipal_profile?area=gevgelija&language=sr-Cyrl", timeout=READY)

    assert page.evaluate("document.documentElement.lang") == "sr-Cyrl"
    assert "Гевгелија" in page.locator("h1").inner_text()
    assert page.goto(f"{served}/embed/nothing").status == 404
    page.close()


def test_the_lines_of_a_dashboard_carry_its_state(browser, served):
    page = browser.new_page()
    page.goto(f"{served}/dashboards/municipal_profile?area=gevgelija&language=en", timeout=READY)
    page.wait_for_selector("body[data-ready]", timeout=READY)
    button = page.get_by_role("button", name="Embed this view")
    button.focus()
    page.keyboard.press("Enter")
    lines = page.get_by_label("To show this view on a page of yours")

    assert button.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.id") == "code"
    assert f'src="{served}/embed/municipal_profile?area=gevgelija&#38;' in lines.input_value()
    assert 'title="DRAFT – Gevgelija: municipal profile"' in lines.input_value()
    page.get_by_label("Municipality", exact=True).select_option(label="Butel")
    page.wait_for_selector("body[data-ready='2']", timeout=READY)
    assert "area=butel" in lines.input_value()
    assert find_violations(page) == []
    page.close(run_before_unload=True)


@pytest.mark.parametrize("is_allowed", [True, False])
def test_only_a_site_that_was_named_may_show_a_view(
    browser, workspace, server_tools, outside, tmp_path, is_allowed
):
    start_server, address_of = server_tools
    place = outside("")
    site = place.removesuffix("/index.html")
    log = tmp_path / "log"
    options = ("--embed-in", site) if is_allowed else ()
    with log.open("w", encoding="utf-8") as errors:
        server = start_server(workspace, errors, *options)
        try:
            address = f"{address_of(server, log)}/embed/municipal_profile?area=butel&language=en"
            (tmp_path / "index.html").write_text(
                f'<!doctype html><html lang="en"><title>Other</title><h1>Other</h1>'
                f'<iframe id="view" title="Butel" src="{address}" width="900" height="900">'
                f"</iframe></html>",
                encoding="utf-8",
            )
            page = browser.new_page()
            page.goto(place, timeout=READY)
            page.wait_for_load_state("networkidle", timeout=READY)
            figures = page.frame_locator("#view").locator("main figure svg")

            assert (figures.count() > 0) == is_allowed
            page.close()
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.mark.parametrize("language", ["mk", "en"])
def test_a_part_of_a_page_stands_alone_without_a_script(look, sample, language):
    page = look(sample, f"{language}/butel/index.html#embed-residents", java_script_enabled=False)

    assert page.locator("#residents figure svg").first.is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("scrollY") == 0
    assert page.locator("p.draft").is_visible()
    for gone in ("header nav", ".brand", "#registered", "#files", "footer"):
        assert not page.locator(gone).first.is_visible()
    alone = page.locator("#embed-residents .alone")
    assert re.search(r"\d{4}", alone.inner_text())
    assert alone.locator("a").get_attribute("href") == "index.html#residents"


def test_the_whole_page_has_no_line_of_a_part_and_the_lines_to_embed_each(look, sample):
    page = look(sample, "en/butel/index.html")
    assert not any(line.is_visible() for line in page.locator(".alone").all())
    page.get_by_text("Embed a part of this page").click()
    lines = page.locator(".embedding code").all_inner_texts()

    sections = [n.get_attribute("id") for n in page.locator("main section").all()]
    assert [re.search(r"#embed-([\w-]+)", line)[1] for line in lines] == sections
    assert all('title="Butel: municipal profile: ' in line for line in lines)
    assert find_violations(page) + find_faults(page) == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_term_is_explained_by_mouse_keyboard_and_touch(browser, host, sample, language):
    context = browser.new_context(
        java_script_enabled=False, has_touch=True, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{host(sample)}/{language}/butel/index.html")
    term = page.locator("dfn.term").first
    gloss = page.locator(f"[id='{term.get_attribute('aria-describedby')}']")
    assert not gloss.is_visible()

    term.hover()
    assert gloss.is_visible()
    gloss.hover()
    assert gloss.is_visible()
    page.mouse.move(0, 0)
    assert not gloss.is_visible()
    term.focus()
    assert gloss.is_visible()
    assert len(gloss.inner_text()) > 30
    context.close()
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{host(sample)}/{language}/butel/index.html")
    term, gloss = page.locator("dfn.term").first, page.locator(".gloss").first
    term.tap()
    assert gloss.is_visible()
    # What is shown covers nothing: it stands in the flow, so that no key has to take it away.
    assert gloss.evaluate("node => getComputedStyle(node).position") == "static"
    assert find_violations(page) + find_faults(page) == []
    context.close()


def test_a_term_that_no_translator_has_explained_says_its_language(look, sample):
    for language in LANGUAGES:
        page = look(sample, f"{language}/butel/index.html")
        gloss = page.locator(".gloss").first
        spoken = gloss.locator("span").get_attribute("lang")
        label = gloss.text_content().partition(":")[0]
        message = "Definition" if spoken == language else "Definition, in English"
        assert spoken in {language, "en"}
        assert label == translator(language)(message)
