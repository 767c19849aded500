"""The floor under the thresholds, which only an administrator's file can change."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "PATOKAZ_POLICY_FLOOR"
THRESHOLDS = ("below_national", "national_breakdown")
SIGNED = ("changed_by", "changed_on", "reason")
# A count of 1 or 2 is a person whatever an administrator decides.
LEAST = 3


class FloorError(ValueError):
    """An administrator's file that cannot be relied on."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that thresholds may be, and who laid it down.

    Parameters
    ----------
    thresholds : dict of str to int
    changed_by, changed_on, reason : str
        Printed with every release that is made under it.
    """

    thresholds: dict[str, int]
    changed_by: str
    changed_on: str
    reason: str


def read_floor(environment: Mapping[str, str] | None = None) -> Floor:
    """Read the floor: of the administrator where one is named, else of the project.

    Parameters
    ----------
    environment : mapping, optional
        The environment of the process, unless another is given.

    Returns
    -------
    Floor

    Raises
    ------
    FloorError
        When the file is not there, can be written by others than its owner, is unsigned, or lays
        down less than 3.

    Examples
    --------
    >>> read_floor({}).thresholds
    {'below_national': 10, 'national_breakdown': 5}
    """
    named = (os.environ if environment is None else environment).get(FILE, "")
    if not named:
        shipped = resources.files("analysis.protection") / "policy_floor.toml"
        return _check(tomllib.loads(shipped.read_text(encoding="utf-8")), "policy_floor.toml")
    path = Path(named)
    if not path.is_file():
        msg = f"{FILE} names '{named}', which is no file. Correct the variable or unset it."
        raise FloorError(msg)
    if os.name == "posix" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        msg = (
            f"'{named}' can be written by others than its owner, so that nobody can rely on it. "
            f"Take that right away: chmod go-w '{named}'."
        )
        raise FloorError(msg)
    return _check(tomllib.loads(path.read_text(encoding="utf-8")), named)


def _check(content: Mapping[str, Any], name: str) -> Floor:
    for word in (*THRESHOLDS, *SIGNED):
        if not content.get(word):
            msg = (
                f"'{name}' does not say '{word}'. Write both thresholds, and who changed them, "
                f"when and why."
            )
            raise FloorError(msg)
    thresholds = {word: content[word] for word in THRESHOLDS}
    for word, number in thresholds.items():
        if not isinstance(number, int) or number < LEAST:
            msg = (
                f"'{name}' lays down {number!r} for '{word}'. Give a whole number of {LEAST} or "
                f"more: a count below {LEAST} is a person."
            )
            raise FloorError(msg)
    return Floor(thresholds, *(str(content[word]) for word in SIGNED))
