"""What a page holds that can be verified: its links, its anchors, its numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import html

from analysis.suite.editions.files import list_files

if TYPE_CHECKING:
    from pathlib import Path

LINKS = ("href", "src", "poster", "data", "{http://www.w3.org/1999/xlink}href", "xlink:href")
ORIGIN = "data-observation"
METHOD, INPUTS = "data-method", "data-inputs"
STATE = "state-"
Number = tuple[str, str]


@dataclass(frozen=True)
class PageFacts:
    """What was read of a page.

    Parameters
    ----------
    links : tuple of str
        Every address that the page leads to or loads, as written.
    anchors : frozenset of str
        Names within the page that a link may lead to.
    numbers : Counter of (str, str)
        Value or state of each number, and the observation or method that it names.
    shown : frozenset of str
        Observations whose number is printed.
    """

    links: tuple[str, ...]
    anchors: frozenset[str]
    numbers: Counter[Number]
    shown: frozenset[str]


def read_page(content: bytes) -> PageFacts:
    """Read a page.

    Parameters
    ----------
    content : bytes
        HTML, UTF-8.

    Returns
    -------
    PageFacts

    Examples
    --------
    >>> facts = read_page(b'<p id="a"><a href="#a">x</a> <data value="3" data-observation="o1">')
    >>> facts.links, sorted(facts.anchors), dict(facts.numbers)
    (('#a',), ['a'], {('3', 'o1'): 1})
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = html.document_fromstring(content, parser=parser)
    links: list[str] = []
    anchors: set[str] = set()
    numbers: Counter[Number] = Counter()
    shown: set[str] = set()
    for element in tree.iter("*"):
        given = element.attrib
        links += [str(given[name]) for name in LINKS if name in given]
        links += _source_set(str(given.get("srcset", "")))
        anchors |= {str(given[name]) for name in ("id", "name") if name in given}
        origin = given.get(ORIGIN) or f"{given.get(METHOD, '')} {given.get(INPUTS, '')}".strip()
        if origin:
            numbers[_said(element), str(origin)] += 1
        if given.get(ORIGIN) and element.tag == "data":
            shown.add(str(given[ORIGIN]))
    return PageFacts(tuple(links), frozenset(anchors), numbers, frozenset(shown))


def _source_set(text: str) -> list[str]:
    return [part.split()[0] for part in text.split(",") if part.strip()]


def _said(element: html.HtmlElement) -> str:
    if element.tag == "data":
        return str(element.get("value"))
    states = [c for c in str(element.get("class", "")).split() if c.startswith(STATE)]
    return " ".join(states)


def read_pages(site: Path) -> dict[str, PageFacts]:
    """Read all pages of a site.

    Parameters
    ----------
    site : pathlib.Path

    Returns
    -------
    dict of str to PageFacts
        Path within the site.
    """
    return {
        path.relative_to(site).as_posix(): read_page(path.read_bytes())
        for path in list_files(site)
        if path.suffix == ".html"
    }
