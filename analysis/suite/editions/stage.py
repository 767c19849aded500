"""Staging: the last good results of every run, each file held against the record of its run."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from analysis.documents.as_of import missing_html, tell_as_of, write_banner
from analysis.documents.as_of_paper import MARKERS, mark_document
from analysis.store.files import write_atomically
from analysis.suite.editions.edition import (
    BEHIND,
    BRIEFS,
    FAILED,
    MISSING,
    OK,
    SITE,
    EditionError,
    PublishedRun,
)
from analysis.suite.editions.files import is_same, place_file
from analysis.suite.records import OK as SUCCEEDED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.protection.ledger.standing import Standing
    from analysis.suite.editions.edition import Edition
    from analysis.suite.records import Record
    from analysis.workspace import Workspace

PAGE = "index.html"
DAY = 10
RUN = "run"
ALTERED = (
    "'{path}' in the results is not what the run left there, so it is not published. It is made "
    "anew with the next run: `patokaz run`."
)
BEHIND_REASON = "The public table has changed since this run. `patokaz run` makes it anew."
NOT_MADE = "No run of it has succeeded yet."


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where staged files come from and go to.

    Parameters
    ----------
    workspace : Workspace
    folder : pathlib.Path
        The staging folder.
    former : Edition or None
        What readers see now; a run whose results were altered is taken from there.
    is_behind : callable
        Tells of a record whether its figures are older than the public table.
    """

    workspace: Workspace
    folder: Path
    former: Edition | None
    is_behind: Callable[[Record], bool]


def stage_runs(shelf: Shelf, records: Sequence[Record]) -> list[PublishedRun]:
    """Put what runs gave into the staging folder.

    Parameters
    ----------
    shelf : Shelf
    records : sequence of Record

    Returns
    -------
    list of PublishedRun
        One a record, in order.

    Raises
    ------
    EditionError
        When two runs gave the same file, or one a file that belongs nowhere.
    """
    taken: dict[str, str] = {}
    staged = []
    for record in records:
        run = _stage_run(shelf, record, taken)
        taken |= dict.fromkeys(run.files, run.name)
        staged.append(run)
    return staged


def _stage_run(shelf: Shelf, record: Record, taken: dict[str, str]) -> PublishedRun:
    run = PublishedRun(record.name, record.language, record.slug, "", MISSING, "", "", ())
    reason = "" if record.state == SUCCEEDED else (record.reason or NOT_MADE)
    good = record.good
    if good is None:
        return replace(run, reason=reason or NOT_MADE)
    source = shelf.workspace.runs / record.name / good.folder
    altered = _place(shelf, source, good.outputs, record.name, taken)
    day = good.data_date or good.ended[:DAY]
    if altered:
        return _stage_former(shelf, replace(run, reason=ALTERED.format(path=altered)), taken)
    state = FAILED if reason else (BEHIND if shelf.is_behind(record) else OK)
    run = replace(
        run,
        run_id=good.run_id,
        state=state,
        reason=reason or (BEHIND_REASON if state == BEHIND else ""),
        data_date=day,
        files=tuple(sorted(good.outputs)),
    )
    _mark_run(shelf, run)
    return run


def _stage_former(shelf: Shelf, run: PublishedRun, taken: dict[str, str]) -> PublishedRun:
    """Take a run from the edition that readers see, where that has it unaltered."""
    former = shelf.former
    found = [one for one in former.runs if one.name == run.name] if former else []
    if not former or not found or not found[0].files:
        return run
    files = {name: former.files[name].sha256 for name in found[0].files}
    if _place(shelf, shelf.workspace.current.resolve(), files, run.name, taken):
        return run
    shown = replace(found[0], state=FAILED, reason=run.reason)
    _mark_run(shelf, shown)
    return shown


def _place(
    shelf: Shelf, source: Path, outputs: dict[str, str], name: str, taken: dict[str, str]
) -> str:
    """Place all files of a run, or none; give the path of one that is not what it was."""
    placed: list[Path] = []
    for path, digest in sorted(outputs.items()):
        _check_place(path, name, taken)
        target = shelf.folder / path
        # What was placed is hashed: what lies in the results may change after it was looked at.
        if (source / path).is_file():
            place_file(source / path, target)
            placed.append(target)
        if not is_same(target, digest):
            for one in placed:
                one.unlink()
            return path
    return ""


def _check_place(path: str, name: str, taken: dict[str, str]) -> None:
    parts = PurePosixPath(path).parts
    if path in taken:
        msg = (
            f"'{path}' was made by two runs, '{taken[path]}' and '{name}'. Remove the folder of "
            f"the one that is not wanted any more below data_processed/runs."
        )
        raise EditionError(msg)
    if parts[:1] not in {(SITE,), (BRIEFS,)} or ".." in parts or "\\" in path:
        msg = (
            f"'{path}' of '{name}' belongs neither to the pages nor to the briefs, so nobody "
            f"knows where it is published. Runs write below '{SITE}/' and '{BRIEFS}/' only."
        )
        raise EditionError(msg)


def page_path(language: str, slug: str) -> str:
    """Give the path of a page within an edition."""
    return f"{SITE}/{language}/{slug}/{PAGE}"


def _mark_run(shelf: Shelf, run: PublishedRun) -> None:
    """Say on page and documents of a run which day they are of, unless it is the newest."""
    if run.state == OK:
        return
    has_failed = run.state == FAILED
    sentence = tell_as_of(run.language, run.data_date, has_failed=has_failed, is_page=False)
    for path in run.files:
        target = shelf.folder / path
        try:
            if path == page_path(run.language, run.slug):
                text = target.read_text(encoding="utf-8")
                page = write_banner(text, run.language, run.data_date, has_failed=has_failed)
                marked = page.encode("utf-8")
            elif target.suffix in MARKERS:
                content = target.read_bytes()
                marked = mark_document(content, target.suffix, sentence, run.language)
            else:
                continue
        except ValueError as refused:
            msg = f"'{path}' of '{run.name}': {refused}"
            raise EditionError(msg) from None
        # A file of its own beside the one of the run, which stays as it is.
        write_atomically(target, marked)


def fill_gaps(
    shelf: Shelf,
    records: Sequence[Record],
    runs: Sequence[PublishedRun],
    standing: Standing | None,
) -> list[PublishedRun]:
    """Write a page that says so where a place has pages in other languages but not in one.

    Parameters
    ----------
    shelf : Shelf
    records : sequence of Record
    runs : sequence of PublishedRun
        As :func:`stage_runs` gave them.
    standing : Standing or None

    Returns
    -------
    list of PublishedRun
        The same runs, and those that never began although pages lead to them. What is missing
        has its page.
    """
    spoken = read_languages(records, runs)
    there = {(run.slug, run.language) for run in runs}
    makers = {record.slug: record for record in records}
    absent = [
        PublishedRun(_name(makers[slug], code), code, slug, "", MISSING, NOT_MADE, "", ())
        for slug, languages in spoken.items()
        for code in languages
        if (slug, code) not in there
    ]
    return [_fill_gap(shelf, run, spoken, standing) for run in [*runs, *absent]]


def _name(record: Record, language: str) -> str:
    return f"{record.notebook}/{record.slug}_{language}_{record.edition}"


def _fill_gap(
    shelf: Shelf,
    run: PublishedRun,
    spoken: dict[str, tuple[str, ...]],
    standing: Standing | None,
) -> PublishedRun:
    others = spoken.get(run.slug, ())
    if run.files or run.language not in others:
        return run
    path = page_path(run.language, run.slug)
    page = missing_html(run.language, run.slug, others, standing)
    write_atomically(shelf.folder / path, page.encode("utf-8"))
    return replace(run, files=(path,))


def read_languages(
    records: Sequence[Record], runs: Sequence[PublishedRun]
) -> dict[str, tuple[str, ...]]:
    """Read in which languages each place that has a page should have one.

    Parameters
    ----------
    records : sequence of Record
    runs : sequence of PublishedRun
        What was staged of them, in the same order.

    Returns
    -------
    dict of str to tuple of str
        By slug; the languages that the staged pages link to.
    """
    found: dict[str, dict[str, None]] = {}
    for record, run in zip(records, runs, strict=True):
        if record.good is None or page_path(run.language, run.slug) not in run.files:
            continue
        said = json.loads(dict(record.good.key).get(RUN, "[]"))
        languages = said[-1] if said and isinstance(said[-1], list) else []
        found.setdefault(run.slug, {}).update(dict.fromkeys([run.language, *languages]))
    return {slug: tuple(languages) for slug, languages in found.items()}
