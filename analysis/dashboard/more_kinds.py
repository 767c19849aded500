"""What the comparison of municipalities and data readiness let one choose, without their charts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.assessment.comparable import may_rank
from analysis.assessment.peers import KINDS as PEERS
from analysis.catalog import load_indicators
from analysis.catalog.vocabulary import OWNERS
from analysis.dashboard.choice import Field
from analysis.dashboard.fields import (
    FIGURE,
    LANGUAGE_FIELD,
    MUNICIPALITY_FIELD,
    PERIOD,
    VIEW_FIELD,
    make_figure_field,
)
from analysis.dashboard.kinds import Kind
from analysis.documents.compare_words import KIND_NAMES, ORDER_NAMES
from analysis.documents.gap_words import HOLDERS
from analysis.text import mark
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.dashboard.choice import Choice
    from analysis.documents.wording import Wording

PEERS_NAME = "peers"
ORDER = "order"
OWNER = "owner"
NEWEST = "newest"
EVERYBODY = "all"
FIRST_FIGURE = "population_change_pct"


@lru_cache(maxsize=1)
def list_municipal_figures() -> tuple[str, ...]:
    """List the indicators that somebody gives by municipality; the data may lack some of them."""
    return tuple(
        i.indicator_id for i in load_indicators() if i.is_held and "municipality" in i.levels
    )


def follow_figure(choice: Choice) -> Choice:
    """Take the newest period after another figure was chosen, and the alphabet for people.

    Parameters
    ----------
    choice : Choice

    Returns
    -------
    Choice
    """
    chosen = choice.change(PERIOD, NEWEST)
    if may_rank(load_indicators().get(choice[FIGURE])):
        return chosen
    return chosen.change(ORDER, "name")


def _make_field(name: str, label: str, names: Mapping[str, str], unknown: str) -> Field:
    def list_options(w: Wording) -> list[tuple[str, str]]:
        return [(w.translate(said), key) for key, said in names.items()]

    default = next(iter(names))
    return Field(name, label, default, _find_among(names), list_options, unknown)


def _find_among(keys: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: text.casefold() if text.casefold() in keys else ""


def _owner_options(w: Wording) -> list[tuple[str, str]]:
    named = [(w.translate(HOLDERS[code]), code) for code in OWNERS]
    ordered = sorted(named, key=lambda pair: alphabet_key(pair[0], w.language))
    return [(w.translate("all owners"), EVERYBODY), *ordered]


def _find_owner(text: str) -> str:
    code = text.casefold()
    return code if code in OWNERS or code == EVERYBODY else ""


PEERS_FIELD = _make_field(
    PEERS_NAME,
    mark("Beside"),
    {kind: KIND_NAMES[kind] for kind in PEERS},
    mark(
        "The address asks for the peers '{asked}', which are none. “{shown}” is shown instead; "
        "the menu has all kinds."
    ),
)
ORDER_FIELD = _make_field(
    ORDER,
    mark("Order"),
    ORDER_NAMES,
    mark("The address asks for the order '{asked}', which is none. “{shown}” is used instead."),
)
# Which periods there are, the data say: what is typed is held against them when they are read.
SPAN_FIELD = Field(
    PERIOD,
    mark("Period"),
    NEWEST,
    str,
    lambda w: [(w.translate("the newest"), NEWEST)],
    mark("The address asks for the period '{asked}', which is none. “{shown}” is shown instead."),
)
OWNER_FIELD = Field(
    OWNER,
    mark("Owner"),
    EVERYBODY,
    _find_owner,
    _owner_options,
    mark(
        "The address asks for the owner '{asked}', whom the catalogue does not name. “{shown}” is "
        "shown instead; the menu has all owners."
    ),
)
COMPARE = Kind(
    "compare",
    (
        MUNICIPALITY_FIELD,
        make_figure_field(list_municipal_figures, FIRST_FIGURE),
        PEERS_FIELD,
        SPAN_FIELD,
        ORDER_FIELD,
        VIEW_FIELD,
        LANGUAGE_FIELD,
    ),
    lambda choice, w: str(w.say("{area} beside other municipalities", area=w.area(choice.area))),
    # No page is published of every comparison: the view that others embed stands in for it.
    lambda _: "",
    "analysis.dashboard.compare:CompareDashboard",
)
READINESS = Kind(
    "data_readiness",
    (OWNER_FIELD, LANGUAGE_FIELD),
    lambda _, w: w.translate("Data readiness"),
    lambda _: "data-readiness",
    "analysis.dashboard.readiness:ReadinessDashboard",
)
