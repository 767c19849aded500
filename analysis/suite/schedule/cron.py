"""The schedule as lines of a crontab, in a marked block that touches no other line."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

from analysis.suite.schedule.entry import list_due_words, name_entry
from analysis.suite.schedule.times import list_machine_times
from analysis.suite.suite_file import SuiteError
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from analysis.suite.schedule.settings import Schedule

ALL_DAYS = 7
NO_TABLE = "no crontab for"


def write_cron_block(
    schedule: Schedule, root: Path, now: dt.datetime, machine: dt.tzinfo | None = None
) -> str:
    """Write the lines of a schedule for a crontab.

    Parameters
    ----------
    schedule : Schedule
    root : pathlib.Path
        Of the workspace.
    now : datetime.datetime
    machine : datetime.tzinfo, optional
        Zone of the machine, whose clock cron goes by; its own unless given.

    Returns
    -------
    str
        Between two marks, one line for each group of times; with an end of line.
    """
    first, last = _marks(root)
    words = [f"{VARIABLE}={shlex.quote(str(root))}", *map(shlex.quote, list_due_words())]
    # A percent sign is an end of line to cron unless a backslash stands before it.
    command = " ".join(words).replace("%", r"\%")
    lines = [
        f"{w.minute} {','.join(map(str, w.hours))} * * {_days(w.days)} {command}"
        for w in list_machine_times(schedule, now, machine)
    ]
    return "\n".join([first, f"# {schedule.words}", *lines, last]) + "\n"


def _days(days: tuple[int, ...]) -> str:
    # To cron Sunday is 0 and Monday is 1.
    return (
        "*"
        if len(days) == ALL_DAYS
        else ",".join(str(d) for d in sorted((d + 1) % 7 for d in days))
    )


def _marks(root: Path) -> tuple[str, str]:
    name = name_entry(root)
    return f"# >>> {name}: {root}", f"# <<< {name}"


def replace_block(held: str, block: str, root: Path) -> str:
    """Put the block of a workspace into a crontab, or out of it.

    Parameters
    ----------
    held : str
        The crontab as it is.
    block : str
        What takes the place of the former block; blank to take it out.
    root : pathlib.Path

    Returns
    -------
    str
        Every other line as it was.

    Raises
    ------
    SuiteError
        When only one of the two marks is there: then nobody knows which lines are ours.
    """
    first, last = _marks(root)
    lines = held.splitlines(keepends=True)
    said = [line.rstrip("\r\n") for line in lines]
    begins = [i for i, line in enumerate(said) if line == first]
    ends = [i for i, line in enumerate(said) if line == last]
    if not begins and not ends:
        gap = "" if not held or held.endswith("\n") or not block else "\n"
        return held + gap + block
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        msg = (
            f"The crontab has the mark '{first}' or its end '{last}' not exactly once, in this "
            f"order. Open it with `crontab -e`, take these lines out, and try again."
        )
        raise SuiteError(msg)
    return "".join(lines[: begins[0]]) + block + "".join(lines[ends[0] + 1 :])


def read_crontab() -> str:
    """Read the crontab of whoever asks; blank where there is none.

    Raises
    ------
    SuiteError
        When cron is not there or refuses.
    """
    done = _crontab(["-l"])
    if done.returncode and NO_TABLE not in done.stderr:
        raise _refused(done.stderr)
    return done.stdout if not done.returncode else ""


def write_crontab(text: str) -> None:
    """Put a crontab in the place of the former one.

    Parameters
    ----------
    text : str

    Raises
    ------
    SuiteError
        When cron is not there or refuses.
    """
    done = _crontab(["-"], text)
    if done.returncode:
        raise _refused(done.stderr)


def _crontab(words: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # fixed words, no shell
            ["crontab", *words],  # noqa: S607  # cron lies elsewhere on every system
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        msg = (
            "There is no `crontab` on this machine. Use `--install systemd`, or let "
            "`patokaz schedule --keep` keep the schedule."
        )
        raise SuiteError(msg) from None


def _refused(said: str) -> SuiteError:
    why = " ".join(said.split()) or "it gave no reason"
    return SuiteError(
        f"`crontab` refused: {why}. The schedule was not changed; use `--install systemd` "
        f"or `patokaz schedule --keep` instead."
    )
