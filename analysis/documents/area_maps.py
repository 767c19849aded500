"""From results to a map: classes, words, and only those lines of the key that occur."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from analysis.assessment.mappable import choose_map_kind
from analysis.catalog import load_areas
from analysis.documents.compare_words import NO, YES, state_cell
from analysis.figures.area_map import (
    GAIN,
    LOSS,
    OTHER,
    STEP,
    AreaMap,
    KeyEntry,
    MapNotes,
    MappedArea,
)
from analysis.figures.map_classes import choose_examples, find_class, find_classes, scale_area
from analysis.text import format_count, format_percent, format_rate, mark
from analysis.text.alphabet import alphabet_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.documents.wording import Wording
    from analysis.figures.map_classes import MapClass
    from analysis.methods import Result

CITY = "MK-SKOPJE"
ONE = (mark("all numbers"),)
LEVELS = {
    1: ONE,
    2: (mark("low numbers"), mark("high numbers")),
    3: (mark("low numbers"), mark("middle numbers"), mark("high numbers")),
    4: (
        mark("very low numbers"),
        mark("low numbers"),
        mark("high numbers"),
        mark("very high numbers"),
    ),
    5: (
        mark("very low numbers"),
        mark("low numbers"),
        mark("middle numbers"),
        mark("high numbers"),
        mark("very high numbers"),
    ),
}
# From zero outwards.
LOSSES = {
    1: (mark("decrease"),),
    2: (mark("decrease"), mark("large decrease")),
    3: (mark("small decrease"), mark("decrease"), mark("large decrease")),
    4: (
        mark("small decrease"),
        mark("decrease"),
        mark("large decrease"),
        mark("very large decrease"),
    ),
}
GAINS = {
    1: (mark("increase"),),
    2: (mark("increase"), mark("large increase")),
    3: (mark("small increase"), mark("increase"), mark("large increase")),
    4: (
        mark("small increase"),
        mark("increase"),
        mark("large increase"),
        mark("very large increase"),
    ),
}
STATES = {
    "zero": mark("◌ counted, and the count is zero"),
    "suppressed": mark("× withheld to protect people"),
    "no_data": mark("– no data, which is not a zero"),
    "not_applicable": mark("÷ does not apply"),
    OTHER: mark("not compared here"),
}
RATES = frozenset({"per_100", "per_1000", "per_100000", "years"})


def make_area_map(
    results: Mapping[str, Result], unit: str, title: str, here: str, w: Wording
) -> AreaMap:
    """Make a map of figures that may stand beside each other.

    Parameters
    ----------
    results : mapping of str to Result
        By id of the municipality.
    unit : str
        Of the figures that are shown.
    title : str
        What the numbers are.
    here : str
        Id of the municipality that is outlined; blank for none.
    w : Wording

    Returns
    -------
    AreaMap
        Classes, sizes and key come from numbers that are shown and from nothing else.
    """
    kind = choose_map_kind(unit)
    shown = {i: r for i, r in results.items() if r.state == "value"}
    values = {i: _as_shown(r.value or 0.0, unit) for i, r in shown.items()}
    is_shaded = kind == "shades"
    classes = find_classes(list(values.values())) if is_shaded else ()
    losses = sum(c.low < 0 for c in classes)
    said = _name_classes(losses, len(classes) - losses, w)
    areas = []
    for area_id, result in _by_name(results, w):
        step = find_class(values[area_id], classes) if is_shaded and area_id in values else -1
        if kind == "facts" and area_id in values:
            step = 0
        areas.append(
            MappedArea(
                area_id,
                w.area_name(load_areas().get(area_id)),
                result.state,
                result.value,
                state_cell(result, w).text,
                step,
                str(said[step]) if is_shaded and step >= 0 else "",
            )
        )
    sizes = _sizes(values) if kind == "points" else {}
    drawn = _write_classes(classes, said, unit, w)
    if kind == "facts" and values:
        drawn = [KeyEntry(STEP, w.translate(YES), 0)]
    if kind == "points":
        drawn = _write_sizes(list(values.values()), w)
    is_whole = len(results) == len(load_areas().at_level("municipality"))
    key = (*drawn, *_write_states(areas, w, is_fact=kind == "facts", is_whole=is_whole))
    # One shade says yes, that of a single class.
    gains = int(bool(values)) if kind == "facts" else len(classes) - losses
    return AreaMap(tuple(areas), key, title, here, losses, gains, sizes, kind == "facts")


def map_notes(w: Wording) -> MapNotes:
    """Give the words that stand on a map."""
    return MapNotes(
        schematic=w.translate("Schematic: not for measuring; the City of Skopje is drawn as tiles"),
        tiles=w.translate("One square a municipality, all of one size; places are rough"),
        inset=w.area_name(load_areas().get(CITY)),
    )


def _by_name(results: Mapping[str, Result], w: Wording) -> list[tuple[str, Result]]:
    areas = load_areas()
    return sorted(
        results.items(),
        key=lambda pair: (alphabet_key(w.area_name(areas.get(pair[0])), w.language), pair[0]),
    )


def _as_shown(value: float, unit: str) -> float:
    """Round as the number is written: two that read the same are in the same class."""
    digits = 3 if unit in RATES and 0 < abs(value) < 1 else 1
    # From the digits that are written; those of the machine lie beside them.
    return float(round(Decimal(repr(value)), digits))


def _sizes(values: Mapping[str, float]) -> dict[str, float]:
    largest = max((abs(value) for value in values.values()), default=0.0)
    return {area_id: scale_area(value, largest) for area_id, value in values.items()}


def _name_classes(losses: int, gains: int, w: Wording) -> list[str]:
    if not losses:
        return [w.translate(word) for word in LEVELS[gains]] if gains else []
    below = [w.translate(word) for word in reversed(LOSSES[min(losses, 4)])]
    return [*below, *(w.translate(word) for word in GAINS[gains])] if gains else below


def _write_classes(
    classes: Sequence[MapClass], said: Sequence[str], unit: str, w: Wording
) -> list[KeyEntry]:
    entries = []
    for place, (one, words) in enumerate(zip(classes, said, strict=True)):
        low, high = (_write(number, unit, w) for number in (one.low, one.high))
        limits = low if one.low == one.high else f"{low} … {high}"
        entries.append(KeyEntry(STEP, f"{words}: {limits}", place))
    return entries


def _write_sizes(values: Sequence[float], w: Wording) -> list[KeyEntry]:
    """Write the sizes of points, and what a loss looks like where there are both."""
    largest = max((abs(value) for value in values), default=0.0)
    examples = choose_examples(values)
    is_gain, is_loss = any(v >= 0 for v in values), any(v < 0 for v in values)
    kind = GAIN if is_gain else LOSS
    entries = [
        KeyEntry(
            kind, format_count(-n if kind == LOSS else n, w.language), size=scale_area(n, largest)
        )
        for n in examples
    ]
    if is_gain and is_loss:
        size = scale_area(examples[-1], largest) if examples else 0.1
        entries.append(KeyEntry(GAIN, w.translate("circle: an increase"), size=size))
        entries.append(KeyEntry(LOSS, w.translate("square: a decrease"), size=size))
    return entries


def _write_states(
    areas: Sequence[MappedArea], w: Wording, *, is_fact: bool, is_whole: bool
) -> list[KeyEntry]:
    found = {area.state for area in areas}
    if not is_whole:
        found.add(OTHER)
    words = STATES | {"zero": NO} if is_fact else STATES
    return [KeyEntry(state, w.translate(said)) for state, said in words.items() if state in found]


def _write(value: float, unit: str, w: Wording) -> str:
    if unit == "percent":
        return format_percent(value, w.language)
    if unit in RATES:
        return format_rate(value, w.language)
    is_whole = value == round(value)
    return format_count(value, w.language) if is_whole else format_rate(value, w.language)
