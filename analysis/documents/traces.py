"""The numbers that a file holds, with the observations that each comes from.

Pages say it beside each number, Word files in bookmarks, PDF in an attachment, tables in their
columns, figures in a mark of their own, and a bundle in the files that it holds. Read from the
file alone, so that it works for one that was mailed, renamed or edited.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.documents.model import Document

ATTACHMENT = "numbers.json"
# Of the part in a Word file.
NAMESPACE = "urn:patokaz:numbers"
PLACE = "/customXml/patokaz.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class TracesError(ValueError):
    """A file in which no number says where it comes from."""


@dataclass(frozen=True, slots=True)
class TracedNumber:
    """One number of a file.

    Parameters
    ----------
    text : str
        As it stands there.
    observations : tuple of str
        Ids of the observations that it is, or was worked out from.
    method : str
        Blank for an observation.
    """

    text: str
    observations: tuple[str, ...]
    method: str = ""


def describe_numbers(document: Document) -> list[dict[str, str]]:
    """List the numbers of a document for a file that carries them.

    Parameters
    ----------
    document : Document

    Returns
    -------
    list of dict
        ``text``, ``observation``, ``inputs`` and ``method`` of each, in reading order.
    """
    return [
        {
            "text": n.text,
            "observation": n.reference,
            "inputs": " ".join(n.inputs),
            "method": n.method,
        }
        for n in document.numbers
    ]


def find_numbers(name: str, content: bytes) -> tuple[TracedNumber, ...]:
    """Find the numbers of a file that say where they come from.

    Parameters
    ----------
    name : str
        File name; its ending says how it is read.
    content : bytes

    Returns
    -------
    tuple of TracedNumber
        In reading order; at least one.

    Raises
    ------
    TracesError
        When the kind of file holds none, or this file does not.

    Examples
    --------
    >>> page = b'<p>In 2021: <data value="98104" data-observation="ab12">98,104</data></p>'
    >>> find_numbers("a.html", page)
    (TracedNumber(text='98,104', observations=('ab12',), method=''),)
    """
    ending = PurePosixPath(name).suffix.lower()
    read = READERS.get(ending)
    if read is None:
        msg = (
            f"'{name}' is of a kind that says nothing about its numbers. Trace a file that ends "
            f"in one of: {', '.join(sorted(READERS))}; or the id of an observation."
        )
        raise TracesError(msg)
    try:
        held = tuple(_number(**row) for row in read(content))
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, etree.LxmlError) as broken:
        msg = f"'{name}' cannot be read ({type(broken).__name__}). Fetch it again."
        raise TracesError(msg) from broken
    found = tuple(number for number in held if number.observations)
    if not found:
        msg = (
            f"No number of '{name}' says where it comes from: it was not made here, or something "
            f"took that out. Trace the id of an observation from the page."
        )
        raise TracesError(msg)
    return found


def _number(text: str, observation: str, inputs: str, method: str) -> TracedNumber:
    ids = (observation,) if observation else tuple(inputs.split())
    return TracedNumber(" ".join(text.split()), ids, "" if observation else method)


def _row(text: str, held: Mapping[str, str | None]) -> dict[str, str]:
    names = ("observation", "inputs", "method")
    return {"text": text, **{name: held.get(name) or "" for name in names}}


def _read_html(content: bytes) -> Iterable[dict[str, str]]:
    tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    for element in tree.xpath("//*[@data-observation or @data-inputs]"):
        held = {k.removeprefix("data-"): v for k, v in element.attrib.items()}
        yield _row(element.text_content(), held)


def _read_word(content: bytes) -> Iterable[dict[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if PLACE.lstrip("/") not in parts.namelist():
            return
        held = etree.fromstring(parts.read(PLACE.lstrip("/")), parser)
        body = etree.fromstring(parts.read("word/document.xml"), parser)
    notes = {n.get("mark"): n for n in held.iter(f"{{{NAMESPACE}}}number")}
    for start in body.iter(f"{WORD}bookmarkStart"):
        note = notes.get(start.get(f"{WORD}name"))
        if note is not None:
            # As it stands now: an official may have rewritten it.
            yield _row(_text_after(start), dict(note.attrib))


def _text_after(start: etree._Element) -> str:
    said = []
    for element in start.itersiblings():
        if element.tag == f"{WORD}bookmarkEnd" and element.get(f"{WORD}id") == start.get(
            f"{WORD}id"
        ):
            break
        said += [t.text or "" for t in element.iter(f"{WORD}t")]
    return "".join(said)


def _read_pdf(content: bytes) -> Iterable[dict[str, str]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        attached = dict(PdfReader(io.BytesIO(content)).attachments)
    except PyPdfError as broken:
        raise ValueError(str(broken)) from broken
    if ATTACHMENT not in attached:
        yield from _read_figure(".pdf", content)
    for held in attached.get(ATTACHMENT, []):
        yield from (_row(str(row["text"]), row) for row in json.loads(held))


def _read_figure(suffix: str, content: bytes) -> Iterable[dict[str, str]]:
    """Give what a figure shows as a whole: its dots and lines have no place of their own."""
    from analysis.documents.figure_files.evidence_mark import read_mark

    found = read_mark(content, suffix)
    if found is not None:
        yield from (_row(found.title, {"observation": one}) for one in found.observations)


def _read_table(content: bytes) -> Iterable[dict[str, str]]:
    return _read_rows(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _read_rows(rows: Iterable[Mapping[str, str]]) -> Iterable[dict[str, str]]:
    for row in rows:
        held = {
            "observation": row["observation_id"],
            "inputs": row["inputs"],
            "method": row["method"],
        }
        yield _row(row["value"] or row["state_in_words"], held)


def _read_workbook(content: bytes) -> Iterable[dict[str, str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except CalamineError as broken:
        raise ValueError(str(broken)) from broken
    for lines in sheets:
        heads = [n for n, line in enumerate(lines) if "observation_id" in line]
        for head in heads:
            names = [str(name) for name in lines[head]]
            said = ([_write_cell(cell) for cell in line] for line in lines[head + 1 :])
            yield from _read_rows(dict(zip(names, line, strict=True)) for line in said)


def _write_cell(cell: object) -> str:
    # A workbook keeps every number as one with decimals.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_bundle(content: bytes) -> Iterable[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            read = READERS.get(PurePosixPath(entry.filename).suffix.lower())
            # A bundle in a bundle is none of ours, and could be one without end.
            if read is None or read is _read_bundle:
                continue
            for row in read(archive.read(entry)):
                yield row | {"text": f"{entry.filename}: {row['text']}"}


READERS: dict[str, Callable[[bytes], Iterable[dict[str, str]]]] = {
    ".csv": _read_table,
    ".docx": _read_word,
    ".html": _read_html,
    ".pdf": _read_pdf,
    ".png": partial(_read_figure, ".png"),
    ".svg": partial(_read_figure, ".svg"),
    ".xlsx": _read_workbook,
    ".zip": _read_bundle,
}
