"""The languages that Patokaz speaks, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class LanguageError(ValueError):
    """A language that Patokaz does not speak."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language in one script.

    Parameters
    ----------
    code : str
        BCP 47 code; it is also the folder of the page and the ``lang`` of the document.
    locale : str
        CLDR locale for numbers and dates.
    catalog : str
        Message catalog that it reads.
    own_name : str
        Its name in itself, for menus.
    column : str
        Column of the catalogue that holds names in it.
    state : {"complete", "begun"}
        Whether every message of the catalog is translated.
    """

    code: str
    locale: str
    catalog: str
    own_name: str
    column: str
    state: Literal["complete", "begun"]


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("mk", "mk", "mk", "Македонски", "name_mk", "complete"),
        Language("en", "en_GB", "en", "English", "name_en", "complete"),
        Language("sq", "sq", "sq", "Shqip", "name_sq", "complete"),
        Language("sr-Cyrl", "sr_Cyrl", "sr_Cyrl", "Српски", "name_sr_cyrl", "complete"),
        # Serbian Latin is the Cyrillic catalog in the other script, letter by letter.
        Language("sr-Latn", "sr_Latn", "sr_Cyrl", "Srpski", "name_sr_cyrl", "complete"),
    )
}


def find_language(code: str) -> Language:
    """Look a language up by its code.

    Parameters
    ----------
    code : str
        One of ``mk``, ``en``, ``sq``, ``sr-Cyrl``, ``sr-Latn``.

    Returns
    -------
    Language

    Raises
    ------
    LanguageError
        When the code is none of these.

    Examples
    --------
    >>> find_language("mk").own_name
    'Македонски'
    """
    try:
        return LANGUAGES[code]
    except KeyError:
        known = ", ".join(LANGUAGES)
        msg = f"'{code}' is not a language that Patokaz speaks. Use one of: {known}."
        raise LanguageError(msg) from None
