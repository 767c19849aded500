"""The two looks of a chart: on paper, and on a dark screen. One form; only its colours change."""

from __future__ import annotations

import re
from typing import Any, Literal

from analysis.figures.theme import (
    COUNTRY,
    HERE,
    INK,
    NO_DATA_FILL,
    OTHERS,
    PAPER,
    PROVISIONAL,
    QUIET,
    REGION,
    RULE,
)

Look = Literal["light", "dark"]
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# As far from the dark paper as their fellows are from the white one; the order of lightness stays
# that of weight, so that the colours are still apart in grey.
DARK = {
    INK: "#e8eef4",
    QUIET: "#adb8c3",
    RULE: "#38434e",
    PAPER: "#12181f",
    HERE: "#74b8f5",
    REGION: "#f2a65a",
    COUNTRY: "#93a1af",
    OTHERS: "#5a6774",
    PROVISIONAL: "#3d6a94",
    NO_DATA_FILL: "#202a33",
}


def apply_look(specification: dict[str, Any], look: Look) -> dict[str, Any]:
    """Give a specification the colours of a look.

    Parameters
    ----------
    specification : dict
        Vega-Lite with our theme in it. It is not changed.
    look : {"light", "dark"}

    Returns
    -------
    dict
        In the light, the specification itself. In the dark, one with other colours; but a picture
        that has shades of its own, such as a map, keeps its white paper: its inks are chosen
        against its shades.

    Raises
    ------
    ValueError
        When the look is none.

    Examples
    --------
    >>> apply_look({"mark": {"color": INK}}, "dark")
    {'mark': {'color': '#e8eef4'}}
    >>> apply_look({"mark": {"color": "#123456"}}, "dark")
    {'mark': {'color': '#123456'}}
    """
    if look == "light":
        return specification
    if look != "dark":
        msg = f"'{look}' is no look of a picture. Expected 'light' or 'dark'."
        raise ValueError(msg)
    if any(colour not in DARK for colour in _colours(specification)):
        return specification
    painted: dict[str, Any] = _paint(specification)
    return painted


def _colours(part: Any) -> set[str]:
    if isinstance(part, dict):
        return {c for value in part.values() for c in _colours(value)}
    if isinstance(part, list):
        return {c for value in part for c in _colours(value)}
    return {part} if isinstance(part, str) and COLOUR.fullmatch(part) else set()


def _paint(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _paint(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_paint(value) for value in part]
    return DARK.get(part, part) if isinstance(part, str) else part
