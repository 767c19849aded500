"""The two things that one chooses: a municipality and a language, as native menus with labels."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from analysis.catalog import load_areas
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    import ipywidgets

    from analysis.dashboard.address import Choice
    from analysis.documents.wording import Wording

# Unicode puts Ѓ, Ѕ, Ј, Љ, Њ, Ќ and Џ before А; a reader looks for them in the alphabet.
CYRILLIC = "абвгдѓђежзѕијклљмнњопрстћќуфхцчџш"


def area_options(w: Wording) -> list[tuple[str, str]]:
    """List the municipalities by name, in the order of the reader's alphabet.

    Parameters
    ----------
    w : Wording

    Returns
    -------
    list of (str, str)
        Name and area id.
    """
    named = [(w.area_name(a), a.area_id) for a in load_areas().at_level("municipality")]
    return sorted(named, key=lambda pair: (sort_key(pair[0]), pair[1]))


def language_options() -> list[tuple[str, str]]:
    """List the languages, each by its name in itself, with its code."""
    return [(language.own_name, code) for code, language in LANGUAGES.items()]


def sort_key(name: str) -> tuple[tuple[int, str], ...]:
    """Give the place of a name in the alphabet.

    Examples
    --------
    >>> sorted(["Берово", "Ѓорче Петров", "Дебар", "Гостивар"], key=sort_key)
    ['Берово', 'Гостивар', 'Дебар', 'Ѓорче Петров']
    """
    return tuple(_place(letter) for letter in name.casefold())


def _place(letter: str) -> tuple[int, str]:
    if letter in CYRILLIC:
        return CYRILLIC.index(letter) + 1, ""
    plain = unicodedata.normalize("NFKD", letter)[:1]
    return 0, plain


class Controls:
    """The menus of a dashboard.

    Parameters
    ----------
    choice : Choice
        What is chosen at first.
    w : Wording
    on_change : callable
        Told the id of the area and the code of the language when one of them was chosen.
    """

    def __init__(self, choice: Choice, w: Wording, on_change: Callable[[str, str], None]) -> None:
        import ipywidgets

        self._on_change = on_change
        self._is_quiet = False
        self.area = ipywidgets.Dropdown(options=area_options(w), value=choice.area.area_id)
        self.language = ipywidgets.Dropdown(options=language_options(), value=choice.language.code)
        self.speak(w)
        for menu in (self.area, self.language):
            menu.observe(self._changed, names="value")

    def speak(self, w: Wording) -> None:
        """Name the menus and their municipalities in a language; what is chosen stays chosen."""
        self._is_quiet = True
        try:
            chosen = self.area.value
            self.area.description = w.translate("Municipality")
            self.language.description = w.translate("Language")
            options = area_options(w)
            if list(self.area.options) != options:
                self.area.options = options
                self.area.value = chosen
        finally:
            self._is_quiet = False

    def view(self) -> ipywidgets.Widget:
        """Give the menus side by side; where there is no room, one below the other."""
        import ipywidgets

        box = ipywidgets.HBox([self.area, self.language])
        box.add_class("controls")
        return box

    def _changed(self, _: Any) -> None:
        if not self._is_quiet:
            self._on_change(self.area.value, self.language.value)
