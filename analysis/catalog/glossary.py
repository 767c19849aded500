"""The glossary: what a term means, and how each language says it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog.schemas import GLOSSARY, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator

# Serbian is kept in Latin letters, as its sources write it. Whoever shows it in Cyrillic puts it
# into those letters: that is no translation and needs nothing of the glossary.
COLUMNS = {
    "en": "term_en",
    "mk": "mk",
    "sq": "sq",
    "sr-Latn": "sr_latn",
    "sr-Cyrl": "sr_latn",
}


class GlossaryError(ValueError):
    """A term or a language that the glossary does not hold."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term. A blank in a language means that no source for it was found."""

    term_en: str
    mk: str
    sq: str
    sr_latn: str
    definition: str
    source: str
    verification: str


class Glossary:
    """The terms, by their English wording.

    Examples
    --------
    >>> glossary = load_glossary()
    >>> glossary.term("asylum seeker", "sq")
    'azilkërkues'
    >>> glossary.term("Law on Migration Management (RS)", "sq")
    '[en] Law on Migration Management (RS)'
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        names = [f.name for f in fields(Term)]
        self._by_key = {
            row["term_en"].casefold(): Term(**{n: row[n] for n in names})
            for row in frame.to_dict("records")
        }

    def __iter__(self) -> Iterator[Term]:
        """Go through the terms in the order of the glossary."""
        return iter(self._by_key.values())

    def get(self, term_en: str) -> Term:
        """Look a term up by its English wording, capitals or not.

        Raises
        ------
        GlossaryError
            When there is no such term.
        """
        try:
            return self._by_key[term_en.strip().casefold()]
        except KeyError:
            msg = (
                f"'{term_en}' is not a term of the glossary. Write it as in "
                f"analysis/catalog/glossary.csv, or add it there with its source."
            )
            raise GlossaryError(msg) from None

    def term(self, term_en: str, language_code: str) -> str:
        """Say a term in a language.

        Parameters
        ----------
        term_en : str
        language_code : str
            ``mk``, ``sq``, ``en``, ``sr-Latn`` or ``sr-Cyrl``. Both kinds of Serbian are given
            in Latin letters.

        Returns
        -------
        str
            The term, or the English one behind the mark ``[en]`` where the language lacks it.

        Raises
        ------
        GlossaryError
            When the term or the language is not held.
        """
        found = self.get(term_en)
        if language_code not in COLUMNS:
            msg = (
                f"'{language_code}' is not a language of the glossary. "
                f"Use one of: {', '.join(COLUMNS)}."
            )
            raise GlossaryError(msg)
        return str(getattr(found, COLUMNS[language_code])) or f"[en] {found.term_en}"


@lru_cache(maxsize=1)
def load_glossary() -> Glossary:
    """Read the glossary that ships with the package, and check it.

    Returns
    -------
    Glossary

    Raises
    ------
    CatalogueError
        When a row breaks a rule; the sentence names the term.
    """
    file = resources.files("analysis.catalog") / "glossary.csv"
    with file.open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str, keep_default_na=False)
    return Glossary(check_table(frame, GLOSSARY, "glossary.csv"))
