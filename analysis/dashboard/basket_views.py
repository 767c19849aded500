"""The views that references lead to: opened for exactly what was collected, kept a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.dashboard.choice import LANGUAGE
from analysis.dashboard.first_view import FirstViewMaker
from analysis.dashboard.registry import find_dashboard, find_kind
from analysis.documents.basket.found import Item, find_item

if TYPE_CHECKING:
    from analysis.dashboard.choice import Choice
    from analysis.dashboard.kinds import Kind
    from analysis.documents.basket.entries import Entry, Reference
    from analysis.documents.basket.found import Shown
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

# Views that were composed lately: who changes a line asks for the same again.
KEPT = 24


@dataclass(frozen=True, slots=True)
class Edition:
    """The public zone as it lies there, with its name and how it stands."""

    name: str
    data: PublicData
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reference asks for.

    Parameters
    ----------
    kind : Kind
    choice : Choice
    is_whole : bool
        Whether it names every field: only then is there something that follows each of them.
    """

    kind: Kind
    choice: Choice
    is_whole: bool


def read_asked(reference: Reference, language: str) -> Asked | None:
    """Read what a reference asks for; exactly that, or nothing.

    Parameters
    ----------
    reference : Reference
    language : str

    Returns
    -------
    Asked or None
        None where there is no such dashboard, or a word of the query is unknown: a reference
        never stands for something else than what was collected.
    """
    kind = find_kind(reference.view)
    if kind is None:
        return None
    read = kind.read(f"{reference.query}&{LANGUAGE}={language}")
    whole = read.choice.write_without((LANGUAGE,))
    below = read.choice.write_without((LANGUAGE, *kind.idle_below))
    if read.unknown or reference.query not in {whole, below}:
        return None
    return Asked(kind, read.choice, reference.query == whole)


class Views:
    """Opens views, and keeps the data of the current edition between them.

    Parameters
    ----------
    workspace : Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._maker = FirstViewMaker(workspace)
        self._kept: dict[tuple[str, str, str, bool], Shown] = {}

    def read_edition(self) -> Edition:
        """Read the edition that stands there now."""
        return Edition(*self._maker.read_edition())

    def find(self, entry: Entry, edition: Edition, w: Wording) -> Item:
        """Find what an entry refers to.

        Parameters
        ----------
        entry : Entry
        edition : Edition
        w : Wording

        Returns
        -------
        Item
            Without a block where there is no such thing.
        """
        asked = read_asked(entry.reference, w.language.code)
        if asked is None:
            return Item(entry)
        if asked.is_whole and asked.kind.idle_below:
            # What is below takes long, and is not needed for what stands above it.
            above = find_item(entry, self._compose(asked, edition, w, is_above=True))
            if above.block is not None:
                return above
        shown = self._compose(asked, edition, w, is_above=False)
        return find_item(entry, shown, is_whole=asked.is_whole)

    def compose(self, reference: Reference, edition: Edition, w: Wording) -> Shown | None:
        """Compose all that can be collected where a reference leads.

        Parameters
        ----------
        reference : Reference
            Which part it names does not matter.
        edition : Edition
        w : Wording

        Returns
        -------
        Shown or None
            None where there is no such view.
        """
        asked = read_asked(reference, w.language.code)
        if asked is None:
            return None
        shown = self._compose(asked, edition, w, is_above=False)
        if asked.is_whole:
            return shown
        return replace(shown, parts=tuple(p for p in shown.parts if not p.is_chosen))

    def _compose(self, asked: Asked, edition: Edition, w: Wording, *, is_above: bool) -> Shown:
        key = edition.name, asked.kind.name, asked.choice.query, is_above
        if key not in self._kept:
            opened = find_dashboard(asked.kind.name)
            if opened is None:  # pragma: no cover  # the kind says where it is
                raise LookupError(asked.kind.name)
            dashboard = opened(asked.kind.read(asked.choice.query), self._workspace)
            dashboard.lend(edition.data, edition.standing)
            made = dashboard.compose_above(w) if is_above else dashboard.compose_shown(w)
            kept = [pair for pair in self._kept.items() if pair[0][0] == edition.name]
            self._kept = dict([*kept[1 - KEPT :], (key, made)])
        return self._kept[key]
