"""Reading ``suite.toml``: which notebooks are run, and where each word of it stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.documents.brief_forms import FACTS, FormError, check_form

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT, RETRIES, FORM = "timeout", "retries", "form"
ENTRY_KEYS = frozenset(
    {
        "notebook",
        "areas",
        "languages",
        "editions",
        "outputs",
        "parameters",
        FORM,
        TIMEOUT,
        RETRIES,
    }
)
# A day, and a number of attempts, beyond which somebody has mistyped.
LONGEST, MOST_RETRIES = 86_400, 10
OUTPUTS = ("page", "brief")
ENTRY_MARK = re.compile(r"^\s*\[\[\s*run\s*\]\]")
SCHEDULE, ALERTS, CONTACT, CLUSTER = "schedule", "alerts", "contact", "cluster"
# The tables beside the runs, and what may stand in each.
TABLES = {
    SCHEDULE: frozenset({"at", "days", "commands", "time_zone"}),
    ALERTS: frozenset({"to", "language", "stale_after_days"}),
    CONTACT: frozenset({"errors_to"}),
    CLUSTER: frozenset({"folder"}),
}
TABLE_MARK = re.compile(r"^\s*\[\s*(schedule|alerts|contact|cluster)\s*\]")


class SuiteError(ValueError):
    """A suite file that cannot be carried out as written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[run]]`` of the suite file, with the lines it stands on."""

    content: dict[str, Any]
    first_line: int
    lines: tuple[str, ...]
    file: str

    def line_of(self, key: str) -> int:
        """Find the line on which a key of this entry stands."""
        return _line_of(key, self.lines, self.first_line)

    def refuse(self, key: str, why: object) -> SuiteError:
        """Make the error for a key: file, line, reason."""
        return SuiteError(f"{self.file}, line {self.line_of(key)}: {why}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table beside the runs, such as ``[schedule]``, with the lines it stands on."""

    name: str
    content: dict[str, Any]
    first_line: int
    lines: tuple[str, ...]
    file: str

    def line_of(self, key: str, value: str = "") -> int:
        """Find the line of a key, or of a text among its values, which may stand further down."""
        line = _line_of(key, self.lines, self.first_line)
        for offset, said in enumerate(self.lines[line - self.first_line :] if value else ()):
            if f'"{value}"' in said or f"'{value}'" in said:
                return line + offset
        return line

    def refuse(self, key: str, why: object, value: str = "") -> SuiteError:
        """Make the error for a key, or for one of its values: file, line, reason."""
        return SuiteError(f"{self.file}, line {self.line_of(key, value)}: {why}")


def _line_of(key: str, lines: tuple[str, ...], first_line: int) -> int:
    pattern = re.compile(rf"(^|[\s{{,.]){re.escape(key)}\s*=")
    for offset, line in enumerate(lines):
        if pattern.search(line.split("#", 1)[0]):
            return first_line + offset
    return first_line


def read_suite(path: Path) -> list[Entry]:
    """Read the entries of a suite file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of Entry

    Raises
    ------
    SuiteError
        When the file is no TOML, has no entry, or an entry has an unknown or missing key.
    """
    content, lines = _read(path)
    marks = [i for i, line in enumerate(lines) if ENTRY_MARK.match(line) or TABLE_MARK.match(line)]
    blocks = [
        (start, end)
        for start, end in zip(marks, [*marks[1:], len(lines)], strict=False)
        if ENTRY_MARK.match(lines[start])
    ]
    found = content.pop("run", [])
    for name in TABLES:
        if content.pop(name, None) is not None:
            read_table(path, name)
    if content or not found or len(found) != len(blocks):
        stray = f"has '{next(iter(content))}'" if content else "has no [[run]]"
        msg = (
            f"{path.name} {stray} at its top. Expected one [[run]] block for each notebook, "
            f"and at most [schedule], [alerts], [contact] and [cluster] beside them."
        )
        raise SuiteError(msg)
    entries = [
        Entry(block, start + 1, tuple(lines[start:end]), path.name)
        for block, (start, end) in zip(found, blocks, strict=True)
    ]
    for entry in entries:
        _check_entry(entry)
    return entries


def read_table(path: Path, name: str) -> Table | None:
    """Read a table of a suite file that stands beside its runs.

    Parameters
    ----------
    path : pathlib.Path
    name : {"schedule", "alerts", "contact", "cluster"}

    Returns
    -------
    Table or None
        None where the file has no such table.

    Raises
    ------
    SuiteError
        When the file is no TOML, or the table has a key that nothing reads.
    """
    content, lines = _read(path)
    held = content.get(name)
    if held is None:
        return None
    # Written as `schedule.at = ...` or `schedule = {...}` a table has no head line of its own.
    head = re.compile(rf"^\s*(\[\s*{name}\s*\]|{name}\s*[.=])")
    start = next((i for i, line in enumerate(lines) if head.match(line)), 0)
    later = (i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith("[["))
    ends = (i for i in range(start + 1, len(lines)) if TABLE_MARK.match(lines[i]))
    end = min(next(later, len(lines)), next(ends, len(lines)))
    if not isinstance(held, dict):
        why = f"'{name}' is not a table. Write [{name}] on a line of its own, and keys below it."
        raise SuiteError(f"{path.name}, line {start + 1}: {why}")
    table = Table(name, held, start + 1, tuple(lines[start:end]), path.name)
    for key in held:
        if key not in TABLES[name]:
            expected = ", ".join(sorted(TABLES[name]))
            raise table.refuse(key, f"'{key}' is not a key of [{name}]. Use: {expected}.")
    return table


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    text = path.read_text(encoding="utf-8")
    try:
        return tomllib.loads(text), text.splitlines()
    except tomllib.TOMLDecodeError as broken:
        msg = f"{path.name} is not valid TOML: {broken}. Correct that line; nothing was run."
        raise SuiteError(msg) from None


def _check_entry(entry: Entry) -> None:
    for key in entry.content:
        if key not in ENTRY_KEYS:
            expected = ", ".join(sorted(ENTRY_KEYS))
            raise entry.refuse(key, f"'{key}' is not a key of [[run]]. Use: {expected}.")
    for key in ("notebook", "languages"):
        if not entry.content.get(key):
            raise entry.refuse(key, f"[[run]] lacks '{key}'. Give it a value.")
    for output in entry.content.get("outputs", []):
        if output not in OUTPUTS:
            why = f"'{output}' is not an output. Use: {', '.join(OUTPUTS)}."
            raise entry.refuse("outputs", why)
    try:
        check_form(str(entry.content.get(FORM, FACTS)))
    except FormError as refused:
        raise entry.refuse(FORM, refused) from None
    for key, check in ((TIMEOUT, check_timeout), (RETRIES, check_retries)):
        try:
            check(entry.content.get(key))
        except SuiteError as refused:
            raise entry.refuse(key, refused) from None


def check_timeout(value: object) -> None:
    """Refuse what is no time for one notebook.

    Parameters
    ----------
    value : object
        Seconds; None where nobody says any.

    Raises
    ------
    SuiteError
        When it is no number above 0, or more than a day.
    """
    if value is None:
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= LONGEST:  # type: ignore[operator]
        msg = (
            f"{value!r} is no time that one notebook may take. Write seconds above 0 and up to "
            f"{LONGEST}, such as 600."
        )
        raise SuiteError(msg)


def check_retries(value: object) -> None:
    """Refuse what is no number of retries.

    Parameters
    ----------
    value : object
        How often a run is tried again; None where nobody says it.

    Raises
    ------
    SuiteError
        When it is no whole number from 0 to 10.
    """
    if value is None:
        return
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not 0 <= value <= MOST_RETRIES:  # type: ignore[operator]
        msg = (
            f"{value!r} is no number of retries. Write a whole number from 0 to {MOST_RETRIES}: "
            f"how often a run is tried again whose kernel hung or died."
        )
        raise SuiteError(msg)
