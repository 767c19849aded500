"""The ``[schedule]`` of ``suite.toml``: at which times, on which days, which commands."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analysis.suite.suite_file import SCHEDULE, SuiteError, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.suite.suite_file import Table

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = "daily"
HOME_ZONE = "Europe/Skopje"
USUAL = ("build", "run")
# What may run unattended: commands that make things, and none that decides for a person.
UNATTENDED = ("fetch", "build", "run", "publish", "status")
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# A word that means the same to every shell and every scheduler.
PLAIN_WORD = re.compile(r"[\w./=:,@+-]+")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When which commands run.

    Parameters
    ----------
    times : tuple of datetime.time
        By the clock on the wall of the zone, in order.
    days : tuple of int
        Days of the week, Monday is 0.
    commands : tuple of tuple of str
        Words of each command, without ``patokaz``; one follows the other.
    zone : zoneinfo.ZoneInfo

    Examples
    --------
    >>> each = Schedule((dt.time(5),), tuple(range(7)), (("build",), ("run",)), ZoneInfo("UTC"))
    >>> each.words
    'daily at 05:00 (UTC): build, run'
    """

    times: tuple[dt.time, ...]
    days: tuple[int, ...]
    commands: tuple[tuple[str, ...], ...]
    zone: ZoneInfo

    @property
    def words(self) -> str:
        """The schedule in one line, as a person would say it."""
        week = len(self.days) == len(DAYS)
        days = DAILY if week else ", ".join(DAYS[d] for d in self.days)
        times = ", ".join(f"{t:%H:%M}" for t in self.times)
        commands = ", ".join(" ".join(command) for command in self.commands)
        return f"{days} at {times} ({self.zone.key}): {commands}"


def read_schedule(path: Path) -> Schedule | None:
    """Read the schedule of a suite file.

    Parameters
    ----------
    path : pathlib.Path
        ``notebooks/suite.toml``.

    Returns
    -------
    Schedule or None
        None where the file has no ``[schedule]``.

    Raises
    ------
    SuiteError
        When a time, day, command or zone is none; the sentence has its line.
    """
    table = read_table(path, SCHEDULE)
    if table is None:
        return None
    if "at" not in table.content:
        raise table.refuse("at", "[schedule] lacks 'at'. Write at = \"05:00\" for instance.")
    return Schedule(_times(table), _days(table), _commands(table), _zone(table))


def require_schedule(path: Path) -> Schedule:
    """Read the schedule of a suite file that has to have one.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Schedule

    Raises
    ------
    SuiteError
        When it has none; the sentence says what to write.
    """
    schedule = read_schedule(path)
    if schedule is None:
        msg = (
            f"{path.name} has no [schedule], so nothing runs by itself. "
            f'Add [schedule] with at = "05:00" to {path}.'
        )
        raise SuiteError(msg)
    return schedule


def _times(table: Table) -> tuple[dt.time, ...]:
    found = set()
    for said in _texts(table, "at"):
        fits = TIME.fullmatch(said)
        if not fits:
            why = f"'{said}' is not a time of day. Write hours and minutes, as in \"05:00\"."
            raise table.refuse("at", why, said)
        found.add(dt.time(int(fits[1]), int(fits[2])))
    return tuple(sorted(found))


def _days(table: Table) -> tuple[int, ...]:
    said = table.content.get("days", DAILY)
    if said == DAILY:
        return tuple(range(len(DAYS)))
    named = _texts(table, "days")
    for day in named:
        if day not in DAYS:
            why = f"'{day}' is not a day. Use {', '.join(DAYS)}, or days = \"{DAILY}\"."
            raise table.refuse("days", why, day)
    return tuple(sorted({DAYS.index(day) for day in named}))


def _commands(table: Table) -> tuple[tuple[str, ...], ...]:
    if "commands" not in table.content:
        return tuple((name,) for name in USUAL)
    return tuple(_command(table, said) for said in _texts(table, "commands"))


def _command(table: Table, said: str) -> tuple[str, ...]:
    try:
        words = shlex.split(said)
    except ValueError:
        words = []
    if not words or words[0] not in UNATTENDED:
        expected = ", ".join(UNATTENDED)
        why = f"'{said}' is not a command that runs unattended. Begin it with one of: {expected}."
        raise table.refuse("commands", why, said)
    for word in words:
        if not PLAIN_WORD.fullmatch(word):
            why = (
                f"'{word}' in '{said}' has a sign that schedulers read in their own way. "
                f"Use letters, digits and the signs . / = : , @ + - only."
            )
            raise table.refuse("commands", why, said)
    return tuple(words)


def _zone(table: Table) -> ZoneInfo:
    said = table.content.get("time_zone", HOME_ZONE)
    try:
        return ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        why = f"'{said}' is not a time zone. Write its name, as in \"{HOME_ZONE}\"."
        raise table.refuse("time_zone", why) from None


def _texts(table: Table, key: str) -> list[str]:
    """Read one text or a list of texts."""
    said: Any = table.content[key]
    many = [said] if isinstance(said, str) else said
    if not isinstance(many, list) or not many or not all(isinstance(t, str) for t in many):
        why = f"'{key}' is {said!r}. Expected a text between quotes, or a list of such texts."
        raise table.refuse(key, why)
    return many
