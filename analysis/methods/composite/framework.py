"""What a composite is made of, and how: indicators, domains, weights, goalposts, recipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

Mean = Literal["arithmetic", "geometric", "harmonic"]
Normaliser = Literal["minmax", "zscore", "rank", "given"]
MEANS = ("arithmetic", "geometric", "harmonic")
NORMALISERS = ("minmax", "zscore", "rank", "given")


@dataclass(frozen=True)
class Framework:
    """Which indicators make up which domains.

    Parameters
    ----------
    domains : mapping of str to sequence of str
        Indicators of each domain.
    falling : sequence of str
        Indicators of which more is worse, such as unemployment.
    weights : mapping of str to float
        Weights of indicators within their domain; 1 where none is given.
    domain_weights : mapping of str to float
        Weights of domains; 1 where none is given.
    goalposts : mapping of str to pair of float
        Worst and best value that make sense of an indicator, lower one first. With goalposts,
        scores can be compared over years; without, the worst and the best area set them.

    Raises
    ------
    ValueError
        When a name is unknown or stands in two domains, a weight is not positive, or goalposts
        do not ascend.

    Examples
    --------
    >>> plan = Framework({"work": ("jobs", "gap")}, falling=("gap",))
    >>> plan.indicators, plan.directions
    (('jobs', 'gap'), array([ 1., -1.]))
    """

    domains: Mapping[str, Sequence[str]]
    falling: Sequence[str] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    domain_weights: Mapping[str, float] = field(default_factory=dict)
    goalposts: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse plans that contradict themselves."""
        names = self.indicators
        if not names or not all(self.domains.values()):
            raise ValueError("A domain holds no indicator. Give each domain one indicator or more.")
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(
                f"The indicator '{twice[0]}' stands in the plan twice, so that it would count "
                "twice. Put it into one domain."
            )
        _check_names((*self.falling, *self.weights, *self.goalposts), names, "indicator")
        _check_names(tuple(self.domain_weights), tuple(self.domains), "domain")
        for name, weight in (*self.weights.items(), *self.domain_weights.items()):
            if not 0 < weight < np.inf:
                raise ValueError(
                    f"The weight of '{name}' is {weight}, and a weight is above 0. Leave out "
                    "what shall not count."
                )
        for name, (low, high) in self.goalposts.items():
            if not -np.inf < low < high < np.inf:
                raise ValueError(
                    f"The goalposts of '{name}' are {low} and {high}, and they ascend. Write the "
                    "lower one first; whether more is worse is told by `falling`."
                )

    @property
    def indicators(self) -> tuple[str, ...]:
        """Names of the indicators, domain by domain."""
        return tuple(name for members in self.domains.values() for name in members)

    @property
    def directions(self) -> FloatArray:
        """1 where more is better, -1 where more is worse, shape (indicators,)."""
        return np.array([-1.0 if name in self.falling else 1.0 for name in self.indicators])

    @property
    def membership(self) -> BoolArray:
        """Which indicator belongs to which domain, shape (domains, indicators)."""
        return np.array(
            [[name in members for name in self.indicators] for members in self.domains.values()]
        )

    @property
    def indicator_weights(self) -> FloatArray:
        """Weights of the indicators, shape (indicators,)."""
        return np.array([float(self.weights.get(name, 1.0)) for name in self.indicators])

    @property
    def weights_of_domains(self) -> FloatArray:
        """Weights of the domains, shape (domains,)."""
        return np.array([float(self.domain_weights.get(name, 1.0)) for name in self.domains])

    @property
    def limits(self) -> tuple[FloatArray, FloatArray]:
        """Goalposts, NaN where the data set them, each of shape (indicators,)."""
        blank = (np.nan, np.nan)
        pairs = np.array([self.goalposts.get(name, blank) for name in self.indicators])
        return pairs[:, 0], pairs[:, 1]


def _check_names(given: tuple[str, ...], known: tuple[str, ...], kind: str) -> None:
    for name in given:
        if name not in known:
            raise ValueError(
                f"'{name}' is no {kind} of the plan. Its {kind}s are {', '.join(known)}."
            )


@dataclass(frozen=True)
class Recipe:
    """How a composite is worked out.

    Parameters
    ----------
    impute : str
        ``none``, or ``mean`` to put the mean of the other areas where a figure is missing. What
        was put in is flagged.
    treat : bool
        Whether outliers of indicators without goalposts are drawn in.
    normaliser : str
        ``minmax`` to 1 up to 100, ``zscore`` to 50 and 10 a standard deviation, ``rank`` to 1 up
        to 100 by rank, or ``given`` for scores from 0 to 100 that stay as they are.
    within, between : str
        Mean of the indicators of a domain, and of the domains: ``arithmetic``, ``geometric`` or
        ``harmonic``.
    missing : str
        ``silent``: an area without one of the figures gets no score. ``available``: it is scored
        by what there is, with its coverage beside it.
    least_coverage : float
        Share of the weights that must be there, when scored by what there is.

    Raises
    ------
    ValueError
        When a choice is unknown.

    Examples
    --------
    >>> Recipe().between
    'geometric'
    """

    impute: Literal["none", "mean"] = "none"
    treat: bool = True
    normaliser: Normaliser = "minmax"
    within: Mean = "arithmetic"
    between: Mean = "geometric"
    missing: Literal["silent", "available"] = "silent"
    least_coverage: float = 0.5

    def __post_init__(self) -> None:
        """Refuse choices that are none."""
        allowed: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("impute", self.impute, ("none", "mean")),
            ("normaliser", self.normaliser, NORMALISERS),
            ("within", self.within, MEANS),
            ("between", self.between, MEANS),
            ("missing", self.missing, ("silent", "available")),
        )
        for name, chosen, choices in allowed:
            if chosen not in choices:
                raise ValueError(
                    f"`{name}` is '{chosen}', which is no choice. Write one of "
                    f"{', '.join(choices)}."
                )
        if not 0 < self.least_coverage <= 1:
            raise ValueError(
                f"`least_coverage` is {self.least_coverage}, and it is a share above 0 and up to "
                "1: write 0.5 for half of the weights."
            )
