"""Fetching: ask each source, try its answer, and take it into use only if it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.sources.client import MAX_BYTES, Client
from analysis.sources.protocol import Reshaped, SourceError
from analysis.sources.registry import all_sources, short_names
from analysis.sources.snapshots import Kept, keep, keep_aside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from analysis.sources.protocol import About, Received, Source
    from analysis.workspace import Workspace

# Thirteen digits that begin with a day, a month and a year: the personal number of these countries.
PERSONAL = re.compile(
    rb"(?<![\w.])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:9\d\d|0[0-2]\d)\d{6}(?!\w)"
)

Outcome = Literal["new", "revised", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What became of one source.

    Parameters
    ----------
    source_id : str
    state : str
        ``new``, ``revised``, ``unchanged`` or ``failed``.
    files : tuple of pathlib.Path
        Snapshots that are in use now; what was put aside where the source failed.
    sentence : str
        For whoever ran the command.
    code : int
        0, or the exit code of the failure.
    """

    source_id: str
    state: Outcome
    files: tuple[Path, ...]
    sentence: str
    code: int


def fetch_sources(
    workspace: Workspace, names: Sequence[str], client: Client | None, today: date
) -> list[FetchOutcome]:
    """Fetch some sources, or all; one that fails stops no other.

    Parameters
    ----------
    workspace : Workspace
    names : sequence of str
        Ids or short names of sources, such as ``eurostat``; none for all.
    client : Client, optional
        One is made where none is given.
    today : datetime.date
        Written into the sidecars.

    Returns
    -------
    list of FetchOutcome
        One a source, in the order asked for. A source that failed keeps its former snapshots.

    Raises
    ------
    SourceError
        When a name is no source, or ``PATOKAZ_CA_BUNDLE`` cannot be used; nothing was asked then.
    """
    known = all_sources()
    short = short_names()
    wanted = list(dict.fromkeys(short.get(name, name) for name in names or known))
    strangers = [name for name in wanted if name not in known]
    if strangers:
        msg = f"'{strangers[0]}' is not a source. Expected one of: {', '.join([*known, *short])}."
        raise SourceError(msg)
    if client is not None:
        return [_fetch(workspace, known[name], client, today) for name in wanted]
    with Client() as own:
        return [_fetch(workspace, known[name], own, today) for name in wanted]


def _fetch(workspace: Workspace, source: Source, client: Client, today: date) -> FetchOutcome:
    about = source.about
    try:
        received = source.fetch(client)
        _check_received(about, received)
    except Exception as failure:  # noqa: BLE001 - a connector in error stops no other
        return _failed(about.source_id, failure, ())
    refused = _try_all(source, received)
    if refused is not None:
        return _refuse(workspace, source, received, today, refused)
    try:
        kept = [keep(workspace, about, file, today) for file in received]
    except SourceError as failure:
        return _failed(about.source_id, failure, ())
    return _taken(about.source_id, kept)


def _try_all(source: Source, received: list[Received]) -> Exception | None:
    figures = 0
    for file in received:
        try:
            figures += len(source.read(file.content, file.name))
        except Exception as failure:  # noqa: BLE001 - the same
            return failure
    if not figures:
        return Reshaped(
            f"{received[0].address} gave no figure for any area of the catalogue. Expected at "
            f"least one. The former figures stay in use; look at what was put aside."
        )
    return None


def _check_received(about: About, received: list[Received]) -> None:
    """Refuse what is not even put aside: nothing, too much, or persons."""
    if not received:
        msg = f"{about.home} gave no file, expected at least one. The former figures stay in use."
        raise Reshaped(msg)
    for file in received:
        size = len(file.content)
        if not 0 < size <= MAX_BYTES:
            msg = (
                f"{file.address} gave {size} bytes for {file.name}, expected 1 to {MAX_BYTES}. "
                f"Nothing of it was kept; the former figures stay in use."
            )
            raise Reshaped(msg)
        if PERSONAL.search(file.content):
            msg = (
                f"{file.address} gave {file.name} with what looks like a personal number, "
                f"expected figures only. Nothing of it was kept. Tell the publisher; the former "
                f"figures stay in use."
            )
            raise Reshaped(msg)


def _refuse(
    workspace: Workspace,
    source: Source,
    received: list[Received],
    today: date,
    failure: Exception,
) -> FetchOutcome:
    try:
        aside = tuple(
            keep_aside(workspace, source.about, file, today, str(failure)) for file in received
        )
    except SourceError as unwritable:
        return _failed(source.about.source_id, unwritable, ())
    return _failed(source.about.source_id, failure, aside)


def _failed(source_id: str, failure: Exception, aside: tuple[Path, ...]) -> FetchOutcome:
    if isinstance(failure, SourceError):
        sentence, code = str(failure), failure.code
    else:
        # A bug of ours must not read like a fault of the publisher.
        what = f"{type(failure).__name__}: {failure}"
        sentence = (
            f"The connector of {source_id} met what it does not know ({what}). Please report it; "
            f"the former figures stay in use."
        )
        code = SourceError.code
    if aside:
        sentence += f" What came was put aside in '{aside[0].parent}'."
    return FetchOutcome(source_id, "failed", aside, sentence, code)


def _taken(source_id: str, kept: list[Kept]) -> FetchOutcome:
    states = {file.state for file in kept}
    state: Outcome = "revised"
    if len(states) == 1:
        state = kept[0].state
    count = {word: sum(file.state == word for file in kept) for word in sorted(states)}
    said = ", ".join(f"{number} {word}" for word, number in count.items())
    files = tuple(file.path for file in kept)
    return FetchOutcome(source_id, state, files, f"{source_id}: {said}.", 0)
