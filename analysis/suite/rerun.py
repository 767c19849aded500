"""Making a run again, apart from everything published, to see whether it gives the same bytes."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.door import RELEASE
from analysis.store.files import OBSERVATIONS
from analysis.suite.attempt import Limits
from analysis.suite.cache import DATA, TABLE, Key, Keys
from analysis.suite.editions.edition import PUBLIC, edition_folder, list_numbers
from analysis.suite.execute import execute_run
from analysis.suite.plan import Run, plan_runs
from analysis.suite.records import FAILED, Record, read_record, read_records
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from analysis.suite.records import Good

SAME, OTHER, MISSING = "same", "other", "missing"
# What the run of a former edition of the data is made in: all but the tables are as they are now.
LINKED = ("notebooks", "data_raw", "policy_briefs", "requirements.lock")
RESTORED = frozenset({TABLE, "policy", "standing"})


class RerunError(ValueError):
    """A run that cannot be made again."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """How a run compares with itself.

    Parameters
    ----------
    name : str
        Of the run.
    verdicts : tuple of (str, str)
        File, and ``same``, ``other`` or ``missing``.
    sentence : str
    """

    name: str
    verdicts: tuple[tuple[str, str], ...]
    sentence: str

    @property
    def is_same(self) -> bool:
        """Whether every file has the same bytes."""
        return bool(self.verdicts) and all(verdict == SAME for _, verdict in self.verdicts)


def repeat_run(workspace: Workspace, run_id: str) -> Repeated:
    """Make a run again from the same inputs and compare what it gives.

    The figures are those of today, or else those of the edition that kept them. Code, locked
    packages and notebook cannot be brought back from here: where they differ, the sentence says
    so, and that version has to be checked out.

    Parameters
    ----------
    workspace : Workspace
    run_id : str
        As pages and briefs print it; its first characters suffice.

    Returns
    -------
    Repeated
        Nothing that is published, and no record, is touched.

    Raises
    ------
    RerunError
        When no such run is on record, several are, or an input is not there any more.
    """
    record = _find(workspace, run_id)
    if record.good is None:
        msg = f"Run {run_id} never succeeded, so there is nothing to compare with."
        raise RerunError(msg)
    run = _read_run(workspace, record)
    with tempfile.TemporaryDirectory(prefix="patokaz-rerun-") as folder:
        space, key = _restore(workspace, run, record.good, Path(folder))
        room = Path(folder) / "made"
        outcome = execute_run(run, key, space.root, Limits(), room)
        if outcome.state == FAILED:
            msg = f"Run {run_id} failed this time: {outcome.reason}."
            raise RerunError(msg)
        made = read_record(room / run.name)
        found = made.good.outputs if made and made.good else {}
    verdicts = tuple(
        (name, SAME if found.get(name) == digest else OTHER if name in found else MISSING)
        for name, digest in sorted(record.good.outputs.items())
    )
    same = sum(verdict == SAME for _, verdict in verdicts)
    sentence = f"{same} of {len(verdicts)} files of {run.name} have the same bytes."
    return Repeated(run.name, verdicts, sentence)


def _find(workspace: Workspace, run_id: str) -> Record:
    records = read_records(workspace)
    found = [r for r in records if run_id and r.good and r.good.run_id.startswith(run_id)]
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"'{run_id}' begins the ids of {len(found)} runs. Give more of its characters."
        raise RerunError(msg)
    msg = (
        f"No run on record has the id '{run_id}'. The id is printed at the foot of each page; "
        "`patokaz plan` lists those of the runs of today."
    )
    raise RerunError(msg)


def _read_run(workspace: Workspace, record: Record) -> Run:
    """Read the run from its record; the plan of today need not hold it any more."""
    for run in plan_runs(workspace, [record.area], [record.language]):
        if run.name == record.name:
            kept = next(value for name, value in record.key if name == "run")
            return _restore_choices(run, kept)
    said = json.dumps(record.parameters, ensure_ascii=False, sort_keys=True)
    msg = (
        f"{record.name} is not in {workspace.suite_file.name} any more (its parameters were "
        f"{said}). Put it back to make it again."
    )
    raise RerunError(msg)


def _restore_choices(run: Run, said: str) -> Run:
    """Give a run the languages that its pages linked to, which the plan may have narrowed."""
    _, parameters, outputs, languages = json.loads(said)
    return replace(
        run,
        parameters=tuple((name, value) for name, value in parameters),
        outputs=tuple(outputs),
        languages=tuple(languages),
    )


def _restore(workspace: Workspace, run: Run, good: Good, folder: Path) -> tuple[Workspace, Key]:
    """Find the inputs of a run: today's, or those of a kept edition."""
    was = {name: value for name, value in good.key if name != DATA}
    now = Keys(workspace).make_key(run)
    changed = [name for name, value in now.parts if was.get(name) != value]
    if not changed:
        return workspace, now
    beyond = [name for name in changed if name not in RESTORED]
    if beyond:
        msg = (
            f"Run {good.run_id} cannot be made again here: its {', '.join(beyond)} changed since. "
            "Check out the version that made it, and type the same command there."
        )
        raise RerunError(msg)
    for edition in reversed(_list_kept(workspace)):
        space = _overlay(workspace, edition / PUBLIC, folder / edition.name)
        key = Keys(space).make_key(run)
        if all(was.get(name) == value for name, value in key.parts):
            return space, key
    msg = (
        f"Run {good.run_id} was made of figures that no kept edition holds. Build them anew from "
        "the files of that day, and type the same command."
    )
    raise RerunError(msg)


def _list_kept(workspace: Workspace) -> list[Path]:
    """List the editions whose public zone is whole, oldest first.

    What a version without editions published was taken over without its tables.
    """
    folders = (edition_folder(workspace, number) for number in list_numbers(workspace))
    return [
        folder
        for folder in folders
        if all((folder / PUBLIC / name).is_file() for name in (RELEASE, OBSERVATIONS))
    ]


def _overlay(workspace: Workspace, public: Path, folder: Path) -> Workspace:
    """Make a workspace of today's files with the public tables of a former edition."""
    folder.mkdir()
    for name in LINKED:
        if (workspace.root / name).exists():
            (folder / name).symlink_to(workspace.root / name)
    space = Workspace(folder)
    shutil.copytree(public, space.public)
    return space
