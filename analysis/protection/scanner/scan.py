"""Reading finished artefacts for what may not be in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import LARGEST, TOO_LARGE, Unread
from analysis.protection.scanner.kinds import open_source, read_fragments
from analysis.protection.scanner.leaks import NAME, Leak, tell_leak, tell_unread
from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.secrets import read_secrets
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.protection.scanner.secrets import Secrets
    from analysis.workspace import Workspace

NO_FILE = mark("it cannot be opened")
RELEASES = Path("data_raw") / "releases"


def scan_files(paths: Iterable[Path], secrets: Secrets, root: Path | None = None) -> list[Leak]:
    """Look for withheld numbers in finished files.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files of any kind.
    secrets : Secrets
        As :func:`~analysis.protection.scanner.secrets.read_secrets` gives them.
    root : pathlib.Path, optional
        Paths are named from here.

    Returns
    -------
    list of Leak
        What tells a withheld number, and what could not be read; none for a clean edition.
    """
    matcher = Matcher(secrets)
    return [leak for path in paths for leak in scan_file(path, matcher, root)]


def scan_file(path: Path, matcher: Matcher, root: Path | None = None) -> list[Leak]:
    """Look for withheld numbers in one file.

    Parameters
    ----------
    path : pathlib.Path
    matcher : Matcher
    root : pathlib.Path, optional

    Returns
    -------
    list of Leak
        Each secret once a place, in the order of the file.
    """
    inside = root is not None and path.is_relative_to(root)
    name = path.relative_to(root).as_posix() if inside and root else path.as_posix()
    try:
        if path.stat().st_size > LARGEST:
            return [tell_unread(name, Unread("", TOO_LARGE))]
        content = path.read_bytes()
    except OSError:
        return [tell_unread(name, Unread("", NO_FILE))]
    return scan_bytes(name, content, matcher)


def scan_bytes(name: str, content: bytes, matcher: Matcher) -> list[Leak]:
    """Look for withheld numbers in what will become a file.

    Parameters
    ----------
    name : str
        Its path; areas that it names count for what stands in it.
    content : bytes
    matcher : Matcher

    Returns
    -------
    list of Leak
    """
    found: dict[Leak, None] = {}
    source = open_source(name, content)
    own = source.hidden(NAME, name.rsplit("/", 1)[-1])
    for piece in (own, *read_fragments(source)):
        if isinstance(piece, Unread):
            found[tell_unread(name, piece)] = None
        else:
            found |= {tell_leak(name, piece.place, told): None for told in matcher.find_told(piece)}
    return list(found)


def list_artefacts(workspace: Workspace) -> list[Path]:
    """List the finished files of an edition: pages, briefs, public zone, runs, former releases.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    list of pathlib.Path
    """
    rooms = (
        workspace.site,
        workspace.briefs,
        workspace.own_briefs,
        workspace.public,
        workspace.runs,
        workspace.root / RELEASES,
    )
    return [path for room in rooms for path in sorted(room.rglob("*")) if not path.is_dir()]


def scan_workspace(workspace: Workspace) -> list[Leak]:
    """Look for withheld numbers in all finished files of an edition.

    Parameters
    ----------
    workspace : Workspace
        Built and run.

    Returns
    -------
    list of Leak

    Raises
    ------
    StoreError
        When nothing has been built.
    """
    return scan_files(list_artefacts(workspace), read_secrets(workspace), workspace.root)
