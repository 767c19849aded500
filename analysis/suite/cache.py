"""Is a run needed? Its key is the hash of all that it is made of; a key on record is not run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import nbformat

from analysis.documents.notice import standing_key
from analysis.protection.door import read_release
from analysis.protection.ledger.standing import read_standing
from analysis.sources.boundaries import boundary_parts
from analysis.sources.boundary_files import OWN_FILES, boundary_snapshot
from analysis.store.files import write_atomically

if TYPE_CHECKING:
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

PACKAGE = Path(__file__).resolve().parents[1]
CODE = ("*.py", "*.csv", "*.toml", "*.j2", "*.po", "*.typ", "*.css", "*.geojson")
MANIFEST = "manifest.json"
ID_LENGTH = 12

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


def make_key(run: Run, workspace: Workspace) -> Key:
    """Make the key of a run.

    Parameters
    ----------
    run : Run
    workspace : Workspace
        Its public zone must have been built.

    Returns
    -------
    Key
    """
    release = read_release(workspace)
    own = [
        part
        for name in OWN_FILES
        if (workspace.received / name).is_file()
        for part in boundary_parts(workspace.received / name)
    ]
    download = boundary_snapshot(workspace)
    shapes = own or ([download] if download.is_file() else [])
    templates = sorted(p for p in workspace.brief_templates.glob("*") if p.is_file())
    return Key(
        (
            ("run", json.dumps([run.name, run.parameters, run.outputs, run.languages])),
            ("notebook", _notebook_digest(workspace.notebooks / f"{run.notebook}.ipynb")),
            ("data", f"{release['observations_sha256']} {release['sources_sha256']}"),
            # An edition that two persons release is written anew, without the mark of a draft.
            ("standing", standing_key(read_standing(workspace))),
            ("boundaries", _digest(shapes)),
            ("templates", _digest(templates)),
            ("code", code_digest()),
            ("lock", _digest([workspace.lock_file])),
        )
    )


def _notebook_digest(path: Path) -> str:
    """Hash what a notebook does: its cells and tags, not its outputs or how it was saved."""
    cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    said = [[c.cell_type, c.source, c.metadata.get("tags", [])] for c in cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _digest(paths: list[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Hash every file of the package that a number or a word can come from."""
    files = sorted({p for pattern in CODE for p in PACKAGE.rglob(pattern)})
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.relative_to(PACKAGE).as_posix().encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def run_folder(run: Run, workspace: Workspace) -> Path:
    """Give the folder that keeps the executed notebook and the manifest of a run."""
    return workspace.runs / run.name


def read_manifest(run: Run, workspace: Workspace) -> dict[str, Any] | None:
    """Read what is on record of a run; None where it has never run."""
    path = run_folder(run, workspace) / MANIFEST
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write_manifest(run: Run, workspace: Workspace, content: dict[str, Any]) -> None:
    """Put a run on record."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(run_folder(run, workspace) / MANIFEST, text.encode("utf-8"))


def judge(run: Run, key: Key, workspace: Workspace) -> tuple[Reason, tuple[str, ...]]:
    """Say whether a run is needed, and which inputs changed.

    Parameters
    ----------
    run : Run
    key : Key
    workspace : Workspace

    Returns
    -------
    tuple of (reason, tuple of str)
        The second part names the changed inputs: ``data``, ``code`` and so on.
    """
    held = read_manifest(run, workspace)
    if held is None:
        return "new", ()
    if held["state"] != "ok":
        return "failed before", ()
    was = dict(map(tuple, held["key"]))
    changed = tuple(name for name, value in key.parts if was.get(name) != value)
    if changed:
        return "changed", changed
    for name, digest in held["outputs"].items():
        path = workspace.root / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return "output missing or altered", (name,)
    return "unchanged", ()
