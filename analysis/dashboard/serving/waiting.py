"""The page of who waits: how many are before, when it asks again, and where the figures are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.dashboard.address import read_address
from analysis.dashboard.frame import wording
from analysis.dashboard.serving.words import render_page
from analysis.text import format_count, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.dashboard.serving.sessions import Place
    from analysis.documents.wording import Wording

FULL = mark("All seats of this server are taken at the moment.")
NEXT = mark("You are the next in line.")
BEHIND = mark("Your place in line: {place}.")
NO_LINE = mark("So many wait that the line is closed for now.")
AGAIN = mark(
    "This page asks again by itself every {seconds} seconds and opens when it is your turn."
)
MEANWHILE = mark("You need not wait for the figures:")
NOW = mark("Ask again now")
PAGE = mark("The same figures as a page to print, without scripts")
TITLE = mark("Please wait a moment")


def waiting_page(place: Place, query: str, address: str, page: str) -> str:
    """Write the page of who waits.

    Parameters
    ----------
    place : Place
    query : str
        Of the dashboard: it names the language.
    address : str
        Of the dashboard, with its query.
    page : str
        Address of the static page with the same figures.

    Returns
    -------
    str
        A whole HTML document that loads itself anew, without script.
    """
    w = wording(read_address(query).choice)
    return render_page(
        "waiting.html.j2",
        words=_say(place, w),
        pause=place.pause,
        page=page,
        page_label=w.translate(PAGE),
        address=address,
    )


def _say(place: Place, w: Wording) -> Mapping[str, str]:
    if place.number == 0:
        where = w.translate(NO_LINE)
    elif place.number == 1:
        where = w.translate(NEXT)
    else:
        where = _fill(w, BEHIND, "{place}", place.number)
    return {
        "language": w.language.code,
        "title": w.translate(TITLE),
        "full": w.translate(FULL),
        "place": where,
        "again": _fill(w, AGAIN, "{seconds}", place.pause),
        "meanwhile": w.translate(MEANWHILE),
        "now": w.translate(NOW),
    }


def _fill(w: Wording, message: str, name: str, count: int) -> str:
    return w.translate(message).replace(name, format_count(count, w.language))
