"""A run is made again from the same inputs, and gives the same bytes or says why it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from analysis.store.files import write_atomically, write_table
from analysis.suite.attempt import Limits
from analysis.suite.plan import plan_runs
from analysis.suite.records import read_records
from analysis.suite.rerun import RerunError, repeat_run
from analysis.suite.run import Options, judge_runs, run_suite

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace

COLD = Options(Limits(60, 0, warm=False))


def _run(space: Workspace, inline: Any) -> str:
    planned = judge_runs(plan_runs(space, ["butel"]), space)
    report = run_suite(planned, space, None, COLD, lambda _: inline)
    assert [o.state for o in report.outcomes] == ["ok"]
    return report.outcomes[0].run_id


def test_the_same_inputs_give_the_same_bytes_and_touch_nothing(
    small: Workspace, inline: Any
) -> None:
    run_id = _run(small, inline)
    before = {p: p.stat().st_mtime_ns for p in small.root.rglob("*") if p.is_file()}
    result = repeat_run(small, run_id[:6])
    assert result.is_same
    assert result.verdicts == (("site/en/small-butel/index.html", "same"),)
    assert result.sentence.startswith("1 of 1 files of 09_small/small-butel_en_public")
    assert {p: p.stat().st_mtime_ns for p in small.root.rglob("*") if p.is_file()} == before


def test_what_differs_is_named(small: Workspace, inline: Any, rewrite: Callable[..., None]) -> None:
    rewrite(small, "import os\nfrom IPython.display import HTML\nHTML(f'<p>{os.urandom(8)}</p>')")
    result = repeat_run(small, _run(small, inline))
    assert not result.is_same
    assert result.verdicts == (("site/en/small-butel/index.html", "other"),)


def test_figures_of_a_former_edition_are_found_there(small: Workspace, inline: Any) -> None:
    run_id = _run(small, inline)
    table = pd.read_parquet(small.public / "observations.parquet")
    digest = write_table(small.public / "observations.parquet", table.iloc[1:])
    path = small.public / "release.json"
    said = json.loads(path.read_text(encoding="utf-8")) | {"observations_sha256": digest}
    # As a build does it: the edition shares its files with the workspace until then.
    write_atomically(path, json.dumps(said).encode())
    assert repeat_run(small, run_id).is_same
    (small.editions / "0001" / "public" / "release.json").unlink()
    with pytest.raises(RerunError, match="made of figures that no kept edition holds"):
        repeat_run(small, run_id)


def test_an_edition_without_its_tables_is_passed_over(small: Workspace, inline: Any) -> None:
    """What a version without editions had published was taken over without its public zone."""
    run_id = _run(small, inline)
    (small.editions / "0002" / "site").mkdir(parents=True)
    table = pd.read_parquet(small.public / "observations.parquet")
    digest = write_table(small.public / "observations.parquet", table.iloc[1:])
    path = small.public / "release.json"
    said = json.loads(path.read_text(encoding="utf-8")) | {"observations_sha256": digest}
    write_atomically(path, json.dumps(said).encode())
    assert repeat_run(small, run_id).is_same


def test_a_run_that_is_not_planned_any_more(small: Workspace, inline: Any) -> None:
    run_id = _run(small, inline)
    text = small.suite_file.read_text(encoding="utf-8")
    small.suite_file.write_text(text.replace("09_small", "02_municipal_profile"), encoding="utf-8")
    said = r'is not in suite.toml any more .*"area": "MK-\d+", "language": "en"\}\)\. Put it back'
    with pytest.raises(RerunError, match=said):
        repeat_run(small, run_id)


def test_another_notebook_cannot_give_the_same(
    small: Workspace, inline: Any, rewrite: Callable[..., None]
) -> None:
    run_id = _run(small, inline)
    rewrite(small, "1 + 1")
    with pytest.raises(RerunError, match="its notebook changed since. Check out the version"):
        repeat_run(small, run_id)


def test_an_id_that_nobody_knows(small: Workspace, inline: Any) -> None:
    with pytest.raises(RerunError, match="No run on record has the id '123456'"):
        repeat_run(small, "123456")
    _run(small, inline)
    run_suite(
        judge_runs(plan_runs(small, ["kumanovo"]), small), small, None, COLD, lambda _: inline
    )
    first, second = (r.good.run_id for r in read_records(small))
    shared = next((n for n in range(12) if first[n] != second[n]), 12)
    if shared:
        with pytest.raises(RerunError, match="begins the ids of 2 runs"):
            repeat_run(small, first[:shared])
