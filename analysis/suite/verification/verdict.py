"""What a verification found, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.documents.seals.seal import Change


class VerifyError(ValueError):
    """Something that cannot be verified at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Parameters
    ----------
    subject : str
        ``file``, ``bundle`` or ``edition``, with its name.
    findings : tuple of str
        Everything that is not as it was made, a sentence each; empty where all is.
    made_from : dict of str to str
        What it claims: run, data, version.
    known : str
        By what it was judged: the seals beside it, or the edition that holds it; blank where
        nothing here knows it, and then nothing is said.
    files : int
        How many files were held against their seal.
    """

    subject: str
    findings: tuple[str, ...]
    made_from: dict[str, str] = field(default_factory=dict)
    known: str = ""
    files: int = 0

    @property
    def is_intact(self) -> bool:
        """Whether it is known, and nothing was found."""
        return bool(self.known) and not self.findings


def say_change(name: str, change: Change | None) -> str:
    """Say where a file first differs from its seal.

    Parameters
    ----------
    name : str
    change : Change or None

    Returns
    -------
    str
        One sentence; blank where there is no change.
    """
    if change is None:
        return ""
    where = f"bytes {change.first:,} to {change.last:,}"
    if change.is_unreadable:
        return f"'{name}' was changed ({where}) and cannot be read any more."
    if not change.label:
        return f"'{name}' was changed ({where}), in no text that a person reads."
    if not change.text:
        return f"'{name}' was changed ({where}): {change.label} is missing or empty."
    return f"'{name}' was changed ({where}): {change.label} now says '{change.text}'."


def say_missing(path: str) -> str:
    """Say that a file is gone.

    Examples
    --------
    >>> say_missing("a.csv")
    "'a.csv' is missing."
    """
    return f"'{path}' is missing."
