"""Telling a jump of coverage from the ups and downs of small numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.methods import Result

JUMP_RATIO = 10
JUMP_PERSONS = 100


def is_jump(before: Result, after: Result) -> bool:
    """Tell whether a count grew or fell so much that its coverage is in doubt.

    Ten times more or less, and by more than a hundred persons: the case of a place whose series
    went from 31 to 4,900 within a year is meant, not the ups and downs of small numbers.
    """
    if before.value is None or after.value is None:
        return False
    low, high = sorted((before.value, after.value))
    return high >= JUMP_RATIO * max(low, 1) and high - low > JUMP_PERSONS
