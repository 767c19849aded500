"""Numbers as each language writes them (CLDR), and back again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from babel.numbers import NumberFormatError, format_decimal, get_decimal_symbol, get_group_symbol

if TYPE_CHECKING:
    from analysis.text.languages import Language


def format_count(value: float, language: Language) -> str:
    """Write a count with the thousands mark of the language.

    Parameters
    ----------
    value : float
        A whole number; anything else is refused, because a count has no fraction.
    language : Language

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When ``value`` is not a whole, finite number.

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> format_count(98104, find_language("mk")), format_count(98104, find_language("en"))
    ('98.104', '98,104')
    """
    if not math.isfinite(value) or value != round(value):
        msg = f"{value!r} is not a whole number. A count is written as one: check the indicator."
        raise ValueError(msg)
    return _minus(format_decimal(round(value), format="#,##0", locale=language.locale))


def format_percent(value: float, language: Language, decimals: int = 1) -> str:
    r"""Write a percentage with its sign.

    Parameters
    ----------
    value : float
        Percent, not a fraction: 12.5 is 12.5 %.
    language : Language
    decimals : int
        Digits after the mark; they are always written, so that columns line up.

    Returns
    -------
    str

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> format_percent(-6.963, find_language("mk"))
    '−7,0\xa0%'
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    number = _minus(format_decimal(value, format=pattern, locale=language.locale))
    return f"{number}\N{NO-BREAK SPACE}%"


def format_change(value: float, language: Language) -> str:
    """Write a difference of counts with its sign, plus as well as minus.

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> format_change(-7380, find_language("en")), format_change(28863, find_language("en"))
    ('−7,380', '+28,863')
    """
    text = format_count(value, language)
    return f"+{text}" if value > 0 else text


def format_signed_percent(value: float, language: Language, decimals: int = 1) -> str:
    r"""Write a change in per cent with its sign, plus as well as minus.

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> format_signed_percent(4.25, find_language("en"))
    '+4.2\xa0%'
    """
    text = format_percent(value, language, decimals)
    return f"+{text}" if value > 0 else text


def format_rate(value: float, language: Language, decimals: int = 1) -> str:
    """Write a rate: two digits more where it is so small that one would show nothing.

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> format_rate(0.0431, find_language("mk")), format_rate(12.34, find_language("en"))
    ('0,043', '12.3')
    """
    shown = decimals + 2 if 0 < abs(value) < 1 else decimals
    return _minus(format_decimal(value, format="#,##0." + "0" * shown, locale=language.locale))


def _minus(number: str) -> str:
    # The sign that charts draw as well; a hyphen beside it would look like another thing.
    return number.replace("-", "\N{MINUS SIGN}")


def parse_number(text: str, language: Language) -> float:
    r"""Read a number that was written by one of the functions above.

    Parameters
    ----------
    text : str
        For instance ``'98.104'`` or ``'-7,0 %'`` in Macedonian.
    language : Language

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When the text is not a number of that language.

    Examples
    --------
    >>> from analysis.text.languages import find_language
    >>> parse_number("-7,0\xa0%", find_language("mk"))
    -7.0
    """
    bare = text.removesuffix("%").strip("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ")
    group = get_group_symbol(language.locale)
    mark = get_decimal_symbol(language.locale)
    plain = bare.replace(group, "").replace(mark, ".").replace("\N{MINUS SIGN}", "-")
    try:
        return float(plain)
    except (ValueError, NumberFormatError):
        msg = f"'{text}' is not a number as {language.own_name} writes it, such as '1{group}000'."
        raise ValueError(msg) from None
