"""Every dashboard in five languages, light and dark, narrow and wide."""

from __future__ import annotations

import io
import re

import pytest
from browser.looks import find_faults, find_unmarked, find_violations
from browser.visits import READY
from browser.walks import LOOKS

from analysis.dashboard.registry import list_dashboards
from analysis.text import LANGUAGES

pytestmark = pytest.mark.browser
A4 = (595, 842)


@pytest.fixture
def see(open_visit):
    def go(name, query):
        rights = ["clipboard-read", "clipboard-write"]
        seen = open_visit(f"/dashboards/{name}?{query}", permissions=rights)
        seen.wait()
        return seen

    return go


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
    for width, scheme in LOOKS:
        found[width, scheme] = examine(seen, width, scheme)

    assert {where: what for where, what in found.items() if what} == {}
    assert find_unmarked(seen.page) == []
    assert seen.page.evaluate("document.documentElement.lang") == language
    assert seen.strangers() == []
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
    # By the element: what asks again and again as a text is held off by the page's policy.
    said = seen.page.locator("#announcement").filter(has_text="copied")
    said.wait_for(state="attached")

    assert seen.page.evaluate("navigator.clipboard.readText()") == seen.page.url


# What each dashboard prints without scripts where somebody asks for a page of it.
PRINTED = {
    "municipal_profile": "area=gevgelija",
    "trafficking": "area=north-macedonia",
    "migration": "area=north-macedonia",
    "compare": "area=veles",
    "data_readiness": "",
}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("name", list_dashboards())
def test_on_paper_a_dashboard_has_all_parts_with_sources_table_and_address(see, name, language):
    import pypdf

    seen = see(name, f"{PRINTED[name]}&language={language}")
    page = seen.page
    page.wait_for_selector("section#sources, [data-table='places'], section#about", timeout=READY)
    wanted = page.evaluate("""() => [...document.querySelectorAll(
        '#cells caption, #cells figcaption, #cells .sourced, #cells .part-name')]
        .map((node) => node.textContent)""")
    origin = page.locator("[data-say='origin']").text_content()
    controls = page.evaluate("""() => [...document.querySelectorAll('#cells .widget-label')]
        .map((node) => node.textContent).filter((text) => text)""")
    book = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=False)))
    text = squeeze("".join(sheet.extract_text() for sheet in book.pages))

    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in book.pages} == {A4}
    assert len(wanted) >= 4
    assert {said for said in wanted if squeeze(said) not in text} == set()
    assert len(re.search(r"[0-9a-f]{64}", origin)[0]) == 64
    assert squeeze(origin) in text
    assert squeeze(page.url) in text
    assert controls
    page.emulate_media(media="print")
    assert not any(menu.is_visible() for menu in page.locator("#cells .controls select").all())
    assert not page.locator("#embed, #copy, header nav").first.is_visible()
    assert seen.errors == []


def test_a_comparison_has_a_page_to_print_without_scripts(see):
    import pypdf

    seen = see("compare", "area=veles&language=en")
    link = seen.page.get_by_role("link", name="The same figures as a page to print")
    address = link.get_attribute("href")
    table = seen.page.locator("table[data-table='compare']").first
    cells = table.locator("td").all_text_contents()
    seen.page.goto(seen.page.url.partition("/dashboards/")[0] + address, timeout=READY)
    sheet = seen.page.locator("table[data-table='compare']")

    assert address.startswith("/embed/compare?area=veles")
    assert sheet.locator("td").all_text_contents() == cells
    book = pypdf.PdfReader(io.BytesIO(seen.page.pdf(prefer_css_page_size=True)))
    text = squeeze("".join(one.extract_text() for one in book.pages))
    assert squeeze(sheet.locator("caption").text_content()) in text
    assert squeeze(seen.page.locator("figcaption").first.text_content()) in text
    assert squeeze(seen.page.locator(".sourced").text_content()) in text
    assert squeeze(seen.page.url) in text
    assert re.search(r"[0-9a-f]{64}", text)


def squeeze(text):
    # Lines break elsewhere on paper, and hyphens of the setting are none of the text.
    return "".join(text.split())
