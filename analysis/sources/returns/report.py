"""The report of an import as Markdown and as a fragment of a page."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from analysis.sources.returns.choices import CELL_STATE
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.sources.returns.importing import ImportReport

MOST_LISTED = 200
SORTS = {
    "failed": mark("cannot be read"),
    "conflict": mark("contradicts"),
    "total": mark("row of totals"),
    "note": mark("note"),
    "heading": mark("repeated header"),
    "above": mark("above the table"),
}
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def _counts(report: ImportReport, say: Callable[[str], str]) -> list[tuple[str, str]]:
    listed = [
        (mark("Rows read"), report.rows_read),
        (mark("Loaded"), report.loaded),
        (mark("Of these in the place of older values"), report.replaced),
        (mark("Already there"), report.already_there),
        (mark("Set aside"), report.set_aside),
    ]
    states = [(say(name), str(report.states.get(code, 0))) for code, name in CELL_STATE]
    return [*((say(name), str(count)) for name, count in listed), *states]


def _table(report: ImportReport, say: Callable[[str], str]) -> list[tuple[str, ...]]:
    heads = (mark("Sheet"), mark("Cell"), mark("What stands there"), mark("Why"), mark("Sort"))
    rows = [
        (
            one.sheet,
            f"{one.column}{one.row}",
            one.value,
            one.reason.say(say),
            say(SORTS[one.sort]),
        )
        for one in report.aside[:MOST_LISTED]
    ]
    return [tuple(say(head) for head in heads), *rows]


def _lists(report: ImportReport, say: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    warned = [warning.say(say) for warning in report.warnings[:MOST_LISTED]]
    notes = [note.say(say) for note in report.notes]
    more = len(report.aside) - MOST_LISTED
    if more > 0:
        notes.append(say(mark("{n} more reasons are not listed here.")).format(n=more))
    if report.mend is not None:
        notes.append(
            say(
                mark("The rows to mend are in {file}. Correct them there and import that file.")
            ).format(file=report.mend.name)
        )
    return [(say(mark("Warnings that stay with the figures")), warned), (say(mark("Notes")), notes)]


def to_markdown(report: ImportReport, language: str) -> str:
    """Write a report as Markdown.

    Parameters
    ----------
    report : ImportReport
    language : str
        Code of a language.

    Returns
    -------
    str
        Cells of the file are written so that nothing in them is markup.
    """
    say = translator(language)
    lines = [f"# {_plain(say(report.kind.name))}: {_plain(report.file_name)}", ""]
    lines += [f"- {name}: {count}" for name, count in _counts(report, say)]
    for heading, sentences in _lists(report, say):
        if sentences:
            lines += ["", f"## {heading}", "", *(f"- {_plain(one)}" for one in sentences)]
    if report.aside:
        head, *rows = _table(report, say)
        lines += ["", f"## {say(mark('Set aside'))}", "", "| " + " | ".join(head) + " |"]
        lines += ["|" + " --- |" * len(head)]
        lines += ["| " + " | ".join(_plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def to_html(report: ImportReport, language: str) -> str:
    """Write a report as a fragment of a page.

    Parameters
    ----------
    report : ImportReport
    language : str

    Returns
    -------
    str
        A section without styles or scripts; cells of the file are escaped.
    """
    say = translator(language)
    title = html.escape(f"{say(report.kind.name)}: {report.file_name}")
    parts = [f'<section class="import" lang="{language}">', f"<h2>{title}</h2>", "<dl>"]
    parts += [
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(count)}</dd>"
        for name, count in _counts(report, say)
    ]
    parts.append("</dl>")
    for heading, sentences in _lists(report, say):
        if sentences:
            items = "".join(f"<li>{html.escape(one)}</li>" for one in sentences)
            parts.append(f"<h3>{html.escape(heading)}</h3><ul>{items}</ul>")
    if report.aside:
        head, *rows = _table(report, say)
        heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
        caption = html.escape(say(mark("Set aside")))
        parts.append(f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>")
        for row in rows:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</tbody></table>")
    parts.append("</section>")
    return "\n".join(parts) + "\n"
