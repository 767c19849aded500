"""Heads and captions under which a number is no figure of persons: numbers of rounds, of rows.

The list is short on purpose and is matched whole: a head that nobody has listed is no excuse. It
excuses nothing in hidden places, and nothing that carries the id of a withheld cell.
"""

from __future__ import annotations

from functools import cache

from analysis.protection.policy import load_policy
from analysis.protection.scanner.numbers import plain_text
from analysis.protection.statement import say_policy
from analysis.text import LANGUAGES, translator

HEADS = (
    "No.",
    "Code",
    "Title",
    "Address",
    "Date",
    "Document",
    "Round",
    "Visit",
    "Rows",
    "Indicators",
    "Municipalities",
    "Withheld rows",
)
CAPTIONS = ("Tiers of the reports of the US Department of State",)
# An attribute of an element in a cell stands under the head of the cell and its own name.
ATTRIBUTES = ("", " value", " href")


@cache
def innocent_heads() -> frozenset[str]:
    """Give the heads in all languages.

    Examples
    --------
    >>> {"Withheld rows", "Rows value"} <= innocent_heads(), "Number" in innocent_heads()
    (True, False)
    """
    found = {plain_text(translator(code)(head)) for code in LANGUAGES for head in HEADS}
    return frozenset(head + end for head in found for end in ATTRIBUTES)


@cache
def innocent_captions() -> frozenset[str]:
    """Give the captions in all languages.

    Examples
    --------
    >>> CAPTIONS[0] in innocent_captions()
    True
    """
    return frozenset(plain_text(translator(code)(text)) for code in LANGUAGES for text in CAPTIONS)


@cache
def innocent_sentences() -> frozenset[str]:
    """Give the one sentence with small numbers that every output prints, in all languages.

    Examples
    --------
    >>> any("from 1 to 9 below the country" in text for text in innocent_sentences())
    True
    """
    policy = load_policy()
    return frozenset(plain_text(say_policy(translator(code), policy)) for code in LANGUAGES)
