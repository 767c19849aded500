"""Every dashboard in five languages, light and dark, narrow and wide."""

from __future__ import annotations

from itertools import product

import pytest
from browser.looks import find_faults, find_strangers, find_unmarked, find_violations

from analysis.dashboard.registry import list_dashboards
from analysis.text import LANGUAGES

pytestmark = pytest.mark.browser
READY = 60_000
WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")


class Seen:
    """A dashboard in a browser, with all that it asked for and all that went wrong."""

    def __init__(self, browser, address):
        self.context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.asked, self.errors = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )
        self.page.goto(address, timeout=READY)
        self.page.wait_for_selector("body[data-ready]", timeout=READY)

    def close(self):
        self.page.close(run_before_unload=True)
        self.context.close()


@pytest.fixture
def see(browser, served):
    opened = []

    def go(name, query):
        opened.append(Seen(browser, f"{served}/dashboards/{name}?{query}"))
        return opened[-1]

    yield go
    for one in opened:
        one.close()


def examine(seen, width, scheme):
    page = seen.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    # What fades takes a moment; a colour on the way is none that is read.
    page.wait_for_timeout(300)
    return find_violations(page) + find_faults(page)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("name", list_dashboards())
def test_a_dashboard_is_for_everyone(see, name, language):
    seen = see(name, f"language={language}")
    found = {}
    for width, scheme in product(WIDTHS, SCHEMES):
        found[width, scheme] = examine(seen, width, scheme)

    assert {where: what for where, what in found.items() if what} == {}
    assert find_unmarked(seen.page) == []
    assert seen.page.evaluate("document.documentElement.lang") == language
    assert find_strangers(seen.asked) == []
    assert seen.errors == []


def test_the_switch_of_languages_keeps_the_place(see):
    seen = see("municipal_profile", "area=gevgelija&language=en")
    seen.page.get_by_role("link", name="Shqip").click()
    seen.page.wait_for_selector("html[lang='sq'] body[data-ready]", timeout=READY)

    assert "area=gevgelija" in seen.page.url
    assert "language=sq" in seen.page.url
    assert seen.page.locator("header [aria-current]").inner_text() == "Shqip"
    assert seen.errors == []


def test_the_part_that_is_open_stays_open_when_the_place_changes(see):
    seen = see("municipal_profile", "area=gevgelija&language=en")
    page = seen.page
    view = page.locator("#residents .view")
    view.locator("label[for$='-table']").click()
    assert view.locator("table[data-table='residents']").is_visible()
    page.get_by_label("Municipality", exact=True).select_option(label="Butel")
    page.wait_for_selector("body[data-ready='2']", timeout=READY)

    assert view.locator("table[data-table='residents']").is_visible()
    assert not view.locator(".part-chart").is_visible()
    assert seen.errors == []


def test_the_link_to_a_view_is_copied(see):
    seen = see("municipal_profile", "area=gevgelija&language=en")
    seen.page.get_by_role("button", name="Copy the link").click()
    seen.page.wait_for_function(
        "document.getElementById('announcement').textContent.includes('copied')"
    )

    assert seen.page.evaluate("navigator.clipboard.readText()") == seen.page.url
