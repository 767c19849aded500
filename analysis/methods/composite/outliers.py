"""Blanks and outliers of indicators, before they are scaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.methods.composite.normalise import find_range
from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# An indicator has outliers when it is both more lopsided and more peaked than this.
MOST_SKEW = 2.0
MOST_KURTOSIS = 3.5

# More points than these are a shape, not outliers.
MOST_POINTS = 5

FEWEST_AREAS = 4


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator because of its outliers.

    Parameters
    ----------
    kind : str
        ``none``, ``drawn in`` (winsorised) or ``logarithm``.
    points : int
        Areas that were drawn in.
    low, high : float
        Between these the values lie that the treatment takes.
    mirrored : bool
        Whether the logarithm looks from the top, because the outliers lie low.
    """

    kind: Literal["none", "drawn in", "logarithm"]
    points: int
    low: float
    high: float
    mirrored: bool = False

    def apply(self, values: FloatArray) -> FloatArray:
        """Treat values of the indicator, such as draws from their intervals.

        Parameters
        ----------
        values : numpy.ndarray
            Any shape.

        Returns
        -------
        numpy.ndarray
            Same shape.

        Examples
        --------
        >>> Treatment("drawn in", 1, 0.0, 5.0).apply(np.array([3.0, 60.0]))
        array([3., 5.])
        """
        if self.kind == "none":
            return values
        within = np.clip(values, self.low, self.high)
        if self.kind == "drawn in":
            return np.asarray(within)
        # A hundredth of the range keeps the logarithm away from zero.
        aside = 0.01 * (self.high - self.low)
        if self.mirrored:
            return np.asarray(-np.log(self.high - within + aside))
        return np.asarray(np.log(within - self.low + aside))


def measure_shape(values: ArrayLike) -> tuple[float, float]:
    """Measure how lopsided and how peaked an indicator is.

    Parameters
    ----------
    values : array_like
        Shape (areas,).

    Returns
    -------
    skew, kurtosis : float
        Without the bias of few areas, kurtosis less 3; NaN for fewer than 4 areas or when all
        are the same.

    References
    ----------
    Joanes DN, Gill CA (1998), Comparing measures of sample skewness and kurtosis, The
    Statistician 47:183-189 (their G1 and G2).

    Examples
    --------
    >>> [round(value, 3) for value in measure_shape([1.0, 2, 3, 4, 10])]
    [1.697, 3.152]
    """
    read = read_values(values)
    held = read[~np.isnan(read)]
    n = held.size
    if n < FEWEST_AREAS or held.min() == held.max():
        return np.nan, np.nan
    # Scaled first, so that tiny and huge figures keep their shape.
    centred = (held - held.mean()) / np.ptp(held)
    second, third, fourth = ((centred**power).mean() for power in (2, 3, 4))
    skew = third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    excess = fourth / second**2 - 3
    return float(skew), float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))


def treat_outliers(values: ArrayLike, *, most: int = MOST_POINTS) -> tuple[FloatArray, Treatment]:
    """Draw in the outliers of one indicator, or take logarithms where they are many.

    Parameters
    ----------
    values : array_like
        Shape (areas,); blanks stay blank.
    most : int
        Most areas that are drawn in: each to the nearest value that is none of them.

    Returns
    -------
    treated : numpy.ndarray
        Same shape.
    treatment : Treatment
        What was done.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators. Becker W et al. (2022),
    Journal of Open Source Software 7(78):4567, for the thresholds and the logarithm.

    Examples
    --------
    >>> treated, treatment = treat_outliers([1, 2, 2, 3, 3, 3, 4, 4, 5, 60])
    >>> treated[-1], treatment.kind, treatment.points
    (np.float64(5.0), 'drawn in', 1)
    """
    read = read_values(values)
    low, high = (float(end) for end in find_range(read))
    if not _has_outliers(read):
        return read, Treatment("none", 0, low, high)
    drawn, moved = read.copy(), np.zeros(read.shape, dtype=np.bool_)
    while _has_outliers(drawn):
        skew, _ = measure_shape(drawn)
        bottom, top = find_range(drawn)
        far = drawn == (top if skew > 0 else bottom)
        moved |= far
        if moved.sum() > most:
            skew, _ = measure_shape(read)
            treatment = Treatment("logarithm", 0, low, high, mirrored=skew < 0)
            return treatment.apply(read), treatment
        near_low, near_high = find_range(np.where(far, np.nan, drawn))
        drawn[far] = near_high if skew > 0 else near_low
    bottom, top = find_range(drawn)
    return drawn, Treatment("drawn in", int(moved.sum()), float(bottom), float(top))


def _has_outliers(values: FloatArray) -> bool:
    skew, kurtosis = measure_shape(values)
    return bool(abs(skew) > MOST_SKEW and kurtosis > MOST_KURTOSIS)


def impute_means(values: ArrayLike) -> tuple[FloatArray, BoolArray]:
    """Put the mean of the other areas where a figure is missing.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...).

    Returns
    -------
    filled : numpy.ndarray
        Same shape; NaN for an indicator that no area has.
    imputed : numpy.ndarray of bool
        What was put in, and is no figure.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 3.

    Examples
    --------
    >>> filled, imputed = impute_means([1.0, np.nan, 3.0])
    >>> filled, imputed
    (array([1., 2., 3.]), array([False,  True, False]))
    """
    read = read_values(values)
    blank = np.isnan(read)
    many = (~blank).sum(axis=0)
    mean = np.where(blank, 0.0, read).sum(axis=0) / np.where(many > 0, many, np.nan)
    filled = np.where(blank, mean, read)
    return filled, np.asarray(blank & ~np.isnan(filled))
