"""How a map is marked: shades of classes, patterns of states, points of gains and losses.

Nothing is told by colour alone. A class has its number on the map, a state has a pattern that
reads like its mark in tables (× withheld, ◌ zero, – no data, ÷ does not apply), and a loss is a
square where a gain is a circle.
"""

from __future__ import annotations

import math

from analysis.figures.area_map import GAIN, LOSS, OTHER, STEP
from analysis.figures.theme import INK, PAPER, QUIET

# From pale to dark; of fewer classes, those that lie furthest apart.
BLUES = ("#dcebf7", "#a3c9e6", "#64a0d0", "#2f74b0", "#0b3f70")
BROWNS = ("#f3e1c3", "#dcb274", "#c48a42", "#8c510a", "#5a3206")
CHOSEN = {1: (3,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 2, 4), 5: (0, 1, 2, 3, 4)}
# One class of a side that has another beside it is of middle darkness, as if it had the most.
ALONE_ON_ITS_SIDE = (2,)
POINTS = {GAIN: "#2f74b0", LOSS: "#8c510a"}
SHAPES = {GAIN: "circle", LOSS: "square"}
EDGE = "#7b858f"
PATTERN_INK = QUIET
# What is drawn over white in place of a shade.
CROSSED, LEVEL, UPRIGHT, RING, BLANK = "crossed", "level", "upright", "ring", "blank"
PATTERNS = {
    "suppressed": CROSSED,
    "no_data": LEVEL,
    "not_applicable": UPRIGHT,
    "zero": RING,
    "value": BLANK,
    OTHER: BLANK,
}
LINED = (CROSSED, LEVEL, UPRIGHT)


def choose_shades(losses: int, gains: int) -> tuple[str, ...]:
    """Choose the colours of classes, from the lowest.

    Parameters
    ----------
    losses, gains : int
        How many classes lie below zero, and how many do not.

    Returns
    -------
    tuple of str
        One hue from pale to dark where all lie on one side. Else two that are neither red nor
        green, each the darker the further from zero.

    Examples
    --------
    >>> choose_shades(0, 2) == (BLUES[1], BLUES[3])
    True
    >>> choose_shades(1, 1) == (BROWNS[2], BLUES[2])
    True
    """
    if losses and gains:
        sides = {**CHOSEN, 1: ALONE_ON_ITS_SIDE}
        below = [BROWNS[place] for place in reversed(sides[losses])]
        return (*below, *(BLUES[place] for place in sides[gains]))
    if losses:
        return tuple(BROWNS[place] for place in reversed(CHOSEN[losses]))
    return tuple(BLUES[place] for place in CHOSEN[gains]) if gains else ()


def choose_fill(style: str, step: int, shades: tuple[str, ...]) -> str:
    """Choose what an area is filled with below its pattern.

    Parameters
    ----------
    style : str
        ``step`` or a state.
    step : int
        Place of the class.
    shades : tuple of str

    Returns
    -------
    str

    Examples
    --------
    >>> choose_fill("suppressed", -1, BLUES) == choose_fill("zero", -1, BLUES) == PAPER
    True
    """
    return shades[step] if style == STEP else PAPER


def box_area(style: str, area: float) -> float:
    """Give the box of a point that covers an area: readers see points, renderers are told boxes.

    Parameters
    ----------
    style : str
        ``gain``, a circle, or ``loss``, a square.
    area : float

    Returns
    -------
    float
        In the unit of the area.

    Examples
    --------
    >>> box_area("loss", 100.0), round(box_area("gain", 100.0), 1)
    (100.0, 127.3)
    """
    return area * 4 / math.pi if SHAPES[style] == "circle" else area


def choose_ink(fill: str) -> str:
    """Choose the colour of a number on a fill: dark on pale, white on dark.

    Parameters
    ----------
    fill : str
        ``#rrggbb``.

    Returns
    -------
    str

    Examples
    --------
    >>> choose_ink("#ffffff") == INK, choose_ink("#000000") == PAPER
    (True, True)
    """
    return INK if measure_contrast(fill, INK) >= measure_contrast(fill, PAPER) else PAPER


def measure_contrast(one: str, other: str) -> float:
    """Measure the contrast of two colours as WCAG 2 has it: 1 for the same, 21 for black on white.

    Parameters
    ----------
    one, other : str
        ``#rrggbb``.

    Returns
    -------
    float

    Examples
    --------
    >>> round(measure_contrast("#000000", "#ffffff"), 1)
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


__all__ = [
    "BLUES",
    "BROWNS",
    "EDGE",
    "LINED",
    "PATTERNS",
    "PATTERN_INK",
    "POINTS",
    "SHAPES",
    "box_area",
    "choose_fill",
    "choose_ink",
    "choose_shades",
    "measure_contrast",
]
