"""Reading ``suite.toml``: which notebooks are run, and where each word of it stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ENTRY_KEYS = frozenset({"notebook", "areas", "languages", "editions", "outputs", "parameters"})
OUTPUTS = ("page", "brief")
ENTRY_MARK = re.compile(r"^\s*\[\[\s*run\s*\]\]")


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
        pattern = re.compile(rf"(^|[\s{{,]){re.escape(key)}\s*=")
        for offset, line in enumerate(self.lines):
            if pattern.search(line.split("#", 1)[0]):
                return self.first_line + offset
        return self.first_line

    def refuse(self, key: str, why: object) -> SuiteError:
        """Make the error for a key: file, line, reason."""
        return SuiteError(f"{self.file}, line {self.line_of(key)}: {why}")


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
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        msg = f"{path.name} is not valid TOML: {broken}. Correct that line; nothing was run."
        raise SuiteError(msg) from None
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if ENTRY_MARK.match(line)]
    found = content.pop("run", [])
    if content or not found or len(found) != len(starts):
        stray = f"has '{next(iter(content))}'" if content else "has no [[run]]"
        msg = f"{path.name} {stray} at its top. Expected one [[run]] block for each notebook."
        raise SuiteError(msg)
    ends = [*starts[1:], len(lines)]
    entries = [
        Entry(block, start + 1, tuple(lines[start:end]), path.name)
        for block, start, end in zip(found, starts, ends, strict=True)
    ]
    for entry in entries:
        _check_entry(entry)
    return entries


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
