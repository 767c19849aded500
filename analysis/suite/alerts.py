"""Telling somebody what failed: once, in one message, with what to do; and when it is solved."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.store.files import write_atomically
from analysis.suite.alert_settings import read_alert_settings
from analysis.text import mark, translator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from analysis.text import Translator
    from analysis.workspace import Workspace

log = logging.getLogger(__name__)

BOOKS = "alerts.json"
MOST_PLACES, MOST_GROUPS = 8, 20
NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*\d|\d")
SUBJECT = mark("Patokaz: {new} new, {solved} solved, {open} still open")
NEW, SOLVED = mark("New"), mark("Solved")
MORE = mark("and {count} more")
WHERE = mark("The whole picture: data_processed/status/index.html of the workspace.")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody has to be told of.

    Parameters
    ----------
    key : str
        The same as long as it is the same thing.
    mark : str
        Changes when the thing changes; then it is told again.
    what, where : str
        What happened, and at which place; the place may be blank.
    reason, remedy : str
        One sentence each.
    """

    key: str
    mark: str
    what: str
    where: str = ""
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the alerts.

    Parameters
    ----------
    told : int
        Addresses that took a message.
    problems : tuple of str
        One sentence for each that did not; without any secret.
    """

    told: int = 0
    problems: tuple[str, ...] = ()


def hide_numbers(text: str) -> str:
    """Take every number out of a text: what a run says may name a count of people.

    Examples
    --------
    >>> hide_numbers("row 7 of 'victims' has 3 persons too many")
    "row … of 'victims' has … persons too many"
    """
    return NUMBER.sub("…", text)


def send_alerts(workspace: Workspace, events: Sequence[Event], now: dt.datetime) -> Sent:
    """Tell every address what is new and what is solved since it was told last.

    Parameters
    ----------
    workspace : Workspace
        ``[alerts]`` of its suite file, and ``PATOKAZ_ALERTS``, say who is told.
    events : sequence of Event
        All that is wrong now; what an address was told of and is not among them is solved.
    now : datetime.datetime

    Returns
    -------
    Sent
        Whatever goes wrong is a sentence in it and in the log: an alert never fails a run. An
        address that did not take the message is told the next time.
    """
    try:
        with warnings.catch_warnings():
            # Of what Apprise is built with; a run has nothing to say about that.
            warnings.simplefilter("ignore", DeprecationWarning)
            return _send(workspace, events, now)
    except Exception as failure:  # noqa: BLE001  # an alert never fails a run
        problem = f"No alert was sent: {failure}"
        log.warning("%s", problem)
        return Sent(problems=(problem,))


def _send(workspace: Workspace, events: Sequence[Event], now: dt.datetime) -> Sent:
    settings = read_alert_settings(workspace.suite_file, os.environ)
    if not settings.to:
        return Sent()
    former = _read_books(workspace)
    books: dict[str, Any] = {}
    told, problems = 0, []
    for position, address in enumerate(settings.to, start=1):
        name, channel = _open(address)
        if channel is None:
            problems.append(
                f"Address {position} for alerts is none that Apprise knows. Write it as "
                f"mailto://... for instance, in [alerts] or in the environment."
            )
            continue
        book = former.get(name, {})
        message = compose_message(events, book, translator(settings.language))
        if message is None:
            books[name] = book
            continue
        # Where nothing can be written down nothing is told: it would be told again and again.
        _write_books(workspace, {**former, **books})
        if channel.notify(title=message[0], body=message[1], body_format="text"):
            books[name] = _enter(events, book, now)
            told += 1
        else:
            books[name] = book
            problems.append(
                f"The alert to address {position} was not taken; the next run tries it again."
            )
    _write_books(workspace, books)
    for problem in problems:
        log.warning("%s", problem)
    return Sent(told, tuple(problems))


def _open(address: str) -> tuple[str, Any]:
    """Open an address, and give it a name that holds none of its secrets."""
    import apprise  # half a second that a run without alerts need not pay

    channel = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if channel is None:
        return "", None
    shown: str = channel.url(privacy=True)  # type: ignore[no-untyped-call]
    return hashlib.sha256(shown.encode()).hexdigest()[:16], channel


def compose_message(
    events: Sequence[Event], book: Mapping[str, Mapping[str, str]], translate: Translator
) -> tuple[str, str] | None:
    """Write what an address has not been told yet.

    Parameters
    ----------
    events : sequence of Event
        All that is wrong now.
    book : mapping
        What the address was told of and has not heard to be solved: by the key of the event.
    translate : Translator

    Returns
    -------
    tuple of (subject, body), or None
        None where there is nothing to say.
    """
    new = [e for e in events if book.get(e.key, {}).get("mark") != e.mark]
    keys = {e.key for e in events}
    solved = [
        Event(key, "", held["what"], held["where"]) for key, held in book.items() if key not in keys
    ]
    if not new and not solved:
        return None
    subject = translate(SUBJECT).format(
        new=len(new), solved=len(solved), open=len(keys) - len({e.key for e in new})
    )
    parts = [
        "\n".join([f"{translate(head)}:", *_lines(group, translate)])
        for head, group in ((NEW, new), (SOLVED, solved))
        if group
    ]
    return subject, "\n\n".join([*parts, translate(WHERE)])


def _lines(events: Sequence[Event], translate: Translator) -> list[str]:
    """Write events, those of the same kind and reason in one paragraph."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for event in events:
        groups.setdefault((event.what, event.reason, event.remedy), []).append(event.where)
    lines = []
    for (what, reason, remedy), wheres in list(groups.items())[:MOST_GROUPS]:
        places = shorten([where for where in wheres if where], MOST_PLACES, translate)
        lines.append(f"- {what}: {places}" if places else f"- {what}")
        lines += [f"  {said}" for said in (reason, remedy) if said]
    if len(groups) > MOST_GROUPS:
        lines.append("- " + translate(MORE).format(count=len(groups) - MOST_GROUPS))
    return lines


def shorten(texts: Sequence[str], most: int, translate: Translator) -> str:
    """List texts, and say how many more there are.

    Examples
    --------
    >>> shorten(["Aračinovo", "Berovo", "Bitola"], 2, translator("en"))
    'Aračinovo, Berovo, and 1 more'
    """
    rest = len(texts) - most
    more = [translate(MORE).format(count=rest)] if rest > 0 else []
    return ", ".join([*texts[:most], *more])


def _enter(
    events: Sequence[Event], book: Mapping[str, Mapping[str, str]], now: dt.datetime
) -> dict[str, dict[str, str]]:
    """Write down what an address has now been told."""
    since = now.isoformat(timespec="seconds")
    return {
        e.key: {
            "mark": e.mark,
            "what": e.what,
            "where": e.where,
            "since": book.get(e.key, {}).get("since", since),
        }
        for e in events
    }


def _read_books(workspace: Workspace) -> dict[str, dict[str, dict[str, str]]]:
    try:
        content = json.loads((workspace.logs / BOOKS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_books(workspace: Workspace, books: Mapping[str, Any]) -> None:
    text = json.dumps(books, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(workspace.logs / BOOKS, text.encode("utf-8"))
