"""Numbers and years in a text, in whatever way they are written.

A number is read in each way in which it can be meant: ``1.234`` is one thousand and something in
Macedonian and one and something in English. What is plainly no figure is taken out first: dates,
codes, hashes, versions, sizes in a style sheet.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

THIN = "\u00a0\u2002-\u200a\u202f\u205f"
GROUPED = re.compile(rf"(?<=\d)[{THIN}'\u2019](?=\d{{3}}(?!\d))")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
URL_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
MONTHS = (
    r"jan|feb|mar|apr|ma[jyi]|jun|jul|aug|avg|sep|o[ck]t|nov|de[cz]|shk|pri|qer|korr|gus|sht|tet|"
    r"nën|dhj|јан|феб|мар|апр|ма[јр]|јун|јул|авг|сеп|окт|ное|нов|дек"
)
# Dates, times, codes and hashes are no figures.
NO_FIGURE = re.compile(
    rf"""
    \b(?:19|20)\d\d-\d\d(?:-\d\d)?
      (?:[T\ ]?\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\b
    | \b\d{{1,2}}\.\ ?\d{{1,2}}\.\ ?(?:19|20)\d\d\b
    | \b\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d\b
    | \b\d{{1,2}}\.?\ +(?:{MONTHS})[^\W\d_]*\.?\ +(?=(?:19|20)\d\d\b)
    | \b\d\d:\d\d(?::\d\d)?\b
    | \bv?(?!\d{{1,3}}(?:\.\d{{3}})+\b)\d+\.\d+\.\d+[\w.]*
    | \b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{{8,}}\b
    | \b\d+(?:[.,]\d+)?(?:px|pt|em|rem|mm|cm|vh|vw|ms|kB|KB|MB|dpi|deg|fr)\b
    | (?<![\d.,])0\d+\b(?![.,]\d)
    | \#[0-9a-fA-F]{{3,8}}\b
    | (?:^|(?<=[^\W\d])[.,:;)]?|\N{{MIDDLE DOT}})\ ?\[\d{{1,3}}\](?!\s*[,:\]])
    | \b(?:\d+-)*(?:[^\W\d]+-){{3,}}[\w-]*
    | \b[A-Za-z]+\d+[\w-]*
    | \b(?-i:[A-Z]{{2,}})-\d+[\w-]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
SPAN = re.compile(r"\b((?:19|20)\d\d)\s?[-\u2010-\u2015/]\s?((?:19|20)\d\d|\d\d)\b")
YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\d|\.\d)")
# A sign counts where it does not join two words; one of comparison where it ends no tag.
NUMBER = re.compile(
    r"""
    (?P<before>%\s?:\s?)?
    (?<!\w)(?<!\d[.,])
    (?P<limit>(?<![\w"'/])[<>\u2264\u2265]\s?)?
    (?P<sign>(?<![\w\u2022])[-+\u2212])?
    (?P<digits>
        \d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?
        | \d+(?:[.,]\d+)*
    )
    (?P<after>\s?%)?
    """,
    re.VERBOSE,
)
GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
GROUPS_AND_DECIMALS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*(?!\1)[.,]\d+")
CENTURY = 100
BLANK = "\N{BULLET}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text.

    Parameters
    ----------
    values : frozenset of float
        Each way in which it can be read.
    is_share : bool
        Whether a per cent sign follows it.
    is_limit : bool
        Whether it stands behind a sign of comparison, as in ``<10``.
    """

    values: frozenset[float]
    is_share: bool = False
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a text holds in numbers.

    Parameters
    ----------
    figures : tuple of Figure
    periods : frozenset of (int, int)
        First and last year of each period that it names.
    """

    figures: tuple[Figure, ...]
    periods: frozenset[tuple[int, int]]


def plain_text(text: str) -> str:
    r"""Undo what hides a text from a plain search: entities, escapes, unseen and wide signs.

    Examples
    --------
    >>> plain_text("1\u202f234 &#x35; %35 \\u0035")
    "1'234 5 5 5"
    """
    if "&" in text:
        # Twice, because what is escaped twice is shown after two readings.
        text = html.unescape(html.unescape(text))
    if "%" in text and URL_ESCAPE.search(text):
        text = unquote(text)
    if "\\u" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if not text.isascii():
        text = RAISED.sub(" ", UNSEEN.sub("", text))
        text = GROUPED.sub("'", text)
        text = unicodedata.normalize("NFKC", text)
    return text.replace("_", " ")


@lru_cache(maxsize=65536)
def read_numbers(text: str) -> Numbers:
    """Read the numbers and the periods of a text.

    Parameters
    ----------
    text : str
        As it stands in the file.

    Returns
    -------
    Numbers

    Examples
    --------
    >>> found = read_numbers("Куманово, 2023: 1.234 лица")
    >>> sorted(found.figures[0].values), sorted(found.periods)
    ([1.234, 1234.0], [(2023, 2023)])
    """
    plain = plain_text(text)
    if not any(letter.isdigit() for letter in plain):
        return Numbers((), frozenset())
    rest = NO_FIGURE.sub(BLANK, plain)
    spans = {_span(int(first), last) for first, last in SPAN.findall(rest)}
    # The ends of a span are not said of what the span is said of.
    years = {int(year) for year in YEAR.findall(SPAN.sub(BLANK, rest))}
    years |= {int(y) for found in NO_FIGURE.finditer(plain) for y in YEAR.findall(found[0])}
    periods = {(year, year) for year in years} | {s for s in spans if s[0] < s[1]}
    rest = YEAR.sub(BLANK, SPAN.sub(BLANK, rest))
    figures = tuple(
        Figure(
            _values(found["sign"] or "", found["digits"]),
            is_share=bool(found["before"] or found["after"]),
            is_limit=bool(found["limit"]),
        )
        for found in NUMBER.finditer(rest)
    )
    return Numbers(figures, frozenset(periods))


def _span(start: int, last: str) -> tuple[int, int]:
    short = len(last) == len("99")
    return start, start // CENTURY * CENTURY + int(last) if short else int(last)


def _values(sign: str, digits: str) -> frozenset[float]:
    factor = -1.0 if sign in {"-", "\N{MINUS SIGN}"} else 1.0
    values = {_float(reading) for reading in _readings(digits)}
    return frozenset(factor * v for v in values if v is not None)


def _readings(digits: str) -> set[str]:
    """Give each way in which digits can be meant, with a point before decimals."""
    found: set[str] = set()
    digits = digits.replace("'", "")
    if " " in digits:
        # A space may part two numbers or group one.
        found.update(digits.replace(",", ".").split())
        digits = digits.replace(" ", "")
    if GROUPS.fullmatch(digits):
        found.add(digits.replace(".", "").replace(",", ""))
    if GROUPS_AND_DECIMALS.fullmatch(digits):
        whole, decimals = re.split(r"[.,](?=\d+$)", digits)
        found.add(f"{re.sub('[.,]', '', whole)}.{decimals}")
    # Three noughts behind a mark are thousands: nobody writes a count to a thousandth.
    if len(re.findall("[.,]", digits)) <= 1 and not (found and digits.endswith("000")):
        found.add(digits.replace(",", "."))
    # What groups no number is a list: 4,5,7.
    return found or set(digits.split(","))


def _float(digits: str) -> float | None:
    try:
        return float(digits)
    except ValueError:
        return None
