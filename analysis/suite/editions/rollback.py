"""Going back to a former edition: one link is replaced, after its files have been looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.editions.edition import (
    SHOWN,
    TABLE,
    WITHDRAWN,
    Edition,
    EditionError,
    edition_folder,
    list_numbers,
    mark_folder,
    read_current,
    read_edition,
)
from analysis.suite.editions.files import find_altered
from analysis.suite.editions.publish import LOCK, NOT_WRITTEN
from analysis.suite.editions.switch import settle, switch_to
from analysis.suite.lock import hold_lock

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

NONE_YET = "Nothing has been published yet, so there is nothing to go back to. Run `patokaz run`."
NONE_BEFORE = (
    "Edition {number} is the oldest that is kept. `patokaz editions` lists those to go back to."
)
UNKNOWN = "There is no edition {number}. Kept are: {known}."
ALTERED = (
    "Edition {number} is not what it was: {count} of its files were altered or are gone, "
    "'{path}' for one. Go back to another one: `patokaz editions`."
)
WITHHELD_NOW = (
    "Edition {number} shows {count} numbers that are withheld today, observation '{observation}' "
    "for one. Going back would publish them again. If you mean that all the same, add --accept."
)


def rollback(workspace: Workspace, number: int | None = None, *, accept: bool = False) -> Edition:
    """Show readers a former edition again.

    Parameters
    ----------
    workspace : Workspace
    number : int, optional
        The one before the current one, unless another is named; a newer one is possible too.
    accept : bool
        Whether numbers that are withheld today may be shown again.

    Returns
    -------
    Edition
        What readers see from now on. The edition that was left counts as taken back: it is not
        published again by the next run, unless somebody accepts that.

    Raises
    ------
    EditionError
        When there is no such edition, or its files are not what they were, or it shows what is
        withheld by now. Readers see what they saw before.
    LockedError
        When another process is publishing.
    """
    try:
        with hold_lock(workspace.editions / LOCK, "the editions"):
            settle(workspace)
            return _go_back(workspace, number, accept=accept)
    except OSError as failure:
        raise EditionError(NOT_WRITTEN.format(failure=failure)) from failure


def _go_back(workspace: Workspace, number: int | None, *, accept: bool) -> Edition:
    current = read_current(workspace)
    if current is None:
        raise EditionError(NONE_YET)
    chosen = _choose(workspace, current.number, number)
    folder = edition_folder(workspace, chosen)
    edition = read_edition(folder)
    if chosen == current.number:
        return current
    altered = find_altered(folder, edition.files)
    if altered:
        said = ALTERED.format(number=chosen, count=len(altered), path=altered[0])
        raise EditionError(said)
    if not accept:
        _refuse_withheld(workspace, folder, chosen)
    left = edition_folder(workspace, current.number)
    switch_to(workspace, chosen, "rollback")
    if left.is_dir():
        mark_folder(left, WITHDRAWN)
    (folder / WITHDRAWN).unlink(missing_ok=True)
    return edition


def _choose(workspace: Workspace, current: int, number: int | None) -> int:
    known = [n for n in list_numbers(workspace) if (edition_folder(workspace, n) / SHOWN).is_file()]
    if number is not None:
        if number not in known:
            said = ", ".join(map(str, known)) or "none"
            raise EditionError(UNKNOWN.format(number=number, known=said))
        return number
    before = [n for n in known if n < current]
    if not before:
        raise EditionError(NONE_BEFORE.format(number=current))
    return before[-1]


def _refuse_withheld(workspace: Workspace, folder: Path, number: int) -> None:
    """Refuse an edition that shows what has been withheld since."""
    now = workspace.public / OBSERVATIONS
    if not (folder / TABLE).is_file() or not now.is_file():
        return
    then, today = read_table(folder / TABLE), read_table(now)
    withheld = set(today.loc[today["state"].eq("suppressed"), "observation_id"])
    shown = then.loc[then["state"].isin(["value", "zero"]), "observation_id"]
    again = sorted(withheld & set(shown))
    if again:
        said = WITHHELD_NOW.format(number=number, count=len(again), observation=again[0])
        raise EditionError(said)
