"""Colours and sizes of every chart and map. An institution's own look replaces this one file."""

from __future__ import annotations

from typing import Any

FONT = "Source Sans Pro"
INK = "#1b2733"
QUIET = "#5b6875"
RULE = "#d5dbe1"
PAPER = "#ffffff"
# One strong colour for "this municipality", one for its region, grey for the rest. The three
# differ in lightness too, so that they stay apart in grey print and for colour-blind readers.
HERE = "#0b4f8a"
REGION = "#c2620a"
COUNTRY = "#6b7785"
OTHERS = "#b9c2cb"
PROVISIONAL = "#8fb0d0"
# Loss to gain without red and green: neither is a judgement (rule G-4).
DIVERGING = ("#8c510a", "#d8b365", "#f1ece2", "#9cc3dd", "#2a6fa8")
NO_DATA_FILL = "#eef1f4"

WIDTH = 620
# A label is written whole, and not measured against a bound: to measure takes the renderer longer
# than to draw.
NO_LIMIT = 0


def theme() -> dict[str, Any]:
    """Give the Vega-Lite configuration that every chart carries.

    Returns
    -------
    dict
        Goes under ``config`` of a specification.

    Examples
    --------
    >>> theme()["font"]
    'Source Sans Pro'
    """
    return {
        "font": FONT,
        "background": PAPER,
        "padding": {"left": 4, "right": 16, "top": 6, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            "labelColor": INK,
            "labelFontSize": 13,
            "titleColor": QUIET,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "gridColor": RULE,
            "domainColor": QUIET,
            "tickColor": QUIET,
            "labelLimit": NO_LIMIT,
            "titleLimit": NO_LIMIT,
        },
        "title": {"limit": NO_LIMIT},
        "legend": {
            "labelColor": INK,
            "labelFontSize": 13,
            "titleColor": QUIET,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelLimit": NO_LIMIT,
        },
        "header": {
            "labelColor": INK,
            "labelFontSize": 14,
            "labelFontWeight": "bold",
            "labelLimit": NO_LIMIT,
        },
        "text": {"color": INK, "fontSize": 13},
    }
