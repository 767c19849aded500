"""Every static page in five languages, light and dark, narrow and wide."""

from __future__ import annotations

import io

import pytest
from browser.looks import (
    find_faults,
    find_unmarked,
    find_violations,
    list_stops,
    walk_by_keyboard,
)
from browser.made_pages import RUN_ID, list_runs, make_site
from browser.walks import ACROSS, LOOKS, SCHEMES, WIDTHS

from analysis.text import LANGUAGES

pytestmark = pytest.mark.browser
A4 = (595, 842)


def examine(page):
    return find_violations(page) + find_faults(page)


def place(language, slug):
    return f"{language}/{slug}/index.html" if slug else f"{language}/index.html"


def open_part(page, part):
    for pick in page.locator(f"input.pick-{part}").all():
        label = page.locator(f"label[for='{pick.get_attribute('id')}']")
        # A view of one part only has nothing to choose: its part stands open, its label is hidden.
        if label.is_visible():
            label.click()
        assert pick.is_checked()


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("slug", ["butel", "data-readiness", "changes"])
def test_a_page_of_the_sample_is_for_everyone(look, sample, slug, language):
    scheme = SCHEMES[list(LANGUAGES).index(language) % 2]
    for width in WIDTHS:
        page = look(
            sample,
            place(language, slug),
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
        )
        assert examine(page) == []
        assert page.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_message_of_the_sample_is_untranslated(look, sample, language):
    unmarked = []
    for slug in ("", "butel", "data-readiness", "changes", "protection"):
        unmarked += find_unmarked(look(sample, place(language, slug)))

    assert unmarked == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_first_page_is_for_everyone(look, sample, scheme):
    page = look(sample, "index.html", color_scheme=scheme, viewport={"width": 320, "height": 700})

    assert find_violations(page) + find_faults(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("slug", ["", "protection", "changes", "data-readiness"])
def test_every_shared_page_is_for_everyone(look, sample, slug, language):
    for width, scheme in LOOKS:
        page = look(
            sample,
            place(language, slug),
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
        )
        assert examine(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize(
    "slug",
    [
        "kumanovo",
        "butel",
        "gevgelija",
        "migration-trends-north-macedonia",
        "migration-trends-serbia",
        "migration-trends-western-balkans",
        "trafficking-trends-north-macedonia",
        "trafficking-trends-serbia",
        "trafficking-trends-western-balkans",
    ],
)
def test_every_page_is_for_everyone(look, workspace, tmp_path, slug, language):
    site = make_site(workspace, tmp_path, [slug])
    for width, scheme in LOOKS:
        page = look(
            site,
            place(language, slug),
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
        )
        assert examine(page) + find_unmarked(page) == []
        # The parts behind the first are held against one theme at each width: same colours, same
        # boxes, and half the hour.
        if (width, scheme) in ACROSS:
            for part in ("table", "files"):
                open_part(page, part)
                assert examine(page) == []


def test_the_walk_leaves_no_page_out(workspace):
    slugs = next(
        m.args[1] for m in test_every_page_is_for_everyone.pytestmark if m.args[:1] == ("slug",)
    )

    assert {run.slug for run in list_runs(workspace)} == {*slugs, "data-readiness"}


def test_chart_table_and_files_are_chosen_with_the_keyboard_alone(look, sample):
    page = look(sample, "en/butel/index.html", viewport={"width": 1280, "height": 900})
    view = page.locator("#residents .view")
    assert view.locator(".part-chart").is_visible()
    assert not view.locator(".part-table").is_visible()

    view.locator("input.pick-chart").focus()
    page.keyboard.press("ArrowRight")
    assert view.locator("table[data-table='residents']").is_visible()
    assert not view.locator(".part-chart").is_visible()
    page.keyboard.press("ArrowRight")
    assert view.locator(".part-files a").count() == 5
    page.keyboard.press("Tab")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")

    assert taken.value.suggested_filename == "butel_change_en.svg"
    assert taken.value.path().read_bytes().startswith(b"<svg")


def test_every_control_is_reached_with_the_tabulator_and_shows_it(look, sample):
    page = look(sample, "en/butel/index.html", viewport={"width": 1280, "height": 900})
    wanted = list_stops(page)
    stops, ringless = walk_by_keyboard(page)

    assert len(wanted) > 20
    assert set(wanted) - set(stops) == set()
    assert ringless == []
    assert 'class="skip"' in stops[0]


def test_every_link_of_the_languages_keeps_the_place(look, sample):
    page = look(sample, "en/butel/index.html")
    page.get_by_role("link", name="Shqip").click()

    assert page.url.endswith("/sq/butel/index.html")
    assert page.evaluate("document.documentElement.lang") == "sq"


def test_what_changed_what_comes_and_where_to_report_is_one_click_away(look, sample):
    for name, part in (
        ("What changed since last time", "changes"),
        ("Next update", "updates"),
        ("Report an error", "report"),
    ):
        page = look(sample, "en/butel/index.html")
        page.get_by_role("link", name=name).click()

        assert page.url.endswith(f"/en/changes/index.html#{part}")
        assert page.locator(f"section#{part} h2").is_visible()


def test_without_its_style_a_page_holds_all_parts_and_no_dead_control(browser, sample, tmp_path):
    text = (sample / "en" / "butel" / "index.html").read_text(encoding="utf-8")
    bare = tmp_path / "index.html"
    bare.write_text(text.replace("assets/page.css", "assets/none.css"), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(bare.as_uri())

    assert page.locator("input").count() > 3
    assert not any(one.is_visible() for one in page.locator("input, .view > label").all())
    assert page.locator("table[data-table='residents']").is_visible()
    assert page.locator("figure[data-picture='change'] svg").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["mk", "en"])
def test_on_paper_all_parts_stand_with_sources_run_and_address(look, sample, language):
    import pypdf

    page = look(sample, f"{language}/butel/index.html", color_scheme="dark")
    tables = page.locator("table caption").all_text_contents()
    notes = page.locator("figcaption").all_text_contents()
    sources = page.locator("table[data-table='sources'] tbody th").all_text_contents()
    book = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=False)))
    text = squeeze("".join(sheet.extract_text() for sheet in book.pages))

    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in book.pages} == {A4}
    assert len(tables) >= 6
    assert sources
    for said in (*tables, *notes, *sources):
        assert squeeze(said) in text
    assert RUN_ID in text
    assert f"pages/{language}/butel/index.html" in text
    assert "butel_change_" in text


def squeeze(text):
    # Lines break elsewhere on paper, and hyphens of the setting are none of the text.
    return "".join(text.split())


def test_in_the_dark_pictures_lie_on_a_light_card(look, sample):
    page = look(sample, "en/butel/index.html", color_scheme="dark")
    card = page.locator("figure .picture").first
    background = "node => getComputedStyle(node).backgroundColor"

    assert card.evaluate(background) == "rgb(255, 255, 255)"
    assert page.locator("body").evaluate(background) == "rgb(20, 25, 31)"


def test_a_narrow_screen_moves_charts_in_a_box_that_the_keyboard_reaches(look, sample):
    page = look(sample, "mk/butel/index.html", viewport={"width": 320, "height": 700})
    box = page.locator("figure .picture").first
    box.focus()
    page.keyboard.press("ArrowRight")
    # It glides; the policy of the page holds off what would ask for it as a text.
    for _ in range(100):
        if box.evaluate("node => node.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert box.evaluate("node => node.scrollLeft") > 0

    assert page.evaluate("document.documentElement.scrollWidth") == 320
