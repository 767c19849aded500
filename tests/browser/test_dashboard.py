from __future__ import annotations

import csv
import math
import re
from itertools import pairwise
from urllib.parse import urlsplit

import pandas as pd
import pytest
from browser.visits import READY, Visit
from playwright.sync_api import TimeoutError as TooLate

from analysis.assessment import load_profile
from analysis.documents.page import page_html
from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.store.files import OBSERVATIONS, write_atomically

pytestmark = pytest.mark.browser
DASHBOARD = "/dashboards/municipal_profile"


class Watched(Visit):
    """A page of which every answer is looked at."""

    def __init__(self, *where, **options):
        super().__init__(*where, **options)
        self.page.on(
            "response",
            lambda got: self.errors.append(got.url) if got.status >= 400 else None,
        )

    def wait(self, update=1):
        super().wait(update)

    def map(self):
        self.page.locator("iframe.map").scroll_into_view_if_needed()
        frame = self.page.frame_locator("iframe.map")
        frame.locator("html[data-ready='true']").wait_for(timeout=READY)
        return frame


@pytest.fixture
def visit(open_visit):
    def go(query="", **options):
        return open_visit(f"{DASHBOARD}?{query}", Watched, **options)

    return go


def test_a_municipality_is_chosen_and_everything_follows(visit, workspace, shots):
    seen = visit("language=en", viewport={"width": 1280, "height": 900})
    seen.wait()
    page = seen.page
    assert page.locator("h1").inner_text() == "DRAFT – Kumanovo: municipal profile"
    assert page.locator("table[data-table='residents']").count() == 1

    page.get_by_label("Municipality", exact=True).select_option(label="Gevgelija")
    seen.wait(2)
    page.locator("#cells").get_by_label("Language", exact=True).select_option(label="Македонски")
    seen.wait(3)

    live = page.locator("[aria-live='polite']")
    assert live.inner_text().endswith("Гевгелија")
    assert page.locator("h1").inner_text().startswith("НАЦРТ – Гевгелија")
    assert page.evaluate("document.documentElement.lang") == "mk"
    assert urlsplit(page.url).query == "area=gevgelija&language=mk"
    chart = page.locator("figure[data-picture='change'] svg")
    assert "Гевгелија" in chart.text_content()
    assert "Гевгелија" in chart.get_attribute("aria-label")
    table = page.locator("table[data-table='residents']")
    assert "21.582" in table.locator("tbody tr").first.inner_text()
    assert "затаено" in page.locator("table[data-table='registered']").inner_text()
    assert "Гевгелија" in page.locator("iframe.map").get_attribute("title")
    inside = seen.map()
    assert "Гевгелија −6,1" in inside.locator(".named").inner_text().replace("\xa0", " ")
    assert inside.locator("path").count() >= 80
    taken = take(page, "CSV")
    assert taken.suggested_filename == "gevgelija_profile_mk.csv"
    compare_with_store(taken.path(), workspace)
    # Last: a picture of the whole page changes the size of the window, and moves what is clicked.
    page.screenshot(path=shots / "mk_wide.png", full_page=True)
    assert seen.strangers() == []
    assert seen.errors == []


def take(page, name, attempts=3):
    # On a machine under load the view may be drawn anew between aiming and clicking; a person
    # would click again.
    for attempt in range(1, attempts + 1):
        try:
            with page.expect_download(timeout=READY / attempts) as taken:
                page.get_by_role("link", name=name).click()
        except TooLate:
            if attempt == attempts:
                raise
        else:
            return taken.value
    return None


def compare_with_store(path, workspace):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "observation"]
    held = pd.read_parquet(workspace.public / OBSERVATIONS).set_index("observation_id")
    profile = load_profile(workspace, "gevgelija")
    wanted = {r.reference for r in (*profile.results, *profile.change_everywhere.values())}

    assert {row["observation_id"] for row in rows} == wanted
    for row in rows:
        one = held.loc[row["observation_id"]]
        for name in ("indicator_id", "area_id", "period_start", "period_end", "state", "status"):
            assert row[name] == one[name]
        if math.isnan(one["value"]):
            assert row["value"] == ""
        else:
            assert float(row["value"]) == one["value"]
    assert any(row["state"] == "suppressed" and row["value"] == "" for row in rows)


def test_every_file_can_be_taken(visit):
    seen = visit("area=kumanovo&language=en")
    seen.wait()
    starts = {".xlsx": b"PK", ".csv": b"\xef\xbb\xbf", ".svg": b"<svg", ".png": b"\x89PNG"}
    links = seen.page.locator(".downloads a")

    assert links.count() == 6
    for place in range(links.count()):
        with seen.page.expect_download() as taken:
            links.nth(place).click()
        name = taken.value.suggested_filename
        ending = name[name.rindex(".") :]
        assert re.fullmatch(r"kumanovo_(profile|change|registered)_en\.\w+", name)
        assert taken.value.path().read_bytes().startswith(starts[ending])
    assert seen.errors == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_fits_the_screen(visit, shots, width):
    seen = visit("area=gevgelija&language=en", viewport={"width": width, "height": 800})
    seen.wait()

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    for control in seen.page.locator("select, .downloads a, summary, .links a").all():
        box = control.bounding_box()
        assert box["height"] >= 24
        assert box["width"] >= 24
    seen.map()
    seen.page.screenshot(path=shots / f"en_{width}.png", full_page=True)
    assert seen.errors == []


def test_it_works_with_the_keyboard_alone(visit):
    seen = visit("area=kumanovo&language=en")
    seen.wait()
    page = seen.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    menu = page.get_by_label("Municipality", exact=True)
    menu.focus()
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.type("Gevg")
    page.keyboard.press("Enter")
    # By what the page holds: no text is run as code there, not even for a test.
    page.locator("h1", has_text="DRAFT – Gevgelija").wait_for(timeout=READY)
    assert page.title().startswith("DRAFT – Gevgelija")
    assert page.locator("h1").inner_text().startswith("DRAFT – Gevgelija")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"


def test_landmarks_headings_and_names_are_in_order(visit):
    seen = visit("area=butel&language=mk")
    seen.wait()
    levels = seen.page.locator("h1, h2, h3").evaluate_all(
        "nodes => nodes.map((n) => Number(n.tagName[1]))"
    )
    ids = seen.page.locator("[id]").evaluate_all("nodes => nodes.map((n) => n.id)")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    # Charts are drawn one by one and their clips may bear the same name; nothing refers to two.
    named = [i for i in ids if not re.match(r"(clip|gradient)", i)]
    assert len(named) == len(set(named))
    assert seen.page.locator("main").count() == 1
    assert seen.page.locator("main select").count() == 2
    assert seen.page.locator("th:not([scope])").count() == 0
    assert seen.page.locator("svg[role='img']:not([aria-label])").count() == 0
    assert seen.page.locator("[data-first]").count() == 0


def test_a_wrong_address_is_told_on_the_page(visit):
    seen = visit("area=atlantis&language=xx")
    seen.wait()

    assert seen.page.locator("p.warning[role='alert']").count() == 2
    assert seen.page.locator("h1").inner_text().startswith("НАЦРТ – Куманово")
    assert "Traceback" not in seen.page.content()
    assert seen.errors == []


def test_without_scripts_the_figures_can_be_read(visit, shots):
    seen = visit("area=gevgelija&language=en", java_script_enabled=False)
    page = seen.page

    assert page.locator("h1").inner_text() == "DRAFT – Gevgelija: municipal profile"
    assert "21,582" in page.locator("table[data-table='residents']").inner_text()
    assert page.locator("a[href='/pages/en/gevgelija/index.html']").is_visible()
    assert page.locator("figure[data-picture='change'] svg").is_visible()
    page.screenshot(path=shots / "no_scripts.png", full_page=True)
    page.locator("select[name=area]").select_option(label="Butel")
    page.get_by_role("button", name="Show").click()
    assert page.locator("h1").inner_text() == "DRAFT – Butel: municipal profile"
    assert seen.strangers() == []


def test_on_paper_there_are_no_controls_but_all_figures(visit, shots):
    seen = visit("area=kumanovo&language=mk")
    seen.wait()
    seen.page.emulate_media(media="print")

    assert not seen.page.locator(".controls").is_visible()
    assert not seen.page.locator(".downloads").is_visible()
    assert seen.page.locator("table[data-table='registered']").is_visible()
    assert seen.page.locator("[data-address]").is_visible()
    assert "area=kumanovo" in seen.page.locator("[data-address]").inner_text()
    seen.page.screenshot(path=shots / "print.png", full_page=True)


def test_the_page_leads_to_the_dashboard_with_its_municipality(
    browser, own_workspace, server_tools, tmp_path
):
    start_server, address_of = server_tools
    publish_observations(build_observations(own_workspace.published), own_workspace)
    header = {"language": "en", "title": "Butel", "subtitle": "", "run_id": "", "data_date": ""}
    page = page_html(header | {"data_sha256": "", "version": ""}, [], "butel", ["en"], [])
    write_atomically(own_workspace.site / "en" / "butel" / "index.html", page.encode())
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as errors:
        server = start_server(own_workspace, errors)
        try:
            seen = Watched(browser, address_of(server, log))
            seen.open("/pages/en/butel/index.html")
            seen.page.get_by_role("link", name="Dashboard", exact=True).click()
            seen.wait()
            assert seen.page.locator("h1").inner_text() == "DRAFT – Butel: municipal profile"
            assert urlsplit(seen.page.url).path == DASHBOARD
            assert seen.strangers() == []
            seen.context.close()
        finally:
            server.terminate()
            server.communicate(timeout=30)
