"""The parts of a page that others may show alone, in a frame on a page of theirs.

A part is the same page at another address: the sheet leaves all else out, so that no second file
can ever say another number. It works without a script.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

SECTION = re.compile(r'<section id="([\w-]+)"[^>]*>\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)
SOURCES = re.compile(r'<table data-table="sources".*?</table>', re.DOTALL)
ROW_HEAD = re.compile(r'<th scope="row">(.*?)</th>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a page.

    Parameters
    ----------
    name : str
        As in its address, behind ``#embed-``; blank for markup that is no section.
    heading : str
        Plain text.
    markup : markupsafe.Markup
    """

    name: str
    heading: str
    markup: Markup

    def write_snippet(self, address: str, title: str) -> str:
        """Write what somebody puts into a page of theirs.

        Parameters
        ----------
        address : str
            Of the page, as others reach it.
        title : str
            Of the page; a frame has to be named for who does not see it.

        Returns
        -------
        str
            HTML.
        """
        name = html.escape(f"{title}: {self.heading}", quote=True)
        return (
            f'<iframe src="{html.escape(address, quote=True)}#embed-{self.name}" title="{name}" '
            f'width="100%" height="900" style="border: 0" loading="lazy"></iframe>'
        )


def split_parts(body: Sequence[str]) -> list[Part]:
    """Name the sections of a page.

    Parameters
    ----------
    body : sequence of str
        Sections as HTML, of our own templates.

    Returns
    -------
    list of Part
        In reading order.

    Examples
    --------
    >>> split_parts(['<section id="sources"><h2>Sources</h2></section>'])[0].heading
    'Sources'
    """
    parts = []
    for markup in body:
        found = SECTION.search(markup)
        name = found[1] if found else ""
        heading = html.unescape(TAG.sub("", found[2])).strip() if found else ""
        parts.append(Part(name, heading, Markup(markup)))  # noqa: S704  # our own templates
    return parts


def list_publishers(body: Sequence[str]) -> list[str]:
    """List the publishers that the table of sources of a page names, each once.

    Parameters
    ----------
    body : sequence of str

    Returns
    -------
    list of str
        Plain text; none where the page has no such table.
    """
    heads = [
        head
        for markup in body
        for table in SOURCES.findall(markup)
        for head in ROW_HEAD.findall(table)
    ]
    return list(dict.fromkeys(html.unescape(TAG.sub("", head)).strip() for head in heads))
