"""What only people can give: the right of reply, and two signatures."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.gate.check import Check, Finding, settle
from analysis.documents.notice import is_draft
from analysis.text import mark

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.protection.ledger.standing import Standing

REPLY = "reply.toml"
NOT_ASKED = mark("nobody asked the municipality or the institutions for their reply")
UNSIGNED = mark("author and reviewer have not released the edition yet: see `patokaz protect`")


class ReplyError(ValueError):
    """A note on the right of reply that cannot be read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether those of whom a brief speaks could answer.

    Parameters
    ----------
    requested, received : str
        ISO dates; blank where it has not happened.
    """

    requested: str = ""
    received: str = ""


def read_reply(path: Path) -> Reply:
    """Read the note on the right of reply.

    Parameters
    ----------
    path : pathlib.Path
        TOML with ``requested`` and ``received``, dates such as 2026-11-30.

    Returns
    -------
    Reply
        Blank where there is no note.

    Raises
    ------
    ReplyError
        When it is no TOML, has other entries, or a date that is none.
    """
    if not path.is_file():
        return Reply()
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        msg = f"'{path}' cannot be read: {wrong}. Write two lines, requested and received."
        raise ReplyError(msg) from wrong
    strange = sorted(held.keys() - {"requested", "received"})
    if strange:
        msg = f"'{path}' has the entry '{strange[0]}'. It may have requested and received."
        raise ReplyError(msg)
    return Reply(**{name: _date(value, name, path) for name, value in held.items()})


def _date(value: object, name: str, path: Path) -> str:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError as wrong:
        msg = f"'{path}': {name} is '{value}', which is no date. Write it such as 2026-11-30."
        raise ReplyError(msg) from wrong


def check_reply(reply: Reply, where: str) -> Check:
    """Check that those of whom a brief speaks were asked, on a date.

    Parameters
    ----------
    reply : Reply
    where : str
        Where the note belongs.

    Returns
    -------
    Check
    """
    found = [] if reply.requested or reply.received else [Finding(NOT_ASKED, where)]
    return settle("reply", mark("The right of reply was given"), found, "open")


def check_signatures(standing: Standing | None) -> Check:
    """Check that two persons released the edition.

    Parameters
    ----------
    standing : Standing or None

    Returns
    -------
    Check
    """
    found = [Finding(UNSIGNED, "")] if is_draft(standing) else []
    return settle("signatures", mark("Author and reviewer have signed"), found, "open")
