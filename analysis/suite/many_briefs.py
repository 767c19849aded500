"""Briefs of many places at once, made by as many processes as the machine can bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.brief_forms import FACTS, check_form
from analysis.documents.briefs import write_briefs
from analysis.documents.face import open_profile
from analysis.suite.executors import count_workers, open_local
from analysis.suite.parameters import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from analysis.workspace import Workspace


def write_many(
    areas: Sequence[str],
    languages: Sequence[str],
    workspace: Workspace,
    form: str = FACTS,
    workers: int | None = None,
) -> Iterator[Path]:
    """Write the briefs of municipalities, each as Word file, PDF and page.

    Parameters
    ----------
    areas : sequence of str
        Codes or names.
    languages : sequence of str
        Codes of languages.
    workspace : Workspace
    form : {"facts", "short", "long"}
    workers : int, optional
        Processes; as many as there are cores and memory for unless given.

    Yields
    ------
    pathlib.Path
        Each file, place by place in the order given, as soon as it is written.

    Raises
    ------
    FormError
        When the form is none of these.
    AreaError
        When an area is unknown; the briefs of those before it are written.
    """
    check_form(form)
    count = min(count_workers(workers), max(1, len(areas)))
    with open_local(count) as pool:
        yield from share_out(pool, areas, languages, workspace, form)


def share_out(
    pool: Executor,
    areas: Sequence[str],
    languages: Sequence[str],
    workspace: Workspace,
    form: str = FACTS,
) -> Iterator[Path]:
    """Have the briefs of municipalities made by processes that are there already.

    Parameters
    ----------
    pool : concurrent.futures.Executor
    areas, languages, workspace, form
        As in :func:`write_many`.

    Yields
    ------
    pathlib.Path
    """
    tasks = [pool.submit(write_place, workspace, area, tuple(languages), form) for area in areas]
    try:
        for task in tasks:
            yield from task.result()
    finally:
        for task in tasks:
            task.cancel()


def write_place(
    workspace: Workspace, area: str, languages: tuple[str, ...], form: str
) -> list[Path]:
    """Write the briefs of one municipality; what one process does at a time.

    Parameters
    ----------
    workspace : Workspace
    area : str
    languages : tuple of str
    form : str

    Returns
    -------
    list of pathlib.Path
    """
    # Opened once for all languages: reading it costs as much as a PDF.
    profile = open_profile(area, LAST_YEAR, workspace=workspace)
    return [p for code in languages for p in write_briefs(profile, code, workspace, form=form)]
