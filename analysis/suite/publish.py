"""From an executed notebook to its page, its files for download and its briefs."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from analysis.documents.about import about_section
from analysis.documents.briefs import write_briefs
from analysis.documents.face import (
    HEADER_TYPE,
    compose,
    open_migration,
    open_profile,
    open_trafficking,
)
from analysis.documents.html import origin_html, section_html
from analysis.documents.model import Figure
from analysis.documents.notice import mark_picture, standing_words
from analysis.documents.page import Download, page_html
from analysis.documents.protection_words import policy_in_short
from analysis.documents.rows import reading_rows
from analysis.documents.tables import mark_rows, to_csv_bytes, to_xlsx_bytes
from analysis.documents.view_files import make_view_files
from analysis.documents.wording import Wording
from analysis.protection.ledger.standing import read_standing
from analysis.store.files import write_atomically
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import nbformat

    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.reading import Reading
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Document
    from analysis.documents.view_files import ViewFile
    from analysis.protection.ledger.standing import Standing
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

PAGE = "index.html"
# Several countries together have a page and no brief.
BRIEFED = frozenset({"municipality", "country"})
SITE, BRIEFS = "site", "briefs"
MIGRATION = "migration-trends"
TRAFFICKING = "trafficking-trends"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class PublishError(ValueError):
    """An executed notebook from which no page can be made."""


def publish_run(
    run: Run, executed: nbformat.NotebookNode, workspace: Workspace, into: Path
) -> list[Path]:
    """Write all that a run publishes.

    Parameters
    ----------
    run : Run
    executed : nbformat.NotebookNode
        Without a failed cell.
    workspace : Workspace
    into : pathlib.Path
        Folder for the files: pages under ``site/``, briefs under ``briefs/``.

    Returns
    -------
    list of pathlib.Path
        The files, page first.

    Raises
    ------
    PublishError
        When the notebook shows no header, or prints other numbers than its profile holds.
    """
    standing = read_standing(workspace)
    folder = into / SITE / run.language / run.slug
    header = read_header(executed)
    body = section_outputs(executed)
    reading = _open(run, workspace)
    if reading is None:
        return [_write_page(run, header, body, [], folder, standing)]
    document = compose(reading, run.language, workspace)
    written: list[Path] = []
    downloads: list[Download] = []
    if "brief" in run.outputs and reading.area.level in BRIEFED:
        briefs = write_briefs(
            reading, run.language, workspace, header["run_id"], into / BRIEFS, run.form
        )
        written += briefs
        downloads += _keep(folder, {p.name: p.read_bytes() for p in briefs}, "brief")
    if "page" in run.outputs:
        w = Wording(translator(run.language))
        rows = mark_rows(reading_rows(reading, w), standing, w)
        made = make_view_files(document, run.slug, w, standing, rows)
        downloads += _keep(folder, table_files(run, reading, document, standing), "table")
        downloads += _keep(folder, picture_files(run, document, standing, made), "picture")
        _keep(folder, {file.name: file.content for file in made}, "view")
        downloads += [Download(f.name, "view", len(f.content), f.subject) for f in made]
        check_numbers(body, document)
        body = [*body, section_html(about_section(reading, w), w.language)]
        page = _write_page(run, header, body, downloads, folder, standing)
        written = [page, *written, *(folder / d.file for d in downloads)]
    return written


def _open(run: Run, workspace: Workspace) -> Profile | Migration | Trafficking | None:
    """Open what the notebook opened; None where its page has nothing to download."""
    values = dict(run.parameters)
    if run.is_profile:
        year = int(values["reference_period"])
        return open_profile(run.area, year, run.edition, workspace)
    if run.topic == MIGRATION:
        return open_migration(run.area, str(values["period"]), run.edition, workspace)
    if run.topic == TRAFFICKING:
        return open_trafficking(run.area, str(values["period"]), run.edition, workspace)
    return None


def _write_page(
    run: Run,
    header: dict[str, Any],
    body: list[str],
    downloads: list[Download],
    folder: Path,
    standing: Standing,
) -> Path:
    path = folder / PAGE
    text = page_html(
        header,
        body,
        run.slug,
        run.languages,
        downloads,
        has_dashboard=run.is_profile,
        standing=standing,
    )
    write_atomically(path, text.encode("utf-8"))
    return path


def _keep(folder: Path, files: dict[str, bytes], kind: str) -> list[Download]:
    for name, content in files.items():
        write_atomically(folder / name, content)
    return [Download(name, kind, len(content)) for name, content in files.items()]


def table_files(
    run: Run, reading: Reading, document: Document, standing: Standing | None = None
) -> dict[str, bytes]:
    """Make the tables of a reading for download; each says how the edition stands."""
    stem = f"{run.slug}_{'profile_' if run.is_profile else ''}{run.language}"
    w = Wording(translator(run.language))
    rows = mark_rows(reading_rows(reading, w), standing, w)
    return {
        f"{stem}.csv": to_csv_bytes(rows),
        f"{stem}.xlsx": to_xlsx_bytes(rows, reading.sources, document.title, w, standing),
    }


def picture_files(
    run: Run,
    document: Document,
    standing: Standing | None = None,
    made: Sequence[ViewFile] = (),
) -> dict[str, bytes]:
    """Make one archive of all pictures, SVG and PNG, each with its words in a text file.

    Charts travel without their page: those of a draft carry its word. ``made`` holds the files
    that are drawn already.
    """
    translate = translator(run.language)
    w = Wording(translate)
    ends = (standing_words(standing, translate), str(policy_in_short(w)))
    drawn = {file.name: file.content for file in made if file.is_picture}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for block in (b for s in document.sections for b in s.blocks if isinstance(b, Figure)):
            picture = mark_picture(block.picture, standing, translate)
            stem = f"{run.slug}_{picture.name}_{run.language}"
            words = "\n\n".join((picture.caption, picture.alt, *ends)) + "\n"
            _add(bundle, f"{stem}.svg", drawn.get(f"{stem}.svg") or picture.svg.encode("utf-8"))
            _add(bundle, f"{stem}.png", drawn.get(f"{stem}.png") or picture.png)
            _add(bundle, f"{stem}.txt", words.encode("utf-8"))
    return {f"{run.slug}_pictures_{run.language}.zip": archive.getvalue()}


def _add(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    # A fixed date: the same pictures are the same archive.
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    bundle.writestr(entry, content)


def read_header(executed: nbformat.NotebookNode) -> dict[str, Any]:
    """Find what the notebook says of itself.

    Raises
    ------
    PublishError
        When no cell called ``show_header``.
    """
    for output in _outputs(executed):
        found: dict[str, Any] | None = output.get("data", {}).get(HEADER_TYPE)
        if found:
            return found
    msg = "The notebook shows no header. Call `show_header(document)` in one of its cells."
    raise PublishError(msg)


def section_outputs(executed: nbformat.NotebookNode) -> list[str]:
    """List the HTML that the cells of a notebook show, in order."""
    shown = [o["data"]["text/html"] for o in _outputs(executed) if "text/html" in o.get("data", {})]
    return ["".join(s) if isinstance(s, list) else s for s in shown]


def _outputs(executed: nbformat.NotebookNode) -> list[Any]:
    return [o for cell in executed.cells for o in cell.get("outputs", [])]


def check_numbers(body: list[str], document: Document) -> None:
    """Hold the page of a notebook against the document that the briefs are made from.

    Raises
    ------
    PublishError
        When an observation that the document prints is not on the page.
    """
    page = "".join(body)
    for number in document.numbers:
        if str(origin_html(number)) not in page:
            named = number.reference or f"computed by '{number.method}'"
            msg = (
                f"The notebook does not show observation {named} ({number.text}), "
                f"which its document prints. Show all sections of the document."
            )
            raise PublishError(msg)
