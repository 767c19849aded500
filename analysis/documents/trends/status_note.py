"""The footnote that belongs to the asterisk behind the name of Kosovo*."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.catalog import Area
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording

MARKED = "XK"


def status_notes(places: Iterable[Area], w: Wording) -> tuple[Sentence, ...]:
    """Say what the asterisk means, where the name is printed.

    Parameters
    ----------
    places : iterable of Area
        The areas that a document names.
    w : Wording

    Returns
    -------
    tuple of Sentence
        One, or none.
    """
    if all(place.area_id != MARKED for place in places):
        return ()
    return (
        w.say(
            "* This designation is without prejudice to positions on status, and is in line with "
            "UNSCR 1244/1999 and the ICJ opinion on the Kosovo declaration of independence."
        ),
    )
