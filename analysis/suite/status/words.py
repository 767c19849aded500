"""The words of the status: states, what each means, what to do, names of places and notebooks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.catalog import load_areas
from analysis.documents.wording import Wording
from analysis.suite.alerts import MOST_PLACES, shorten
from analysis.suite.status import grid
from analysis.suite.status.grid import CHECK, FAIL, HELD, NOT_RUN, OK
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.suite.status.grid import Cell
    from analysis.text import Translator

# Signs that every font of text has, none of them a coloured picture.
SIGNS = {OK: "✓", CHECK: "⚠\ufe0e", FAIL: "✗", NOT_RUN: "◌", HELD: "‖"}
WORDS = {
    OK: mark("ok"),
    CHECK: mark("check"),
    FAIL: mark("failed"),
    NOT_RUN: mark("not run"),
    HELD: mark("held"),
}
LEGEND = {
    OK: mark("The last run ended well, and its pages are made from the newest data."),
    CHECK: mark(
        "The last run ended well, but there is something newer than its last good result, or "
        "the report of differences asks a person to look at it."
    ),
    FAIL: mark(
        "The last run stopped. What was published before stays, with a banner that says of "
        "which day its data are."
    ),
    NOT_RUN: mark("The run is planned, and has never taken place."),
    HELD: mark(
        "The result is there, but is held back: the edition was not published, or waits for "
        "the approval of a second person."
    ),
}
REMEDIES = {
    FAIL: mark(
        "What to do: read the cell that failed, correct the file or the notebook that it "
        "names, then `patokaz run`."
    ),
    NOT_RUN: mark("What to do: `patokaz run`."),
    CHECK: mark("What to do: `patokaz run`."),
    HELD: mark("What to do: correct what the sentence names, then `patokaz publish`."),
}
LOOK_REMEDY = mark("What to do: open the report of differences of the edition and judge it.")
RELEASE_REMEDY = mark("What to do: `patokaz release` approves the edition or sends it back.")
SUBMIT_REMEDY = mark("What to do: correct the figures and submit the edition again.")
NOTEBOOKS = {
    "data-readiness": mark("Data readiness"),
    "municipal-profile": mark("Municipal profiles"),
    "migration-trends": mark("Migration trends"),
    "trafficking-trends": mark("Trafficking trends"),
}
# Areas that share names with others and have no pages.
UNNAMED = frozenset({"municipality_rs", "district", "region", "route"})


def tell_remedy(cell: Cell) -> str:
    """Give the message that says what to do about a run; blank where nothing is to be done."""
    own = {
        grid.LOOK: LOOK_REMEDY,
        grid.WAITS: RELEASE_REMEDY,
        grid.SENT_BACK: SUBMIT_REMEDY,
    }
    return own.get(cell.reason.message) or REMEDIES.get(cell.state, "")


def name_notebook(notebook: str, translate: Translator) -> str:
    """Name a notebook as a person would.

    Examples
    --------
    >>> name_notebook("09_case_cascade", translator("en"))
    'Case cascade'
    """
    topic = notebook.partition("_")[2].replace("_", "-")
    known = NOTEBOOKS.get(topic)
    return translate(known) if known else topic.replace("-", " ").capitalize() or notebook


@lru_cache(maxsize=8)
def name_places(language: str) -> dict[str, str]:
    """Give the names of places by their name in addresses.

    Parameters
    ----------
    language : str

    Returns
    -------
    dict of str to str
        Where a municipality and another area share an address, the municipality.
    """
    wording = Wording(translator(language))
    catalogue = load_areas()
    areas = [a for a in map(catalogue.get, catalogue.frame["area_id"]) if a.level not in UNNAMED]
    areas.sort(key=lambda area: area.level == "municipality")
    return {area.slug: wording.area_name(area) for area in areas}


def tell_places(cells: Iterable[Cell], names: dict[str, str], translate: Translator) -> str:
    """List places with the languages concerned, and how many more there are.

    Parameters
    ----------
    cells : iterable of Cell
    names : dict of str to str
        Of places.
    translate : Translator

    Returns
    -------
    str
        ``Kumanovo (en, mk), Butel (mk)`` for instance.
    """
    spoken: dict[str, list[str]] = {}
    for cell in cells:
        spoken.setdefault(names.get(cell.place, cell.place), []).append(cell.language)
    said = [f"{place} ({', '.join(sorted(set(of)))})" for place, of in sorted(spoken.items())]
    return shorten(said, MOST_PLACES, translate)


def tell_duration(seconds: float, translate: Translator) -> str:
    """Say how long something took.

    Examples
    --------
    >>> tell_duration(75.4, translator("en")), tell_duration(0.26, translator("en"))
    ('1 min 15 s', '0.3 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        said = translate(mark("{minutes} min {seconds} s"))
        return said.format(minutes=minutes, seconds=rest)
    return translate(mark("{seconds} s")).format(seconds=f"{seconds:.1f}".removesuffix(".0"))
