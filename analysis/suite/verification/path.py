"""Whether a file, a bundle or an edition is what was made, and made from what it claims.

All of it works without a network, and a bundle also without the workspace that made it: its
seals travel with it. A seal tells a slip of the hand and a changed figure; it is no signature, so
that who rewrites the seals too is told only by the edition in the workspace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.seals.manifest import MANIFEST
from analysis.suite.editions.edition import EDITION, edition_folder
from analysis.suite.verification.bundle import read_bundle, read_folder, verify_bundle
from analysis.suite.verification.edition import verify_edition
from analysis.suite.verification.file import verify_file
from analysis.suite.verification.verdict import VerifyError

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.suite.verification.verdict import Verdict
    from analysis.workspace import Workspace


def verify_path(path: Path, workspace: Workspace | None = None) -> Verdict:
    """Verify a file, a bundle (ZIP or its unpacked folder) or an edition.

    Parameters
    ----------
    path : pathlib.Path
        A file or folder; the number of an edition as its name will do.
    workspace : Workspace, optional
        Where editions are looked up; a bundle needs none.

    Returns
    -------
    Verdict

    Raises
    ------
    VerifyError
        When there is nothing at the path, or a bundle cannot be opened.
    ManifestError
        When the seals of a bundle cannot be read.
    """
    if workspace is not None and path.name.isdigit() and not path.exists():
        path = edition_folder(workspace, int(path.name))
    if (path / EDITION).is_file():
        return verify_edition(path, workspace)
    if (path / MANIFEST).is_file():
        return verify_bundle(path.name, read_folder(path), workspace)
    if path.is_file():
        held = read_bundle(path) if path.suffix == ".zip" else None
        return verify_bundle(path.name, held, workspace) if held else verify_file(path, workspace)
    msg = (
        f"'{path}' is no file, no bundle and no edition. Expected an exported file, a bundle with "
        f"its {MANIFEST}, or the number of an edition as `patokaz editions` lists them."
    )
    raise VerifyError(msg)
