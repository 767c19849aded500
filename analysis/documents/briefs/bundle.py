"""The evidence bundle: a brief with its figures, data, sources, and a seal of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.archive import pack_files
from analysis.documents.bibliography import write_bibliography
from analysis.documents.briefs.web import to_html
from analysis.documents.briefs.write import compose_brief, find_template
from analysis.documents.figure_files.export import Exhibit, list_figures, make_figure_files
from analysis.documents.model import Paragraph
from analysis.documents.notice import standing_words
from analysis.documents.paper import origin
from analysis.documents.pdf import to_pdf
from analysis.documents.rows import reading_rows
from analysis.documents.seals.manifest import MANIFEST, make_manifest, write_manifest
from analysis.documents.tables import mark_rows, to_csv_bytes, to_xlsx_bytes
from analysis.documents.word import to_docx
from analysis.documents.wording import Wording
from analysis.protection.door import read_release
from analysis.protection.ledger.standing import read_standing
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Document
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace


def make_bundle(
    reading: Profile | Migration | Trafficking,
    languages: Sequence[str],
    workspace: Workspace,
    run_id: str = "",
) -> bytes:
    """Make the evidence bundle of a brief.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    languages : sequence of str
        Codes of languages; at least one.
    workspace : Workspace
    run_id : str
        Id of the run; blank where somebody works by hand.

    Returns
    -------
    bytes
        A ZIP archive, the same for the same inputs: for each language the brief as docx, PDF and
        HTML, its figures as SVG, PNG and PDF
        with their rows and words, its statements as Markdown and its rows as CSV and
        XLSX; ``sources.bib``; and ``manifest.json`` with the seal of each file.
    """
    standing = read_standing(workspace)
    policy = str(read_release(workspace)["policy_sha256"])
    template = find_template(reading, workspace)
    files: dict[str, bytes] = {}
    made_from: dict[str, str] = {}
    observations: set[str] = set()
    for language in languages:
        brief = compose_brief(reading, language, workspace, run_id, standing)
        w = Wording(translator(language))
        rows = mark_rows(reading_rows(reading, w), standing, w)
        files |= {
            f"{brief.name}.docx": to_docx(brief, template, standing),
            f"{brief.name}.pdf": to_pdf(brief, standing),
            f"{brief.name}.html": to_html(brief, standing).encode("utf-8"),
            f"statements_{language}.md": _statements(brief, standing, w),
            f"data_{language}.csv": to_csv_bytes(rows),
            f"data_{language}.xlsx": to_xlsx_bytes(rows, reading.sources, brief.title, w, standing),
            **_figures(Exhibit(brief, reading, policy, standing)),
        }
        made_from |= dict(line.split("=", 1) for line in origin(brief))
        observations |= {i for n in brief.numbers for i in (n.reference, *n.inputs) if i}
    files["sources.bib"] = write_bibliography(reading.sources)
    manifest = make_manifest(made_from, files, tuple(observations))
    return pack_files(files | {MANIFEST: write_manifest(manifest)})


def _figures(exhibit: Exhibit) -> dict[str, bytes]:
    held: dict[str, bytes] = {}
    for name in list_figures(exhibit.document):
        held |= make_figure_files(exhibit, name, f"figures/{name}_{exhibit.document.language.code}")
    return held


def _statements(brief: Document, standing: Standing | None, w: Wording) -> bytes:
    lines = [f"# {brief.title}", standing_words(standing, w.translate)]
    for block in brief.section("evidence").blocks:
        if isinstance(block, Paragraph):
            said = str(block.sentence)
            lines.append(f"**{said}**" if block.role == "lead" else said)
    return ("\n\n".join(lines) + "\n").encode()
