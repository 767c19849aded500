"""Which former editions are kept: the last ten, those of a month, releases, and those named."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from analysis.suite.editions.edition import read_editions
from analysis.suite.editions.switch import current_number, remove_edition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace

LAST = 10
MONTH = dt.timedelta(days=30)


def choose_expired(
    editions: Sequence[Edition], now: dt.datetime, keep: Collection[int]
) -> list[int]:
    """Choose the editions that nobody needs any more.

    Parameters
    ----------
    editions : sequence of Edition
        Oldest first.
    now : datetime.datetime
        With its zone.
    keep : collection of int
        Numbers that stay in any case, the current one among them.

    Returns
    -------
    list of int
        Neither the last ten, nor younger than 30 days, nor released by two persons.

    Examples
    --------
    >>> choose_expired([], dt.datetime.now(dt.UTC), ())
    []
    """
    return [
        edition.number
        for edition in editions[:-LAST]
        if edition.number not in keep
        and edition.release is None
        and now - dt.datetime.fromisoformat(edition.made) >= MONTH
    ]


def prune_editions(workspace: Workspace, now: dt.datetime, keep: Collection[int] = ()) -> list[int]:
    """Remove the editions that nobody needs any more.

    Parameters
    ----------
    workspace : Workspace
    now : datetime.datetime
        With its zone.
    keep : collection of int
        Numbers that stay besides the current one.

    Returns
    -------
    list of int
        What was removed. One that cannot be removed now is tried again the next time.
    """
    current = current_number(workspace)
    stays = {*keep, *([] if current is None else [current])}
    removed = []
    for number in choose_expired(read_editions(workspace), now, stays):
        with suppress(OSError):
            remove_edition(workspace, number)
            removed.append(number)
    return removed
