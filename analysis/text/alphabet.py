"""The order of names in the alphabet of each language: Ѓ behind Д, Xh behind X, Č behind C.

Computers order letters by number, which puts Ѓ, Ѕ and Ј before А, and Č behind Z.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.text.languages import Language

Thing = TypeVar("Thing")
# Letters of two signs stand as one place in the order; names of other countries' areas may hold
# letters of the other alphabet, which come behind.
CYRILLIC = "а б в г д ђ ѓ е ж з ѕ и ј к л љ м н њ о п р с т ћ ќ у ф х ц ч џ ш"
ALPHABETS = {
    "mk": "а б в г д ѓ ђ е ж з ѕ и ј к л љ м н њ о п р с т ќ ћ у ф х ц ч џ ш",
    "sr-Cyrl": CYRILLIC,
    "sr-Latn": "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž",
    "sq": "a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v w x xh y z zh",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
}
LONGEST_LETTER = 2
BEHIND = 1000


def alphabet_key(name: str, language: Language) -> tuple[tuple[int, str], ...]:
    """Give the place of a name in the alphabet of a language.

    Parameters
    ----------
    name : str
    language : Language

    Returns
    -------
    tuple
        Names in the order of their keys stand as in a printed register.

    Examples
    --------
    >>> from analysis.text.languages import LANGUAGES
    >>> names = ["Берово", "Ѓорче Петров", "Дебар", "Гостивар"]
    >>> sorted(names, key=lambda name: alphabet_key(name, LANGUAGES["mk"]))
    ['Берово', 'Гостивар', 'Дебар', 'Ѓорче Петров']
    """
    places = _places(language.code)
    text = unicodedata.normalize("NFC", name.casefold())
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        pair = text[at : at + LONGEST_LETTER]
        letter = pair if pair in places else text[at]
        found.append(_place(letter, places))
        at += len(letter)
    return tuple(found)


def sort_by_name(
    things: Iterable[Thing], name_of: Callable[[Thing], str], language: Language
) -> list[Thing]:
    """Sort things by their names.

    Parameters
    ----------
    things : iterable
    name_of : callable
        Gives the name of one, in the language.
    language : Language

    Returns
    -------
    list
    """
    return sorted(things, key=lambda thing: alphabet_key(name_of(thing), language))


def _place(letter: str, places: dict[str, int]) -> tuple[int, str]:
    if letter in places:
        return places[letter], ""
    plain = unicodedata.normalize("NFKD", letter)[:1]
    if plain in places:
        return places[plain], letter
    # Blanks and hyphens come before letters, letters of another alphabet behind them.
    return (BEHIND, letter) if letter.isalpha() else (0, letter)


@lru_cache(maxsize=len(ALPHABETS))
def _places(code: str) -> dict[str, int]:
    letters = ALPHABETS.get(code, ALPHABETS["en"]).split()
    return {letter: place for place, letter in enumerate(letters, start=1)}
