"""Numbers of methods as sentences write them: on which side they lie, and with how many digits."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from analysis.text import format_count, format_percent, format_rate, format_signed_percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.documents.model import Bound
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.estimates import Estimates
    from analysis.text import Language

    Write = Callable[[float, Language], str]

Side = Literal["above", "below", "unclear"]

# A number is written with more digits where fewer would make it look like none or like all; with
# so many it may.
MOST_DECIMALS = 6
SHOWN = 0.95


def read_side(result: Result, neutral: float = 0.0) -> Side:
    """Read on which side of no difference a whole interval lies.

    Parameters
    ----------
    result : Result
        With its interval.
    neutral : float
        No difference: 0 for a change or a difference, 1 for a ratio.

    Returns
    -------
    str
        ``unclear`` where the interval holds the neutral value, ends on it, or is not there.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> read_side(Result(state="value", value=2.0, lower=1.02, upper=3.6), neutral=1)
    'above'
    """
    if not result.is_number or result.lower is None or result.upper is None:
        return "unclear"
    if result.lower > neutral:
        return "above"
    return "below" if result.upper < neutral else "unclear"


def take_result(
    estimates: Estimates,
    place: tuple[int, ...],
    inputs: tuple[str, ...],
    level: float = SHOWN,
) -> Result:
    """Take one estimate out of many, with the observations that it was worked out from.

    Parameters
    ----------
    estimates : Estimates
    place : tuple of int
        Place along each axis.
    inputs : tuple of str
        Ids of the observations.
    level : float
        Confidence level that the sentence names.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        When the limits are those of another level than the sentence would say.

    Examples
    --------
    >>> from analysis.methods.estimates import collect_estimates
    >>> made = collect_estimates([2.0], n=[2], method="crude rate")
    >>> take_result(made, (0,), ("ab12",)).inputs
    ('ab12',)
    """
    if estimates.level != level:
        raise ValueError(
            f"The limits were made at the level {estimates.level:g}, and the sentence would call "
            f"them those of {level:g}. Work them out again with level={level:g}."
        )
    return replace(estimates.at(*place), inputs=inputs)


def give_value(result: Result, value: float) -> Result:
    """Give a result another number that the same method worked out from the same inputs.

    Parameters
    ----------
    result : Result
        Keeps its state where it has no number: what is withheld stays so.
    value : float

    Returns
    -------
    Result
        Without limits.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> give_value(Result(state="value", value=2.0, method="crude rate"), 0.0).state
    'zero'
    """
    if not result.is_number:
        return result
    if not math.isfinite(value):
        return replace(result, state="not_applicable", value=None, lower=None, upper=None)
    state: Literal["value", "zero"] = "value" if value else "zero"
    return replace(result, state=state, value=value, lower=None, upper=None)


def turn_to_percent(result: Result) -> Result:
    """Turn a part of one, such as 0.9, into per cent.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> turn_to_percent(Result(state="value", value=0.75)).value
    75.0
    """
    if result.value is None:
        return replace(result, unit="percent")
    ends = (None if end is None else 100 * end for end in (result.lower, result.upper))
    lower, upper = ends
    return replace(result, value=100 * result.value, lower=lower, upper=upper, unit="percent")


def turn_to_whole(result: Result) -> Result:
    """Round persons to whole ones, and the limits outwards.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> whole = turn_to_whole(Result(state="value", value=507.5, lower=401.7, upper=689.2))
    >>> whole.value, whole.lower, whole.upper
    (508.0, 401.0, 690.0)
    """
    if result.value is None:
        return result
    low = None if result.lower is None else float(math.floor(result.lower))
    high = result.upper
    if high is not None and math.isfinite(high):
        high = float(math.ceil(high))
    rounded = give_value(result, float(math.floor(result.value + 0.5)))
    return replace(rounded, lower=low, upper=high)


def bind_limits(result: Result, w: Wording, write: Write) -> dict[str, Bound]:
    """Write the limits of an interval with the digits of its number.

    Parameters
    ----------
    result : Result
    w : Wording
    write : callable
        Takes a number and a language.

    Returns
    -------
    dict of str to Bound
        ``lower`` and ``upper``; the word for none where there is no limit on that side.
    """
    ends = {"lower": result.lower, "upper": result.upper}
    without = replace(result, lower=None)
    return {
        name: w.lower(without)
        if end is None or not math.isfinite(end)
        else w.number(give_value(result, end), write)
        for name, end in ends.items()
    }


def write_ratio(value: float, language: Language) -> str:
    """Write a ratio, so that it looks like 1 only where it is.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> [write_ratio(value, find_language("en")) for value in (2.0, 0.481, 1.004)]
    ['2.00', '0.48', '1.004']
    """
    return _write_digits(value, language, _find_decimals(value, 2, (0, 1)))


def write_decimal(value: float, language: Language) -> str:
    """Write a rate, a mean or a score, so that it looks like 0 only where it is.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> [write_decimal(value, find_language("en")) for value in (20.67, 0.043, 0.0004)]
    ['20.7', '0.043', '0.0004']
    """
    least = 3 if 0 < abs(value) < 1 else 1
    return _write_digits(value, language, _find_decimals(value, least, (0,)))


def write_signed(value: float, language: Language) -> str:
    """Write a difference with its sign, so that it looks like 0 only where it is.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> write_signed(2.225, find_language("en"))
    '+2.2'
    """
    text = write_decimal(value, language)
    return f"+{text}" if value > 0 else text


def write_pace(value: float, language: Language) -> str:
    r"""Write a change in per cent with its sign, so that it looks like 0 only where it is.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> write_pace(0.04, find_language("en"))
    '+0.04\xa0%'
    """
    return format_signed_percent(value, language, _find_decimals(value, 1, (0,)))


def write_percent(value: float, language: Language) -> str:
    r"""Write a percentage, so that it looks like none or all only where it is.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> write_percent(99.98, find_language("en"))
    '99.98\xa0%'
    """
    return format_percent(value, language, _find_decimals(value, 1, (0, 100)))


def write_whole(value: float, language: Language) -> str:
    """Write a number of cases, areas or days.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> write_whole(1240.0, find_language("en"))
    '1,240'
    """
    return format_count(value, language) if value == round(value) else format_rate(value, language)


def write_change(value: float, language: Language) -> str:
    """Write a difference of counts with its sign.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> write_change(200.0, find_language("en"))
    '+200'
    """
    text = write_whole(value, language)
    return f"+{text}" if value > 0 else text


def _find_decimals(value: float, least: int, apart: tuple[int, ...]) -> int:
    exact = Decimal(str(value))
    for decimals in range(least, MOST_DECIMALS):
        # Half to even, as numbers are written.
        shown = round(exact, decimals)
        if all(shown != point or exact == point for point in apart):
            return decimals
    return MOST_DECIMALS


def _write_digits(value: float, language: Language, decimals: int) -> str:
    # Small rates are given two digits more by themselves.
    less = 2 if 0 < abs(value) < 1 else 0
    return format_rate(value, language, decimals - less)
