"""Message catalogs: gettext files read through Babel and compiled in memory."""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from analysis.text.languages import Language, find_language
from analysis.text.script import latinise_serbian

SOURCE_LANGUAGE = "en"


def mark(message: str) -> str:
    """Mark a message for the catalogs where it stands apart from the call that says it.

    Examples
    --------
    >>> mark("Sources")
    'Sources'
    """
    return message


class Translator:
    """Says a message in one language.

    A message that the catalog lacks is given in English behind the mark ``[en]``; it is
    never translated by a machine and never silently left in another language.

    Parameters
    ----------
    language : Language
    catalog : gettext.NullTranslations
    """

    def __init__(self, language: Language, catalog: gettext.NullTranslations) -> None:
        self.language = language
        self._catalog = catalog

    def __call__(self, message: str) -> str:
        """Give a message in the language, placeholders left in place."""
        if self.language.code == SOURCE_LANGUAGE:
            return message
        found = self._catalog.gettext(message)
        if found == message and not self.has(message):
            return f"[en] {message}"
        return self._in_script(found)

    def plural(self, one: str, many: str, count: int) -> str:
        """Give the form of a message that belongs to a count."""
        if self.language.code == SOURCE_LANGUAGE:
            return one if count == 1 else many
        found = self._catalog.ngettext(one, many, count)
        if found in {one, many}:
            return f"[en] {found}"
        return self._in_script(found)

    def has(self, message: str) -> bool:
        """Tell whether the catalog holds a translation, even one equal to the English."""
        entries: dict[str, str] = getattr(self._catalog, "_catalog", {})
        return message in entries

    def _in_script(self, text: str) -> str:
        return latinise_serbian(text) if self.language.code == "sr-Latn" else text


@cache
def translator(code: str) -> Translator:
    """Open the catalog of a language.

    Parameters
    ----------
    code : str
        A code of :data:`analysis.text.LANGUAGES`.

    Returns
    -------
    Translator

    Examples
    --------
    >>> translator("mk")("Sources")
    'Извори'
    """
    language = find_language(code)
    if code == SOURCE_LANGUAGE:
        return Translator(language, gettext.NullTranslations())
    text = catalog_text(language.catalog)
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text.encode("utf-8")), locale=language.catalog))
    compiled.seek(0)
    return Translator(language, gettext.GNUTranslations(compiled))


def catalog_text(name: str) -> str:
    """Read the text of a catalog, ``mk`` for instance, as translators keep it."""
    folder = resources.files("analysis.text") / "locales"
    return (folder / f"{name}.po").read_text(encoding="utf-8")
