"""What policy lets an attacker find out, in our own words.

A small count is safe from somebody when, for all that they can tell, it could be one less and
could be one more; and when they cannot even tell that it is small and there at all: either it
could be none, or it could reach the threshold from which counts are shown.

Whoever is the only case of a cell knows that cell. Of a cell that counts them, they know one
more than others do: themselves. What must stay safe from them is the rest.
"""

from __future__ import annotations

import numpy as np


def is_safe(
    true: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    threshold: np.ndarray | float,
    counted: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Say which counts are safe from someone whose own case is in ``counted`` of them (0 or 1)."""
    rest, smallest, largest = (np.asarray(part) - counted for part in (true, low, high))
    could_be_less = smallest < rest - 0.5
    could_be_more = largest > rest + 0.5
    could_be_none = smallest < 0.5
    could_be_shown = largest > np.asarray(threshold) - counted - 0.5
    return could_be_less & could_be_more & (could_be_none | could_be_shown)


def is_small(true: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """Say which counts policy protects: one person at the least, fewer than the threshold."""
    return (np.asarray(true) > 0) & (np.asarray(true) < threshold)
