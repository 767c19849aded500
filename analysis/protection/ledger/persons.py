"""Names of persons, and when two names are one person."""

from __future__ import annotations

import unicodedata

from analysis.protection.ledger.chain import LedgerError
from analysis.text import latinise_serbian

# How one sound is written in passports, in Serbian and in Macedonian Latin letters.
SPELLINGS = (("đ", "dj"), ("gj", "dj"), ("kj", "c"), ("sh", "s"), ("ch", "c"), ("zh", "z"))


def check_name(name: str) -> str:
    """Give a name without blanks around it, or refuse it.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Unicode as NFC, single blanks between words.

    Raises
    ------
    LedgerError
        When no letter is in it.

    Examples
    --------
    >>> check_name("  Ana   Petrova ")
    'Ana Petrova'
    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(letter.isalpha() for letter in plain):
        msg = (
            f"'{plain}' is not the name of a person. Say who you are with --by NAME: a release "
            f"is answered for by two persons."
        )
        raise LedgerError(msg)
    return plain


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two names may be one person: in doubt they are.

    Capitals, blanks, accents, script and the order of words make no second person: who writes a
    name in Cyrillic and then in Latin letters is still alone.

    Parameters
    ----------
    one, other : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_same_person("Ана Шопова", "SHOPOVA  ana")
    True
    >>> is_same_person("Ana Šopova", "Arta Šopova")
    False
    """
    return _fold(one) == _fold(other)


def _fold(name: str) -> str:
    # Decomposed letters are put together first, or the Cyrillic ones would not be recognised.
    whole = unicodedata.normalize("NFC", name)
    apart = unicodedata.normalize("NFKD", latinise_serbian(whole).casefold())
    # Marks (Mn) and characters without a width (Cf) are not seen as a difference by a reader.
    seen = "".join(c for c in apart if unicodedata.category(c) not in {"Mn", "Cf"})
    for spelt, plain in SPELLINGS:
        seen = seen.replace(spelt, plain)
    return " ".join(sorted(seen.split()))


__all__ = ["check_name", "is_same_person"]
