"""The state of a dashboard in its address: ``?area=gevgelija&language=mk``.

An address is typed, shortened and sent by hand, so that a wrong one is answered with a sentence
and what is shown at first, never with an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from analysis.dashboard.choice import Asked, Choice, Field
from analysis.dashboard.fields import LANGUAGE_FIELD, MUNICIPALITY_FIELD, VIEW_FIELD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    Follow = Callable[[Choice, Collection[str]], Choice]

__all__ = ["DASHBOARDS", "PAGES", "Asked", "Choice", "printed_page", "read_address"]

LONGEST = 60
MOST = 20
PAGES = "/pages/"
DASHBOARDS = "/dashboards/"
EMBED = "/embed/"
MUNICIPAL = (MUNICIPALITY_FIELD, VIEW_FIELD, LANGUAGE_FIELD)


def read_address(
    query: str, fields: tuple[Field, ...] = MUNICIPAL, follow: Follow | None = None
) -> Asked:
    """Read what an address asks for.

    Parameters
    ----------
    query : str
        What stands behind the question mark; may be blank or wrong.
    fields : tuple of Field
        What one chooses in the dashboard; that of the profile of a municipality unless given.
    follow : callable, optional
        Chooses anew what the address did not name and what does not fit the rest; told the
        choice and the names that stood in the address.

    Returns
    -------
    Asked

    Examples
    --------
    >>> read_address("area=gevgelija&language=en").choice.area.area_id
    'MK-405'
    >>> read_address("area=atlantis").unknown
    (('area', 'atlantis'),)
    """
    try:
        given = parse_qs(query, max_num_fields=MOST)
    except ValueError:
        given = {}
    keys, unknown, named = [], [], set()
    for field in fields:
        typed = given.get(field.name, [""])[0].strip()[:LONGEST]
        key = field.find(typed) if typed else field.default
        keys.append(key or field.default)
        if typed:
            named.add(field.name)
        if not key:
            unknown.append((field.name, typed))
    choice = Choice(fields, tuple(keys))
    return Asked(follow(choice, named) if follow else choice, tuple(unknown))


def printed_page(language: str, slug: str, site: Path) -> str:
    """Give the address of the page to read without scripts.

    Parameters
    ----------
    language : str
        Code of a language.
    slug : str
        Name of the page in addresses.
    site : pathlib.Path
        The folder of published pages.

    Returns
    -------
    str
        The page; the list of all pages where others were made and this one was not.
    """
    made = site / language / slug / "index.html"
    address = f"{PAGES}{language}/{slug}/index.html"
    return address if made.is_file() or not site.is_dir() else PAGES
