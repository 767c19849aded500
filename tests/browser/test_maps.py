"""The map of a comparison in a browser: by keyboard, by mouse, on paper, for everyone."""

from __future__ import annotations

import math
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.looks import FAULTS, LAW, find_faults, find_unmarked, find_violations
from browser.visits import READY, Visit
from browser.walks import LOOKS

from analysis.text import LANGUAGES

pytestmark = pytest.mark.browser
STATELESS = "figure=unhcr_stateless_persons&peers=all"


class Mapped(Visit):
    """A dashboard with its map."""

    def open(self, path):
        super().open(path)
        self.wait()
        held = self.page.wait_for_selector("iframe.map", timeout=READY)
        held.scroll_into_view_if_needed()
        self.frame = held.content_frame()
        self.frame.wait_for_selector("html[data-ready='true']", timeout=READY)

    def focused(self):
        return self.frame.evaluate("document.activeElement.dataset.area || ''")

    def chosen(self):
        return self.frame.locator(".chosen").inner_text()


@pytest.fixture
def see(open_visit):
    def go(query, name="compare"):
        screen = {"width": 1280, "height": 900}
        return open_visit(f"/dashboards/{name}?{query}", Mapped, viewport=screen)

    return go


def violations_inside(frame):
    """What axe-core finds in the map itself, which lies in a frame of its own."""
    frame.evaluate(Axe().axe_script)
    answer = frame.evaluate(
        "rules => axe.run({ runOnly: { type: 'tag', values: rules }, preload: false })", LAW
    )
    assert answer["passes"]
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in answer["violations"]]


def faults_inside(frame):
    """Text of the frame that is cut, lies on other text or beyond the edge."""
    # What lies on the map itself is there by its place.
    found = [said for said in frame.evaluate(FAULTS) if "leaflet" not in said]
    wide = "[document.documentElement.scrollWidth, innerWidth]"
    width, inner = frame.evaluate(wide)
    return [*found, *([f"wider than its frame: {width}"] if width > inner else [])]


def test_the_keyboard_does_all_that_the_mouse_does(see):
    seen = see(f"area=kumanovo&{STATELESS}&language=en")
    frame, keys = seen.frame, seen.page.keyboard
    assert seen.chosen().startswith("Kumanovo: ")
    frame.locator("[role='option'][tabindex='0']").focus()
    assert seen.focused() == "MK-703"
    keys.press("Home")
    assert seen.chosen() == "Aerodrom: – no data"
    keys.press("ArrowDown")
    assert seen.chosen().startswith("Arachinovo")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert seen.focused() == "MK-801"
    keys.press("End")
    assert seen.chosen().startswith("Zrnovci")
    keys.press("b")
    assert seen.chosen().startswith("Berovo")
    keys.press("b")
    assert seen.chosen().startswith("Bitola")
    assert frame.locator(".named").inner_text().startswith("Bitola")
    assert frame.locator("[aria-selected='true']").count() == 1
    assert frame.locator("[tabindex='0'][role='option']").count() == 1
    ring = frame.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    keys.press("Tab")
    keys.press("ArrowRight")
    assert frame.evaluate("document.documentElement.dataset.view") == "tiles"
    assert seen.chosen().startswith("Bitola"), "what was chosen stays chosen"
    stops = []
    for _ in range(4):
        keys.press("Tab")
        stops.append(frame.evaluate("document.activeElement.dataset.zoom || ''"))
    assert stops[:3] == ["1", "-1", "0"]
    assert seen.errors == []


def test_who_clicks_on_the_map_finds_it_in_the_list(see):
    seen = see(f"area=kumanovo&{STATELESS}&language=en")
    shape = seen.frame.locator("path.leaflet-interactive[fill='url(#crossed)']").first
    box = shape.bounding_box()
    shape.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    said = seen.frame.locator(".value").inner_text()
    assert "× withheld" in said
    shape.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert seen.chosen() == said
    chosen = seen.frame.locator("[aria-selected='true']")
    assert "× withheld" in chosen.inner_text()
    assert chosen.is_visible()


def test_each_state_has_its_pattern_and_the_key_names_those_that_occur(see):
    seen = see(f"area=kumanovo&{STATELESS}&language=en")
    fills = seen.frame.locator("path.leaflet-interactive").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('fill'))"
    )
    assert fills.count("url(#crossed)") == 3
    assert fills.count("url(#level)") == 73
    assert len(fills) == 80
    key = seen.frame.locator(".legend li").all_inner_texts()
    assert [line.strip()[0] for line in key[1:]] == ["×", "–"]


def test_points_are_proportional_in_their_area(see):
    seen = see("area=kumanovo&figure=resident_population_persons&peers=all&language=en")
    frame = seen.frame
    points = frame.locator(".leaflet-marker-icon .point")
    assert points.count() == 80
    told = [
        (float(said.replace(",", "")), 0)
        for said in frame.locator("[role='option'] .text").all_inner_texts()
    ]
    drawn = sorted(
        points.evaluate_all("nodes => nodes.map((node) => node.getBoundingClientRect().width)"),
        reverse=True,
    )
    numbers = sorted((n for n, _ in told), reverse=True)
    largest = drawn[0] / math.sqrt(numbers[0])
    for side, number in zip(drawn, numbers, strict=True):
        assert side == pytest.approx(max(largest * math.sqrt(number), 2), abs=0.6)
    assert frame.locator(".number").count() == 0


def test_classes_stand_on_the_map_by_number(see):
    seen = see("area=kumanovo&peers=all&language=en")
    shown = seen.frame.locator(".number").all_inner_texts()
    assert len(shown) == 80
    assert set(shown) == {"1", "2", "3", "4", "5"}
    for line in seen.frame.locator("[role='option'] .said").all_inner_texts()[:5]:
        assert line.split(" · ")[0] in shown


def test_on_paper_there_is_the_map_with_its_key(see, shots):
    seen = see("area=kumanovo&peers=all&language=mk")
    seen.page.emulate_media(media="print")
    assert not seen.frame.locator(".side").is_visible()
    assert not seen.frame.locator(".bar").is_visible()
    assert seen.frame.locator(".legend").is_visible()
    assert seen.frame.locator(".leaflet-container").bounding_box()["height"] > 100
    seen.page.screenshot(path=shots / "print.png", full_page=True)


def test_the_map_of_a_profile_begins_near_and_shows_the_country_on_demand(see):
    seen = see("area=gevgelija&language=en", "municipal_profile")
    width = "document.querySelector('.leaflet-overlay-pane svg g').getBoundingClientRect().width"
    near = seen.frame.evaluate(width)
    seen.frame.get_by_role("button", name="Whole country").click()
    seen.page.wait_for_timeout(300)
    assert seen.frame.evaluate(width) < near
    assert violations_inside(seen.frame) == []
    assert seen.strangers() == []
    assert seen.errors == []


def query_of(seen):
    return dict(parse_qsl(urlsplit(seen.page.url).query))


def wait_for_view(seen, name, language):
    page = seen.page
    page.wait_for_selector(f"html[lang='{language}'] body[data-ready]", timeout=READY)
    inside = page.frame_locator("iframe.map")
    inside.locator(f"html[lang='{language}'][data-view='{name}']").wait_for(timeout=READY)
    assert inside.locator("input[name='view']:checked").get_attribute("value") == name


@pytest.mark.parametrize("name", ["compare", "municipal_profile"])
def test_squares_stand_in_the_address_and_stay_with_another_choice_or_language(see, name):
    seen = see("area=gevgelija&language=en", name)
    page = seen.page
    seen.frame.locator("input[value='tiles']").check()
    page.wait_for_function("location.search.includes('view=squares')", timeout=READY)
    assert query_of(seen)["area"] == "gevgelija"
    other = page.locator("a[data-language='sq']").get_attribute("href")
    assert "view=squares" in other
    page.locator("#cells").get_by_label("Language", exact=True).select_option("Македонски")
    wait_for_view(seen, "tiles", "mk")
    assert (query_of(seen)["view"], query_of(seen)["language"]) == ("squares", "mk")
    page.goto(page.url, timeout=READY)
    wait_for_view(seen, "tiles", "mk")
    page.frame_locator("iframe.map").locator("input[value='map']").check()
    page.wait_for_function("!location.search.includes('view')", timeout=READY)
    assert query_of(seen)["language"] == "mk"
    assert seen.errors == []


def examine(seen, width, scheme):
    page = seen.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_timeout(300)
    found = [*find_violations(page), *find_faults(page)]
    for name in ("tiles", "map"):
        seen.frame.locator(f"input[value='{name}']").check()
        found += [f"{name}: {said}" for said in violations_inside(seen.frame)]
        found += [f"{name}: {said}" for said in faults_inside(seen.frame)]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_map_is_for_everyone(see, shots, language):
    seen = see(f"area=kumanovo&{STATELESS}&language={language}")
    found = {}
    for width, scheme in LOOKS:
        found[width, scheme] = examine(seen, width, scheme)
        seen.page.locator("iframe.map").screenshot(path=shots / f"{language}_{width}_{scheme}.png")

    assert {where: what for where, what in found.items() if what} == {}
    assert find_unmarked(seen.page) == []
    assert "[en]" not in seen.frame.evaluate("document.body.innerText")
    assert seen.frame.evaluate("document.documentElement.lang") == language
    assert seen.strangers() == []
    assert seen.errors == []
