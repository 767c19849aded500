"""The schedule as a service and a timer of systemd, for whoever installs it, without root."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.store.files import write_atomically
from analysis.suite.schedule.entry import list_due_words, name_entry
from analysis.suite.schedule.settings import DAYS
from analysis.suite.suite_file import SuiteError
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.suite.schedule.settings import Schedule

# Another runner at work is no fault of the schedule.
BUSY = 75
SERVICE = """\
[Unit]
Description=Patokaz: what is due in {root}

[Service]
Type=oneshot
Environment={home}
# Addresses for alerts hold passwords: they stand in a file that only you may read.
EnvironmentFile=-%h/.config/patokaz/environment
ExecStart={command}
SuccessExitStatus={busy}
Nice=10
"""
TIMER = """\
[Unit]
Description=Patokaz: {words}

[Timer]
{calendar}
# A time that passed while the machine was off is made up once when it is on again.
Persistent=true

[Install]
WantedBy=timers.target
"""


def write_unit_files(schedule: Schedule, root: Path) -> dict[str, str]:
    """Write the units of a schedule.

    Parameters
    ----------
    schedule : Schedule
    root : pathlib.Path
        Of the workspace.

    Returns
    -------
    dict of str to str
        Service and timer: file name and text.
    """
    name = name_entry(root)
    days = (
        "" if len(schedule.days) == len(DAYS) else ",".join(DAYS[d].title() for d in schedule.days)
    )
    calendar = [
        " ".join(filter(None, [days, f"*-*-* {t:%H:%M}:00", schedule.zone.key]))
        for t in schedule.times
    ]
    # A percent sign is doubled everywhere; only in commands is a dollar sign read as well.
    command = " ".join(_quoted(word).replace("$", "$$") for word in list_due_words())
    return {
        f"{name}.service": SERVICE.format(
            root=str(root).replace("%", "%%"),
            home=_quoted(f"{VARIABLE}={root}"),
            command=command,
            busy=BUSY,
        ),
        f"{name}.timer": TIMER.format(
            words=schedule.words.replace("%", "%%"),
            calendar="\n".join(f"OnCalendar={line}" for line in calendar),
        ),
    }


def _quoted(word: str) -> str:
    held = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{held}"'


def find_unit_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder in which a person's own units lie."""
    home = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user"


def install_units(files: Mapping[str, str], folder: Path) -> None:
    """Write the units and start the timer.

    Parameters
    ----------
    files : mapping of str to str
        As :func:`write_unit_files` writes them.
    folder : pathlib.Path

    Raises
    ------
    SuiteError
        When systemd is not there or refuses.
    """
    if shutil.which("systemctl") is None:
        msg = (
            "There is no systemd on this machine. Use `--install cron`, or let "
            "`patokaz schedule --keep` keep the schedule."
        )
        raise SuiteError(msg)
    for name, text in files.items():
        write_atomically(folder / name, text.encode("utf-8"))
    _systemctl("daemon-reload")
    for name in files:
        if name.endswith(".timer"):
            _systemctl("enable", name)
            # Started anew, so that a changed time counts from now on.
            _systemctl("restart", name)


def remove_units(root: Path, folder: Path) -> bool:
    """Stop the timer of a workspace and take its units away.

    Parameters
    ----------
    root, folder : pathlib.Path

    Returns
    -------
    bool
        Whether there was anything to take away.

    Raises
    ------
    SuiteError
        When systemd refuses.
    """
    name = name_entry(root)
    found = [p for p in (folder / f"{name}.timer", folder / f"{name}.service") if p.is_file()]
    if not found:
        return False
    if shutil.which("systemctl"):
        _systemctl("disable", "--now", f"{name}.timer")
    for path in found:
        path.unlink()
    if shutil.which("systemctl"):
        _systemctl("daemon-reload")
    return True


def _systemctl(*words: str) -> None:
    done = subprocess.run(  # noqa: S603  # fixed words, no shell
        ["systemctl", "--user", *words],  # noqa: S607  # where systemd lies differs
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = " ".join(done.stderr.split()) or "it gave no reason"
        msg = (
            f"`systemctl --user {' '.join(words)}` refused: {why}. Use `--install cron`, or let "
            f"`patokaz schedule --keep` keep the schedule."
        )
        raise SuiteError(msg)
