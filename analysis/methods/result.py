"""A number with all that belongs to it: interval, n, state, reason, source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

DIGITS = 12
State = Literal["value", "zero", "suppressed", "no_data", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Result:
    """One number, or the reason why there is none.

    Parameters
    ----------
    state : str
        ``value``, ``zero``, ``suppressed``, ``no_data`` or ``not_applicable``.
    value : float, optional
        Blank unless the state is ``value`` or ``zero``.
    lower, upper : float, optional
        95 % interval; blank for a full count.
    n : float, optional
        Number of cases behind the value.
    unit : str
        Unit of the indicator.
    reason : str
        Why the number is withheld or missing; English, a message of the catalogs.
    source_id, reference : str
        Source, and id of the observation.
    period_start, period_end : str
        ISO dates.
    status : str
        ``final``, ``provisional``, ``estimate`` or ``survey``.
    method : str
        How the number was made.
    inputs : tuple of str
        Ids of the observations that a method worked it out from; blank for an observation, which
        has a ``reference`` instead.

    Raises
    ------
    ValueError
        When the state and the number contradict each other.

    Examples
    --------
    >>> Result(state="value", value=98104.0, unit="persons").is_number
    True
    """

    state: State
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: float | None = None
    unit: str = ""
    reason: str = ""
    source_id: str = ""
    reference: str = ""
    period_start: str = ""
    period_end: str = ""
    status: str = ""
    method: str = ""
    inputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a number without its state, and a state without its number."""
        if self.is_number and self.value is None:
            msg = f"A result in the state '{self.state}' needs a value; none was given."
            raise ValueError(msg)
        if not self.is_number and self.value is not None:
            msg = f"A result in the state '{self.state}' may not carry the value {self.value}."
            raise ValueError(msg)
        if self.state == "zero" and self.value != 0:
            msg = f"A result in the state 'zero' may not carry the value {self.value}."
            raise ValueError(msg)

    @property
    def is_number(self) -> bool:
        """Whether there is a number to show."""
        return self.state in {"value", "zero"}

    def settle(self) -> Result:
        """Cut value and limits to twelve digits, beyond which computers round in their own ways.

        Returns
        -------
        Result
            The same on every machine, so that the pages made from it are the same bytes.

        Examples
        --------
        >>> Result(state="value", value=1 / 3).settle().value
        0.333333333333
        """

        def cut(number: float | None) -> float | None:
            return None if number is None else float(f"{number:.{DIGITS}g}")

        return replace(self, value=cut(self.value), lower=cut(self.lower), upper=cut(self.upper))

    @property
    def year(self) -> int:
        """Year in which the period ends."""
        return int(self.period_end[:4])
