"""What was collected, worked out anew: each reference is read in its dashboard, and nowhere else.

The page and the exported document show the same sections of the same dashboards, so that they
print the same numbers. Nothing is read but the public zone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.dashboard.basket_views import Views
from analysis.dashboard.choice import LANGUAGE
from analysis.dashboard.registry import find_kind
from analysis.documents.basket.compose import compose_basket, find_data_date
from analysis.documents.basket.entries import BasketError, parse_reference
from analysis.documents.basket.export import write_bundle, write_word
from analysis.documents.basket.own_lines import list_bare_numbers, list_unknown_numbers
from analysis.documents.face import find_origin
from analysis.documents.notice import demonstration_notice
from analysis.documents.wording import Wording
from analysis.sources.demonstration import is_demonstration
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.basket.entries import Entry
    from analysis.documents.basket.found import Item, Shown
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

FORMS = ("docx", "zip")
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
EMPTY = mark("The basket is empty. Collect figures, tables or findings in a dashboard first.")
UNKNOWN = mark(
    "“{id}” is no published figure. Take the id from the column observation_id of a table for "
    "download."
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was made of a basket.

    Parameters
    ----------
    name : str
    media : str
        Media type.
    content : bytes
    """

    name: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Gathered:
    """A basket with what its references lead to in one edition."""

    items: tuple[Item, ...]
    data: PublicData
    standing: Standing | None
    w: Wording


class BasketMaker:
    """Works baskets out, and keeps the data of the current edition between them.

    Parameters
    ----------
    workspace : Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._views = Views(workspace)

    def gather(self, entries: Sequence[Entry], language: str) -> Gathered:
        """Find what each reference leads to.

        Parameters
        ----------
        entries : sequence of Entry
        language : str

        Returns
        -------
        Gathered
            As many items as there were entries, in their order.

        Raises
        ------
        LanguageError
            When the language is not spoken.
        """
        edition = self._views.read_edition()
        w = Wording(translator(language))
        items = tuple(self._views.find(entry, edition, w) for entry in entries)
        return Gathered(items, edition.data, edition.standing, w)

    def compose_view(self, view: str, language: str) -> Shown:
        """Compose all of a view that can be collected.

        Parameters
        ----------
        view : str
            Name of a dashboard with what is chosen: ``municipal_profile?area=kumanovo``.
        language : str

        Returns
        -------
        Shown

        Raises
        ------
        BasketError
            When there is no such view.
        """
        w = Wording(translator(language))
        reference = parse_reference(f"{view}#table:any")
        shown = self._views.compose(reference, self._views.read_edition(), w)
        if shown is None:
            msg = f"'{view}' is no view of a dashboard. Ask for one as it stands in an address."
            raise BasketError(msg)
        return shown

    def describe(
        self, entries: Sequence[Entry], language: str
    ) -> tuple[list[dict[str, object]], str]:
        """Say of each entry what it is today, for a page that lists them.

        Parameters
        ----------
        entries : sequence of Entry
        language : str

        Returns
        -------
        list of dict, and str
            ``reference``, ``line``, ``kind``, ``label``, ``title``, ``heading``, ``exists``,
            ``address`` of the dashboard, ``bare`` (numbers typed in the line) and ``problem`` (a
            sentence, or blank). Then what has to be seen before any number: that the figures
            are synthetic, or blank.
        """
        gathered = self.gather(entries, language)
        synthetic = is_demonstration(gathered.data.sources["source_id"])
        notice = demonstration_notice(gathered.w.translate, is_demonstration=synthetic)
        return [_describe(item, gathered) for item in gathered.items], notice

    def export(self, entries: Sequence[Entry], language: str, form: str) -> Exported:
        """Make a file of a basket.

        Parameters
        ----------
        entries : sequence of Entry
        language : str
        form : {"docx", "zip"}

        Returns
        -------
        Exported
            The same bytes for the same basket, edition and template.

        Raises
        ------
        BasketError
            When the basket is empty, the form unknown, or a line refers to a figure that is not
            published.
        """
        if form not in FORMS:
            msg = f"'{form}' is no form of a basket. Ask for one of: {', '.join(FORMS)}."
            raise BasketError(msg)
        gathered = self.gather(entries, language)
        items, data, standing, w = gathered.items, gathered.data, gathered.standing, gathered.w
        if not items:
            raise BasketError(w.translate(EMPTY))
        for item in items:
            problem = _find_problem(item, gathered)
            if problem:
                raise BasketError(problem)
        dated = find_data_date(items, data)
        origin = replace(find_origin(dated, self._workspace), run_id="")
        document = compose_basket(items, data, w, origin, standing)
        content = (
            write_word(document, self._workspace, standing)
            if form == "docx"
            else write_bundle(document, items, data, self._workspace, standing, w)
        )
        return Exported(f"{document.name}.{form}", MEDIA[form], content)


def _find_problem(item: Item, gathered: Gathered) -> str:
    unknown = list_unknown_numbers(item.entry, gathered.data)
    said = (str(gathered.w.say(UNKNOWN, id=f"{{{asked}}}")) for asked in unknown)
    return " ".join(said)


def _describe(item: Item, gathered: Gathered) -> dict[str, object]:
    reference = item.entry.reference
    code = gathered.w.language.code
    query = f"{reference.query}&" if reference.query else ""
    kind = find_kind(reference.view)
    exists = item.block is not None
    return {
        "reference": str(reference),
        "line": item.entry.line,
        "kind": reference.kind,
        "label": item.label,
        "title": item.title,
        "heading": item.heading,
        "exists": exists,
        "address": f"{kind.address}?{query}{LANGUAGE}={code}" if kind and item.title else "",
        "bare": list(list_bare_numbers(item.entry)),
        "problem": _find_problem(item, gathered),
    }
