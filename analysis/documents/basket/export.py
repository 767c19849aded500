"""A basket as files: a Word file, or all of its evidence with a seal of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.archive import pack_files
from analysis.documents.basket.compose import number_used
from analysis.documents.basket.entries import write_entries
from analysis.documents.bibliography import write_bibliography
from analysis.documents.briefs.web import to_html
from analysis.documents.briefs.write import FORMER, TEMPLATE
from analysis.documents.figure_files.evidence_mark import FigureMark
from analysis.documents.figure_files.export import draw_files, name_picture
from analysis.documents.figure_files.figure_rows import list_observations
from analysis.documents.model import Figure, Table, block_numbers
from analysis.documents.notice import mark_picture, standing_words
from analysis.documents.paper import origin
from analysis.documents.pdf import to_pdf
from analysis.documents.protection_words import policy_in_short
from analysis.documents.rows import reading_rows
from analysis.documents.seals.manifest import MANIFEST, make_manifest, write_manifest
from analysis.documents.tables import mark_rows, to_csv_bytes, write_printed
from analysis.documents.view_files import rows_of_table
from analysis.documents.word import to_docx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.basket.found import Item
    from analysis.documents.model import Document, Provenance
    from analysis.documents.wording import Wording
    from analysis.figures import Picture
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

# The own one first, then as for briefs.
TEMPLATES = ("brief_basket.docx", FORMER, TEMPLATE)


def write_word(document: Document, workspace: Workspace, standing: Standing | None) -> bytes:
    """Write the document of a basket through the template of the institution.

    Parameters
    ----------
    document : Document
    workspace : Workspace
        The first of its templates that there is: its own for baskets, or that of all briefs.
    standing : Standing or None

    Returns
    -------
    bytes
    """
    found = (workspace.brief_templates / name for name in TEMPLATES)
    own = next((path for path in found if path.is_file()), None)
    return to_docx(document, own, standing)


def write_bundle(
    document: Document,
    items: Sequence[Item],
    data: PublicData,
    workspace: Workspace,
    standing: Standing | None,
    w: Wording,
) -> bytes:
    """Write the evidence bundle of a basket.

    Parameters
    ----------
    document : Document
        Of these items.
    items : sequence of Item
    data : PublicData
    workspace : Workspace
    standing : Standing or None
    w : Wording

    Returns
    -------
    bytes
        A ZIP archive, the same for the same inputs: the document as docx, PDF and HTML; its
        charts as SVG, PNG and PDF with their words; the rows of its tables as CSV; what was
        collected; ``sources.bib``; and ``manifest.json`` with the seal of each file.
    """
    files = {
        f"{document.name}.docx": write_word(document, workspace, standing),
        f"{document.name}.pdf": to_pdf(document, standing),
        f"{document.name}.html": to_html(document, standing).encode("utf-8"),
        "basket.json": f"{write_entries(tuple(item.entry for item in items))}\n".encode(),
    }
    for place, item in enumerate(items, start=1):
        files |= _evidence_of(place, item, document.provenance, standing, w)
    used = data.sources["source_id"].isin(list(number_used(items, data)))
    files["sources.bib"] = write_bibliography(data.sources.loc[used])
    made_from = dict(line.split("=", 1) for line in origin(document))
    observations = {i for n in document.numbers for i in (n.reference, *n.inputs) if i}
    manifest = make_manifest(made_from, files, tuple(observations))
    return pack_files(files | {MANIFEST: write_manifest(manifest)})


def _describe(picture: Picture, made_by: Provenance) -> FigureMark:
    return FigureMark(
        observations=list_observations(picture.results),
        run=made_by.run_id,
        data_date=made_by.data_date,
        data=made_by.data_sha256,
        title=name_picture(picture),
        language=picture.language.code,
    )


def _evidence_of(
    place: int, item: Item, made_by: Provenance, standing: Standing | None, w: Wording
) -> dict[str, bytes]:
    """Give the files of one entry, under its place in the document."""
    code = w.language.code
    block = item.block
    files: dict[str, bytes] = {}
    if isinstance(block, Figure):
        picture = mark_picture(block.picture, standing, w.translate)
        stem = f"figures/{place:02}_{picture.name}_{code}"
        said = (picture.caption, picture.alt, standing_words(standing, w.translate))
        words = "\n\n".join((*said, str(policy_in_short(w))))
        files[f"{stem}.txt"] = f"{words}\n".encode()
        files |= draw_files(picture, _describe(picture, made_by), stem, standing, w)
    for table in item.tables:
        rows = _rows(table, item, standing, w)
        if rows:
            files[f"data/{place:02}_{table.name}_{code}.csv"] = rows
    if block is not None and not isinstance(block, Figure | Table) and item.reading is not None:
        references = {r.reference for r in block.results}
        table_rows = mark_rows(reading_rows(item.reading, w), standing, w)
        shown = table_rows.loc[table_rows["observation_id"].isin(references)]
        if len(shown):
            files[f"data/{place:02}_finding_{code}.csv"] = to_csv_bytes(shown)
    return files


def _rows(table: Table, item: Item, standing: Standing | None, w: Wording) -> bytes:
    if item.reading is not None:
        rows = mark_rows(reading_rows(item.reading, w), standing, w)
        shown = rows_of_table(table, rows)
        if len(shown):
            return to_csv_bytes(shown)
    return write_printed(table, standing, w) if any(block_numbers(table)) else b""
