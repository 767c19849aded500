"""Writing the status: a page a language, a page for each failed run, and the same for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.store.files import write_atomically
from analysis.suite.schedule.memory import stamp
from analysis.suite.status.gather import STATUS, State, read_facts, read_former, read_state
from analysis.suite.status.grid import FAIL
from analysis.suite.status.kept import FOLDER, kept_html, name_page
from analysis.suite.status.page import find_link, status_html
from analysis.suite.status.words import SIGNS, tell_remedy
from analysis.text import LANGUAGES, translator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.suite.status.grid import Cell, Facts
    from analysis.workspace import Workspace

PAGE = "index.html"
SPOKEN = tuple(code for code, language in LANGUAGES.items() if language.state == "complete")


def write_status(
    workspace: Workspace,
    planned_names: Sequence[str],
    now: dt.datetime,
    *,
    outdated: Mapping[str, str] | None = None,
    looks: Mapping[str, str] | None = None,
    refusal: str | None = None,
    is_run: bool = True,
) -> Path:
    """Write how the runs stand.

    Parameters
    ----------
    workspace : Workspace
    planned_names : sequence of str
        Of the runs that were planned; those of the suite file are added.
    now : datetime.datetime
    outdated : mapping of str to str, optional
        Runs whose last good result was made from former inputs, and which inputs changed. Of
        planned runs, where any are named, else of all; the others are as in the last status.
    looks : mapping of str to str, optional
        Places, by id or name in addresses, that the report of differences asks a person to look
        at, and why; what the current edition says unless given.
    refusal : str, optional
        Why the edition was not published; blank where it was; as in the last status unless
        given.
    is_run : bool
        Whether the suite has just been run; else the time of the last run stays.

    Returns
    -------
    pathlib.Path
        ``index.html``, in the first language; each language has a folder beside it.
    """
    former = read_former(workspace)
    if outdated is not None and planned_names:
        others, planned = former.get("outdated", {}).items(), frozenset(planned_names)
        outdated = {name: why for name, why in others if name not in planned} | {**outdated}
    facts = read_facts(workspace, former, outdated=outdated, looks=looks, refusal=refusal)
    ran = stamp(now) if is_run else ""
    state = read_state(workspace, now, planned_names, facts=facts, last_run=ran)
    pages = _write_kept(workspace, state)
    folder = workspace.status
    for code in SPOKEN:
        _put(folder / code / PAGE, _page(state, code, pages, "../"))
    _put(folder / PAGE, _page(state, SPOKEN[0], pages, ""))
    text = json.dumps(tell_facts(state, facts, pages), indent=1, ensure_ascii=False) + "\n"
    _put(folder / STATUS, text)
    # Last: until now a former page may have led to them.
    for path in (folder / FOLDER).glob("*.html"):
        if f"{FOLDER}/{path.name}" not in pages:
            path.unlink()
    return folder / PAGE


def _page(state: State, language: str, pages: Sequence[str], root: str) -> str:
    return status_html(state.grid, state.times, state.refusal, language, SPOKEN, root, pages)


def _put(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8"))


def _write_kept(workspace: Workspace, state: State) -> list[str]:
    """Write the pages of failed runs, and name them."""
    pages = []
    for cell in state.grid.cells:
        path = workspace.runs / cell.name / f"{cell.notebook}.ipynb"
        if cell.state != FAIL or not path.is_file():
            continue
        language = cell.language if cell.language in SPOKEN else SPOKEN[0]
        try:
            text = kept_html(path, cell, language)
        except (ValueError, AttributeError, KeyError, TypeError):
            # A torn notebook has no page; the reason stands on the status all the same.
            continue
        page = name_page(cell.name)
        _put(workspace.status / page, text)
        pages.append(page)
    return pages


def tell_facts(state: State, facts: Facts, pages: Sequence[str] = ()) -> dict[str, Any]:
    """Give the status as one object for programs.

    Parameters
    ----------
    state : State
    facts : Facts
    pages : sequence of str
        Pages of failed runs that there are.

    Returns
    -------
    dict
    """
    times = state.times
    return {
        "made": stamp(state.grid.made),
        "last_run": times.last_run,
        "next_run": times.next_run,
        "schedule": times.schedule,
        "is_schedule_kept": times.is_kept,
        "missed": list(times.missed),
        "newest_data": state.grid.newest_data,
        "stale_since": times.stale_since,
        "standing": facts.standing,
        "refusal": state.refusal,
        "outdated": dict(facts.outdated),
        "looks": dict(facts.looks),
        "counts": state.grid.counts,
        "cells": [_cell_facts(cell, pages) for cell in state.grid.cells],
    }


def _cell_facts(cell: Cell, pages: Sequence[str]) -> dict[str, Any]:
    english = translator("en")
    return {
        "name": cell.name,
        "place": cell.place,
        "notebook": cell.notebook,
        "language": cell.language,
        "edition": cell.edition,
        "state": cell.state,
        "sign": SIGNS[cell.state],
        "reason": cell.reason.tell(english),
        "remedy": english(tell_remedy(cell)),
        "ended": cell.ended,
        "seconds": cell.seconds,
        "attempts": cell.attempts,
        "data_date": cell.data_date,
        "good_ended": cell.good_ended,
        "failed_cell": cell.failed_cell,
        "link": find_link(cell, pages),
    }
