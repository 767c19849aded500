"""The brief basket by hand: collected in two dashboards, put in order, taken along."""

from __future__ import annotations

import io
import json

import docx
import pytest
from browser.looks import find_faults, find_violations
from browser.visits import READY, Visit

from analysis.documents.traces import find_numbers
from analysis.suite.verification import verify_path
from analysis.text import translator

pytestmark = pytest.mark.browser
KEPT = "JSON.parse(localStorage.getItem('patokaz-basket') || '[]').map((e) => e.reference)"
NUMBERS = """[...document.querySelectorAll("[data-finding='residents'] :is([data-observation], "
    + "[data-inputs])")].map((node) => node.textContent)"""
FOCUSED = "document.activeElement.textContent"


class Reader(Visit):
    """A reader of a language."""

    language = "mk"

    def say(self, message, **parts):
        text = translator(self.language)(message)
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", str(part))
        return text

    def see(self, view):
        self.open(f"/dashboards/{view}&language={self.language}")
        self.wait()

    def button(self, place):
        found = self.page.locator(f"{place} .collect button")
        found.first.wait_for(state="attached", timeout=READY)
        return found.first

    def hears(self, region, message, **parts):
        said = self.say(message, **parts)
        self.page.locator(f"#{region}").filter(has_text=said).wait_for(
            state="attached", timeout=READY
        )

    def kept(self):
        return self.page.evaluate(KEPT)

    def open_basket(self):
        self.page.locator("#basket").click()
        self.page.wait_for_selector("#entries li[data-known]", timeout=READY)

    def look(self):
        found = {}
        for width, scheme in ((1000, "light"), (320, "dark")):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)
            self.page.wait_for_timeout(300)
            faults = find_violations(self.page) + find_faults(self.page)
            if faults:
                found[width, scheme] = faults
        self.page.set_viewport_size({"width": 1000, "height": 800})
        return found


@pytest.fixture
def reader(open_visit):
    def make(language):
        made = open_visit(kind=Reader)
        made.language = language
        return made

    return make


@pytest.mark.slow
@pytest.mark.parametrize("language", ["mk", "en"])
def test_what_is_collected_in_two_dashboards_becomes_a_document(
    reader, language, workspace, shots
) -> None:
    r = reader(language)
    page = r.page
    r.see("municipal_profile?area=kumanovo")
    add = r.button("figure[data-picture='change']")
    name = add.get_attribute("aria-label")
    assert name.startswith(f"{r.say('Add to brief')}: ")
    add.focus()
    page.keyboard.press("Enter")
    r.hears("announcement", "Added; {n} in the basket.", n=1)
    assert page.evaluate(FOCUSED) == r.say("Take out of brief")
    r.button("[data-finding='residents']").click()
    r.hears("announcement", "Added; {n} in the basket.", n=2)
    shown = page.evaluate(NUMBERS)
    assert r.look() == {}

    r.see("migration?area=serbia&period=2014-2025")
    r.button("figure[data-picture='figure']").click()
    r.hears("announcement", "Added; {n} in the basket.", n=3)
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=READY)
    assert page.locator("#basket").inner_text() == f"{r.say('Brief basket')} (3)"
    collected = [
        "municipal_profile?area=kumanovo#picture:change",
        "municipal_profile?area=kumanovo#finding:residents",
        "migration?area=serbia&figure=asylum_applications_persons&period=2014-2025#picture:figure",
    ]
    assert r.kept() == collected

    r.open_basket()
    page.locator("#entries > li").nth(1).locator("[data-kind='up']").press("Enter")
    r.hears("status", "Moved to place {n}.", n=1)
    assert page.evaluate(FOCUSED) == r.say("Up")
    assert r.kept() == [collected[1], collected[0], collected[2]]
    page.locator("#line-0").fill("2025: 40.")
    page.locator("#line-0").press("Tab")
    page.wait_for_selector("#entries .warning", timeout=READY)
    assert "40" in page.locator("#entries .warning").inner_text()
    assert r.look() == {}
    page.screenshot(path=shots / f"basket_{language}.png", full_page=True)

    page.reload()
    page.wait_for_selector("#entries li[data-known]", timeout=READY)
    assert page.locator("#line-0").input_value() == "2025: 40."
    for form in ("docx", "zip"):
        with page.expect_download(timeout=READY) as coming:
            page.locator(f"#{form}").click()
        coming.value.save_as(shots / coming.value.suggested_filename)
        r.hears("status", "The document is ready: {name}", name=f"collected_{language}.{form}")
    made = (shots / f"collected_{language}.docx").read_bytes()
    word = docx.Document(io.BytesIO(made))
    said = [p.text for p in word.paragraphs]
    assert len(word.inline_shapes) == 2
    assert any(text.endswith("2025: 40.") for text in said)
    assert [n.text for n in find_numbers("a.docx", made)] == [" ".join(n.split()) for n in shown]
    assert verify_path(shots / f"collected_{language}.zip", workspace).is_intact
    assert r.strangers() == []
    assert r.errors == []
    # No figure and no word of anybody's own goes into an address.
    assert not any("40" in url for url in r.asked if "/basket" in url)


@pytest.mark.slow
def test_what_is_taken_out_or_gone_or_too_much_is_said(reader) -> None:
    r = reader("en")
    page = r.page
    r.see("data_readiness?owner=all")
    full = [{"reference": f"migration?area=serbia#table:t{n}", "line": ""} for n in range(40)]
    keep = "(text) => localStorage.setItem('patokaz-basket', text)"
    page.evaluate(keep, json.dumps(full))
    first = r.button("figure[data-picture='owners']")
    first.click()
    r.hears(
        "announcement",
        "The basket is full: it holds {n} entries. Export it, or take something out.",
        n=40,
    )
    assert len(r.kept()) == 40
    page.evaluate(keep, json.dumps(full[:1]))
    first.click()
    first.click()
    r.hears("announcement", "Taken out; {n} in the basket.", n=1)
    assert page.evaluate(FOCUSED) == r.say("Add to brief")
    first.click()

    r.open_basket()
    warnings = page.locator("#entries .warning")
    assert warnings.count() == 1
    assert "do not have this any more" in warnings.inner_text()
    page.locator("[data-kind='take']").first.click()
    assert page.evaluate(FOCUSED) == r.say("Take out")
    page.locator("#empty").click()
    r.hears("status", "The basket is empty.")
    assert page.locator("#nothing").is_visible()
    assert page.evaluate("document.activeElement.id") == "nothing"
    assert r.kept() == []
    page.evaluate(keep, "what is no basket")
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=READY)
    assert page.locator("#nothing").is_visible()
    assert r.errors == []


def test_without_scripts_the_basket_says_so(browser, served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/basket?language=en")

    assert "The basket works with scripts only" in page.locator("noscript").inner_text()
    assert page.get_by_role("link", name="All pages").is_visible()
    context.close()
