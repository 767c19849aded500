"""Which attributes tell something, and whether a shape has a size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# How a thing looks and where it stands; a number in these is a matter of drawing.
LOOKS = frozenset(
    "class scope role tabindex colspan rowspan aria-hidden lang dir xmlns version "
    "aria-roledescription fill stroke stroke-width stroke-dasharray stroke-miterlimit opacity "
    "fill-opacity stroke-opacity font-family font-size font-weight font-style text-anchor "
    "pointer-events display viewbox preserveaspectratio clip-path dominant-baseline charset "
    "fill-rule clip-rule stroke-linecap stroke-linejoin xmlns:xlink aria-labelledby "
    "aria-describedby for gradientunits offset stop-color".split()
)
GEOMETRY = frozenset(
    "d x y dx dy x1 x2 y1 y2 cx cy r rx ry width height points transform rotate".split()
)
DRAWN = re.compile(r"[\s\d.,+\-eE%MmLlHhVvCcSsQqTtAaZz]*")
MOVED = re.compile(r"(?:(?:translate|rotate|scale|matrix|skewX|skewY)\([\d\s.,+\-eE]*\)[\s,]*)*")
UNITS = re.compile(r"[\d.]+(?:px|pt|em|rem|%|mm|cm)?")
STEP = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
BARE = re.compile(r"(?:^|\s)\d+(?:\s|$)")
# What the renderer says of an axis or a legend by itself.
SCALE = re.compile(r"^(?:[XY]-axis|Symbol legend|Gradient legend|Title text)\b.*", re.DOTALL)
FRAMES = ("axis", "legend")
STYLE_SIZE = re.compile(
    r"\b(?:width|height|flex|inset|left|right|top|bottom|transform|r)\s*:\s*\S*\d"
)


def told_attributes(attributes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """List the attributes that say something beyond looks.

    Parameters
    ----------
    attributes : sequence of (str, str)

    Returns
    -------
    list of (str, str)
        An attribute of geometry that holds anything but geometry is among them.

    Examples
    --------
    >>> told_attributes([("d", "M0,0h5v-5Z"), ("fill", "#fff"), ("aria-label", "2023")])
    [('aria-label', '2023')]
    """
    return [
        (key, value) for key, value in attributes if value and not _is_looks(key.lower(), value)
    ]


def is_frame(attributes: Mapping[str, str]) -> bool:
    """Tell whether an element holds an axis or a legend, whose bare numbers are ticks.

    Examples
    --------
    >>> is_frame({"aria-roledescription": "axis"}), is_frame({"class": "mark-group role-axis"})
    (True, True)
    """
    own = attributes.get("aria-roledescription", "")
    roles = attributes.get("class", "").split()
    return own in FRAMES or any(f"role-{frame}" in roles for frame in FRAMES)


def is_tick(text: str) -> bool:
    """Tell whether a text in an axis or a legend is a tick, or the renderer's word on its scale.

    Examples
    --------
    >>> is_tick("1,000"), is_tick("Kumanovo: 7")
    (True, False)
    """
    return bool(re.fullmatch(r"[\s\d.,%+\u2212\u2013\u00a0-]*", text) or SCALE.match(text))


def _is_looks(key: str, value: str) -> bool:
    if key in LOOKS:
        # A bare number is no name of a class.
        return key != "class" or not BARE.search(value)
    if key not in GEOMETRY:
        return False
    pattern = {"d": DRAWN, "points": DRAWN, "transform": MOVED}.get(key, UNITS)
    return bool(pattern.fullmatch(value.strip()) or DRAWN.fullmatch(value))


def is_drawn(name: str, attributes: Sequence[tuple[str, str]]) -> bool:
    """Tell whether an element is a shape that has a size.

    A text is the approved sign of a withheld figure and has none.

    Parameters
    ----------
    name : str
    attributes : sequence of (str, str)

    Returns
    -------
    bool

    Examples
    --------
    >>> is_drawn("path", [("d", "M0,0h14v-30h-14Z")]), is_drawn("path", [("d", "M0,0h0v0h0Z")])
    (True, False)
    """
    own = {key.lower(): value for key, value in attributes}
    judge = JUDGES.get(name)
    if judge is not None:
        return judge(own)
    return bool(STYLE_SIZE.search(own.get("style", ""))) or name in {"meter", "progress"}


def _size(text: str) -> float:
    found = re.match(r"\s*(\d*\.?\d+)", text)
    return float(found[1]) if found else 0.0


def _has_extent(path: str) -> bool:
    """Tell whether a path goes anywhere: every step after the first move is nought otherwise."""
    steps = STEP.findall(path)
    command, moved, numbers = "", False, 0
    start: list[float] = []
    for step in steps:
        if step.isalpha():
            command, numbers = step, 0
            continue
        value = float(step)
        if command in "Mm" and not moved and len(start) < len("xy"):
            start.append(value)
            continue
        moved = True
        if command.islower() and value:
            return True
        axis = {"V": 1, "H": 0}.get(command, numbers % 2)
        if command.isupper() and value != (start[axis] if axis < len(start) else 0.0):
            return True
        numbers += 1
    return False


def _has_points(own: Mapping[str, str]) -> bool:
    return len(set(re.findall(r"[-\d.]+[\s,]+[-\d.]+", own.get("points", "")))) > 1


def _has_length(own: Mapping[str, str]) -> bool:
    return any(own.get(f"{axis}1", "0") != own.get(f"{axis}2", "0") for axis in "xy")


def _has_sides(own: Mapping[str, str]) -> bool:
    return all(_size(own.get(side, "1")) > 0 for side in ("width", "height"))


def _has_radius(own: Mapping[str, str]) -> bool:
    return any(_size(own.get(radius, "0")) > 0 for radius in ("r", "rx", "ry"))


def _has_none(_: Mapping[str, str]) -> bool:
    return False


JUDGES: Mapping[str, Callable[[Mapping[str, str]], bool]] = {
    "path": lambda own: _has_extent(own.get("d", "")),
    **dict.fromkeys(("polyline", "polygon"), _has_points),
    "line": _has_length,
    **dict.fromkeys(("rect", "image", "use", "foreignobject"), _has_sides),
    **dict.fromkeys(("circle", "ellipse"), _has_radius),
    **dict.fromkeys(("text", "textpath"), _has_none),
}
