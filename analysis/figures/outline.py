"""One municipality is outlined on a map that all share: the map is drawn once, the outline moved.

Eighty maps of a country differ in one line. Drawing a map takes as long as all else on a page
together, so the map is drawn with the outline of the first municipality, which whoever draws
keeps, and the line is then given the shape of the one that is meant. That shape is on the map
already: it is filled there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Names of datasets: what is outlined, and what is filled.
OUTLINED, FILLED = "here", "areas"
# A filled shape as the renderer writes it; an outline has no name.
SHAPE = re.compile(
    r'<path aria-label="[^"]*" role="[^"]*" aria-roledescription="geoshape" '
    r'transform="[^"]*" d="([^"]*)"'
)
# In the filled shape, and in its outline.
TWICE = 2


def draw_outlined(
    specification: Mapping[str, Any], draw: Callable[[Mapping[str, Any]], str]
) -> str:
    """Draw a specification; of a map with one outline, the map that is shared.

    Parameters
    ----------
    specification : mapping
        Vega-Lite with its datasets. What is no map with one of its shapes outlined is drawn as
        it is.
    draw : callable
        Draws a specification as SVG, and keeps what it drew last.

    Returns
    -------
    str
        SVG. The room around a map is that of the shared one, whichever shape is outlined.
    """
    place = find_outlined(specification)
    if place < 0:
        return draw(specification)
    datasets = specification["datasets"]
    first = datasets[OUTLINED][0] | {"geometry": datasets[FILLED][0]["geometry"]}
    shared = {**specification, "datasets": {**datasets, OUTLINED: [first]}}
    moved = move_outline(draw(shared), place, len(datasets[FILLED]))
    return moved or draw(specification)


def find_outlined(specification: Mapping[str, Any]) -> int:
    """Find the filled shape that is outlined.

    Parameters
    ----------
    specification : mapping

    Returns
    -------
    int
        Its place among the filled ones, from 0; -1 where not exactly one of them is outlined.

    Examples
    --------
    >>> shapes = [{"geometry": {"type": "Point", "coordinates": [n, n]}} for n in range(3)]
    >>> find_outlined({"datasets": {"areas": shapes, "here": shapes[2:]}})
    2
    >>> find_outlined({"datasets": {"areas": shapes, "here": []}})
    -1
    """
    datasets = specification.get("datasets", {})
    outlined = datasets.get(OUTLINED, [])
    if len(outlined) != 1:
        return -1
    shape = outlined[0].get("geometry")
    found = [n for n, one in enumerate(datasets.get(FILLED, [])) if one.get("geometry") == shape]
    return found[0] if shape and len(found) == 1 else -1


def move_outline(drawn: str, place: int, count: int) -> str:
    """Move the outline from the first filled shape to another.

    Parameters
    ----------
    drawn : str
        SVG of a map whose first filled shape is outlined.
    place : int
        That of the shape to be outlined.
    count : int
        How many filled shapes there are.

    Returns
    -------
    str
        SVG; blank where the map is not written as expected, and has to be drawn as it is.

    Examples
    --------
    >>> filled = (
    ...     '<path aria-label="a" role="b" aria-roledescription="geoshape" transform="" d="{}"/>'
    ... )
    >>> line = '<path d="M1"/>'
    >>> move_outline(filled.format("M1") + filled.format("M2") + line, 1, 2)[-14:]
    '<path d="M2"/>'
    >>> move_outline(filled.format("M1") + line, 1, 2)
    ''
    """
    shapes = SHAPE.findall(drawn)
    if len(shapes) != count or drawn.count(f' d="{shapes[0]}"') != TWICE:
        return ""
    before, _, after = drawn.rpartition(f' d="{shapes[0]}"')
    return f'{before} d="{shapes[place]}"{after}'
