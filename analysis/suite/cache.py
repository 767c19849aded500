"""Is a run needed? It is when anything changed that it is made of or has read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import nbformat

from analysis.documents.brief_forms import FACTS
from analysis.documents.notice import standing_key
from analysis.protection.door import read_release
from analysis.protection.ledger.standing import read_standing
from analysis.sources.boundaries import boundary_parts
from analysis.sources.boundary_files import OWN_FILES, boundary_snapshot
from analysis.store.slices import Slices
from analysis.suite.records import FAILED, MANIFEST, Record, read_record

if TYPE_CHECKING:
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

PACKAGE = Path(__file__).resolve().parents[1]
CODE = ("*.py", "*.csv", "*.toml", "*.j2", "*.po", "*.typ", "*.css", "*.geojson", "*.json")
ID_LENGTH = 12
SEED_LENGTH = 8
# The whole table names the run; whether it is needed is decided by what it has read of it.
TABLE, DATA = "table", "data"
LANGUAGE = "language"

Reason = Literal["new", "changed", "failed before", "output missing or altered", "unchanged"]


@dataclass(frozen=True, slots=True)
class Key:
    """The inputs of a run, each as a hash, and the hash of them all."""

    parts: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """Hash of all parts."""
        return hashlib.sha256(json.dumps(self.parts).encode()).hexdigest()

    @property
    def run_id(self) -> str:
        """Short form, printed on pages and briefs."""
        return self.digest[:ID_LENGTH]


def make_seed(run: Run) -> int:
    """Make what the random numbers of a run begin with.

    It is the same in all languages, so that they print the same numbers, and from one edition of
    the data to the next, so that a revised figure alone makes a difference.

    Parameters
    ----------
    run : Run

    Returns
    -------
    int
        Below 2 to the 32nd, as numpy wants it.
    """
    values = {name: value for name, value in run.parameters if name != LANGUAGE}
    said = json.dumps([run.notebook, run.area, run.edition, values], sort_keys=True)
    return int(hashlib.sha256(said.encode()).hexdigest()[:SEED_LENGTH], 16)


class Keys:
    """The keys of many runs in one state of a workspace; what they share is read once.

    Parameters
    ----------
    workspace : Workspace
        Its public zone must have been built.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.slices = Slices(workspace)
        self._notebooks: dict[str, str] = {}

    def make_key(self, run: Run) -> Key:
        """Make the key of a run.

        Parameters
        ----------
        run : Run

        Returns
        -------
        Key

        Raises
        ------
        FileNotFoundError
            When nothing has been built.
        """
        # The form stands before the languages, which are read from the end of this list.
        form = [] if run.form == FACTS else [run.form]
        said = json.dumps([run.name, run.parameters, run.outputs, *form, run.languages])
        return Key((("run", said), ("notebook", self._hash_notebook(run.notebook)), *self._shared))

    def judge(self, run: Run, key: Key) -> tuple[Reason, tuple[str, ...]]:
        """Say whether a run is needed, and which inputs changed.

        Parameters
        ----------
        run : Run
        key : Key

        Returns
        -------
        tuple of (reason, tuple of str)
            The second part names the changed inputs: ``data``, ``code`` and so on.
        """
        folder = self.workspace.runs / run.name
        held = read_record(folder)
        if held is None:
            # Of a version that knew other fields, or never ended.
            return "new", ()
        if held.state == FAILED or held.good is None:
            return "failed before", ()
        was = dict(held.key)
        changed = [name for name, value in key.parts if name != TABLE and was.get(name) != value]
        if was.get(TABLE) != dict(key.parts)[TABLE] and was.get(DATA) != self.hash_data(held):
            changed.append(DATA)
        if changed:
            return "changed", tuple(changed)
        for name, digest in held.good.outputs.items():
            if not _is_kept(folder / held.good.folder / name, digest, folder / MANIFEST):
                return "output missing or altered", (name,)
        return "unchanged", ()

    def hash_data(self, record: Record) -> str:
        """Hash what a run has read, as it stands now.

        Parameters
        ----------
        record : Record

        Returns
        -------
        str
        """
        return self.slices.hash_reads(record.reads)

    @cached_property
    def _shared(self) -> tuple[tuple[str, str], ...]:
        space = self.workspace
        release = read_release(space)
        own = [
            part
            for name in OWN_FILES
            if (space.received / name).is_file()
            for part in boundary_parts(space.received / name)
        ]
        download = boundary_snapshot(space)
        shapes = own or ([download] if download.is_file() else [])
        templates = [p for p in space.brief_templates.glob("*") if p.is_file()]
        texts = [p for p in space.brief_texts.rglob("*.md") if p.is_file()]
        return (
            (TABLE, f"{release['observations_sha256']} {release['sources_sha256']}"),
            ("policy", str(release["policy_sha256"])),
            # An edition that two persons release is written anew, without the mark of a draft.
            ("standing", standing_key(read_standing(space))),
            ("boundaries", _hash_files(shapes)),
            ("templates", _hash_files(sorted([*templates, *texts]))),
            ("code", hash_code()),
            ("lock", _hash_files([space.lock_file])),
        )

    def _hash_notebook(self, name: str) -> str:
        """Hash what a notebook does: its cells and tags, not its outputs or how it was saved."""
        if name not in self._notebooks:
            path = self.workspace.notebooks / f"{name}.ipynb"
            cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
            said = [[c.cell_type, c.source, c.metadata.get("tags", [])] for c in cells]
            self._notebooks[name] = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        return self._notebooks[name]


def _is_kept(path: Path, digest: str, record: Path) -> bool:
    """Say whether a file is as the run left it.

    A file that is older than the record of its run has not been touched since; reading each of
    them again would make planning slow. What is published is always read again.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return False
    if changed <= record.stat().st_mtime_ns:
        return True
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _hash_files(paths: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def hash_code() -> str:
    """Hash every file of the package that a number or a word can come from.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    files = sorted({p for pattern in CODE for p in PACKAGE.rglob(pattern)})
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.relative_to(PACKAGE).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()
