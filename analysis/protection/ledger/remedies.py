"""Remedies on offer and accepted: which observations a person has agreed to withhold.

An offer lies in the restricted zone until somebody accepts it. What was accepted is withheld at
each build from then on; the release that it made possible takes the ids into its entry, and each
later release takes them over, so that the same data give the same bytes on every machine, until
two persons lift them (:mod:`analysis.protection.ledger.lifting`).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.folder import read_ledger
from analysis.protection.ledger.persons import check_name
from analysis.protection.ledger.refusal import Remedy
from analysis.protection.ledger.review import LIFTED
from analysis.store.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from analysis.protection.ledger.folder import Ledger
    from analysis.protection.ledger.refusal import Refusal
    from analysis.workspace import Workspace

REMEDY_FILE = "remedy.json"
EMPTY: dict[str, Any] = {"offered": None, "accepted": []}


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy that waits for a person, with the refusal that it answers."""

    remedy: Remedy
    sentence: str


def offer_remedy(workspace: Workspace, refusal: Refusal) -> None:
    """Put the remedy of a refused edition on offer; it takes the place of a former offer.

    Parameters
    ----------
    workspace : Workspace
    refusal : Refusal
    """
    offered = {**asdict(refusal.remedy), "sentence": refusal.sentence}
    _write(workspace, {**_read(workspace), "offered": offered})


def clear_offer(workspace: Workspace) -> None:
    """Take an offer back, because the edition passed without it. What was accepted stays."""
    content = _read(workspace)
    if content["offered"] is not None:
        _write(workspace, {**content, "offered": None})


def read_offer(workspace: Workspace) -> Offer | None:
    """Read the remedy on offer.

    Returns
    -------
    Offer or None
    """
    offered = _read(workspace)["offered"]
    if offered is None:
        return None
    remedy = Remedy(offered["kind"], tuple(offered["observation_ids"]), offered["words"])
    return Offer(remedy, offered["sentence"])


def accept_remedy(workspace: Workspace, by: str, now: dt.datetime | None = None) -> Remedy:
    """Accept the remedy on offer: what it names is withheld at the next build.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the person who accepts it.
    now : datetime.datetime, optional
        With a time zone; the present where not given.

    Returns
    -------
    Remedy

    Raises
    ------
    LedgerError
        When no remedy is on offer, or the name is none.
    """
    person = check_name(by)
    offer = read_offer(workspace)
    if offer is None:
        msg = (
            "No remedy is on offer: the last build was not refused, or its remedy was accepted "
            "already. Run `patokaz build`; when it is refused, it says what would help."
        )
        raise LedgerError(msg)
    accepted = {**asdict(offer.remedy), "by": person, "moment": write_moment(now)}
    content = _read(workspace)
    _write(workspace, {"offered": None, "accepted": [*content["accepted"], accepted]})
    return offer.remedy


def read_accepted(workspace: Workspace) -> frozenset[str]:
    """Read which observations are withheld because a person accepted a remedy.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    frozenset of str
        Ids of observations: those of the newest release unless they were lifted, and those
        accepted since.

    Raises
    ------
    LedgerError
        When the ledger was changed.
    """
    ledger = read_ledger(workspace)
    pending = [name for each in _read(workspace)["accepted"] for name in each["observation_ids"]]
    return frozenset([*_list_released(ledger), *pending])


def _list_released(ledger: Ledger) -> tuple[str, ...]:
    if not ledger.entries:
        return ()
    newest = ledger.entries[-1]
    is_lifted = any(s.kind == LIFTED and s.entry_sha256 == newest.sha256 for s in ledger.steps)
    return () if is_lifted else newest.remedied


def settle_remedies(workspace: Workspace, remedied: Collection[str]) -> None:
    """Drop accepted remedies that a release has taken into its entry, or that were lifted.

    Parameters
    ----------
    workspace : Workspace
    remedied : collection of str
        Ids of observations in the entry, or lifted. A remedy of which any id is not among them
        stays accepted.
    """
    content = _read(workspace)
    left = [each for each in content["accepted"] if set(each["observation_ids"]) - set(remedied)]
    if left != content["accepted"]:
        _write(workspace, {**content, "accepted": left})


def write_moment(now: dt.datetime | None = None) -> str:
    """Write a moment in UTC, to the second.

    Examples
    --------
    >>> write_moment(dt.datetime(2026, 3, 4, 10, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    '2026-03-04T09:00:00Z'
    """
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(workspace: Workspace) -> Path:
    return workspace.restricted / REMEDY_FILE


def _read(workspace: Workspace) -> dict[str, Any]:
    path = _place(workspace)
    if not path.is_file():
        return EMPTY
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: content[name] for name in EMPTY}
    except (ValueError, KeyError, TypeError) as fault:
        # Taken for empty, it would let out what a person has agreed to withhold.
        msg = (
            f"'{path}' cannot be read ({fault}), so that nobody knows which remedies were "
            f"accepted. Restore it from a backup, or delete it and accept the remedies anew."
        )
        raise LedgerError(msg) from None


def _write(workspace: Workspace, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    write_atomically(_place(workspace), text.encode("utf-8"))


__all__ = [
    "REMEDY_FILE",
    "Offer",
    "accept_remedy",
    "clear_offer",
    "offer_remedy",
    "read_accepted",
    "read_offer",
    "settle_remedies",
    "write_moment",
]
