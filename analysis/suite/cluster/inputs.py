"""What runs are made of, as one archive in a folder that all machines of a cluster reach.

Only what is listed here goes there: the public table, notebooks, templates, boundaries, the ledger
of releases and the lock file. Nothing below ``restricted`` ever does, nor anything received.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.sources.boundaries import boundary_parts
from analysis.sources.boundary_files import OWN_FILES, boundary_snapshot
from analysis.suite.cluster.packing import hash_bytes, pack_files, unpack_files
from analysis.suite.executors import ClusterError
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "PATOKAZ_WORKER_HOME"
INPUTS, RESULTS = "inputs", "results"
NAME_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of runs, in a folder that all machines reach.

    Parameters
    ----------
    address : str
        Of the folder, as fsspec writes it: ``file:///shared/patokaz``, ``s3://bucket/patokaz``.
    sha256 : str
        Of the archive.
    """

    address: str
    sha256: str

    @property
    def path(self) -> str:
        """Address of the archive."""
        return f"{self.address.rstrip('/')}/{INPUTS}/{self.sha256}.zip"


def put_inputs(workspace: Workspace, address: str) -> Inputs:
    """Put the inputs of runs into the folder of a cluster, unless they are there.

    Parameters
    ----------
    workspace : Workspace
        Built.
    address : str

    Returns
    -------
    Inputs

    Raises
    ------
    ClusterError
        When the folder cannot be written, or an input leads into what is restricted.
    """
    content = pack_files(list_inputs(workspace))
    inputs = Inputs(address, hash_bytes(content))
    write_there(inputs.path, content, is_once=True)
    return inputs


def list_inputs(workspace: Workspace) -> dict[str, Path]:
    """List the files that runs are made of.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    dict of str to pathlib.Path
        By path within the workspace.

    Raises
    ------
    ClusterError
        When one of them is a link into what is restricted.
    """
    found = {path.relative_to(workspace.root).as_posix(): path for path in _inputs(workspace)}
    restricted = workspace.restricted.resolve()
    for name, path in found.items():
        if path.resolve().is_relative_to(restricted):
            msg = (
                f"'{name}' leads into '{workspace.restricted.name}/', which never leaves this "
                f"machine. Put a file of its own in its place, then run again."
            )
            raise ClusterError(msg)
    return found


def _inputs(workspace: Workspace) -> Iterator[Path]:
    yield from (p for p in sorted(workspace.public.iterdir()) if p.is_file())
    yield from sorted(workspace.notebooks.glob("*.ipynb"))
    yield workspace.suite_file
    yield workspace.lock_file
    releases = workspace.root / "data_raw" / "releases"
    for folder in (workspace.brief_templates, releases):
        yield from (p for p in sorted(folder.rglob("*")) if p.is_file())
    for name in OWN_FILES:
        if (workspace.received / name).is_file():
            yield from boundary_parts(workspace.received / name)
    if boundary_snapshot(workspace).is_file():
        yield boundary_snapshot(workspace)


def fetch_inputs(inputs: Inputs, home: Path | None = None) -> Workspace:
    """Make a workspace of inputs on the machine of a worker, unless it is there.

    Parameters
    ----------
    inputs : Inputs
    home : pathlib.Path, optional
        Folder of the worker; that which ``PATOKAZ_WORKER_HOME`` names unless given, else one of
        its user among the temporary files.

    Returns
    -------
    Workspace

    Raises
    ------
    ClusterError
        When the folder of the cluster cannot be read.
    PackError
        When the archive is not the one that was put there.
    """
    room = home or choose_home()
    folder = room / inputs.sha256[:NAME_LENGTH]
    if not folder.is_dir():
        content = read_there(inputs.path)
        beside = Path(tempfile.mkdtemp(dir=room, prefix=".inputs-"))
        try:
            unpack_files(content, inputs.sha256, beside, lambda _: True)
            # Another worker of this machine may have been quicker: its files are the same.
            with suppress(OSError):
                beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Workspace(folder)


def choose_home() -> Path:
    """Choose the folder of a worker; only its owner may enter it.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ClusterError
        When it belongs to somebody else.
    """
    said = os.environ.get(HOME)
    user = os.getuid() if hasattr(os, "getuid") else 0
    home = Path(said) if said else Path(tempfile.gettempdir()) / f"patokaz-worker-{user}"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and home.stat().st_uid != user:
        msg = f"'{home}' belongs to somebody else. Set {HOME} to a folder of this worker."
        raise ClusterError(msg)
    return home


def open_there(path: str) -> tuple[Any, str]:
    """Give the file system of an address, and the path within it.

    Parameters
    ----------
    path : str
        As fsspec writes it.

    Returns
    -------
    tuple of (fsspec.AbstractFileSystem, str)

    Raises
    ------
    ClusterError
        When fsspec is not installed or does not know such addresses.
    """
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ImportError:
        msg = "A folder of a cluster needs fsspec. Install it with `pip install patokaz[dask]`."
        raise ClusterError(msg) from None
    try:
        found: tuple[Any, str] = url_to_fs(path)
    except (ValueError, ImportError) as unknown:
        msg = (
            f"'{path}' is no address of a folder that can be reached here: {unknown}. Write one "
            f"such as file:///shared/patokaz or s3://bucket/patokaz."
        )
        raise ClusterError(msg) from None
    return found


def write_there(path: str, content: bytes, *, is_once: bool = False) -> None:
    """Write a file at an address, whole or not at all.

    Parameters
    ----------
    path : str
    content : bytes
    is_once : bool
        Whether a file that is there has the same bytes: its name is its hash.

    Raises
    ------
    ClusterError
        When it cannot be written.
    """
    system, place = open_there(path)
    try:
        if is_once and system.exists(place) and system.size(place) == len(content):
            return
        system.makedirs(place.rsplit("/", 1)[0], exist_ok=True)
        beside = f"{place}.{os.getpid()}.part"
        system.pipe_file(beside, content)
        system.mv(beside, place)
    except OSError as failure:
        msg = f"'{path}' cannot be written: {failure}. See to the folder of the cluster."
        raise ClusterError(msg) from failure


def read_there(path: str) -> bytes:
    """Read a file at an address.

    Raises
    ------
    ClusterError
        When it cannot be read.
    """
    system, place = open_there(path)
    try:
        content: bytes = system.cat_file(place)
    except OSError as failure:
        msg = f"'{path}' cannot be read: {failure}. See to the folder of the cluster."
        raise ClusterError(msg) from failure
    return content


def remove_there(path: str) -> None:
    """Remove a file at an address; one that cannot be removed only takes room."""
    system, place = open_there(path)
    with suppress(OSError):
        system.rm_file(place)
