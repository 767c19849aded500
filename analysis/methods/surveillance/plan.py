"""What counts as the past of a period, and how surprising a count has to be."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.methods.inputs import check_level

FEWEST_YEARS = 3


@dataclass(frozen=True)
class FarringtonPlan:
    """What counts as the past of a period, and how surprising a count has to be.

    Parameters
    ----------
    frequency : int
        Periods a year: 12 for months, 52 for weeks.
    years : int
        Years to go back; at least 3.
    half_window : int
        Periods on each side of the same period of earlier years that share its season.
    seasons : int
        Seasons of the year, the one of the period asked about among them.
    excluded : int
        Periods right before the one asked about that do not count as past, so that a rise that
        has already begun does not hide itself.
    alpha : float
        Share of quiet periods whose count may lie above the bound.
    outlier : float
        Standardised residual above which a figure of the past counts less.
    trend_p : float
        The trend is kept only if its p-value is below; 1 keeps every trend.

    Examples
    --------
    >>> FarringtonPlan(frequency=12).needed
    37
    """

    frequency: int = 12
    years: int = 3
    half_window: int = 1
    seasons: int = 10
    excluded: int = 6
    alpha: float = 0.01
    outlier: float = 2.58
    trend_p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a plan that no series can follow."""
        check_level(self.alpha)
        if self.years < FEWEST_YEARS:
            raise ValueError(
                f"A past of {self.years} years was asked for, and a trend and seasons need at "
                f"least {FEWEST_YEARS}. Use EARS for shorter series."
            )
        rest = self.frequency - 2 * self.half_window - 1
        if self.seasons < 1 or rest < self.seasons - 1 or self.half_window < 0:
            raise ValueError(
                f"A year of {self.frequency} periods cannot be cut into {self.seasons} seasons "
                f"with windows of {2 * self.half_window + 1}. Ask for fewer seasons or a "
                "narrower window."
            )
        if not 0 <= self.excluded < self.frequency:
            raise ValueError(
                f"{self.excluded} periods were to be left out before the one asked about, and "
                f"that is 0 to {self.frequency - 1}, less than a year."
            )

    @property
    def needed(self) -> int:
        """Periods that must lie before the one asked about."""
        return self.years * self.frequency + self.half_window
