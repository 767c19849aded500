"""One answer of the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "open", "blocked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it has to be.

    Parameters
    ----------
    message : str
        English message with ``{names}``, of the catalogs.
    where : str
        Language and place: ``mk, section evidence`` or ``kumanovo/mk.md, line 7``.
    parts : tuple of (str, str)
        What stands for each name of the message.
    """

    message: str
    where: str
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What the gate looked at, and what it found.

    Parameters
    ----------
    name : str
        The same in every language.
    title : str
        English message.
    state : {"ok", "open", "blocked"}
        ``blocked`` may not be published; ``open`` waits for a person.
    findings : tuple of Finding
    """

    name: str
    title: str
    state: State
    findings: tuple[Finding, ...] = ()


def settle(name: str, title: str, findings: list[Finding], otherwise: State = "blocked") -> Check:
    """Make a check of what was found.

    Parameters
    ----------
    name, title : str
    findings : list of Finding
    otherwise : str
        The state where anything was found.

    Returns
    -------
    Check

    Examples
    --------
    >>> settle("alternatives", "Pictures have words", []).state
    'ok'
    """
    return Check(name, title, otherwise if findings else "ok", tuple(findings))
