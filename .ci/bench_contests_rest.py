"""What races besides rates, trends and maps: forecasts, alarms, lists, composites, quality."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import bench_loops_rest as rest
import numpy as np
from bench_world import YEARS, Contest, pick

from analysis.methods import quality
from analysis.methods.composite import Framework, Recipe, build_composite
from analysis.methods.composite.settings import Choices, name_factors, rank_draws, read_settings
from analysis.methods.forecast import forecast_counts
from analysis.methods.forecast.backtest import roll_model
from analysis.methods.hidden import estimate_chapman
from analysis.methods.hidden.models import build_design
from analysis.methods.hidden.stepwise import choose_stepwise
from analysis.methods.surveillance import watch_counts

if TYPE_CHECKING:
    from bench_world import Numbers, World

EXACT = 1e-9
LISTS, DRAWS = 4, 1_000
FIRST = 14
DOMAINS = 6


def lines(world: World) -> int:
    """One series for each indicator and area."""
    return world.counts.size // YEARS


@functools.cache
def tables() -> Numbers:
    """Drawn tables of four lists that all overlap."""
    means = np.array([300.0, 250, 80, 220, 70, 60, 40, 200, 60, 50, 30, 45, 25, 20, 15])
    return np.random.default_rng(8).poisson(means, (DRAWS, means.size)).astype(np.float64)


def plan(world: World) -> Framework:
    """Put the indicators into six domains."""
    return Framework({name: tuple(members) for name, members in domains(world).items()})


def domains(world: World) -> dict[str, list[str]]:
    """Names of the indicators by domain."""
    names = [f"i{place}" for place in range(world.indicators)]
    held = min(DOMAINS, world.indicators)
    return {f"d{place}": names[place::held] for place in range(held)}


@functools.cache
def table(world: World, year: int) -> Any:
    """Figures of one year, one row an area."""
    import pandas as pd

    columns = [f"i{place}" for place in range(world.indicators)]
    return pd.DataFrame(world.figures[..., year].T, columns=columns)


@functools.cache
def draws(world: World) -> Any:
    """Give the prepared figures of the first year, and the choices of a thousand draws."""
    own = plan(world)
    choices = Choices(normalisers=("minmax",), betweens=("geometric",))
    uniform = np.random.default_rng(9).random((DRAWS, len(name_factors(own))))
    made = build_composite(table(world, 0), own)
    return made.prepared, read_settings(uniform, own, choices), choices, made.scores


def redraw_all(world: World, prepared: Any, settings: Any, choices: Any) -> Numbers:
    """Work out the composite of every draw."""
    speaks = np.ones(world.areas, dtype=np.bool_)
    return rank_draws(prepared, settings, choices, (plan(world), Recipe()), speaks)[0]


def redraw(world: World, place: int) -> Numbers:
    """Meet ``rank_draws`` at one draw."""
    import pandas as pd

    _, settings, _, scores = draws(world)
    own = plan(world)
    frame = pd.DataFrame(scores, columns=list(own.indicators))
    weights = pd.Series(settings.weights[place], index=frame.columns)
    return rest.redraw(frame, domains(world), weights, settings.domain_weights[place])


def read_composites(made: list[Any]) -> Numbers:
    """Index, rank and Copeland balance of every year."""
    return np.stack([[m.index.value, m.ranks.value, m.copeland] for m in made])


def read_forecast(made: Any) -> Numbers:
    """Mean and limits of every series."""
    sides = [side for pair in made.estimates.limits.values() for side in pair]
    found = np.stack([made.estimates.value, *sides], axis=-2)
    return found.reshape(-1, *found.shape[-2:])


REST = [
    Contest(
        "forecast_counts, baselines", "numpy, origin by origin", lines,
        lambda w: forecast_counts(w.busy, models=()), read_forecast,
        lambda w, u: rest.forecast(*pick([w.busy], u)), sample=20,
    ),
    Contest(
        "roll_model, ETS(A,N,N)", "statsmodels ETS", lambda _: 4,
        lambda w: [
            roll_model(w.busy[i, 0], "exponential smoothing", 3, first=FIRST) for i in range(4)
        ],
        lambda m: np.stack([rolled.ahead.mean for rolled in m]),
        lambda w, u: rest.smooth_ahead(w.busy[u, 0], range(FIRST, YEARS)),
        wanted=1, sample=4, grows=False,
    ),
    Contest(
        "watch_counts, 72 months", "statsmodels GLM, 2 a series", lines,
        lambda w: watch_counts(w.months),
        lambda m: np.stack([m.expected.value.ravel(), m.expected.upper.ravel()], axis=-1),
        lambda w, u: rest.watch(*pick([w.months], u)), sample=10,
    ),
    Contest(
        "watch_counts, 24 months", "python, window by window", lines,
        lambda w: watch_counts(w.short_months),
        lambda m: np.stack([m.expected.value.ravel(), m.expected.upper.ravel()], axis=-1),
        lambda w, u: rest.watch_short(*pick([w.short_months], u)), sample=100,
    ),
    Contest(
        "estimate_chapman", "python, cell by cell", lambda w: w.counts.size,
        lambda w: estimate_chapman(w.busy, w.busy, w.parts),
        lambda m: np.stack([m.value.ravel(), m.lower.ravel(), m.upper.ravel()], axis=-1),
        lambda w, u: rest.chapman(w.busy.flat[u], w.busy.flat[u], w.parts.flat[u]), sample=200,
    ),
    Contest(
        "choose_stepwise, 4 lists, drawn tables", "statsmodels GLM", lambda _: DRAWS,
        lambda _: choose_stepwise(build_design(LISTS), tables())[1].total,
        lambda m: m[:, None],
        lambda _, u: rest.hidden(tables()[u], build_design(LISTS).matrix, LISTS),
        sample=10, grows=False,
    ),
    Contest(
        "build_composite, year by year", "pandas, area by area", lambda _: YEARS,
        lambda w: [build_composite(table(w, year), plan(w)) for year in range(YEARS)],
        read_composites,
        lambda w, u: rest.composite(table(w, u), domains(w)), sample=3,
        grown=lambda w: build_composite(table(w, 0), plan(w)),
    ),
    Contest(
        "rank_draws, 1,000 composites", "pandas, area by area", lambda _: DRAWS,
        lambda w: redraw_all(w, *draws(w)[:3]),
        lambda m: m, redraw, sample=5,
    ),
    Contest(
        "measure_age_heaping", "python, age by age", lambda w: w.indicators * w.areas,
        lambda w: quality.measure_age_heaping(w.single_ages),
        lambda m: m.estimates.value.reshape(-1, 1),
        lambda w, u: rest.heaping(*pick([w.single_ages], u)), sample=200, near=EXACT,
    ),
    Contest(
        "measure_revisions", "pandas", lines,
        lambda w: quality.measure_revisions(w.counts, w.busy),
        lambda m: np.stack(
            [part.value.ravel() for part in (m.mean, m.mean_absolute, m.relative)], axis=-1
        ),
        lambda w, u: rest.revisions(*pick([w.counts, w.busy], u)), sample=50, near=EXACT,
    ),
    Contest(
        "check_hierarchy", "python, part by part", lambda w: w.indicators * YEARS,
        lambda w: quality.check_hierarchy(w.totals, w.busy, axis=1),
        lambda m: m.difference.value.reshape(-1, 1),
        lambda w, u: rest.hierarchy(w.totals.flat[u], pick(w.busy_maps, u)[0], 0),
        wanted=1, sample=100, near=EXACT,
    ),
]  # fmt: skip
