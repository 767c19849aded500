"""Whose figures a view shows, of which date they are, and when the next are expected."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.dashboard.address import PAGES
from analysis.dashboard.frame import render_part
from analysis.documents.about import find_updates, update_words
from analysis.store.files import OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

# As the foot of each page has it.
RUN = re.compile(r"<dd><code>([0-9a-f]+)</code></dd>")


def say_origin(workspace: Workspace, page: str, w: Wording) -> str:
    """Say on paper which table the figures are from, and which run made the page of the same.

    Parameters
    ----------
    workspace : Workspace
    page : str
        Address of the page with the same figures.
    w : Wording

    Returns
    -------
    str
        The table by its hash; blank where nothing has been built. A run is named where there is
        a page.
    """
    table = workspace.public / OBSERVATIONS
    if not table.is_file():
        return ""
    said = [f"{w.translate('Table of observations (SHA-256)')}: {_hash_file(table)}"]
    made = workspace.site / page.removeprefix(PAGES)
    run = RUN.search(made.read_text(encoding="utf-8")) if made.is_file() else None
    return " · ".join([*([f"{w.translate('Run')}: {run[1]}"] if run else []), *said])


def _hash_file(path: Path) -> str:
    found = path.stat()
    return _hash_as_it_lies(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)
def _hash_as_it_lies(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sourced(data: PublicData, results: Iterable[Result], w: Wording) -> str:
    """Write the line that stands below a view.

    Parameters
    ----------
    data : PublicData
    results : iterable of Result
        What the view shows; nothing where it is about all data.
    w : Wording

    Returns
    -------
    str
        Publishers are named where some results are shown, and not where all are. Of several
        indicators the soonest update is said: what each counts is in the tables.
    """
    shown = dict.fromkeys(r for one in results for r in (one.reference, *one.inputs) if r)
    rows = data.take_rows(list(shown)) if shown else data.frame
    used = data.sources.loc[data.sources["source_id"].isin(set(rows["source_id"]))]
    updates = find_updates(rows, data)
    # None of a fixed date comes behind all that have one.
    updates.sort(key=lambda update: (update.due is None, str(update.due)))
    return render_part(
        "sourced.html.j2",
        w,
        publishers=list(dict.fromkeys(used["publisher"])) if shown else [],
        newest=max((str(day) for day in used["as_of"] if day), default=""),
        expected=update_words(updates[0], w) if updates else "",
    )
