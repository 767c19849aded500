"""Years from first to last, as a parameter of a notebook gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass

FORM = re.compile(r"^\s*(\d{4})\s*[-–]\s*(\d{4})\s*$")
# The widest period that can be asked for.
EARLIEST = 1990
LATEST = 2100
SHORTEST = 2


class PeriodError(ValueError):
    """A period, or an area, for which no trend can be read."""


@dataclass(frozen=True, slots=True)
class Period:
    """Years from first to last, both in it.

    Examples
    --------
    >>> Period.parse("2014-2025").first
    2014
    >>> str(Period.parse("2014 – 2025"))
    '2014-2025'
    """

    first: int
    last: int

    def __str__(self) -> str:
        """Write it as a parameter."""
        return f"{self.first}-{self.last}"

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period.

        Parameters
        ----------
        text : str
            Two years with a hyphen between them.

        Returns
        -------
        Period

        Raises
        ------
        PeriodError
            When the text is no period, or the years stand in the wrong order.
        """
        found = FORM.match(str(text))
        if not found:
            msg = f"'{text}' is not a period. Write the first and the last year, as 2014-2025."
            raise PeriodError(msg)
        first, last = int(found[1]), int(found[2])
        if not EARLIEST <= first < LATEST or last - first + 1 < SHORTEST:
            msg = (
                f"The period {first}-{last} does not run forward over at least two years from "
                f"{EARLIEST} on. Write the earlier year first, as 2014-2025."
            )
            raise PeriodError(msg)
        return cls(first, last)
