"""Two editions that differ in withheld figures alone are the same to everybody who reads them.

Withheld counts are exchanged for others that are as small, and everything is made again: tables,
pages, files for download, briefs. What is published must not differ in a single byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.protection import publish_observations
from analysis.store.build import build_workspace
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.schema import NUMBERS
from analysis.suite.editions.publish import publish_edition
from analysis.suite.execute import execute_run
from analysis.suite.plan import plan_runs
from analysis.suite.run import judge_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.workspace import Workspace

pytestmark = pytest.mark.slow

TABLE = "unhcr_municipality.csv"
PLACE = "gevgelija"
# `name@hash` of the file that a figure comes from. A test below says what may not be guessed of it.
HASH = re.compile(r"@[0-9a-f]{12}\b")
COMMAND = "from analysis.cli import main; main()"


def exchange(observations: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Exchange two small withheld counts of one table and year, as often as there are two.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built, with true values.
    table : pandas.DataFrame
        As published.
    """
    gone = table.loc[table["state"].eq("suppressed") & table["area_id"].str.match(r"MK-\d{3}$")]
    true = observations.set_index("observation_id").loc[gone["observation_id"]]
    small = true.loc[true["value"].between(1, 9)]
    out = observations.set_index("observation_id")
    done = 0
    for _, group in small.groupby(["indicator_id", "period_end", "source_id"]):
        one, other = group.index[0], group.index[-1]
        if group.loc[one, "value"] == group.loc[other, "value"]:
            continue
        numbers = [n for n in NUMBERS if n in out]
        out.loc[[one, other], numbers] = group.loc[[other, one], numbers].to_numpy()
        done += 1
    assert done
    return out.reset_index()[list(observations.columns)]


def files(folder: Path) -> dict[str, bytes]:
    """Give the bytes of every file in a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run_pages(space: Workspace) -> None:
    for planned in judge_runs(plan_runs(space, [PLACE], ["mk"]), space):
        outcome = execute_run(planned.run, planned.key, space.root)
        assert outcome.reason == ""
    publish_edition(space)


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]
) -> tuple[Workspace, Workspace]:
    """Two workspaces, published and run, whose withheld figures differ."""
    spaces = [new_workspace(tmp_path_factory.mktemp(name)) for name in ("one", "other")]
    built = build_workspace(spaces[0])
    publish_observations(built, spaces[0])
    changed = exchange(built.observations, read_table(spaces[0].public / OBSERVATIONS))
    publish_observations(replace(built, observations=changed), spaces[1])
    for space in spaces:
        run_pages(space)
    return spaces[0], spaces[1]


def test_the_editions_differ_where_nobody_may_look(pair):
    one, other = (read_table(space.restricted / OBSERVATIONS) for space in pair)
    differs = one["value"].ne(other["value"]) & one["value"].notna()

    assert differs.sum() > 1
    assert one["value"].sum() == other["value"].sum()


@pytest.mark.parametrize("room", ["public", "site", "briefs"])
def test_everything_published_is_the_same_to_the_byte(pair, room):
    one, other = (files(getattr(space, room)) for space in pair)

    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert one


def test_a_shown_figure_that_differs_would_be_seen(pair, tmp_path, new_workspace):
    space = new_workspace(tmp_path / "third")
    built = build_workspace(space)
    table = read_table(pair[0].public / OBSERVATIONS)
    shown = table.loc[table["state"].eq("value") & table["area_id"].eq("MK"), "observation_id"]
    changed = built.observations.copy()
    at = changed.index[changed["observation_id"].eq(shown.iloc[0])]
    changed.loc[at, ["value", "numerator"]] += 1
    publish_observations(replace(built, observations=changed), space)

    assert files(space.public) != files(pair[0].public)


def build(space: Workspace) -> None:
    subprocess.run(
        [sys.executable, "-c", COMMAND, "build"],
        cwd=space.root,
        env={**os.environ, "PATOKAZ_HOME": str(space.root)},
        check=True,
        capture_output=True,
    )


def without_hashes(space: Workspace) -> tuple[pd.DataFrame, dict[str, object]]:
    table = read_table(space.public / OBSERVATIONS)
    table["snapshot_id"] = table["snapshot_id"].str.replace(HASH, "", regex=True)
    note = json.loads((space.public / "release.json").read_text(encoding="utf-8"))
    kept = {k: v for k, v in note.items() if "sha256" not in k and k != "snapshots"}
    return table, kept


def test_the_command_publishes_the_same_but_for_the_hash_of_the_file(pair, tmp_path, new_workspace):
    spaces = [new_workspace(tmp_path / name) for name in ("one", "other")]
    exchange_in_file(spaces[1], *pair)
    for space in spaces:
        build(space)
    one, other = (without_hashes(space) for space in spaces)

    pd.testing.assert_frame_equal(one[0], other[0])
    assert one[1] == other[1]


def exchange_in_file(space: Workspace, one: Workspace, other: Workspace) -> None:
    """Write into the published table what the second workspace has in memory."""
    true, changed = (read_table(s.restricted / OBSERVATIONS) for s in (one, other))
    path = space.published / TABLE
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("value")
    is_here = changed["snapshot_id"].str.startswith(f"{TABLE}@")
    moved = changed.loc[changed["value"].ne(true["value"]) & changed["value"].notna() & is_here]
    assert len(moved) > 1
    for row in moved.to_dict("records"):
        cells = lines[row["line"] - 1].split(",")
        cells[at] = f"{row['value']:.0f}"
        lines[row["line"] - 1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def guesses(space: Workspace, line: int) -> dict[str, int]:
    """Hash a table with each small number in the place of a withheld one, as anybody could."""
    lines = (space.published / TABLE).read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("value")
    found = {}
    for guess in range(1, 10):
        cells = lines[line - 1].split(",")
        cells[at] = str(guess)
        text = "\n".join([*lines[: line - 1], ",".join(cells), *lines[line:]]) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        found |= {digest[:length]: guess for length in (8, 12, 16, 64)}
    return found


def everything(space: Workspace) -> bytes:
    """Give all that is in the public zone, with the texts of its tables."""
    tables = [read_table(path) for path in sorted(space.public.glob("*.parquet"))]
    texts = [table.to_csv(index=False).encode() for table in tables]
    return b"\n".join([*files(space.public).values(), *texts])


def test_no_published_hash_confirms_a_guess(tmp_path, new_workspace):
    space = new_workspace(tmp_path / "handed")
    built = build_workspace(space)
    # As if the table had been handed over: what ships with the project is no secret.
    (name,) = {s for s in built.observations["snapshot_id"] if s.startswith(f"{TABLE}@")}
    ids = built.observations["snapshot_id"].str.replace(TABLE, "indicator_table")
    snapshots = tuple(s.replace(TABLE, "indicator_table") for s in built.snapshots)
    true = built.observations.assign(snapshot_id=ids)
    publish_observations(replace(built, observations=true, snapshots=snapshots), space)
    gone = read_table(space.public / OBSERVATIONS)["state"].eq("suppressed")
    small = true.loc[gone & ids.eq(name.replace(TABLE, "indicator_table"))]
    row = small.loc[small["value"].between(1, 9)].iloc[0]
    told = everything(space)

    tried = guesses(space, int(row["line"]))
    assert row["value"] in tried.values()
    assert {guess for digest, guess in tried.items() if digest.encode() in told} == set()
