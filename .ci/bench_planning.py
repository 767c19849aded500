"""How long it takes to plan 2,000 runs of which nothing changed, each with a record of its own."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

RUNS, SECONDS = 2_000, 2.0
LANGUAGES = ["mk", "sq", "en", "sr-Latn", "sr-Cyrl"]


def measure_planning(space: Workspace) -> tuple[int, float]:
    """Plan the profiles in all languages several times over, and judge every one of them.

    Parameters
    ----------
    space : Workspace
        The profiles of all municipalities have been run in one language.

    Returns
    -------
    tuple of (int, float)
        How many runs were judged, and the seconds that planning and judging took.
    """
    from analysis.suite.plan import plan_runs
    from analysis.suite.run import judge_runs

    made = plan_runs(space, every_area=True, languages=LANGUAGES[:1])
    patterns = {run.area: run for run in made if run.is_profile}
    rounds = -(-RUNS // (len(patterns) * len(LANGUAGES)))
    for number in range(rounds):
        _write_records(_plan(space, number), patterns, space)
    started = time.perf_counter()
    runs = [run for number in range(rounds) for run in _plan(space, number)]
    planned = judge_runs(runs, space)
    seconds = time.perf_counter() - started
    for one in planned:
        if one.reason != "unchanged":
            msg = f"{one.run.name}: {one.reason} {one.changed}"
            raise SystemExit(msg)
    return len(planned), seconds


def _plan(space: Workspace, number: int) -> list[Run]:
    from analysis.suite.plan import plan_runs

    runs = plan_runs(space, every_area=True, languages=LANGUAGES)
    return [replace(run, edition=f"{run.edition}{number}") for run in runs if run.is_profile]


def _write_records(runs: list[Run], patterns: dict[str, Run], space: Workspace) -> None:
    """Give each run the record and the files that a run of its municipality left."""
    from analysis.suite.cache import DATA, Keys
    from analysis.suite.records import read_record, write_record

    keys = Keys(space)
    for run in runs:
        pattern = patterns[run.area]
        held = read_record(space.runs / pattern.name)
        if held is None or held.good is None:
            msg = f"{pattern.name} has not been run."
            raise SystemExit(msg)
        shutil.copytree(
            space.runs / pattern.name / held.good.folder,
            space.runs / run.name / held.good.folder,
            copy_function=os.link,
        )
        key = (*keys.make_key(run).parts, (DATA, keys.hash_data(held)))
        good = replace(held.good, key=key)
        write_record(space, replace(held, name=run.name, key=key, good=good))
