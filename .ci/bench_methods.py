"""Race every method against the plain loop over statsmodels, scipy, esda or pandas.

`bench.py methods` starts this as a process of its own. The plain loop runs over a random sample
of the units (series, cells, maps, draws) and its time is extrapolated to all of them. Both sides
have to give the same numbers on the sample, so that nothing else is compared than the same work.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_contests import CONTESTS
from bench_world import SEED, VECTOR, Contest, World

if TYPE_CHECKING:
    from collections.abc import Callable

AREAS, INDICATORS = 80, 60
GROWTH, FEW = (80, 800, 8_000), 3
# Nothing is slower, and grows no faster than the areas, but for what a busy machine adds.
NOISE, STEEPEST = 1.1, 1.15
ENOUGH, NOT_KEPT = 1.0, 3


def main() -> int:
    """Run all contests, or those whose name holds one of the given words."""
    words = sys.argv[1:]
    chosen = [c for c in CONTESTS if not words or any(word in c.name for word in words)]
    started = time.perf_counter()
    kept = race(chosen) + grow(chosen)
    print(f"\n{sum(kept)} of {len(kept)} promises kept, {time.perf_counter() - started:.0f} s")
    return 0 if all(kept) else NOT_KEPT


def race(chosen: list[Contest]) -> list[bool]:
    """Hold the time of every method against its plain loop."""
    world, kept = World(AREAS, INDICATORS).make(), []
    print(f"\n{AREAS} areas, {INDICATORS} indicators, 20 years; the loop's time is extrapolated")
    print(f"{'method':<40}{'plain loop':<30}{'units':>8}{'sample':>7}{'ours s':>9}{'loop s':>10}")
    for contest in chosen:
        units = contest.units(world)
        generator = np.random.default_rng([SEED, units])
        sample = generator.choice(units, min(contest.sample, units), replace=False)
        contest.plain(world, int(sample[0]))
        ours, made = measure(partial(contest.ours, world), contest.trials)
        found = contest.read(made)
        loop = []
        for unit in sample.tolist():
            seconds, numbers = measure(partial(contest.plain, world, unit), 1)
            loop.append(seconds)
            compare(contest, found[unit], numbers, unit)
        plain = statistics.median(loop) * units
        wanted = contest.wanted if contest.wanted == VECTOR else contest.wanted / NOISE
        if plain / ours < wanted:
            ours = min(ours, measure(partial(contest.ours, world), contest.trials)[0])
        times = plain / ours
        kept.append(times >= wanted)
        print(
            f"{contest.name:<40}{contest.against:<30}{units:>8,}{len(sample):>7}{ours:>9.4f}"
            f"{plain:>10.2f}{times:>9,.1f} times (wanted {contest.wanted}) {say(kept[-1])}",
            flush=True,
        )
    return kept


def grow(chosen: list[Contest]) -> list[bool]:
    """Measure how the time of every method grows with the number of areas."""
    kept: list[bool] = []
    print(f"\n{FEW} indicators and more areas; growth as a power, from 80 to 8,000 areas")
    print(f"{'method':<40}" + "".join(f"{areas:>9,} s" for areas in GROWTH))
    growing = [contest for contest in chosen if contest.grows]
    worlds = [World(areas, FEW).make() for areas in GROWTH] if growing else []
    for contest in growing:
        calls = [partial(contest.grown or contest.ours, world) for world in worlds]
        spent = [measure(call, 5)[0] for call in calls]
        if spent[-1] > spent[-2] * 10**STEEPEST:
            # Once more: what disturbed one size makes the growth of quiet ones.
            again = [measure(call, 5)[0] for call in calls]
            spent = [min(pair) for pair in zip(spent, again, strict=True)]
        # Two tens apart: over one, what fits the cache and what does not would decide.
        power = math.log10(spent[-1] / spent[0]) / 2
        kept.append(power <= STEEPEST)
        print(
            f"{contest.name:<40}" + "".join(f"{seconds:>11.4f}" for seconds in spent),
            f"{power:>8.2f} (wanted at most {STEEPEST}) {say(kept[-1])}",
            flush=True,
        )
    return kept


def measure(call: Callable[[], Any], most: int) -> tuple[float, Any]:
    """Give the fastest of a few calls, for what else the machine does can only add to a time."""
    best, spent, made = math.inf, 0.0, None
    for call_number in range(most):
        started = time.perf_counter()
        made = call()
        seconds = time.perf_counter() - started
        best, spent = min(best, seconds), spent + seconds
        if call_number and spent > ENOUGH:
            break
    return best, made


def compare(contest: Contest, found: Any, numbers: Any, unit: int) -> None:
    """Stop when the two sides do not say the same."""
    one, other = np.asarray(found, dtype=np.float64), np.asarray(numbers, dtype=np.float64)
    near = np.abs(one - other) <= np.asarray(contest.near) * (1 + np.abs(other))
    if one.shape == other.shape and (near | (np.isnan(one) & np.isnan(other))).all():
        return
    msg = (
        f"{contest.name}: unit {unit} gives\n{one}\nand the plain loop\n{other}\n"
        "Find out which of the two is wrong."
    )
    print(msg)
    raise SystemExit(2)


def say(is_kept: bool) -> str:  # noqa: FBT001 - a word for the one value
    """Say whether a promise is kept."""
    return "kept" if is_kept else "NOT KEPT"


if __name__ == "__main__":
    sys.exit(main())
