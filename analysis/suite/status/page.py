"""The status as a page: what asks for somebody first, then the grid, then what its words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.suite.schedule.memory import stamp
from analysis.suite.status.frame import render
from analysis.suite.status.grid import FAIL, OK, STATES
from analysis.suite.status.kept import name_cell, name_page
from analysis.suite.status.words import (
    LEGEND,
    SIGNS,
    WORDS,
    name_notebook,
    name_places,
    tell_duration,
    tell_places,
    tell_remedy,
)
from analysis.text import LANGUAGES, mark, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.suite.status.clock import Times
    from analysis.suite.status.grid import Cell, Grid
    from analysis.text import Translator

ALL_GOOD = mark("All {count} runs are good; nobody has to do anything.")
SOME = mark("{count} of {all} runs ask for somebody.")
NONE = mark("No run is planned, and none is on record.")
REFUSED = mark("The last edition was not published: {reason}")
MISSED = mark(
    "Runs were missed: {count}. Look whether the scheduler of this machine is at work; "
    "`patokaz schedule` shows what is due."
)
STALE = mark(
    "The newest data are of {date} and count as old since {day}. Look whether new files have come."
)
UNKEPT = mark(
    "The schedule of suite.toml was never set going on this machine. "
    "`patokaz schedule --install` does so."
)


def status_html(
    grid: Grid,
    times: Times,
    refusal: str,
    language: str,
    spoken: Sequence[str],
    root: str = "",
    pages: Iterable[str] = (),
) -> str:
    """Write the page of the status.

    Parameters
    ----------
    grid : Grid
    times : Times
    refusal : str
        Why the last edition was not published; blank where it was.
    language : str
    spoken : sequence of str
        Languages that the page is written in.
    root : str
        Way from the page to the folder of the status.
    pages : iterable of str
        Pages of failed runs that there are, below that folder.

    Returns
    -------
    str
        Readable without scripts; it loads nothing.
    """
    translate = translator(language)
    names = name_places(language)
    linked = frozenset(pages)
    asking = [c for c in grid.cells if c.state != OK]
    return render(
        "status.html.j2",
        language,
        first=_first(len(asking), len(grid.cells), translate),
        warnings=_warnings(grid, times, refusal, translate),
        counts=grid.counts,
        attention=_attention(asking, names, translate, linked),
        times=times,
        made=stamp(grid.made),
        newest_data=grid.newest_data,
        columns=[name_notebook(n, translate) for n in grid.notebooks],
        rows=_rows(grid, names, translate, linked),
        legend={state: translate(LEGEND[state]) for state in reversed(STATES)},
        signs=SIGNS,
        words=WORDS,
        others=[LANGUAGES[code] for code in spoken if code != language],
        root=root,
    )


def _first(asking: int, count: int, translate: Translator) -> str:
    if not count:
        return translate(NONE)
    message = translate(SOME if asking else ALL_GOOD)
    return message.format(count=asking or count, all=count)


def _warnings(grid: Grid, times: Times, refusal: str, translate: Translator) -> list[str]:
    said = []
    if refusal:
        said.append(translate(REFUSED).replace("{reason}", refusal))
    if times.missed:
        said.append(translate(MISSED).format(count=len(times.missed)))
    if times.stale_since:
        said.append(translate(STALE).format(date=grid.newest_data, day=times.stale_since))
    if times.schedule and not times.is_kept:
        said.append(translate(UNKEPT))
    return said


def group_cells(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Put runs together that stand alike for the same reason, what is worst first.

    Parameters
    ----------
    cells : iterable of Cell

    Returns
    -------
    list of list of Cell
        A notebook each; one broken file that stops 80 places is one group.
    """
    groups: dict[tuple[int, str, str, str], list[Cell]] = {}
    for cell in cells:
        key = (STATES.index(cell.state), cell.notebook, cell.reason.message, cell.reason.given)
        groups.setdefault(key, []).append(cell)
    return [groups[key] for key in sorted(groups)]


def _attention(
    cells: list[Cell], names: dict[str, str], translate: Translator, pages: frozenset[str]
) -> list[dict[str, Any]]:
    return [
        {
            "state": group[0].state,
            "title": name_notebook(group[0].notebook, translate),
            "places": tell_places(group, names, translate),
            "reason": group[0].reason.tell(translate),
            # What a run said is in its own words, in whatever language the page is.
            "is_given": not group[0].reason.message,
            "link": find_link(group[0], pages),
            "remedy": translate(tell_remedy(group[0])),
        }
        for group in group_cells(cells)
    ]


def find_link(cell: Cell, pages: Iterable[str]) -> str:
    """Give the way to the cell at which a run stopped; blank where no notebook was kept.

    Parameters
    ----------
    cell : Cell
    pages : iterable of str
        Pages of failed runs that there are.

    Returns
    -------
    str
        Below the folder of the status.
    """
    page = name_page(cell.name)
    if cell.state != FAIL or page not in pages:
        return ""
    return page if cell.failed_cell is None else f"{page}#{name_cell(cell.failed_cell)}"


def _rows(
    grid: Grid, names: dict[str, str], translate: Translator, pages: frozenset[str]
) -> list[dict[str, Any]]:
    squares: dict[tuple[str, str], list[Cell]] = {}
    for cell in grid.cells:
        squares.setdefault((cell.place, cell.notebook), []).append(cell)
    notebooks = grid.notebooks
    rows = []
    for place in sorted(grid.places, key=lambda p: names.get(p, p)):
        found = [squares.get((place, notebook), []) for notebook in notebooks]
        shown = [_square(cells, translate, pages) for cells in found]
        rows.append({"place": names.get(place, place), "squares": shown})
    return rows


def _square(
    cells: list[Cell], translate: Translator, pages: frozenset[str]
) -> dict[str, Any] | None:
    """Put the languages of a place and notebook into one square: the worst of them is its word."""
    if not cells:
        return None
    worst = min((c.state for c in cells), key=STATES.index)
    concerned = [c for c in cells if c.state == worst]
    dates = [c.data_date for c in cells if c.data_date]
    return {
        "state": worst,
        "mixed": ", ".join(c.language for c in concerned) if len(concerned) < len(cells) else "",
        "ended": max(c.ended for c in cells),
        "duration": tell_duration(sum(c.seconds for c in cells), translate),
        # The oldest of them: no reader has anything older.
        "data_date": min(dates, default=""),
        "notes": [
            {
                "languages": ", ".join(c.language for c in group),
                "is_given": not group[0].reason.message,
                "reason": group[0].reason.tell(translate),
                "link": find_link(group[0], pages),
            }
            for group in group_cells(c for c in cells if c.state != OK)
        ],
    }
