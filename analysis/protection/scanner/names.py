"""Which areas and indicators a text names, in any of the languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.protection.scanner.numbers import plain_text
from analysis.text import LANGUAGES, latinise_serbian

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.catalog import Area, Indicator

WORD = re.compile(r"[^\W_]+")
LONGEST_CODE = 3


def fold_text(text: str) -> str:
    """Write a text so that the same name is the same: small letters without accents.

    Examples
    --------
    >>> fold_text("Shtip") == fold_text("SHTIP"), fold_text("Štip")
    (True, 'stip')
    """
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


class Names:
    """Finds names in texts.

    Parameters
    ----------
    names : mapping of str to iterable of str
        For each id the names that it goes by. A name of up to three capital letters is a code
        and is found only in capitals: ``MK`` is a country, ``mk`` a language.

    Examples
    --------
    >>> sorted(Names({"MK-703": ["Kumanovo", "Куманово"], "MK": ["MK"]}).find("во Куманово (mk)"))
    ['MK-703']
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._by_words: dict[tuple[str, ...], set[str]] = {}
        self._codes: dict[str, set[str]] = {}
        for key, texts in names.items():
            for text in texts:
                self._add(key, text.strip())
        self._longest: dict[str, int] = {}
        for words in self._by_words:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self.find = lru_cache(maxsize=65536)(self._find)

    def _add(self, key: str, text: str) -> None:
        if text.isupper() and text.isalpha() and len(text) <= LONGEST_CODE:
            self._codes.setdefault(text, set()).add(key)
            return
        words = tuple(WORD.findall(fold_text(text)))
        if words:
            self._by_words.setdefault(words, set()).add(key)

    def _find(self, text: str) -> frozenset[str]:
        plain = plain_text(text)
        found: set[str] = set()
        words = WORD.findall(fold_text(plain))
        place = 0
        while place < len(words):
            taken = 1
            # The longest name wins: "North Macedonia" is not "Macedonia", "MK-703" is not "MK".
            for size in range(self._longest.get(words[place], 0), 0, -1):
                keys = self._by_words.get(tuple(words[place : place + size]))
                if keys:
                    found |= keys
                    taken = size
                    break
            place += taken
        if self._codes:
            for code in re.findall(r"(?<![\w-])[A-Z]{2,3}(?![\w-])", plain):
                found |= self._codes.get(code, set())
        return frozenset(found)


def name_area(area: Area) -> frozenset[str]:
    """List all names and codes that an area goes by.

    Examples
    --------
    >>> from analysis.catalog import load_areas
    >>> names = name_area(load_areas().get("MK-703"))
    >>> {"MK-703", "kumanovo", "Куманово", "Kumanovë"} <= names
    True
    """
    own = {area.name(language.column) for language in LANGUAGES.values()}
    own |= {area.name_mk, area.name_sq, area.name_en, area.name_sr_cyrl}
    own |= {latinise_serbian(name) for name in own}
    return frozenset(n.rstrip("*") for n in {*own, area.area_id, area.slug} if n)


def name_indicator(indicator: Indicator) -> frozenset[str]:
    """List all names and the code that an indicator goes by.

    Examples
    --------
    >>> from analysis.catalog import load_indicators
    >>> names = name_indicator(load_indicators().get("unhcr_refugees_persons"))
    >>> {"unhcr_refugees_persons", "Refugees registered by UNHCR"} <= names
    True
    """
    own = {indicator.name_en, indicator.name_mk, indicator.name_sq, indicator.name_sr_cyrl}
    own |= {latinise_serbian(name) for name in own}
    return frozenset(n for n in {*own, indicator.indicator_id} if n)
