"""The schedule as an entry of the Windows Task Scheduler."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from analysis.suite.schedule.entry import list_due_words, name_entry
from analysis.suite.schedule.times import list_machine_times
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from analysis.suite.schedule.settings import Schedule

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def write_task_text(
    schedule: Schedule, root: Path, now: dt.datetime, machine: dt.tzinfo | None = None
) -> str:
    """Write a schedule as a task.

    Parameters
    ----------
    schedule : Schedule
    root : pathlib.Path
        Of the workspace; the task starts in it.
    now : datetime.datetime
    machine : datetime.tzinfo, optional
        Zone of the machine, whose clock the task goes by; its own unless given.

    Returns
    -------
    str
        XML; a time that was missed is made up, and a task at work is not started again.
    """
    task = ET.Element("Task", {"version": "1.2", "xmlns": SPACE})
    described = ET.SubElement(task, "RegistrationInfo")
    ET.SubElement(described, "Description").text = f"Patokaz: {schedule.words}"
    triggers = ET.SubElement(task, "Triggers")
    today = now.astimezone(machine).date()
    for wall in list_machine_times(schedule, now, machine):
        for hour in wall.hours:
            begin = dt.datetime.combine(today, dt.time(hour, wall.minute))
            trigger = ET.SubElement(triggers, "CalendarTrigger")
            ET.SubElement(trigger, "StartBoundary").text = begin.isoformat()
            week = ET.SubElement(trigger, "ScheduleByWeek")
            days = ET.SubElement(week, "DaysOfWeek")
            for day in wall.days:
                ET.SubElement(days, NAMES[day])
            ET.SubElement(week, "WeeksInterval").text = "1"
    settings = ET.SubElement(task, "Settings")
    ET.SubElement(settings, "MultipleInstancesPolicy").text = "IgnoreNew"
    ET.SubElement(settings, "DisallowStartIfOnBatteries").text = "false"
    ET.SubElement(settings, "StartWhenAvailable").text = "true"
    ET.SubElement(settings, "Enabled").text = "true"
    # The folder is the workspace: that is how the command finds it.
    actions = ET.SubElement(task, "Actions")
    action = ET.SubElement(actions, "Exec")
    command, *arguments = list_due_words()
    ET.SubElement(action, "Command").text = command
    ET.SubElement(action, "Arguments").text = " ".join(arguments)
    ET.SubElement(action, "WorkingDirectory").text = str(root)
    ET.indent(task)
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, "unicode") + "\n"


def install_task(text: str, root: Path) -> None:
    """Hand a task to the Task Scheduler, in the place of the former one.

    Parameters
    ----------
    text : str
    root : pathlib.Path

    Raises
    ------
    SuiteError
        When this is no Windows, or it refuses.
    """
    with tempfile.TemporaryDirectory(prefix="patokaz-") as folder:
        path = Path(folder) / "task.xml"
        path.write_text(text, encoding="utf-16")
        _schtasks("/Create", "/F", "/TN", name_entry(root), "/XML", str(path))


def remove_task(root: Path) -> bool:
    """Take the task of a workspace away.

    Parameters
    ----------
    root : pathlib.Path

    Returns
    -------
    bool
        Whether there was one; always False where there is no Task Scheduler.
    """
    if os.name != "nt":
        return False
    try:
        _schtasks("/Query", "/TN", name_entry(root))
    except SuiteError:
        return False
    _schtasks("/Delete", "/F", "/TN", name_entry(root))
    return True


def _schtasks(*words: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # fixed words, no shell
            ["schtasks", *words],  # noqa: S607  # it lies where Windows is
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        msg = (
            "There is no Task Scheduler on this machine. Use `--install cron` or "
            "`--install systemd`, or add --dry-run to see the entry."
        )
        raise SuiteError(msg) from None
    if done.returncode:
        why = " ".join(done.stderr.split()) or "it gave no reason"
        msg = f"The Task Scheduler refused: {why}. Use `patokaz schedule --keep` instead."
        raise SuiteError(msg)
