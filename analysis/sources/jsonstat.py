"""JSON-stat 2.0, read with its codes, labels and flags; sparse and dense alike."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from analysis.sources.protocol import Reshaped, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a cube.

    Parameters
    ----------
    codes : dict of str to str
        The code in each dimension.
    value : float, str or None
        None where the publisher gives no number; text where it writes a mark there.
    flag : str
        As written, such as ``p`` or ``:``; blank where there is none.
    """

    codes: Mapping[str, str]
    value: float | str | None
    flag: str


@dataclass(frozen=True, slots=True)
class Cube:
    """A whole answer.

    Parameters
    ----------
    label, updated : str
        As the publisher writes them; blank where left out.
    codes : dict of str to tuple of str
        The codes of each dimension, dimensions and codes in the order of the answer.
    labels : dict of str to dict of str to str
        For each dimension, what each code is called.
    values, flags : dict
        By flat index; what is left out is not there.
    """

    label: str
    updated: str
    codes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]
    values: Mapping[int, float | str | None]
    flags: Mapping[int, str]

    def cells(self) -> Iterator[Cell]:
        """Go through all places, also those without a number."""
        for place, codes in enumerate(itertools.product(*self.codes.values())):
            by_name = dict(zip(self.codes, codes, strict=True))
            yield Cell(by_name, self.values.get(place), self.flags.get(place, ""))


def read_jsonstat(content: bytes, name: str) -> Cube:
    """Read a dataset of JSON-stat 2.0.

    Parameters
    ----------
    content : bytes
    name : str
        File or address, for sentences.

    Returns
    -------
    Cube

    Raises
    ------
    Reshaped
        When it is no JSON-stat, a dimension is empty or differs from its stated size, or there
        are more values than places.
    """
    return jsonstat_cube(parse_json(content, name), name)


def jsonstat_cube(data: object, name: str) -> Cube:
    """Take a dataset of JSON-stat 2.0 that is JSON already; see :func:`read_jsonstat`."""
    try:
        parts = cast("dict[str, object]", data)
        dimensions = cast("list[str]", parts["id"])
        sizes = cast("list[int]", parts["size"])
        described = cast("dict[str, dict[str, dict[str, object]]]", parts["dimension"])
        codes = {d: _codes(described[d]["category"]) for d in dimensions}
        labels = {d: _labels(described[d]["category"], codes[d]) for d in dimensions}
        pairs = list(zip(dimensions, sizes, strict=True))
        values = cast("dict[int, float | str | None]", _by_place(parts["value"]))
        flags = {k: str(v) for k, v in _by_place(parts.get("status")).items() if v is not None}
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        msg = (
            f"{name} is not a dataset of JSON-stat 2.0 ({type(broken).__name__}: {broken}). "
            f"Expected id, size, dimension and value. The former figures stay in use."
        )
        raise Reshaped(msg) from None
    for dimension, size in pairs:
        _check_size(name, dimension, size, len(codes[dimension]))
    _check_places(name, values, flags, math.prod(sizes))
    label, updated = str(parts.get("label", "")), str(parts.get("updated", ""))
    return Cube(label, updated, codes, labels, values, flags)


def _codes(category: Mapping[str, object]) -> tuple[str, ...]:
    # The order of codes: an object of places, an array, or left out where there is one code.
    index = category.get("index", category.get("label"))
    if isinstance(index, dict) and "index" in category:
        return tuple(sorted(index, key=index.__getitem__))
    return tuple(str(code) for code in cast("list[str]", index))


def _labels(category: Mapping[str, object], codes: tuple[str, ...]) -> dict[str, str]:
    labels = cast("dict[str, str]", category.get("label", {}))
    return {code: str(labels.get(code, code)) for code in codes}


def _by_place(written: object) -> dict[int, object]:
    if written is None:
        return {}
    if isinstance(written, dict):
        return {int(place): value for place, value in written.items()}
    if isinstance(written, list):
        return dict(enumerate(written))
    msg = f"values stand in a {type(written).__name__}"
    raise TypeError(msg)


def _check_size(name: str, dimension: str, size: int, found: int) -> None:
    if size == 0:
        msg = (
            f"{name} has nothing in its dimension '{dimension}'. Expected at least one code: what "
            f"was asked for in '{dimension}' may have been renamed. The former figures stay in use."
        )
        raise Reshaped(msg)
    if size != found:
        msg = (
            f"{name} states {size} codes for its dimension '{dimension}' and lists {found}. "
            f"Expected the same number. The former figures stay in use."
        )
        raise Reshaped(msg)


def _check_places(
    name: str, values: Mapping[int, object], flags: Mapping[int, str], places: int
) -> None:
    outside = [place for place in (*values, *flags) if not 0 <= place < places]
    if outside:
        msg = (
            f"{name} has a value at place {outside[0]}, but its dimensions make {places} places. "
            f"Expected places 0 to {places - 1}. The former figures stay in use."
        )
        raise Reshaped(msg)
