"""An edition: a numbered folder with all that readers see, and a note of what is in it."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.store.files import OBSERVATIONS, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.workspace import Workspace

EDITION = "edition.json"
SITE, BRIEFS, PUBLIC = "site", "briefs", "public"
TABLE = f"{PUBLIC}/{OBSERVATIONS}"
# Written once readers have seen an edition; one without it was never switched to.
SHOWN = "shown.json"
WITHDRAWN = "withdrawn.json"
LOG = "editions.jsonl"
NUMBERED = re.compile(r"\d{4,}")
# How a page stands: fresh; last good one after a failed run; older than the figures; not there.
OK, FAILED, BEHIND, MISSING = "ok", "failed", "behind", "missing"


class EditionError(ValueError):
    """An edition that cannot be published, or gone back to.

    Parameters
    ----------
    sentences : sequence of str
        All that is wrong, a sentence each.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """What an edition shows of a run.

    Parameters
    ----------
    name, language, slug : str
        As on the record of the run.
    run_id : str
        The run that is shown: the last good one.
    state : {"ok", "failed", "behind", "missing"}
        ``failed``: the newest run failed, a former one is shown with a banner. ``behind``: its
        figures are older than the public table, and the page says so. ``missing``: none ever
        succeeded; its page says that.
    reason : str
        One sentence, unless the state is ``ok``.
    data_date : str
        Date of the newest source in it.
    files : tuple of str
        Paths within the edition.
    """

    name: str
    language: str
    slug: str
    run_id: str
    state: str
    reason: str
    data_date: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileNote:
    """What a file of an edition is, so that a change of it is noticed."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition says of itself.

    Parameters
    ----------
    number : int
    made : str
        ISO 8601, UTC.
    observations_sha256, policy_sha256, ledger_sha256 : str
        The public table, the policy that protected it, and the ledger of releases then.
    release : int or None
        Number of the release where two persons had let the figures out; such editions stay.
    runs : tuple of PublishedRun
    files : dict of str to FileNote
        Path within the edition.
    counts : dict of str to int
        Pages and numbers of each language, rows of the public table.
    """

    number: int
    made: str
    observations_sha256: str
    policy_sha256: str
    ledger_sha256: str
    release: int | None
    runs: tuple[PublishedRun, ...]
    files: dict[str, FileNote]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def not_fresh(self) -> tuple[PublishedRun, ...]:
        """Runs whose page carries a banner or is missing."""
        return tuple(run for run in self.runs if run.state != OK)


def edition_folder(workspace: Workspace, number: int) -> Path:
    """Give the folder of an edition.

    Examples
    --------
    >>> from pathlib import Path
    >>> from analysis.workspace import Workspace
    >>> edition_folder(Workspace(Path("here")), 7).as_posix()
    'here/data_processed/editions/0007'
    """
    return workspace.editions / f"{number:04d}"


def list_numbers(workspace: Workspace) -> list[int]:
    """List the numbers of all editions that are kept, oldest first."""
    if not workspace.editions.is_dir():
        return []
    names = (p.name for p in workspace.editions.iterdir() if p.is_dir())
    return sorted(int(name) for name in names if NUMBERED.fullmatch(name))


def write_edition(folder: Path, edition: Edition) -> Path:
    """Write what an edition says of itself into its folder."""
    path = folder / EDITION
    write_atomically(path, _to_bytes(asdict(edition)))
    return path


def read_edition(folder: Path) -> Edition:
    """Read what an edition says of itself.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    Edition

    Raises
    ------
    EditionError
        When its note is missing or torn.
    """
    path = folder / EDITION
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _to_edition(content)
    except FileNotFoundError:
        msg = f"'{path}' is missing, so nobody can tell what belongs to this edition."
    except (ValueError, KeyError, TypeError) as torn:
        msg = f"'{path}' cannot be read ({torn}), so nobody can tell what belongs to this edition."
    raise EditionError(f"{msg} Publish again: `patokaz publish`.")


def _to_edition(content: dict[str, Any]) -> Edition:
    runs = tuple(PublishedRun(**{**run, "files": tuple(run["files"])}) for run in content["runs"])
    files = {name: FileNote(**note) for name, note in content["files"].items()}
    return Edition(**{**content, "runs": runs, "files": files})


def read_current(workspace: Workspace) -> Edition | None:
    """Read the edition that readers see.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Edition or None
        None before the first.

    Raises
    ------
    EditionError
        When its note is missing or torn.
    """
    return read_edition(workspace.current) if workspace.current.is_dir() else None


def read_editions(workspace: Workspace) -> list[Edition]:
    """Read all editions that readers have seen and that are kept, oldest first."""
    folders = [edition_folder(workspace, number) for number in list_numbers(workspace)]
    return [read_edition(folder) for folder in folders if (folder / SHOWN).is_file()]


def mark_folder(folder: Path, name: str) -> None:
    """Leave a mark in the folder of an edition: that it was shown, or withdrawn, and when."""
    write_atomically(folder / name, _to_bytes({"at": tell_now()}))


def tell_now() -> str:
    """Tell the time as notes have it: ISO 8601, UTC, seconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _to_bytes(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode("utf-8")
