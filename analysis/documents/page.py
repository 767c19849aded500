"""The frame of a static page: title, languages, downloads, sections, where it all comes from."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from analysis.catalog import load_areas
from analysis.documents.html import render
from analysis.documents.notice import (
    DRAFT_CARE,
    demonstration_notice,
    draft_word,
    standing_words,
)
from analysis.documents.page_parts import list_publishers, split_parts
from analysis.documents.protection_words import RULES_PAGE, RULES_TITLE, policy_in_short
from analysis.documents.view_files import ViewLink, fill_views
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, find_language, mark, translator
from analysis.text.alphabet import sort_by_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.protection.ledger.standing import Standing

KINDS = {
    "brief": mark("Brief"),
    "table": mark("Tables"),
    "picture": mark("Pictures"),
}
CHANGES_PAGE = "changes"
CHANGES_TITLE = mark("What changed, what comes next, and how to report an error")
# Pages that are about no single municipality, by their name in addresses.
PAGES = {
    "data-readiness": mark("Data readiness"),
    RULES_PAGE: RULES_TITLE,
    CHANGES_PAGE: CHANGES_TITLE,
}
# Pages that are made for several areas; the name of the area follows in the address.
TOPICS = {
    "migration-trends": mark("{area}: migration trends"),
    "trafficking-trends": mark("{area}: trafficking trends"),
}
# Areas that no such page is made for, whose slugs others may share.
UNNAMED = frozenset({"municipality_rs", "district", "region", "route"})
KIB = 1024


@dataclass(frozen=True, slots=True)
class Mark:
    """How an edition stands, under the head of a page.

    Parameters
    ----------
    language : str
        Code of the language that it is said in.
    word : str
        The one word of a draft, for titles and behind printed pages; blank for a release.
    sentence : str
        That it is a draft, or which release it is.
    care : str
        What that means for who reads a draft; blank for a release.
    """

    language: str
    word: str
    sentence: str
    care: str


def page_marks(languages: Sequence[str], standing: Standing | None) -> list[Mark]:
    """Say how an edition stands, once a language.

    Parameters
    ----------
    languages : sequence of str
        Codes; one for a page, all of them for the first page.
    standing : Standing or None
        None where nobody has said: then it is a draft.

    Returns
    -------
    list of Mark
    """
    return [_page_mark(code, standing) for code in languages]


def _page_mark(code: str, standing: Standing | None) -> Mark:
    translate = translator(code)
    said = standing_words(standing, translate)
    word = draft_word(standing, translate)
    if not word:
        return Mark(code, "", said, "")
    return Mark(code, word, f"{said}.", translate(DRAFT_CARE))


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside the page.

    Parameters
    ----------
    file : str
    kind : str
        ``brief``, ``table`` or ``picture``, which stand at the head of the page; ``view`` stands
        in the view that it belongs to.
    size : int
        In bytes.
    subject : str
        Which view: ``picture:change`` or ``table:residents``; blank for the whole page.
    """

    file: str
    kind: str
    size: int
    subject: str = ""

    @property
    def ending(self) -> str:
        """Format, as people say it."""
        return self.file.rsplit(".", 1)[-1].upper()

    @property
    def kib(self) -> int:
        """Size in KiB, at least one."""
        return max(1, round(self.size / KIB))


def page_html(
    header: Mapping[str, Any],
    body: Sequence[str],
    slug: str,
    languages: Sequence[str],
    downloads: Sequence[Download],
    *,
    has_dashboard: bool = True,
    standing: Standing | None = None,
) -> str:
    """Write a static page.

    Parameters
    ----------
    header : mapping
        As the notebook shows it.
    body : sequence of str
        Sections as HTML, in order.
    slug : str
        Name of the municipality in addresses.
    languages : sequence of str
        Codes of the languages that the same page exists in.
    downloads : sequence of Download
    has_dashboard : bool
        Whether a dashboard shows the same municipality.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    str
        A whole HTML document, readable without scripts; it loads nothing from elsewhere.
    """
    language = find_language(str(header["language"]))
    links = [ViewLink(d.subject, d.file, d.file, d.size) for d in downloads if d.subject]
    filled = [fill_views(section, links, language) for section in body]
    return render(
        "page.html.j2",
        language,
        header={"notice": "", **header},
        marks=page_marks([language.code], standing),
        policy=str(policy_in_short(Wording(translator(language.code)))),
        parts=split_parts(filled),
        publishers=list_publishers(filled),
        slug=slug,
        has_dashboard=has_dashboard,
        others=[LANGUAGES[code] for code in languages if code != language.code],
        downloads=[
            (translator(language.code)(KINDS[d.kind]), d) for d in downloads if d.kind in KINDS
        ],
    )


def index_html(
    language_code: str,
    slugs: Sequence[str],
    languages: Sequence[str],
    *,
    is_demonstration: bool = False,
    standing: Standing | None = None,
) -> str:
    """Write the page that lists the municipalities of one language.

    Parameters
    ----------
    language_code : str
    slugs : sequence of str
        Pages that there are: of municipalities, and others.
    languages : sequence of str
        Languages that have such a list.
    is_demonstration : bool
        Whether the pages are made from synthetic figures.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    str
    """
    language = find_language(language_code)
    w = Wording(translator(language_code))
    areas = load_areas()
    places = {a.slug: a for a in areas.at_level("municipality")}
    named = sort_by_name(
        [(w.area_name(places[s]), s) for s in slugs if s in places], itemgetter(0), language
    )
    pages = [(w.translate(PAGES[s]), s) for s in slugs if s in PAGES]
    pages += [(title, s) for s in slugs if (title := _topic_title(s, w))]
    return render(
        "index.html.j2",
        language,
        municipalities=named,
        marks=page_marks([language_code], standing),
        policy=str(policy_in_short(w)),
        pages=pages,
        notices=_notices([language_code], is_demonstration=is_demonstration),
        others=[LANGUAGES[code] for code in languages if code != language_code],
    )


def name_page(slug: str, w: Wording) -> str:
    """Name a page by its name in addresses: a municipality, a topic, or a topic and area.

    Parameters
    ----------
    slug : str
    w : Wording

    Returns
    -------
    str
        The slug itself where nothing of that name is known.
    """
    places = {a.slug: a for a in load_areas().at_level("municipality")}
    if slug in places:
        return w.area_name(places[slug])
    if slug in PAGES:
        return w.translate(PAGES[slug])
    return _topic_title(slug, w) or slug


def _topic_title(slug: str, w: Wording) -> str:
    """Name the page of a topic and area, or nothing where the slug is of another page."""
    by_slug = {a.slug: a for a in load_areas() if a.level not in UNNAMED}
    for topic, message in TOPICS.items():
        area = by_slug.get(slug.removeprefix(f"{topic}-"))
        if slug.startswith(f"{topic}-") and area:
            return str(w.say(message, area=w.area(area)))
    return ""


def welcome_html(
    languages: Sequence[str],
    *,
    is_demonstration: bool = False,
    standing: Standing | None = None,
) -> str:
    """Write the first page: one link a language, each in its own words.

    Parameters
    ----------
    languages : sequence of str
    is_demonstration : bool
        Whether the pages are made from synthetic figures.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    str
    """
    first = find_language(languages[0])
    spoken = [(LANGUAGES[code], translator(code)) for code in languages]
    entries = [(entry, say, str(policy_in_short(Wording(say)))) for entry, say in spoken]
    notices = _notices(languages, is_demonstration=is_demonstration)
    marks = page_marks(languages, standing)
    return render("welcome.html.j2", first, entries=entries, notices=notices, marks=marks)


def _notices(languages: Sequence[str], *, is_demonstration: bool) -> list[str]:
    said = [
        demonstration_notice(translator(code), is_demonstration=is_demonstration)
        for code in languages
    ]
    return [notice for notice in said if notice]
