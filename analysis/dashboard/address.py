"""The state of a dashboard in its address: ``?area=gevgelija&language=mk``.

An address is typed, shortened and sent by hand, so that a wrong one is answered with a sentence
and a municipality, never with an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from analysis.catalog import Area, AreaError, load_areas
from analysis.text import LANGUAGES, Language, mark

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.documents.wording import Wording

AREA = "kumanovo"
LANGUAGE = "mk"
LONGEST = 60
PAGES = "/pages/"
UNKNOWN_AREA = mark(
    "The address asks for the municipality '{asked}', which is not in the catalogue. "
    "{shown} is shown instead; the menu has all municipalities."
)
UNKNOWN_LANGUAGE = mark(
    "The address asks for the language '{asked}', which is not spoken here. "
    "{shown} is used instead; the menu has all languages."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown: a municipality and a language."""

    area: Area
    language: Language

    @property
    def query(self) -> str:
        """The choice as it stands in an address, behind the question mark."""
        return urlencode({"area": self.area.slug, "language": self.language.code})

    @property
    def page(self) -> str:
        """Address of the static page of the municipality."""
        return f"{PAGES}{self.language.code}/{self.area.slug}/index.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for.

    Parameters
    ----------
    choice : Choice
        What is shown.
    unknown_area, unknown_language : str
        What the address named and nobody knows; blank where it was in order.
    """

    choice: Choice
    unknown_area: str = ""
    unknown_language: str = ""

    def problems(self, w: Wording) -> tuple[str, ...]:
        """Say what was wrong with the address, a sentence a thing."""
        found = []
        if self.unknown_area:
            shown = w.area(self.choice.area)
            found.append(str(w.say(UNKNOWN_AREA, asked=self.unknown_area, shown=shown)))
        if self.unknown_language:
            shown = self.choice.language.own_name
            found.append(str(w.say(UNKNOWN_LANGUAGE, asked=self.unknown_language, shown=shown)))
        return tuple(found)


def read_address(query: str) -> Asked:
    """Read what an address asks for.

    Parameters
    ----------
    query : str
        What stands behind the question mark; may be blank or wrong.

    Returns
    -------
    Asked

    Examples
    --------
    >>> read_address("area=gevgelija&language=en").choice.area.area_id
    'MK-405'
    >>> read_address("area=atlantis").unknown_area
    'atlantis'
    """
    try:
        given = parse_qs(query, max_num_fields=20)
    except ValueError:
        given = {}
    area, unknown_area = _area(given.get("area", [""])[0].strip())
    language, unknown_language = _language(given.get("language", [""])[0].strip())
    return Asked(Choice(area, language), unknown_area, unknown_language)


def _area(text: str) -> tuple[Area, str]:
    areas = load_areas()
    try:
        return areas.find(text[:LONGEST] or AREA), ""
    except AreaError:
        return areas.find(AREA), text[:LONGEST]


def _language(text: str) -> tuple[Language, str]:
    codes = {code.casefold(): code for code in LANGUAGES}
    found = codes.get((text or LANGUAGE).casefold())
    if found:
        return LANGUAGES[found], ""
    return LANGUAGES[LANGUAGE], text[:LONGEST]


def printed_page(choice: Choice, site: Path) -> str:
    """Give the address of the page to read without scripts.

    Parameters
    ----------
    choice : Choice
    site : pathlib.Path
        The folder of published pages.

    Returns
    -------
    str
        The page of the municipality; the list of all pages where others were made and this
        one was not.
    """
    made = site / choice.language.code / choice.area.slug / "index.html"
    return choice.page if made.is_file() or not site.is_dir() else PAGES
