"""Three paths of municipal officials, each with at most three clicks and a picture of each stop."""

from __future__ import annotations

import io

import pytest
from browser.made_pages import make_site

pytestmark = pytest.mark.browser
MOST_CLICKS = 3
MIGRATION = "migration-trends-north-macedonia"
DESK = {"width": 1000, "height": 800}


@pytest.fixture(scope="module")
def site(workspace, tmp_path_factory):
    """The pages of one municipality and of migration in the country, in Macedonian."""
    folder = tmp_path_factory.mktemp("paths")
    return make_site(workspace, folder, ["kumanovo", MIGRATION], ["mk"])


class Path:
    """Clicks on a page, counted, with a picture before the first and after each."""

    def __init__(self, page, name, folder):
        self.page, self.name, self.folder, self.clicks = page, name, folder, 0
        self.shoot()

    def shoot(self):
        self.page.screenshot(path=self.folder / f"{self.name}_{self.clicks}.png")

    def click(self, place):
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        place.scroll_into_view_if_needed()
        place.click()
        self.page.wait_for_load_state("load")
        self.shoot()

    def take(self, place):
        with self.page.expect_download() as taken:
            self.click(place)
        return taken.value


@pytest.fixture
def begin(look, site, kept_shots):
    """Begins a path on the list of municipalities."""
    return lambda name: Path(
        look(site, "mk/index.html", viewport=DESK, locale="mk-MK"), name, kept_shots
    )


def test_monday_ten_minutes(begin):
    """The mayor asks for "our situation": one page, a sentence for the minutes, print."""
    import pypdf

    path = begin("monday")
    path.click(path.page.get_by_role("link", name="Куманово", exact=True))
    sentences = path.page.locator("#summary li").all_inner_texts()
    assert "98.104" in sentences[0]
    assert "7,0\N{NO-BREAK SPACE}%" in sentences[0]
    assert len(sentences) >= 2

    brief = path.take(path.page.locator("a[download$='.pdf'], a[href$='kumanovo_mk.pdf']").first)
    paper = pypdf.PdfReader(io.BytesIO(brief.path().read_bytes()))
    assert "98.104" in "".join(sheet.extract_text() for sheet in paper.pages)
    # Or the page itself, from the browser: nothing has to be opened first.
    printed = pypdf.PdfReader(io.BytesIO(path.page.pdf(prefer_css_page_size=True)))
    text = "".join("".join(sheet.extract_text().split()) for sheet in printed.pages)
    assert "".join(sentences[0].split()) in text
    assert path.clicks <= 2


def test_budget_time(begin):
    """A line is asked for: the municipality beside its region and all others, as chart and file."""
    path = begin("budget")
    path.click(path.page.get_by_role("link", name="Куманово", exact=True))
    view = path.page.locator("#residents .view")
    chart = view.locator("figure[data-picture='change'] svg")
    for compared in ("Куманово", "Североисточен регион", "Северна Македонија"):
        assert compared in chart.get_attribute("aria-label")
    assert "Државен завод за статистика" in view.locator("figcaption").first.inner_text()

    path.click(view.locator("label[for$='-files']"))
    taken = path.take(view.locator("a[href$='change_mk.png']"))
    assert taken.suggested_filename == "kumanovo_change_mk.png"
    assert taken.path().read_bytes().startswith(b"\x89PNG")


def test_press_call(begin):
    """Transit, residents and asylum apart, with a file to send; and no map of people."""
    path = begin("press")
    link = path.page.locator(f"a[href='{MIGRATION}/index.html']")
    path.click(link)
    page = path.page
    for section in ("flows", "stocks", "route", "abroad"):
        assert page.locator(f"section#{section} h2").is_visible()
    flows, stocks = (
        set(
            page.locator(f"#{section} figure").evaluate_all(
                "all => all.map((one) => one.dataset.picture)"
            )
        )
        for section in ("flows", "stocks")
    )
    assert flows
    assert stocks
    assert not flows & stocks
    assert page.locator("figure[data-picture*='map']").count() == 0

    view = page.locator("#flows .view").first
    path.click(view.locator("label[for$='-files']"))
    taken = path.take(view.locator("a[href$='.csv']").first)
    text = taken.path().read_text(encoding="utf-8-sig")
    assert text.startswith("standing,kind,indicator_id")
    assert "suppressed" in text or "value" in text
