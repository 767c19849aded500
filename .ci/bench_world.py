"""Made-up figures of many areas for the methods' race, the same in every run."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.methods.rates import estimate_rate
from analysis.methods.smoothing import expect_cases
from analysis.methods.spatial import Neighbours, read_neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from analysis.methods.estimates import Estimates

    Numbers = NDArray[np.float64]

SEED = 31
YEARS, MONTHS, AGES = 20, 72, 6
COLUMNS = 8
VECTOR = 20
# A map for esda, and a matrix of all areas by all areas, are for the race alone.
ONLY_SMALL = {"esda", "esda_plain", "shared"}


@dataclass(frozen=True)
class World:
    """Figures of some areas, indicators and 20 years; each array is made when it is asked for.

    Parameters
    ----------
    areas, indicators : int
        How many; the areas fill a map of squares.
    """

    areas: int
    indicators: int

    def draw(self, place: int) -> np.random.Generator:
        """Give random numbers of their own to each array."""
        return np.random.default_rng([SEED, place])

    @property
    def years(self) -> Numbers:
        """Years on the last axis."""
        return np.arange(2005.0, 2005 + YEARS)

    @functools.cached_property
    def people(self) -> Numbers:
        """Residents by indicator, area and year; the same for each indicator."""
        residents = np.exp(self.draw(1).normal(9.3, 0.6, (1, self.areas, 1))).round()
        growth = np.linspace(1, 1.1, YEARS)
        shape = (self.indicators, self.areas, YEARS)
        return np.ascontiguousarray(np.broadcast_to((residents * growth).round(), shape))

    @functools.cached_property
    def counts(self) -> Numbers:
        """Cases, about twenty a year in the middle area, with risks that differ by place."""
        draw, shape = self.draw(2), (self.indicators, self.areas, 1)
        risk = np.exp(draw.normal(-6.3, 0.4, shape) + draw.normal(0, 0.04, shape) * self.times)
        return draw.poisson(self.people * risk).astype(np.float64)

    @functools.cached_property
    def busy(self) -> Numbers:
        """Cases without empty years or maps, as the methods for longer series ask for."""
        return self.draw(3).poisson(15 + self.people * 0.002).astype(np.float64)

    @functools.cached_property
    def uneven(self) -> Numbers:
        """Series of a country, one an indicator, that scatter more than chance."""
        return self.draw(4).negative_binomial(6, 6 / 66, (self.indicators, YEARS)).astype(float)

    @functools.cached_property
    def months(self) -> Numbers:
        """Cases by month, with a season."""
        season = 12 * np.exp(0.4 * np.sin(np.arange(MONTHS) * np.pi / 6))
        shape = (self.indicators, self.areas, MONTHS)
        return self.draw(5).poisson(season, shape).astype(np.float64)

    @functools.cached_property
    def by_age(self) -> tuple[Numbers, Numbers]:
        """Cases and residents by age on a further axis."""
        people = np.repeat((self.people / AGES).round()[..., None], AGES, axis=-1)
        return self.draw(6).poisson(people * 0.0015).astype(np.float64), people

    @functools.cached_property
    def figures(self) -> Numbers:
        """Figures of no ties and mild shape, by indicator, area and year."""
        shape = (self.indicators, self.areas, YEARS)
        return np.asarray(self.draw(7).gamma(20, 5, shape), dtype=np.float64)

    @functools.cached_property
    def parts(self) -> Numbers:
        """Cases with a property among the busy cases."""
        return self.draw(8).binomial(self.busy.astype(np.int64), 0.4).astype(np.float64)

    @functools.cached_property
    def single_ages(self) -> Numbers:
        """Residents by single year of age, by indicator and area."""
        shape = (self.indicators, self.areas, 100)
        return self.draw(9).poisson(90, shape).astype(np.float64)

    @property
    def times(self) -> Numbers:
        """Years around the middle of the period."""
        return np.asarray(self.years - self.years.mean(), dtype=np.float64)

    @functools.cached_property
    def rates(self) -> Estimates:
        """Rates of the cases, with limits."""
        return estimate_rate(self.counts, self.people)

    @functools.cached_property
    def neighbours(self) -> Neighbours:
        """Who is beside whom on the map of squares."""
        pairs = list_borders(self.areas)
        return read_neighbours(range(self.areas), pairs)

    @functools.cached_property
    def esda(self) -> Any:
        """Give the same map to esda, rows made to sum to one."""
        return self._weigh("R")

    @functools.cached_property
    def esda_plain(self) -> Any:
        """Give the same map to esda, each neighbour a one."""
        return self._weigh("B")

    @functools.cached_property
    def shared(self) -> Numbers:
        """Covariance of what neighbours share."""
        from analysis.methods.smoothing.map_covariance import scale_covariance

        return scale_covariance(self.neighbours)

    def _weigh(self, transform: str) -> Any:
        import libpysal

        beside: dict[int, list[int]] = {place: [] for place in range(self.areas)}
        for one, other in list_borders(self.areas):
            beside[one].append(other)
            beside[other].append(one)
        made = libpysal.weights.W(beside, id_order=list(beside), silence_warnings=True)
        made.transform = transform
        return made

    @functools.cached_property
    def maps(self) -> tuple[Numbers, Numbers]:
        """Cases and residents with the areas on the last axis."""
        return turn(self.counts), turn(self.people)

    @functools.cached_property
    def busy_maps(self) -> tuple[Numbers, Numbers]:
        """Busy cases and residents in the same way."""
        return turn(self.busy), turn(self.people)

    @functools.cached_property
    def figure_maps(self) -> Numbers:
        """Figures in the same way."""
        return turn(self.figures)

    @functools.cached_property
    def areas_first(self) -> tuple[Numbers, Numbers]:
        """Busy cases and residents with the areas on the first axis."""
        first = (np.swapaxes(part, 0, 1) for part in (self.busy, self.people))
        return tuple(np.ascontiguousarray(part) for part in first)  # type: ignore[return-value]

    @functools.cached_property
    def others(self) -> tuple[Numbers, Numbers]:
        """Cases and residents of another area."""
        return np.roll(self.counts, 1, axis=1), np.roll(self.people, 1, axis=1)

    @functools.cached_property
    def bands(self) -> tuple[Numbers, Numbers, Numbers]:
        """Figures with limits around them."""
        return self.figures, self.figures - 12, self.figures + 14

    @functools.cached_property
    def short_months(self) -> Numbers:
        """The latest two years of the months."""
        return np.ascontiguousarray(self.months[..., -24:])

    @functools.cached_property
    def expected(self) -> Numbers:
        """Cases of each map, shared out by residents."""
        return expect_cases(*self.maps)

    @functools.cached_property
    def totals(self) -> Numbers:
        """Busy cases of all areas together."""
        return np.asarray(self.busy.sum(axis=1), dtype=np.float64)

    def make(self) -> World:
        """Make all arrays, so that no method's time holds the making of its figures."""
        for name, part in vars(World).items():
            if isinstance(part, functools.cached_property) and name not in ONLY_SMALL:
                getattr(self, name)
        return self


@dataclass(frozen=True, eq=False)
class Contest:
    """A method of ours against a plain loop.

    Parameters
    ----------
    name, against : str
        The method, and whose functions the loop calls.
    units : callable
        How many series, cells, maps or draws a world has.
    ours : callable
        Does the work for all of them.
    read : callable
        Brings what came of it to numbers, one row a unit.
    plain : callable
        Does the work for one of them, and gives its numbers.
    wanted : int
        How many times as fast ours has to be: 20 where there is a vector form, else 1.
    sample : int
        Units that the plain loop is run on.
    near : array_like
        How far the numbers may differ, as a share of one more than their size.
    grows : bool
        Whether the method is run over ever more areas at once.
    trials : int
        How often ours is timed at most; the fastest counts.
    grown : callable, optional
        What is run over more areas, where all that races would take too long.
    """

    name: str
    against: str
    units: Callable[[World], int]
    ours: Callable[[World], Any]
    read: Callable[[Any], Any]
    plain: Callable[[World, int], Any]
    wanted: int = VECTOR
    sample: int = 5
    near: Any = 1e-6
    grows: bool = True
    trials: int = 3
    grown: Callable[[World], Any] | None = None


def turn(values: Numbers) -> Numbers:
    """Bring areas to the last axis: one map an indicator and year."""
    return np.ascontiguousarray(np.swapaxes(values, 1, 2))


def pick(values: Sequence[Numbers], place: int) -> Any:
    """Take one unit of arrays whose last axis belongs to it."""
    return tuple(array.reshape(-1, array.shape[-1])[place] for array in values)


def feed(loop: Callable[..., Any], values: Sequence[Numbers], place: int, *more: Any) -> Any:
    """Give one unit of arrays, and what all units share, to a plain loop."""
    return loop(*pick(values, place), *more)


def list_borders(areas: int) -> list[tuple[int, int]]:
    """List who shares a border on a map of squares."""
    right = [(place, place + 1) for place in range(areas - 1) if (place + 1) % COLUMNS]
    return right + [(place, place + COLUMNS) for place in range(areas - COLUMNS)]
