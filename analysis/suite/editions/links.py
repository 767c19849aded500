"""Every link of a site leads somewhere: to a file of the same edition, and to a name in it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from analysis.suite.editions.files import list_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from analysis.suite.editions.pages import PageFacts

PAGE = "index.html"
LOADED = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
# The server has dashboards beside the pages.
DASHBOARD = re.compile(r"\.\./dashboards/([a-z0-9_]+)")
DEAD = "{page} leads to '{link}', but {why}. Run what makes that page, or take the link out."


def check_links(
    site: Path, pages: Mapping[str, PageFacts], dashboards: Collection[str]
) -> list[str]:
    """Follow every link within a site.

    Parameters
    ----------
    site : pathlib.Path
    pages : mapping of str to PageFacts
        As :func:`~analysis.suite.editions.pages.read_pages` gives them.
    dashboards : collection of str
        Names of the dashboards that a page may open.

    Returns
    -------
    list of str
        A sentence for each link that leads nowhere; links to elsewhere are not followed.
    """
    files = {path.relative_to(site).as_posix() for path in list_files(site)}
    anchors = {page: facts.anchors for page, facts in pages.items()}
    asked = [(page, link) for page, facts in pages.items() for link in facts.links]
    asked += [
        (name, link)
        for name in sorted(files)
        if name.endswith(".css")
        for link in LOADED.findall((site / name).read_text(encoding="utf-8"))
    ]
    found = [
        DEAD.format(page=page, link=link, why=why)
        for page, link in asked
        if (why := _follow(page, link, files, anchors, dashboards))
    ]
    return list(dict.fromkeys(found))


def _follow(
    page: str,
    link: str,
    files: set[str],
    anchors: Mapping[str, Collection[str]],
    dashboards: Collection[str],
) -> str:
    """Say why a link leads nowhere; blank where it leads somewhere."""
    parts = urlsplit(link.strip())
    if parts.scheme or parts.netloc:
        return ""
    path = unquote(parts.path)
    if path.startswith("/"):
        return "an address that begins with a stroke is wrong wherever the site is not at the root"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    opened = DASHBOARD.fullmatch(target)
    if opened:
        return "" if opened[1] in dashboards else "there is no such dashboard"
    if path.endswith("/") or target == ".":
        target = posixpath.normpath(f"{target}/{PAGE}")
    if target not in files:
        return "no file of this edition is there"
    name = unquote(parts.fragment)
    if name and name != "top" and target in anchors and name not in anchors[target]:
        return f"'{target}' has nothing of the name '{name}'"
    return ""
