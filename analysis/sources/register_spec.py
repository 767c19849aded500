"""What a register holds: its columns, their codes, and what is counted by which period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["date", "area", "indicator", "sex", "origin", "citizenship", "count", "unused"]
DIMENSIONS = ("sex", "origin", "citizenship")
CODED = ("area", "indicator", *DIMENSIONS)
# Months in a period.
PERIODS = {"year": 12, "quarter": 3, "month": 1}


class RegisterError(ValueError):
    """A register that is not counted as it stands."""


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column of a register.

    Parameters
    ----------
    name : str
        As in the header of the file.
    kind : str
        ``date``, ``area``, ``indicator``, ``sex``, ``origin``, ``citizenship``, ``count`` or
        ``unused``.
    codes : mapping of str to str
        The codes of the register and what they are with us. A row with another code is rejected.
    """

    name: str
    kind: Kind
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisterSpec:
    """What a register holds, column by column in the order of the file.

    Parameters
    ----------
    columns : tuple of RegisterColumn
        One ``date``, one ``area``, at most one of every other kind but ``unused``. Without a
        column of kind ``count`` every row counts one.
    source_id : str
    indicator_id : str
        What is counted, unless a column of kind ``indicator`` tells.
    period : str
        ``year``, ``quarter`` or ``month``.
    date_format : str
        As for :meth:`datetime.datetime.strptime`.
    delimiter : str
    status, verification : str
        As in the published tables.

    Raises
    ------
    RegisterError
        When the columns do not make a register that can be counted.

    Examples
    --------
    >>> spec = RegisterSpec(
    ...     (
    ...         RegisterColumn("day", "date"),
    ...         RegisterColumn("point", "area", {"GEV": "MK-405"}),
    ...         RegisterColumn("persons", "count"),
    ...     ),
    ...     source_id="border-police",
    ...     indicator_id="border_crossings",
    ... )
    >>> spec.period
    'year'
    """

    columns: tuple[RegisterColumn, ...]
    source_id: str
    indicator_id: str = ""
    period: Literal["year", "quarter", "month"] = "year"
    date_format: str = "%Y-%m-%d"
    delimiter: str = ","
    status: str = "provisional"
    verification: str = "computed_from_register"

    def __post_init__(self) -> None:
        kinds = [c.kind for c in self.columns if c.kind != "unused"]
        for kind in ("date", "area"):
            if kinds.count(kind) != 1:
                msg = f"{kinds.count(kind)} columns are of kind '{kind}'. Name exactly one."
                raise RegisterError(msg)
        twice = sorted({k for k in kinds if kinds.count(k) > 1})
        if twice:
            msg = f"More than one column is of kind '{twice[0]}'. Make all but one 'unused'."
            raise RegisterError(msg)
        bare = [c.name for c in self.columns if c.kind in CODED and not c.codes]
        if bare:
            msg = f"Column '{bare[0]}' has no codes. List each code and what it is with us."
            raise RegisterError(msg)
        if bool(self.indicator_id) == ("indicator" in kinds):
            msg = (
                "It is not said once what is counted. Give indicator_id, or a column of that kind."
            )
            raise RegisterError(msg)

    @property
    def months(self) -> int:
        """Months in a period."""
        return PERIODS[self.period]

    @property
    def coded(self) -> tuple[RegisterColumn, ...]:
        """The columns that rows are grouped by."""
        return tuple(c for c in self.columns if c.kind in CODED)
