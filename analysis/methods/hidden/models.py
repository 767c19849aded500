"""Hierarchical models of which lists depend on each other, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

PAIR = 2
HIGHEST_ORDER = 3
MOST_MODELS = 40_000


@dataclass(frozen=True, eq=False)
class Design:
    """The effects that a model may have, and the histories that each of them is part of.

    Made by :func:`build_design`. A model is a row of truth values, one an effect.

    Parameters
    ----------
    lists : int
        Number of lists.
    effects : tuple of int
        Each effect as the sum of 1 for the first list, 2 for the second, 4 for the third and so
        on; 0 is the level of the table. The level and the lists come first, then the pairs.
    matrix : numpy.ndarray, shape (2 ** lists - 1, effects)
        1 where a history has every list of the effect.
    """

    lists: int
    effects: tuple[int, ...]
    matrix: FloatArray

    @property
    def pairs(self) -> NDArray[np.int64]:
        """Places of the effects of two lists."""
        return np.array([i for i, e in enumerate(self.effects) if e.bit_count() == PAIR], np.int64)

    @property
    def independence(self) -> BoolArray:
        """Model in which no list depends on another."""
        return np.array([effect.bit_count() < PAIR for effect in self.effects])


@lru_cache(maxsize=32)
def build_design(lists: int, order: int = 2) -> Design:
    """Build the effects of up to a number of lists.

    Parameters
    ----------
    lists : int
        Number of lists.
    order : int
        Most lists in one effect: 1, 2 or 3.

    Returns
    -------
    Design

    Raises
    ------
    ValueError
        When the order is none of 1, 2 and 3.

    Examples
    --------
    >>> build_design(3).effects
    (0, 1, 2, 4, 3, 5, 6)
    """
    if not 1 <= order <= HIGHEST_ORDER:
        raise ValueError(
            f"Effects of {order} lists were asked for; give 1 (no dependence), 2 (pairs) or 3."
        )
    effects = tuple(
        sum(1 << place for place in group)
        for size in range(min(order, lists) + 1)
        for group in combinations(range(lists), size)
    )
    histories = np.arange(1, 2**lists)[:, None]
    held = np.array(effects)[None, :]
    matrix = np.asarray((histories & held) == held, dtype=np.float64)
    matrix.flags.writeable = False
    return Design(lists, effects, matrix)


def read_model(text: str, design: Design) -> BoolArray:
    """Read a model from its highest effects, such as ``[12,3]``.

    Parameters
    ----------
    text : str
        Groups of list numbers; lists in one group depend on each other. All smaller groups
        within a group belong to the model too.
    design : Design
        The effects there are.

    Returns
    -------
    numpy.ndarray of bool, shape (effects,)

    Raises
    ------
    ValueError
        When a group is none, is too large for the design, or a list is left out.

    Examples
    --------
    >>> read_model("[12,3]", build_design(3))
    array([ True,  True,  True,  True,  True, False, False])
    """
    groups = text.strip().removeprefix("[").removesuffix("]").split(",")
    known = {str(place + 1) for place in range(design.lists)}
    for group in groups:
        digits = group.strip()
        if not digits or not set(digits) <= known or len(set(digits)) < len(digits):
            raise ValueError(
                f"The group '{digits}' of the model '{text}' is none of the lists 1 to "
                f"{design.lists}. Write list numbers such as [12,3]."
            )
    masks = [sum(1 << (int(digit) - 1) for digit in group.strip()) for group in groups]
    missing = sorted(known - set("".join(groups)))
    if missing:
        raise ValueError(
            f"The model '{text}' leaves out list {missing[0]}; each list stands in it at least "
            "once, alone where it depends on no other."
        )
    if not set(masks) <= set(design.effects):
        raise ValueError(
            f"The model '{text}' has a group of more lists than the design holds; build the design "
            "with a higher order."
        )
    return close_model(masks, design)


def close_model(masks: Iterable[int], design: Design) -> BoolArray:
    """Add to some effects all that lie within them, the level and every list.

    Parameters
    ----------
    masks : iterable of int
        Effects, as in :class:`Design`.
    design : Design
        The effects there are.

    Returns
    -------
    numpy.ndarray of bool, shape (effects,)

    Examples
    --------
    >>> int(close_model([7], build_design(3, 3)).sum())
    8
    """
    given = list(masks)
    held = [
        effect.bit_count() < PAIR or any(effect & mask == effect for mask in given)
        for effect in design.effects
    ]
    return np.array(held)


def write_model(model: BoolArray, design: Design) -> str:
    """Write a model by its highest effects; large groups come first.

    Parameters
    ----------
    model : numpy.ndarray of bool, shape (effects,)
        Which effects the model has.
    design : Design
        The effects there are.

    Returns
    -------
    str

    Examples
    --------
    >>> design = build_design(3)
    >>> write_model(design.independence, design), write_model(read_model("[1,23]", design), design)
    ('[1,2,3]', '[23,1]')
    """
    held = [effect for effect, there in zip(design.effects, model, strict=True) if there]
    highest = [e for e in held if not any(e & other == e and e != other for other in held)]
    groups = [
        "".join(str(place + 1) for place in range(design.lists) if effect >> place & 1)
        for effect in highest
    ]
    return "[" + ",".join(sorted(groups, key=lambda group: (-len(group), group))) + "]"


def pair_model(pairs: Sequence[tuple[str, str]], names: Sequence[str], design: Design) -> BoolArray:
    """Make the model in which named pairs of lists depend on each other.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Names of the lists of each pair.
    names : sequence of str
        Names of all lists, in their order.
    design : Design
        The effects there are.

    Returns
    -------
    numpy.ndarray of bool, shape (effects,)

    Raises
    ------
    ValueError
        When there is no list of a name.

    Examples
    --------
    >>> design = build_design(3)
    >>> write_model(
    ...     pair_model([("police", "shelter")], ["police", "ngo", "shelter"], design), design
    ... )
    '[13,2]'
    """
    unknown = [name for pair in pairs for name in pair if name not in names]
    if unknown:
        raise ValueError(f"There is no list '{unknown[0]}'; the lists are {', '.join(names)}.")
    places = {name: 1 << place for place, name in enumerate(names)}
    return close_model([places[first] | places[second] for first, second in pairs], design)


def list_models(design: Design) -> BoolArray:
    """List every hierarchical model of a design that has all lists.

    Parameters
    ----------
    design : Design
        The effects there are.

    Returns
    -------
    numpy.ndarray of bool, shape (models, effects)
        From independence on, in a fixed order.

    Raises
    ------
    ValueError
        When there are too many to look at each.

    Examples
    --------
    >>> len(list_models(build_design(3))), len(list_models(build_design(3, 3)))
    (8, 9)
    """
    places = design.pairs
    if 2 ** len(places) > MOST_MODELS:
        raise ValueError(_say_too_many(design))
    numbers = np.arange(2 ** len(places))
    models = np.tile(design.independence, (len(numbers), 1))
    models[:, places] = (numbers[:, None] >> np.arange(len(places))) & 1 == 1
    for place, effect in enumerate(design.effects):
        if effect.bit_count() < HIGHEST_ORDER:
            continue
        within = [i for i in places if design.effects[i] & effect == design.effects[i]]
        grown = models[models[:, within].all(axis=1)].copy()
        grown[:, place] = True
        models = np.concatenate([models, grown])
        if len(models) > MOST_MODELS:
            raise ValueError(_say_too_many(design))
    return models


def _say_too_many(design: Design) -> str:
    return (
        f"{design.lists} lists have more than {MOST_MODELS} models, too many to look at each. "
        "Merge lists of one kind until there are six or fewer, or ask for effects of two lists."
    )
