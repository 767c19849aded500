"""Publishing: an edition is staged, verified and switched to, or nothing changes at all."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.door import read_release
from analysis.protection.ledger.standing import read_standing
from analysis.store.files import StoreError
from analysis.store.slices import Slices
from analysis.suite.cache import DATA
from analysis.suite.cache import TABLE as WHOLE_TABLE
from analysis.suite.editions.adopt import adopt_former
from analysis.suite.editions.counts import count_edition
from analysis.suite.editions.differences_report import write_differences
from analysis.suite.editions.edition import (
    BRIEFS,
    PUBLIC,
    SITE,
    TABLE,
    WITHDRAWN,
    Edition,
    EditionError,
    edition_folder,
    list_numbers,
    read_current,
    read_editions,
    tell_now,
    write_edition,
)
from analysis.suite.editions.files import find_altered, note_files, place_file, sync_path, sync_tree
from analysis.suite.editions.pages import read_pages
from analysis.suite.editions.prune import prune_editions
from analysis.suite.editions.stage import Shelf, fill_gaps, read_languages, stage_runs
from analysis.suite.editions.switch import STAGING, remove_edition, settle, switch_to
from analysis.suite.editions.taken_out import find_names, leave_out, write_names
from analysis.suite.editions.unchanged import hash_inputs, is_up_to_date, note_published
from analysis.suite.editions.verify import Staged, Verdict, verify_edition
from analysis.suite.lock import hold_lock
from analysis.suite.records import read_records
from analysis.suite.site import write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from analysis.suite.records import Record
    from analysis.workspace import Workspace

LOCK = ".lock"
OPEN = 0o755
NOTHING = (
    "No run has given anything to publish yet. Run `patokaz run`; `patokaz status` says why a run "
    "failed."
)
NOT_WRITTEN = (
    "What readers see could not be changed: {failure}. They see a whole edition all the same; see "
    "to the disk, then try again."
)
TAKEN_BACK = (
    "These are the files of edition {number}, which was taken back. Change what was wrong and run "
    "again, return to it with `patokaz rollback {number}`, or go on with "
    "`patokaz publish --accept`."
)


def publish_edition(
    workspace: Workspace,
    *,
    check: bool = True,
    accept: bool = False,
    keep: Collection[int] = (),
    wanted: Collection[str] = (),
) -> Edition:
    """Publish the last good results of all runs as an edition.

    Parameters
    ----------
    workspace : Workspace
        Built and run. Whoever calls this holds the lock of the workspace, so that no run changes
        its results meanwhile.
    check : bool
        Whether the edition is verified. Only tests of other things leave it out.
    accept : bool
        Whether a sharp fall of pages or numbers is meant, or an edition that was taken back is
        to be shown again.
    keep : collection of int
        Numbers of former editions that are not removed, however old they are.
    wanted : collection of str
        Names of runs that somebody has just asked for: they are shown although they were taken
        out of the suite file.

    Returns
    -------
    Edition
        The new one; the current one where nothing changed.

    Raises
    ------
    EditionError
        With a sentence for all that is wrong. Readers see what they saw before.
    LockedError
        When another process is publishing.
    """
    try:
        with hold_lock(workspace.editions / LOCK, "the editions"):
            settle(workspace)
            adopt_former(workspace)
            names = find_names(workspace, wanted)
            inputs = hash_inputs(workspace, names.taken_out)
            former = read_current(workspace)
            if former and is_up_to_date(workspace, inputs, former):
                write_names(workspace, names)
                return former
            records = leave_out(read_records(workspace), names)
            edition = _publish(workspace, records, former, check=check, accept=accept)
            write_names(workspace, names)
            if check:
                note_published(workspace, inputs, edition)
            prune_editions(workspace, dt.datetime.now(dt.UTC), keep)
    except (StoreError, FileNotFoundError) as missing:
        raise EditionError(str(missing)) from missing
    except OSError as failure:
        raise EditionError(NOT_WRITTEN.format(failure=failure)) from failure
    return edition


def _publish(
    workspace: Workspace,
    records: list[Record],
    former: Edition | None,
    *,
    check: bool,
    accept: bool,
) -> Edition:
    with _staging(workspace) as folder:
        staged = _stage(workspace, folder, records, former)
        verdict = verify_edition(staged, workspace, records, former) if check else _count(staged)
        if verdict.faults or (verdict.falls and not accept):
            raise EditionError(*verdict.faults, *verdict.falls)
        edition = _describe(workspace, staged, verdict.counts)
        if former and _is_whole(workspace, former, edition):
            return former
        if not accept:
            _refuse_withdrawn(workspace, edition)
        write_edition(folder, edition)
        write_differences(workspace, folder, former, edition)
        sync_tree(folder, workspace.current.resolve() if former else None)
        Path(folder).rename(edition_folder(workspace, edition.number))
        sync_path(workspace.editions)
        try:
            switch_to(workspace, edition.number, "publish")
        except Exception:
            _take_out(workspace, edition.number)
            raise
    return edition


def _stage(
    workspace: Workspace, folder: Path, records: list[Record], former: Edition | None
) -> Staged:
    for part in (SITE, BRIEFS, PUBLIC):
        (folder / part).mkdir()
    standing = read_standing(workspace)
    shelf = Shelf(workspace, folder, former, _behind(workspace))
    runs = stage_runs(shelf, records)
    spoken = read_languages(records, runs)
    filled = fill_gaps(shelf, records, runs, standing)
    # All of it: a run of this edition can be made again from what is kept here.
    for path in sorted(workspace.public.iterdir()):
        if path.is_file():
            place_file(path, folder / PUBLIC / path.name)
    if not write_site(workspace, folder / SITE):
        raise EditionError(NOTHING)
    return Staged(folder, tuple(filled), spoken)


def _behind(workspace: Workspace) -> Callable[[Record], bool]:
    """Make the test whether a good run is older than the figures that it has read."""
    release = read_release(workspace)
    table = f"{release['observations_sha256']} {release['sources_sha256']}"
    slices = Slices(workspace)

    def is_behind(record: Record) -> bool:
        key = dict(record.good.key) if record.good else {}
        if key.get(WHOLE_TABLE) == table:
            return False
        # The table is another one: what counts is whether the part of it that was read is.
        return DATA not in key or key[DATA] != slices.hash_reads(record.reads)

    return is_behind


def _count(staged: Staged) -> Verdict:
    return Verdict((), (), count_edition(read_pages(staged.folder / SITE)))


def _describe(workspace: Workspace, staged: Staged, counts: dict[str, int]) -> Edition:
    release, standing = read_release(workspace), read_standing(workspace)
    files = note_files(staged.folder, (SITE, BRIEFS, PUBLIC))
    said = str(release["observations_sha256"])
    if files[TABLE].sha256 != said:
        msg = (
            "The public table is not the one that its note describes: a build was cut off between "
            "the two. Run `patokaz build`, then `patokaz run`."
        )
        raise EditionError(msg)
    return Edition(
        number=max(list_numbers(workspace), default=0) + 1,
        made=tell_now(),
        observations_sha256=said,
        policy_sha256=str(release["policy_sha256"]),
        ledger_sha256=str(release["ledger_sha256"]),
        release=standing.number if standing.is_released else None,
        runs=staged.runs,
        files=files,
        counts=counts,
    )


def _is_whole(workspace: Workspace, former: Edition, edition: Edition) -> bool:
    """Tell whether readers see the very files already, and none of them was altered since."""
    return former.files == edition.files and not find_altered(workspace.current, former.files)


def _refuse_withdrawn(workspace: Workspace, edition: Edition) -> None:
    for other in read_editions(workspace):
        folder = edition_folder(workspace, other.number)
        if other.files == edition.files and (folder / WITHDRAWN).is_file():
            raise EditionError(TAKEN_BACK.format(number=other.number))


def _take_out(workspace: Workspace, number: int) -> None:
    """Take out an edition that could not be switched to, unless readers see it after all."""
    current = read_current(workspace)
    if (current is None or current.number != number) and number in list_numbers(workspace):
        remove_edition(workspace, number)


@contextmanager
def _staging(workspace: Workspace) -> Iterator[Path]:
    """Give a folder beside the editions; what is still there at the end is removed."""
    folder = Path(tempfile.mkdtemp(dir=workspace.editions, prefix=STAGING))
    folder.chmod(OPEN)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
