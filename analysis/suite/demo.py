"""A whole workspace of synthetic figures, in a folder of its own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.sources.demonstration import make_tables
from analysis.sources.demonstration_returns import make_returns
from analysis.store.files import write_atomically
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Returns as partners would send them, to be taken in by `patokaz import`.
RETURNS = "returns"
COPIED = ("notebooks", "dashboards", "policy_briefs/templates")
README = """# A workspace for demonstration

Every figure here is synthetic: drawn from the seed {seed}, real of nobody. Whatever is made from it
says so. Do not copy its tables into a workspace with real figures: the build refuses to mix them.

Filled returns lie in `data_raw/received/returns/`; take them in with `patokaz import FILE`.

Make its pages with `PATOKAZ_HOME=. patokaz build` and `PATOKAZ_HOME=. patokaz run --all`.
"""


class DemoError(ValueError):
    """A folder in which no demonstration can be made."""


def make_demo(folder: Path, seed: int, model: Workspace) -> Workspace:
    """Make a workspace for demonstration.

    Parameters
    ----------
    folder : pathlib.Path
        Must be empty or not exist yet.
    seed : int
        The same seed gives the same bytes.
    model : Workspace
        Whose notebooks, dashboards and templates are copied.

    Returns
    -------
    Workspace
        Not built yet.

    Raises
    ------
    DemoError
        When the folder holds anything: real figures must never come to lie beside synthetic ones.
    """
    if folder.exists() and any(folder.iterdir()):
        msg = f"'{folder}' is not empty. A demonstration wants a folder of its own; name another."
        raise DemoError(msg)
    space = Workspace(folder.resolve())
    for source, target in _copies(model, space):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for table in make_tables(seed):
        write_atomically(space.published / table.name, table.content)
    for table in make_returns(seed):
        write_atomically(space.received / RETURNS / table.name, table.content)
    write_atomically(space.root / "README.md", README.format(seed=seed).encode())
    return space


def _copies(model: Workspace, space: Workspace) -> Iterable[tuple[Path, Path]]:
    for name in COPIED:
        for source in sorted((model.root / name).rglob("*")):
            if source.is_file() and ".ipynb_checkpoints" not in source.parts:
                yield source, space.root / source.relative_to(model.root)
    yield model.lock_file, space.lock_file
