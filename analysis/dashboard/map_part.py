"""The part of a dashboard that is a map: a list of municipalities, a map, squares of equal size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from analysis.dashboard.frame import render_part
from analysis.documents.area_maps import map_notes
from analysis.documents.live_map_words import live_map_words
from analysis.figures.livemap import live_map

if TYPE_CHECKING:
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import AreaMap
    from analysis.sources.boundaries import Boundaries

# The word that scripts of this page carry, where its server lets no others run.
NONCE = "PATOKAZ_NONCE"
FONT_FACES = """
@font-face { font-family: 'Source Sans Pro'; font-weight: 400; font-display: swap;
  src: url('/dashboards/fonts/SourceSansPro-Regular.ttf'); }
@font-face { font-family: 'Source Sans Pro'; font-weight: 600; font-display: swap;
  src: url('/dashboards/fonts/SourceSansPro-Semibold.ttf'); }
"""


def map_document(
    shown: AreaMap,
    boundaries: Boundaries,
    w: Wording,
    *,
    is_near: bool = False,
    is_squares: bool = False,
) -> str:
    """Write the map that one moves, as a document of its own.

    Parameters
    ----------
    shown : AreaMap
    boundaries : Boundaries
    w : Wording
    is_near : bool
        Whether it begins at the municipality that is outlined.
    is_squares : bool
        Whether it begins with squares of equal size.

    Returns
    -------
    str
        HTML for an ``<iframe srcdoc>``, with the page's own fonts and the mark of its scripts.
    """
    words = live_map_words(shown, w)
    nonce = os.environ.get(NONCE, "")
    return live_map(
        shown,
        boundaries,
        words,
        map_notes(w),
        FONT_FACES,
        nonce,
        is_near=is_near,
        is_squares=is_squares,
    )


def map_part(
    shown: AreaMap,
    boundaries: Boundaries,
    notice: str,
    w: Wording,
    *,
    is_squares: bool = False,
) -> str:
    """Write the part of a dashboard with a map.

    Parameters
    ----------
    shown : AreaMap
    boundaries : Boundaries
    notice : str
        What stands above the map: that its figures are synthetic; blank for nothing.
    w : Wording
    is_squares : bool
        Whether the map begins with squares of equal size.

    Returns
    -------
    str
        A ``<section>``.
    """
    return render_part(
        "area_map.html.j2",
        w,
        title=live_map_words(shown, w).title,
        document=map_document(shown, boundaries, w, is_squares=is_squares),
        credit=boundaries.credit,
        notice=notice,
    )


def unmapped_part(w: Wording) -> str:
    """Say why a figure is on no map."""
    return render_part("unmapped.html.j2", w)
