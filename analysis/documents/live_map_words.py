"""The words of the map that one moves, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.livemap import MapWords

if TYPE_CHECKING:
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import AreaMap


def live_map_words(shown: AreaMap, w: Wording) -> MapWords:
    """Give the words of a map that one moves.

    Parameters
    ----------
    shown : AreaMap
    w : Wording

    Returns
    -------
    MapWords
    """
    here = next((a for a in shown.areas if a.area_id == shown.here), None)
    title = (
        w.say(
            "Map that can be moved: {title}; outlined is {area}", title=shown.title, area=here.words
        )
        if here
        else w.say("Map that can be moved: {title}", title=shown.title)
    )
    return MapWords(
        language=w.language.code,
        title=str(title),
        listed=w.translate("Municipalities on the map"),
        help=w.translate(
            "The arrow keys and first letters move through the list; the map follows."
        ),
        show_as=w.translate("Show as"),
        as_map=w.translate("Map"),
        as_tiles=w.translate("Squares of equal size"),
        zoom_in=w.translate("Zoom in"),
        zoom_out=w.translate("Zoom out"),
        whole=w.translate("Whole country"),
    )
