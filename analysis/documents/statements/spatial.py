"""Neighbours in words: whether they are alike, and which areas stand out with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.documents.statements.numbers import (
    give_value,
    take_result,
    write_ratio,
    write_whole,
)
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording
    from analysis.methods.spatial import Autocorrelation, LocalClusters

NO_CHANCE = 0.05
# Words follow the label only where it came through the control of false discoveries.
CLUSTERS = {
    "high_high": mark("{area}: high together with its neighbours, more than chance lets expect."),
    "low_low": mark("{area}: low together with its neighbours, more than chance lets expect."),
    "high_low": mark("{area}: high among neighbours that are low, more than chance lets expect."),
    "low_high": mark("{area}: low among neighbours that are high, more than chance lets expect."),
    "not_significant": mark("{area}: nothing about it and its neighbours that chance rules out."),
}
# Here the area is part of its neighbourhood, and nothing is said of it alone.
SPOTS = {
    "high_high": mark(
        "{area}: a hot spot; the area and its neighbours together are higher than chance lets "
        "expect."
    ),
    "low_low": mark(
        "{area}: a cold spot; the area and its neighbours together are lower than chance lets "
        "expect."
    ),
    "not_significant": CLUSTERS["not_significant"],
}
PLACES = {
    "high_high": mark("high together with their neighbours: {places}"),
    "low_low": mark("low together with their neighbours: {places}"),
    "high_low": mark("high among low neighbours: {places}"),
    "low_high": mark("low among high neighbours: {places}"),
}
SPOT_PLACES = {
    "high_high": mark("hot spots: {places}"),
    "low_low": mark("cold spots: {places}"),
}


def say_likeness(
    subject: str,
    made: Autocorrelation,
    w: Wording,
    *,
    place: tuple[int, ...] = (),
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say whether neighbouring areas are more alike than chance lets expect.

    Parameters
    ----------
    subject : str
        What the sentence is about.
    made : Autocorrelation
    w : Wording
    place : tuple of int
        Place of the series along the leading axes.
    inputs : tuple of str
        Ids of the observations of all areas.

    Returns
    -------
    Sentence
    """
    measure = take_result(made.estimates, place, inputs)
    if not measure.is_number:
        return w.say(
            "{subject}: whether neighbouring areas are alike cannot be said ({reason}).",
            subject=subject,
            reason=w.translate(measure.reason),
        )
    drawn = float(made.p_drawn[place])
    p_value = float(made.p_alike[place]) if math.isnan(drawn) else drawn
    if p_value <= NO_CHANCE:
        message = mark(
            "{subject}: neighbouring areas are more alike than chance lets expect ({measure} "
            "{value}, {areas} areas)."
        )
    else:
        message = mark(
            "{subject}: no sign that neighbouring areas are more alike than chance lets expect "
            "({measure} {value}, {areas} areas)."
        )
    return w.say(
        message,
        subject=subject,
        measure=measure.method,
        value=w.number(measure, write_ratio),
        areas=w.number(give_value(measure, float(made.areas[place])), write_whole),
    )


def say_cluster(area: str, made: LocalClusters, w: Wording, *, place: tuple[int, ...]) -> Sentence:
    """Say whether an area is high or low together with its neighbours, or among them.

    Parameters
    ----------
    area : str
        Name of the area.
    made : LocalClusters
    w : Wording
    place : tuple of int
        Place of the area along the axes.

    Returns
    -------
    Sentence
        Without numbers: the label says all that the method can.
    """
    result = made.estimates.at(*place)
    label = str(made.label[place])
    messages = SPOTS if _finds_spots(made) else CLUSTERS
    if not result.is_number or label not in messages:
        return w.say(
            "{area}: whether it stands out together with its neighbours cannot be said ({reason}).",
            area=area,
            reason=w.translate(result.reason),
        )
    return w.say(messages[label], area=area)


def say_clusters(
    subject: str,
    areas: Sequence[str],
    made: LocalClusters,
    w: Wording,
    *,
    place: tuple[int, ...] = (),
) -> Sentence:
    """Say of one figure which areas are high or low together with their neighbours.

    Parameters
    ----------
    subject : str
        What the sentence is about.
    areas : sequence of str
        Names of the areas, in the order of the figures.
    made : LocalClusters
    w : Wording
    place : tuple of int
        Place of the series along the leading axes.

    Returns
    -------
    Sentence
        Areas that nothing can be said of are named last, with the reason.
    """
    labels, spoken = made.label[place], made.estimates.is_number[place]
    told = [
        (area, held) for area, held, is_told in zip(areas, labels, spoken, strict=True) if is_told
    ]
    groups = [
        (message, [area for area, held in told if held == label])
        for label, message in (SPOT_PLACES if _finds_spots(made) else PLACES).items()
    ]
    parts = [str(w.say(said, places=", ".join(named))) for said, named in groups if named]
    if told and not parts:
        parts.append(w.translate(mark("no area stands out together with its neighbours")))
    silent: dict[str, list[str]] = {}
    for area, reason in zip(areas, made.estimates.reason[place], strict=True):
        if reason:
            silent.setdefault(str(reason), []).append(area)
    parts += [
        str(
            w.say(
                "cannot be said for {places} ({reason})",
                places=", ".join(named),
                reason=w.translate(reason),
            )
        )
        for reason, named in silent.items()
    ]
    return w.say("{subject}: {parts}.", subject=subject, parts="; ".join(parts))


def _finds_spots(made: LocalClusters) -> bool:
    return made.estimates.method.startswith("Gi*")
