"""From an executed notebook to its page, its files for download and its briefs."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from analysis.documents.briefs import write_briefs
from analysis.documents.face import HEADER_TYPE, compose, open_profile
from analysis.documents.html import origin_html
from analysis.documents.model import Figure
from analysis.documents.page import Download, page_html
from analysis.documents.tables import profile_rows, to_csv_bytes, to_xlsx_bytes
from analysis.documents.wording import Wording
from analysis.store.files import write_atomically
from analysis.text import translator

if TYPE_CHECKING:
    from pathlib import Path

    import nbformat

    from analysis.assessment import Profile
    from analysis.documents.model import Document
    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

PAGE = "index.html"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class PublishError(ValueError):
    """An executed notebook from which no page can be made."""


def publish_run(run: Run, executed: nbformat.NotebookNode, workspace: Workspace) -> list[Path]:
    """Write all that a run publishes.

    Parameters
    ----------
    run : Run
    executed : nbformat.NotebookNode
        Without a failed cell.
    workspace : Workspace

    Returns
    -------
    list of pathlib.Path
        The files, page first.

    Raises
    ------
    PublishError
        When the notebook shows no header, or prints other numbers than its profile holds.
    """
    if not run.is_municipal:
        return [_write_page(run, read_header(executed), section_outputs(executed), [], workspace)]
    values = dict(run.parameters)
    header = read_header(executed)
    profile = open_profile(run.area, int(values["reference_period"]), run.edition, workspace)
    document = compose(profile, run.language, workspace)
    written: list[Path] = []
    downloads: list[Download] = []
    folder = workspace.site / run.language / run.slug
    if "brief" in run.outputs:
        briefs = write_briefs(profile, run.language, workspace, header["run_id"])
        written += briefs
        downloads += _keep(folder, {p.name: p.read_bytes() for p in briefs}, "brief")
    if "page" in run.outputs:
        downloads += _keep(folder, table_files(run, profile), "table")
        downloads += _keep(folder, picture_files(run, document), "picture")
        body = section_outputs(executed)
        check_numbers(body, document)
        page = _write_page(run, header, body, downloads, workspace)
        written = [page, *written, *(folder / d.file for d in downloads)]
    return written


def _write_page(
    run: Run,
    header: dict[str, Any],
    body: list[str],
    downloads: list[Download],
    workspace: Workspace,
) -> Path:
    path = workspace.site / run.language / run.slug / PAGE
    text = page_html(
        header, body, run.slug, run.languages, downloads, has_dashboard=run.is_municipal
    )
    write_atomically(path, text.encode("utf-8"))
    return path


def _keep(folder: Path, files: dict[str, bytes], kind: str) -> list[Download]:
    for name, content in files.items():
        write_atomically(folder / name, content)
    return [Download(name, kind, len(content)) for name, content in files.items()]


def table_files(run: Run, profile: Profile) -> dict[str, bytes]:
    """Make the tables of a profile for download."""
    stem = f"{run.slug}_profile_{run.language}"
    w = Wording(translator(run.language))
    rows = profile_rows(profile, w)
    title = str(w.say("{area}: municipal profile", area=w.area(profile.area)))
    return {
        f"{stem}.csv": to_csv_bytes(rows),
        f"{stem}.xlsx": to_xlsx_bytes(rows, profile.sources, title, w),
    }


def picture_files(run: Run, document: Document) -> dict[str, bytes]:
    """Make one archive of all pictures, SVG and PNG, each with its words in a text file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for section in document.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    picture = block.picture
                    stem = f"{run.slug}_{picture.name}_{run.language}"
                    words = f"{picture.caption}\n\n{picture.alt}\n"
                    _add(bundle, f"{stem}.svg", picture.svg.encode("utf-8"))
                    _add(bundle, f"{stem}.png", picture.png)
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
