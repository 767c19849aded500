"""Maps as pictures: the country and the squares, with what they show in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.documents.area_maps import map_notes
from analysis.figures.maps import chart_map
from analysis.figures.picture import Picture

if TYPE_CHECKING:
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import AreaMap
    from analysis.figures.map_layout import Layout
    from analysis.methods import Result


def picture_areas(
    name: str,
    shown: AreaMap,
    layout: Layout,
    caption: str,
    notice: str,
    w: Wording,
    results: tuple[Result, ...] = (),
) -> Picture:
    """Draw a map for paper.

    Parameters
    ----------
    name : str
        Short name, part of file names.
    shown : AreaMap
    layout : Layout
    caption : str
        With place, period and source.
    notice : str
        What is drawn above the picture wherever it goes.
    w : Wording
    results : tuple of Result
        Those that the map shows.

    Returns
    -------
    Picture
        Its alternative text says the finding.
    """
    rows = pd.DataFrame(
        [
            {
                "area_id": a.area_id,
                "name": a.name,
                "value": a.value,
                "label": a.text,
                "state": a.state,
                "group": a.said,
            }
            for a in shown.areas
        ]
    ).astype({"value": float})
    chart = chart_map(shown, layout, map_notes(w))
    return Picture(name, chart, caption, describe_map(shown, w), rows, w.language, notice, results)


def describe_map(shown: AreaMap, w: Wording) -> str:
    """Say what a map shows, for who does not see it.

    Parameters
    ----------
    shown : AreaMap
    w : Wording

    Returns
    -------
    str
        The municipality that is outlined, then each line of the key with how many have it.
    """
    counts: dict[tuple[str, int], int] = {}
    for area in shown.areas:
        counts[area.style, area.step] = counts.get((area.style, area.step), 0) + 1
    here = next((a for a in shown.areas if a.area_id == shown.here), None)
    said = [shown.title + "."]
    if here:
        said.append(str(w.say("Outlined is {area}.", area=here.words)))
    told = [
        f"{entry.text}: {counts[entry.style, entry.step]}"
        for entry in shown.key
        if (entry.style, entry.step) in counts
    ]
    if told and not shown.sizes:
        said.append(str(w.say("Municipalities by shade: {list}.", list="; ".join(told))))
    numbers = [a for a in shown.areas if a.value is not None]
    if numbers and not shown.is_fact:
        low = min(numbers, key=lambda a: a.value or 0.0)
        high = max(numbers, key=lambda a: a.value or 0.0)
        said.append(
            str(
                w.say(
                    "Numbers of {n} municipalities run from {low} to {high}.",
                    n=str(len(numbers)),
                    low=low.text,
                    high=high.text,
                )
            )
        )
    silent = [entry for entry in told if shown.sizes]
    if silent:
        said.append(str(w.say("Without a number: {list}.", list="; ".join(silent))))
    return " ".join(said)
