"""The fields that dashboards share: municipality, place, language, years, indicator, map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.period import Period, PeriodError
from analysis.assessment.places import find_trend_area
from analysis.catalog import AreaError, load_areas, load_indicators
from analysis.dashboard.choice import AREA, LANGUAGE, Field
from analysis.text import LANGUAGES, mark
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.documents.wording import Wording

FIGURE = "figure"
PERIOD = "period"
VIEW = "view"
SQUARES = "squares"
KUMANOVO = "MK-703"
PERIODS = ("2014-2025", "2019-2025", "2000-2025")


def area_options(w: Wording) -> list[tuple[str, str]]:
    """List the municipalities by name, in the order of the reader's alphabet.

    Parameters
    ----------
    w : Wording

    Returns
    -------
    list of (str, str)
        Name and area id.
    """
    named = [(w.area_name(a), a.area_id) for a in load_areas().at_level("municipality")]
    return sorted(named, key=lambda pair: (alphabet_key(pair[0], w.language), pair[1]))


def place_options(w: Wording) -> list[tuple[str, str]]:
    """List the group of countries, the countries and the municipalities, each by the alphabet.

    Parameters
    ----------
    w : Wording

    Returns
    -------
    list of (str, str)
        Name and area id.
    """
    areas = load_areas()
    group = [(w.area(a), a.area_id) for a in areas.at_level("group")]
    countries = [(w.area(a), a.area_id) for a in areas.at_level("country")]
    countries.sort(key=lambda pair: (alphabet_key(pair[0], w.language), pair[1]))
    return [*group, *countries, *area_options(w)]


def language_options() -> list[tuple[str, str]]:
    """List the languages, each by its name in itself, with its code."""
    return [(language.own_name, code) for code, language in LANGUAGES.items()]


def _find_municipality(text: str) -> str:
    try:
        return load_areas().find(text).area_id
    except AreaError:
        return ""


def _find_place(text: str) -> str:
    try:
        return find_trend_area(text).area_id
    except (AreaError, PeriodError):
        return ""


def _slug(area_id: str) -> str:
    return load_areas().get(area_id).slug


def _find_language(text: str) -> str:
    codes = {code.casefold(): code for code in LANGUAGES}
    return codes.get(text.casefold(), "")


def _find_period(text: str) -> str:
    try:
        return str(Period.parse(text))
    except PeriodError:
        return ""


def _name_periods(_: Wording) -> list[tuple[str, str]]:
    return [(period.replace("-", "–"), period) for period in PERIODS]


MUNICIPALITY_FIELD = Field(
    AREA,
    mark("Municipality"),
    KUMANOVO,
    _find_municipality,
    area_options,
    mark(
        "The address asks for the municipality '{asked}', which is not in the catalogue. "
        "{shown} is shown instead; the menu has all municipalities."
    ),
    _slug,
)
PLACE_FIELD = Field(
    AREA,
    mark("Country or municipality"),
    "MK",
    _find_place,
    place_options,
    mark(
        "The address asks for the place '{asked}', which is not in the catalogue. "
        "{shown} is shown instead; the menu has all places."
    ),
    _slug,
)
LANGUAGE_FIELD = Field(
    LANGUAGE,
    mark("Language"),
    "mk",
    _find_language,
    lambda _: language_options(),
    mark(
        "The address asks for the language '{asked}', which is not spoken here. "
        "{shown} is used instead; the menu has all languages."
    ),
)
PERIOD_FIELD = Field(
    PERIOD,
    mark("Years"),
    PERIODS[0],
    _find_period,
    _name_periods,
    mark(
        "The address asks for the years '{asked}', which are no first and last year. "
        "{shown} is shown instead."
    ),
)


# The map has this switch itself, and tells the page of it.
VIEW_FIELD = Field(
    VIEW,
    mark("Show as"),
    "map",
    lambda text: text.casefold() if text.casefold() in {"map", SQUARES} else "",
    lambda w: [(w.translate("Map"), "map"), (w.translate("Squares of equal size"), SQUARES)],
    mark(
        "The address asks for a map as '{asked}', which is none. “{shown}” is shown instead; the "
        "switch stands above the map."
    ),
    has_menu=False,
)


def make_figure_field(
    list_ids: Callable[[], Sequence[str]], default: str, name: str = FIGURE
) -> Field:
    """Make the field by which one indicator is chosen.

    Parameters
    ----------
    list_ids : callable
        Lists ids of the catalogue, in the order of the menu.
    default : str
        One of them.
    name : str
        Its name in addresses.

    Returns
    -------
    Field
    """

    def find(text: str) -> str:
        return text if text in list_ids() else ""

    def list_options(w: Wording) -> list[tuple[str, str]]:
        indicators = load_indicators()
        return [(w.indicator(indicators.get(i)), i) for i in list_ids()]

    unknown = mark(
        "The address asks for the figure '{asked}', which is not in this dashboard. "
        "“{shown}” is shown instead; the menu has all figures."
    )
    return Field(name, mark("Figure"), default, find, list_options, unknown)
