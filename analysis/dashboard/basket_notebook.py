"""The brief basket in a notebook: collect, look, write.

It holds the same references as that of the dashboards, and is worked out by the same code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.assessment import Profile
from analysis.assessment.migration import Migration
from analysis.dashboard.basket import FORMS, BasketMaker
from analysis.dashboard.basket_words import page_words
from analysis.documents.basket.entries import (
    BasketError,
    Entry,
    add_entry,
    move_entry,
    parse_reference,
    remove_entry,
    write_line,
)
from analysis.documents.basket.found import list_subjects
from analysis.documents.views import PLAIN
from analysis.documents.wording import Wording
from analysis.store.files import write_atomically
from analysis.text import translator
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ipywidgets

    from analysis.assessment.trafficking import Trafficking
    from analysis.workspace import Workspace


class Basket:
    """What one collects in a notebook for a document of one's own.

    Parameters
    ----------
    workspace : Workspace, optional
        The workspace that the notebook stands in, unless given.
    language : str
        Code of the language of the document.

    Examples
    --------
    >>> from analysis.workspace import Workspace
    >>> Basket(Workspace("."), "en").entries
    ()
    """

    def __init__(self, workspace: Workspace | None = None, language: str = "mk") -> None:
        self._workspace = workspace or find_workspace()
        self._maker = BasketMaker(self._workspace)
        self._w = Wording(translator(language))
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was collected, in its order."""
        return self._entries

    def list_offers(self, reading: Profile | Migration | Trafficking) -> list[tuple[str, str]]:
        """List what can be collected of what was opened.

        Parameters
        ----------
        reading : Profile, Migration or Trafficking

        Returns
        -------
        list of (str, str)
            Each as :meth:`add` takes it, and what a reader knows it by: findings, charts, tables.
        """
        shown = self._maker.compose_view(_name_view(reading), self._w.language.code)
        return [(f"{kind}:{name}", label) for kind, name, label in list_subjects(shown, PLAIN)]

    def add(
        self, what: str, reading: Profile | Migration | Trafficking | None = None, line: str = ""
    ) -> int:
        """Collect a chart, a table or a finding; what is there already stays where it is.

        Parameters
        ----------
        what : str
            ``table:residents`` of a reading, or a whole reference from a dashboard.
        reading : Profile, Migration or Trafficking, optional
        line : str
            A line of one's own; the document says that a person wrote it.

        Returns
        -------
        int
            How many entries there are now.

        Raises
        ------
        BasketError
            When there is no such thing, or no room.
        """
        text = what if reading is None else f"{_name_view(reading)}#{what}"
        entry = Entry(parse_reference(text), line)
        held = add_entry(self._entries, entry)
        found = self._maker.gather((entry,), self._w.language.code).items[0]
        if found.block is None:
            offers = "" if reading is None else f" There are: {self._say_offers(reading)}."
            msg = f"'{text}' is not in the published figures.{offers}"
            raise BasketError(msg)
        self._entries = held
        return len(held)

    def _say_offers(self, reading: Profile | Migration | Trafficking) -> str:
        return ", ".join(name for name, _ in self.list_offers(reading))

    def remove(self, place: int) -> None:
        """Take an entry out; places count from 1."""
        self._entries = remove_entry(self._entries, place)

    def move(self, place: int, steps: int) -> None:
        """Move an entry up (negative steps) or down; places count from 1."""
        self._entries = move_entry(self._entries, place, steps)

    def annotate(self, place: int, line: str) -> None:
        """Write a line of one's own to an entry; a blank one takes it back."""
        self._entries = write_line(self._entries, place, line)

    def write(self, path: str | Path) -> Path:
        """Write the document.

        Parameters
        ----------
        path : str or pathlib.Path
            Ends in ``.docx`` for a Word file, in ``.zip`` for all of its evidence.

        Returns
        -------
        pathlib.Path
            What was written.

        Raises
        ------
        BasketError
            When the basket is empty, or the ending is another one.
        """
        target = Path(path)
        form = target.suffix.removeprefix(".").lower()
        if form not in FORMS:
            msg = (
                f"'{target.name}' ends neither in .docx nor in .zip. Give it one of these endings: "
                f"a Word file, or all of its evidence."
            )
            raise BasketError(msg)
        made = self._maker.export(self._entries, self._w.language.code, form)
        write_atomically(target, made.content)
        return target

    def show(self, reading: Profile | Migration | Trafficking | None = None) -> ipywidgets.VBox:
        """Show the basket, and beside it what can be collected of a reading.

        Parameters
        ----------
        reading : Profile, Migration or Trafficking, optional

        Returns
        -------
        ipywidgets.VBox
            With a button for each step; what it shows follows each.
        """
        from analysis.dashboard.basket_widget import BasketWidget

        offers = [] if reading is None else self.list_offers(reading)
        return BasketWidget(self, offers, reading, page_words(self._w)).view

    def describe(self) -> Sequence[dict[str, object]]:
        """Say of each entry what it is today.

        Returns
        -------
        sequence of dict
            As :meth:`~analysis.dashboard.basket.BasketMaker.describe` gives it.
        """
        return self._maker.describe(self._entries, self._w.language.code)[0]


def _name_view(reading: Profile | Migration | Trafficking) -> str:
    """Name the dashboard that shows what was opened."""
    slug = reading.area.slug
    if isinstance(reading, Profile):
        return f"municipal_profile?area={slug}"
    name = "migration" if isinstance(reading, Migration) else "trafficking"
    return f"{name}?area={slug}&period={reading.period.first}-{reading.period.last}"
