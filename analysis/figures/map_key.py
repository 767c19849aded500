"""The key of a printed map: one line an entry, in two columns, below the map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.figures.area_map import STEP
from analysis.figures.map_layout import hatch_flat
from analysis.figures.map_marks import (
    LINED,
    PATTERNS,
    POINTS,
    RING,
    SHAPES,
    box_area,
    choose_fill,
    choose_ink,
)
from analysis.figures.theme import PAPER, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.figures.area_map import AreaMap, KeyEntry
    from analysis.figures.drawing import Rows

ROW, COLUMN, SWATCH, HIGH = 21, 262, 36, 14
HEAD = 24
GAP = 8
# As wide as a letter of ours is in Cyrillic, which is the wider script.
LETTER = 6.9
SPACING = 4.0


@dataclass
class KeyRows:
    """What the key consists of, in pixels from its upper left corner."""

    boxes: Rows = field(default_factory=list)
    lines: Rows = field(default_factory=list)
    points: Rows = field(default_factory=list)
    words: Rows = field(default_factory=list)
    height: int = 0


def lay_out_key(shown: AreaMap, shades: tuple[str, ...], largest: float) -> KeyRows:
    """Lay out the key of a map.

    Parameters
    ----------
    shown : AreaMap
    shades : tuple of str
        Colours of the classes.
    largest : float
        Area of the largest point, in square pixels.

    Returns
    -------
    KeyRows
    """
    found = KeyRows(words=[{"x": 0, "y": HEAD / 2, "text": shown.title, "weight": "bold"}])
    half = math.ceil(len(shown.key) / 2)
    columns = shown.key[:half], shown.key[half:]
    second = _place_second(columns[0])
    if second + _measure_words(columns[1]) > WIDTH:
        columns, second = (shown.key, ()), 0.0
    for left, entries in zip((0.0, second), columns, strict=True):
        top = float(HEAD)
        for entry in entries:
            high = max(ROW, measure_side(entry, largest) + GAP)
            spot = left, top + high / 2
            _add(found, entry, spot, shown, shades, largest)
            top += high
        found.height = max(found.height, math.ceil(top))
    return found


def _place_second(first: Sequence[KeyEntry]) -> float:
    """Place the second column: where it always is, or behind the longest words of the first."""
    return max(float(COLUMN), _measure_words(first) + 2 * GAP)


def _measure_words(entries: Sequence[KeyEntry]) -> float:
    """Measure swatch and words of the longest entry; wide letters are what words are held to."""
    longest = max((len(entry.text) for entry in entries), default=0)
    return SWATCH + GAP + longest * LETTER


def measure_side(entry: KeyEntry, largest: float) -> float:
    """Measure how wide the point of an entry is, in pixels; 0 where it has none."""
    return math.sqrt(box_area(entry.style, entry.size * largest)) if entry.style in SHAPES else 0.0


def _add(
    found: KeyRows,
    entry: KeyEntry,
    spot: tuple[float, float],
    shown: AreaMap,
    shades: tuple[str, ...],
    largest: float,
) -> None:
    left, middle = spot
    found.words.append(
        {"x": left + SWATCH + GAP, "y": middle, "text": entry.text, "weight": "normal"}
    )
    if entry.style in SHAPES:
        found.points.append(_point((left + SWATCH / 2, middle), entry, largest))
        return
    fill = choose_fill(entry.style, entry.step, shades)
    top, foot = middle - HIGH / 2, middle + HIGH / 2
    found.boxes.append({"x": left, "x2": left + SWATCH, "y": top, "y2": foot, "fill": fill})
    pattern = PATTERNS.get(entry.style, "")
    if pattern in LINED:
        found.lines += [
            {"x": left + a, "y": top + b, "x2": left + c, "y2": top + d}
            for a, b, c, d in hatch_flat(SWATCH, HIGH, pattern, SPACING)
        ]
    elif pattern == RING:
        found.points.append(
            {"x": left + SWATCH / 2, "y": middle, "size": 40.0, "shape": "circle", "fill": PAPER}
        )
    elif entry.style == STEP and shown.is_numbered:
        found.words.append(
            {
                "x": left + SWATCH / 2,
                "y": middle,
                "text": str(entry.step + 1),
                "weight": "number",
                "ink": choose_ink(fill),
            }
        )


def _point(spot: tuple[float, float], entry: KeyEntry, largest: float) -> dict[str, Any]:
    return {
        "x": spot[0],
        "y": spot[1],
        "size": box_area(entry.style, entry.size * largest),
        "shape": SHAPES[entry.style],
        "fill": POINTS[entry.style],
    }
