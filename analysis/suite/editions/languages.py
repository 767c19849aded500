"""All languages of a page say the same: each is there, and all print the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.suite.editions.edition import OK, SITE
from analysis.suite.editions.stage import page_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.suite.editions.edition import PublishedRun
    from analysis.suite.editions.pages import Number, PageFacts

ABSENT = (
    "'{slug}' has no page in '{language}', although its pages in other languages say so. Run it: "
    "`patokaz run --language {language}`."
)
DIFFERS = (
    "The pages of '{slug}' in '{one}' and '{other}' print other numbers: {said} stands {here} "
    "times in '{one}' and {there} times in '{other}'. Run both again: `patokaz run`."
)


def check_languages(
    runs: Sequence[PublishedRun],
    pages: Mapping[str, PageFacts],
    spoken: Mapping[str, Sequence[str]],
) -> list[str]:
    """Hold the languages of each page against each other.

    Parameters
    ----------
    runs : sequence of PublishedRun
    pages : mapping of str to PageFacts
        By path within the site.
    spoken : mapping of str to sequence of str
        The languages that each page should exist in, by slug.

    Returns
    -------
    list of str
        A sentence for each page that is absent or differs. A page with a banner may differ from
        the fresh ones, and says so itself.
    """
    found = [
        ABSENT.format(slug=slug, language=language)
        for slug, languages in spoken.items()
        for language in languages
        if _inside(language, slug) not in pages
    ]
    fresh: dict[str, list[str]] = {}
    for run in runs:
        if run.state == OK and _inside(run.language, run.slug) in pages:
            fresh.setdefault(run.slug, []).append(run.language)
    for slug, (first, *others) in fresh.items():
        for other in others:
            found += _compare(slug, first, other, pages)
    return found


def _inside(language: str, slug: str) -> str:
    return page_path(language, slug).removeprefix(f"{SITE}/")


def _compare(slug: str, one: str, other: str, pages: Mapping[str, PageFacts]) -> list[str]:
    here, there = (pages[_inside(language, slug)].numbers for language in (one, other))
    differing: list[Number] = sorted(n for n in here | there if here[n] != there[n])
    if not differing:
        return []
    number = differing[0]
    # The origin, not the value: a sentence may end up in a log.
    said = f"observation '{number[1]}'"
    return [
        DIFFERS.format(
            slug=slug, one=one, other=other, said=said, here=here[number], there=there[number]
        )
    ]
