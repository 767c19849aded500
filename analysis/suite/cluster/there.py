"""A run on a machine that does not see the folders of the runner, and taking over what it gave."""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from analysis.suite.cache import Keys
from analysis.suite.cluster.inputs import (
    RESULTS,
    Inputs,
    fetch_inputs,
    read_there,
    remove_there,
    write_there,
)
from analysis.suite.cluster.packing import PackError, hash_bytes, pack_files, unpack_files
from analysis.suite.editions.files import list_files
from analysis.suite.execute import Outcome, execute_run
from analysis.suite.executors import ClusterError
from analysis.suite.records import MANIFEST, read_record, write_record
from analysis.suite.records import RESULTS as OWN_RESULTS

if TYPE_CHECKING:
    from analysis.suite.attempt import Limits
    from analysis.suite.cache import Key
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

ROOM = "rooms"
PLACES = ("site", "briefs")
FRESH = re.compile(rf"{OWN_RESULTS}-[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a run gave, in the folder of the cluster.

    Parameters
    ----------
    outcome : Outcome
    path : str
        Address of the archive; blank where there is none.
    sha256 : str
    """

    outcome: Outcome
    path: str
    sha256: str


def execute_there(run: Run, key: Key, inputs: Inputs, limits: Limits | None = None) -> Parcel:
    """Execute a run on the machine of a worker, and put what it gives where the runner finds it.

    Parameters
    ----------
    run : Run
    key : Key
        As the runner has it.
    inputs : Inputs
    limits : Limits, optional

    Returns
    -------
    Parcel

    Raises
    ------
    ClusterError
        When this machine has other code or other packages than the runner: it would give other
        bytes under the same name.
    """
    space = fetch_inputs(inputs)
    own = dict(_read_keys(space).make_key(run).parts)
    differing = [name for name, value in key.parts if own.get(name) != value]
    if differing:
        msg = (
            f"A worker has another state of: {', '.join(differing)}. Install the same version "
            f"there as on the machine of the runner, then run again."
        )
        raise ClusterError(msg)
    (space.root / ROOM).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=space.root / ROOM) as room:
        outcome = execute_run(run, key, space.root, limits, Path(room))
        folder = Path(room) / run.name
        files = {p.relative_to(folder).as_posix(): p for p in list_files(folder)}
        wanted = {name: path for name, path in files.items() if _belongs(name, run.notebook)}
        if MANIFEST not in wanted:
            return Parcel(outcome, "", "")
        content = pack_files(wanted)
    path = f"{inputs.address.rstrip('/')}/{RESULTS}/{key.run_id}-{uuid.uuid4().hex}.zip"
    write_there(path, content)
    return Parcel(outcome, path, hash_bytes(content))


@lru_cache(maxsize=2)
def _read_keys(space: Workspace) -> Keys:
    return Keys(space)


def _belongs(name: str, notebook: str) -> bool:
    parts = PurePosixPath(name).parts
    if len(parts) == 1:
        return name in {MANIFEST, f"{notebook}.ipynb"}
    return len(parts) > 2 and bool(FRESH.fullmatch(parts[0])) and parts[1] in PLACES  # noqa: PLR2004


def take_over(parcel: Parcel, run: Run, workspace: Workspace) -> Outcome:
    """Take over what a run gave on another machine, as if it had been made here.

    Parameters
    ----------
    parcel : Parcel
    run : Run
    workspace : Workspace

    Returns
    -------
    Outcome

    Raises
    ------
    ClusterError
        When the archive cannot be read, or its record is of another run.
    PackError
        When the archive is not the one that the worker put there.
    """
    if not parcel.path:
        return parcel.outcome
    folder = workspace.runs / run.name
    folder.mkdir(parents=True, exist_ok=True)
    former = read_record(folder)
    held = former.good if former else None
    content = read_there(parcel.path)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".taken-") as room:
        beside = Path(room)
        unpack_files(content, parcel.sha256, beside, lambda name: _belongs(name, run.notebook))
        record = read_record(beside)
        if record is None or record.name != run.name:
            msg = f"'{parcel.path}' holds no record of {run.name}. Run it again."
            raise ClusterError(msg)
        _check_files(beside, record.good.outputs if record.good else {}, run.name)
        for path in sorted(beside.iterdir()):
            if path.name != MANIFEST:
                _replace(path, folder / path.name)
    # Last, as always: writing the record is the moment at which a run has new results.
    good = record.good or held
    write_record(workspace, replace(record, good=good))
    for path in folder.glob(f"{OWN_RESULTS}-*"):
        if good is None or path.name != good.folder:
            shutil.rmtree(path, ignore_errors=True)
    remove_there(parcel.path)
    return parcel.outcome


def _check_files(folder: Path, outputs: dict[str, str], name: str) -> None:
    made = [p for p in folder.iterdir() if p.is_dir()]
    for path, digest in outputs.items():
        if len(made) != 1 or hash_bytes((made[0] / path).read_bytes()) != digest:
            msg = f"'{path}' of {name} is not what the worker put on record. Run it again."
            raise PackError(msg)


def _replace(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    source.replace(target)
