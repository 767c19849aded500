"""Where each municipality stands on the tile map: one square of equal size each.

Found once by a search from the true places, and kept: of the pairs of neighbours, 84 of 100 touch
here as well, if only at a corner. It shows who is meant, not where.
"""

from __future__ import annotations

import math
from functools import lru_cache

from shapely.geometry import Polygon, box

GRID = (
    "    608 817 816 803 704 802 706 705 702    ",
    "    609 606 805 815 804 703 701 206 207    ",
    "601 602 811 808 814 801 807 209 210 204 203",
    "603 604 605 812 809 810 108 211 205 202 208",
    "607 307 308 813 806 101 102 105 409 404 201",
    "313 303 311 505 503 109 107 106 407 410 402",
    "312 304 502 504 506 508 104 103 403     408",
    "301 310 509 501 507         405 401 406    ",
)
CELL = 4
WEST, NORTH, MIDDLE = 20.45, 42.3, 41.6
DEGREES = 0.235
GAP = 0.04


@lru_cache(maxsize=1)
def lay_out_tiles() -> dict[str, Polygon]:
    """Lay out the squares of the tile map.

    Returns
    -------
    dict of str to shapely.Polygon
        A square a municipality, by id, in degrees, so that maps draw it as they draw the country.
        It is shared: nobody changes it.

    Examples
    --------
    >>> len(lay_out_tiles())
    80
    """
    height = DEGREES * math.cos(math.radians(MIDDLE))
    found = {}
    for row, line in enumerate(GRID):
        for column in range(0, len(line), CELL):
            code = line[column : column + CELL].strip()
            if not code:
                continue
            west = WEST + column // CELL * DEGREES
            north = NORTH - row * height
            found[f"MK-{code}"] = box(
                west + GAP * DEGREES,
                north - (1 - GAP) * height,
                west + (1 - GAP) * DEGREES,
                north - GAP * height,
            )
    return dict(sorted(found.items()))
