"""The ledger on disk: a folder for each release, and the log of reviews beside them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.entries import (
    Entry,
    check_entries,
    name_release,
    read_entry,
)
from analysis.protection.ledger.review import APPROVED, Step, check_steps, follow_on, read_step
from analysis.store.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.workspace import Workspace

ENTRY = "entry.json"
SHOWN = "shown.parquet"
LOG = "review.jsonl"
LOCK = ".release.lock"
RELEASE_FOLDER = re.compile(r"\d{4,}")


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that is on record.

    Parameters
    ----------
    entries : tuple of Entry
        Releases by number.
    steps : tuple of Step
        Steps of reviews, oldest first.
    """

    entries: tuple[Entry, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of the newest entry, and so of all; empty before the first release."""
        return self.entries[-1].sha256 if self.entries else ""


def ledger_folder(workspace: Workspace) -> Path:
    """Give the folder of the ledger. It is kept under version control.

    Examples
    --------
    >>> from analysis.workspace import Workspace
    >>> ledger_folder(Workspace(Path("somewhere"))).as_posix()
    'somewhere/data_raw/releases'
    """
    return workspace.root / "data_raw" / "releases"


def release_folder(workspace: Workspace, number: int) -> Path:
    """Give the folder of one release."""
    return ledger_folder(workspace) / name_release(number)


def read_ledger(workspace: Workspace) -> Ledger:
    """Read the ledger and hold its parts against each other.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Ledger
        Empty before the first step. Where the last approval was cut off before its line was
        written, the line is given as the entry has it.

    Raises
    ------
    LedgerError
        When something was changed or taken out.
    """
    folder = ledger_folder(workspace)
    entries = _read_entries(folder)
    check_entries(entries)
    steps = _read_steps(folder / LOG)
    check_steps(steps)
    return Ledger(entries, join_approvals(entries, steps))


def join_approvals(entries: Sequence[Entry], steps: Sequence[Step]) -> tuple[Step, ...]:
    """Hold approvals and entries against each other.

    Parameters
    ----------
    entries : sequence of Entry
    steps : sequence of Step

    Returns
    -------
    tuple of Step
        The steps; with the approval of the last entry where only that line is missing.

    Raises
    ------
    LedgerError
        When an approval has lost its entry, or an entry its approval.
    """
    approved = [step.entry_sha256 for step in steps if step.kind == APPROVED]
    held = [entry.sha256 for entry in entries]
    if approved == held:
        return tuple(steps)
    if held and approved == held[:-1]:
        # The folder is what makes a release; the line is written after it.
        return (*steps, make_approval(entries[-1], steps))
    place = next((i for i, (a, b) in enumerate(zip(approved, held, strict=False)) if a != b), None)
    number = (min(len(approved), len(held)) if place is None else place) + 1
    msg = (
        f"The ledger was changed: the log of reviews and the entry of release "
        f"{name_release(number)} do not agree ({len(approved)} approvals on record, {len(held)} "
        f"releases). What was public once stays on record; restore both from version control."
    )
    raise LedgerError(msg)


def make_approval(entry: Entry, steps: Sequence[Step]) -> Step:
    """Make the step that says that an entry was approved."""
    return Step(
        APPROVED,
        entry.reviewer,
        entry.moment,
        entry.observations_sha256,
        entry_sha256=entry.sha256,
        former_sha256=follow_on(steps),
    )


def write_steps(workspace: Workspace, steps: Sequence[Step]) -> None:
    """Write the log of reviews, whole or not at all.

    Parameters
    ----------
    workspace : Workspace
    steps : sequence of Step
        Those that were there first, then the new one.

    Raises
    ------
    LedgerError
        When the steps do not follow on each other.
    """
    check_steps(steps)
    lines = [json.dumps(asdict(step), ensure_ascii=False, sort_keys=True) for step in steps]
    content = "".join(f"{line}\n" for line in lines).encode("utf-8")
    write_atomically(ledger_folder(workspace) / LOG, content)


def write_release(workspace: Workspace, entry: Entry, shown: bytes) -> None:
    """Put a release on record: its folder appears whole or not at all.

    Parameters
    ----------
    workspace : Workspace
    entry : Entry
    shown : bytes
        The protected table as published.

    Raises
    ------
    LedgerError
        When a release of this number is on record already.
    """
    folder = release_folder(workspace, entry.number)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        content = json.dumps(asdict(entry), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        write_atomically(aside / SHOWN, shown)
        write_atomically(aside / ENTRY, content.encode("utf-8"))
        aside.chmod(0o755)
        _move_into_place(aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _move_into_place(aside: Path, folder: Path) -> None:
    try:
        # A folder that is there and holds something is never written over by a rename.
        aside.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        msg = (
            f"Release {folder.name} was recorded by somebody else in the meantime. Build and "
            f"submit again: a new release is held against that one."
        )
        raise LedgerError(msg) from None


@contextlib.contextmanager
def hold_ledger(workspace: Workspace) -> Iterator[None]:
    """Hold the ledger for one step, so that two at once do not cross.

    Raises
    ------
    LedgerError
        When another step holds it.
    """
    lock = ledger_folder(workspace) / LOCK
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        msg = (
            f"Another step of a release is being recorded. Wait until it ends; if none is, "
            f"delete the file '{lock}'."
        )
        raise LedgerError(msg) from None
    try:
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _read_entries(folder: Path) -> tuple[Entry, ...]:
    found = folder.iterdir() if folder.is_dir() else ()
    names = [path for path in found if path.is_dir() and RELEASE_FOLDER.fullmatch(path.name)]
    entries = []
    for path in sorted(names, key=lambda path: int(path.name)):
        file = path / ENTRY
        if not file.is_file():
            msg = (
                f"'{file}' is missing. What was public once stays on record; restore it from "
                f"version control."
            )
            raise LedgerError(msg)
        entry = read_entry(_parse(file.read_text(encoding="utf-8"), f"'{file}'"), f"'{file}'")
        if path.name != entry.name:
            msg = (
                f"'{file}' is the entry of release {entry.name}, not of {path.name}. Restore the "
                f"folder from version control."
            )
            raise LedgerError(msg)
        entries.append(entry)
    return tuple(entries)


def _read_steps(path: Path) -> tuple[Step, ...]:
    if not path.is_file():
        return ()
    # No end of a line is in a name or a reason: their blanks were made plain when they were taken.
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [f"'{path}', line {number}," for number in range(1, len(lines) + 1)]
    return tuple(
        read_step(_parse(line, place), place) for line, place in zip(lines, places, strict=True)
    )


def _parse(text: str, place: str) -> dict[str, object]:
    try:
        content: dict[str, object] = dict(json.loads(text))
    except (ValueError, TypeError) as fault:
        msg = f"{place} cannot be read ({fault}). Restore it from version control."
        raise LedgerError(msg) from None
    return content
