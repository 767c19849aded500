"""Where the rooms of a workspace are. Nothing else in the package builds a path by itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MARKER = Path("notebooks") / "suite.toml"
VARIABLE = "PATOKAZ_HOME"


class WorkspaceError(ValueError):
    """No workspace was found where one was expected."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one workspace.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds ``notebooks/suite.toml``.

    Examples
    --------
    >>> Workspace(Path("somewhere")).public.as_posix()
    'somewhere/data_processed/public'
    """

    root: Path

    @property
    def published(self) -> Path:
        """Cited figures that ship with the project."""
        return self.root / "data_raw" / "published"

    @property
    def snapshots(self) -> Path:
        """Files as downloaded, each with a sidecar; ignored by git."""
        return self.root / "data_raw" / "snapshots"

    @property
    def received(self) -> Path:
        """Files that somebody handed over; ignored by git."""
        return self.root / "data_raw" / "received"

    @property
    def restricted(self) -> Path:
        """Observations before protection."""
        return self.root / "data_processed" / "restricted"

    @property
    def public(self) -> Path:
        """Observations after protection: all that pages, dashboards and briefs may read."""
        return self.root / "data_processed" / "public"

    @property
    def runs(self) -> Path:
        """Executed notebooks with their manifests, a folder a run."""
        return self.root / "data_processed" / "runs"

    @property
    def editions(self) -> Path:
        """Every edition that was published, a folder each; former ones stay for a while."""
        return self.root / "data_processed" / "editions"

    @property
    def current(self) -> Path:
        """The edition that readers see: a link to its folder."""
        return self.root / "data_processed" / "current"

    @property
    def site(self) -> Path:
        """Static pages as published: those of the current edition."""
        return self.root / "data_processed" / "site"

    @property
    def status(self) -> Path:
        """Pages that say how the last runs ended; not published."""
        return self.root / "data_processed" / "status"

    @property
    def logs(self) -> Path:
        """What happened, one line of JSON each."""
        return self.root / "data_processed" / "logs"

    @property
    def lock(self) -> Path:
        """Held while runs are under way, so that two runners never work at once."""
        return self.root / "data_processed" / "run.lock"

    @property
    def notebooks(self) -> Path:
        """Notebooks that Papermill runs."""
        return self.root / "notebooks"

    @property
    def suite_file(self) -> Path:
        """Which notebook runs for which areas and languages."""
        return self.root / MARKER

    @property
    def dashboards(self) -> Path:
        """One notebook a Voila dashboard."""
        return self.root / "dashboards"

    @property
    def brief_templates(self) -> Path:
        """Templates of briefs, which an institution may replace."""
        return self.root / "policy_briefs" / "templates"

    @property
    def brief_texts(self) -> Path:
        """What people add to briefs: a folder a document, a Markdown file a language."""
        return self.root / "policy_briefs" / "texts"

    @property
    def briefs(self) -> Path:
        """Briefs as built: those of the current edition; ignored by git."""
        return self.root / "policy_briefs" / "built"

    @property
    def own_briefs(self) -> Path:
        """Briefs that somebody made by hand, outside an edition; ignored by git."""
        return self.root / "policy_briefs" / "own"

    @property
    def lock_file(self) -> Path:
        """The exact versions that a run was made with."""
        return self.root / "requirements.lock"


def find_workspace(start: Path | None = None) -> Workspace:
    """Find the workspace that a folder belongs to.

    Parameters
    ----------
    start : pathlib.Path, optional
        Where to begin; upwards from there. Without it ``PATOKAZ_HOME`` decides, then the
        current folder, then the checkout that this package was installed from.

    Returns
    -------
    Workspace

    Raises
    ------
    WorkspaceError
        When no folder above holds ``notebooks/suite.toml``.
    """
    named = os.environ.get(VARIABLE)
    if start is None and named:
        if (Path(named) / MARKER).is_file():
            return Workspace(Path(named).resolve())
        msg = (
            f"{VARIABLE} is set to '{named}', but that folder has no {MARKER.as_posix()}. "
            f"Set it to the root of a Patokaz checkout, or unset it."
        )
        raise WorkspaceError(msg)
    begin = (start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parents[1]
    for folder in [begin, *begin.parents, *([] if start else [checkout])]:
        if (folder / MARKER).is_file():
            return Workspace(folder)
    msg = (
        f"No workspace was found at or above '{begin}': expected a folder with "
        f"{MARKER.as_posix()}. Change into a Patokaz checkout or set {VARIABLE} to one."
    )
    raise WorkspaceError(msg)
