"""What a reader chooses in a dashboard, one field a thing, and how it stands in an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from analysis.catalog import Area, load_areas
from analysis.text import LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from analysis.documents.wording import Wording

AREA = "area"
LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is chosen: a menu on the page, a word in the address.

    Parameters
    ----------
    name : str
        Its name in addresses: ``area``.
    label : str
        What the menu is called; a message of the catalogs.
    default : str
        The key that is chosen where an address says nothing.
    find : callable
        Gives the key for what was typed, or a blank text where nobody knows it.
    list_options : callable
        Lists names and keys in the reader's language, in the order of the menu.
    unknown : str
        A message with ``{asked}`` and ``{shown}``: what was typed, and what is shown instead.
    write : callable
        Writes a key into an address.
    has_menu : bool
        Whether it is chosen by a menu. What is switched elsewhere on the page stands in an
        address only where it is not as at first.
    """

    name: str
    label: str
    default: str
    find: Callable[[str], str] = field(compare=False)
    list_options: Callable[[Wording], list[tuple[str, str]]] = field(compare=False)
    unknown: str = ""
    write: Callable[[str], str] = field(default=str, compare=False)
    has_menu: bool = True

    def list_with(self, key: str, w: Wording) -> list[tuple[str, str]]:
        """List the options, and a key that came with an address and is none of them."""
        options = self.list_options(w)
        return options if any(key == known for _, known in options) else [*options, (key, key)]

    def name_key(self, key: str, w: Wording) -> str:
        """Name a key in the reader's language."""
        return next(name for name, known in self.list_with(key, w) if known == key)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown: one key a field.

    Parameters
    ----------
    fields : tuple of Field
    keys : tuple of str
        In the order of the fields.
    """

    fields: tuple[Field, ...]
    keys: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        """Give the key of a field."""
        return dict(self.pairs)[name]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names of fields with their keys."""
        return tuple((f.name, key) for f, key in zip(self.fields, self.keys, strict=True))

    @property
    def menus(self) -> tuple[tuple[Field, str], ...]:
        """The fields that are chosen by a menu, with their keys."""
        held = zip(self.fields, self.keys, strict=True)
        return tuple((f, key) for f, key in held if f.has_menu)

    @property
    def language(self) -> Language:
        """The language that is spoken."""
        return LANGUAGES[self[LANGUAGE]]

    @property
    def area(self) -> Area:
        """The area that is shown, for dashboards in which one chooses an area."""
        return load_areas().get(self[AREA])

    @property
    def query(self) -> str:
        """The choice as it stands in an address, behind the question mark."""
        return self.write_without(())

    def write_without(self, names: Collection[str]) -> str:
        """Write the choice as it stands in an address, without some fields.

        Parameters
        ----------
        names : collection of str

        Returns
        -------
        str
        """
        written = {
            f.name: f.write(key)
            for f, key in zip(self.fields, self.keys, strict=True)
            if f.name not in names and (f.has_menu or key != f.default)
        }
        return urlencode(written)

    def change(self, name: str, key: str) -> Choice:
        """Choose another key for one field; all else stays."""
        keys = tuple(key if known == name else old for known, old in self.pairs)
        return Choice(self.fields, keys)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for.

    Parameters
    ----------
    choice : Choice
        What is shown.
    unknown : tuple of (str, str)
        Names of fields with what the address said and nobody knows.
    """

    choice: Choice
    unknown: tuple[tuple[str, str], ...] = ()

    def problems(self, w: Wording) -> tuple[str, ...]:
        """Say what was wrong with the address, a sentence a thing."""
        by_name = {f.name: f for f in self.choice.fields}
        return tuple(
            str(
                w.say(
                    by_name[name].unknown,
                    asked=typed,
                    shown=by_name[name].name_key(self.choice[name], w),
                )
            )
            for name, typed in self.unknown
        )
