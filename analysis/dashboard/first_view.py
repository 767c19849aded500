"""First views for whoever opens the same address: made in one kernel, which reads the data once.

The first view of a dashboard is the same for everyone. The server asks one kernel for it, keeps
it as long as the edition stays, and sends it before the kernel of the session has started; that
kernel is told so and leaves its first view out.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.dashboard.frame import edition_standing
from analysis.protection.ledger.standing import RELEASE_NOTE
from analysis.store.read import read_public
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.dashboard.base import Html
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

# How the server tells a session that its first view has been sent.
SENT = "PATOKAZ_FIRST_VIEW"


def is_sent() -> bool:
    """Say whether the server has sent the first view of this session already."""
    return os.environ.get(SENT, "") == "sent"


def name_edition(workspace: Workspace, standing: Standing | None) -> str:
    """Name what a first view was made from: the public zone as it lies there, and its standing.

    Parameters
    ----------
    workspace : Workspace
    standing : Standing or None
        As :func:`~analysis.dashboard.frame.edition_standing` reads it.

    Returns
    -------
    str
        Another one as soon as a figure, a source or the word of the reviewers is another.
    """
    note = workspace.public / RELEASE_NOTE
    said = note.read_bytes() if note.is_file() else b""
    return hashlib.sha256(said + repr(standing).encode()).hexdigest()


class FirstViewMaker:
    """Makes first views, and keeps the data of the current edition between them.

    Parameters
    ----------
    workspace : Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._held: tuple[str, PublicData, Standing | None] | None = None

    def make(self, name: str, query: str) -> Html:
        """Make the first view of a dashboard.

        Parameters
        ----------
        name : str
            Name of its notebook.
        query : str
            What is chosen, as it stands in an address.

        Returns
        -------
        Html
            Its text is the name of the edition that it was made from.

        Raises
        ------
        DashboardError
            When there is no dashboard of that name.
        """
        from analysis.dashboard import open_dashboard
        from analysis.dashboard.base import Html

        edition, data, standing = self.read_edition()
        dashboard = open_dashboard(f"{name}?{query}", self._workspace)
        dashboard.lend(data, standing)
        return Html(dashboard.make_first(), edition)

    def read_edition(self) -> tuple[str, PublicData, Standing | None]:
        """Read the edition that stands there now; from memory where it is the same.

        Returns
        -------
        tuple of str, PublicData, Standing or None
            Its name, its data, and how it stands.
        """
        standing = edition_standing(self._workspace)
        edition = name_edition(self._workspace, standing)
        if self._held is None or self._held[0] != edition:
            self._held = edition, read_public(self._workspace), standing
            # Switched while it was read: what is shown has to stand under its own mark.
            standing = edition_standing(self._workspace)
            if name_edition(self._workspace, standing) != edition:
                self._held = None
                return self.read_edition()
        return self._held


@lru_cache(maxsize=1)
def _own_maker() -> FirstViewMaker:
    return FirstViewMaker(find_workspace())


def make_first_view(name: str, query: str) -> Html:
    """Make a first view in this process, which keeps the data: what the server asks a kernel for.

    Parameters
    ----------
    name : str
    query : str

    Returns
    -------
    Html
    """
    return _own_maker().make(name, query)
