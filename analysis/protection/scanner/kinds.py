"""Which reader reads which file: by its first bytes, then by its name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import open_archive, read_archive
from analysis.protection.scanner.encodings import read_packed
from analysis.protection.scanner.fonts import BEGINNINGS, read_font
from analysis.protection.scanner.fragments import Fragment, Source, Unread, UnreadableError
from analysis.protection.scanner.json_files import read_json
from analysis.protection.scanner.markup import read_markup
from analysis.protection.scanner.notebooks import read_notebook
from analysis.protection.scanner.parquet_files import read_parquet
from analysis.protection.scanner.pdf_files import read_pdf
from analysis.protection.scanner.photos import BEGINNING, read_photo
from analysis.protection.scanner.pictures import SIGNATURE, read_picture
from analysis.protection.scanner.plain_files import decode_text, read_script, read_table, read_text
from analysis.protection.scanner.word_files import read_word
from analysis.protection.scanner.workbooks import read_workbook
from analysis.protection.scanner.xml_parts import read_xml
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Reader = Callable[[Source], Iterator[Fragment | Unread]]

UNKNOWN = mark("it is of a kind that the scanner does not know")
BROKEN = mark("it is broken in a way that its reader does not know")
DEEP = mark("it is nested more deeply than the scanner reads")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
PACKED = ("zip", "xlsx", "docx")
BY_BEGINNING: Mapping[bytes, Reader] = {
    SIGNATURE: read_picture,
    BEGINNING: read_photo,
    b"%PDF": read_pdf,
    b"PAR1": read_parquet,
    **dict.fromkeys(BEGINNINGS, read_font),
}
BY_ENDING: Mapping[str, Reader] = {
    "html": read_markup,
    "htm": read_markup,
    "xhtml": read_markup,
    "svg": read_markup,
    "xml": read_xml,
    "rels": read_xml,
    "vml": read_xml,
    "json": read_json,
    "geojson": read_json,
    "jsonl": read_json,
    "map": read_json,
    "ipynb": read_notebook,
    "csv": read_table,
    "tsv": read_table,
    "js": read_script,
    "mjs": read_script,
    "css": read_script,
}


def read_fragments(source: Source) -> Iterator[Fragment | Unread]:
    """Read a file of any kind as records.

    Parameters
    ----------
    source : Source
        As :func:`open_source` gives it.

    Yields
    ------
    Fragment or Unread
        What cannot be read, or is of an unknown kind, is said: it is never passed over.
    """
    if not source.content:
        return
    try:
        reader = find_reader(source.name, source.content)
        for found in reader(source):
            yield found
            # Once only: what stands in parts comes by here on its way out of the whole.
            if isinstance(found, Fragment) and not source.depth:
                yield from read_packed(source, found)
    except UnreadableError as failure:
        yield Unread(source.at(""), str(failure))
    except RecursionError:
        yield Unread(source.at(""), DEEP)
    except Exception:  # noqa: BLE001  # a file that breaks its reader is not read: it is said
        yield Unread(source.at(""), BROKEN)


def open_source(name: str, content: bytes) -> Source:
    r"""Make a source of a file.

    Parameters
    ----------
    name : str
        Its path, from which it may be seen what it is about.
    content : bytes

    Returns
    -------
    Source

    Examples
    --------
    >>> [f.text for f in read_fragments(open_source("note.md", b"# Skopje\n14 persons"))]
    ['# Skopje', '14 persons']
    """
    return Source(name=name, content=content, read=read_fragments, document=(name,))


def find_reader(name: str, content: bytes) -> Reader:
    """Find the reader of a file.

    Parameters
    ----------
    name : str
    content : bytes
        Its first bytes decide where they are known; a picture with another name stays one.

    Returns
    -------
    callable

    Raises
    ------
    UnreadableError
        When it is neither a known kind nor text.
    """
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if content.startswith(ARCHIVES) or ending in PACKED:
        return _archive_reader(content)
    for beginning, reader in BY_BEGINNING.items():
        if content.startswith(beginning):
            return reader
    return BY_ENDING.get(ending) or _text_reader(content)


def _archive_reader(content: bytes) -> Reader:
    with open_archive(content) as archive:
        names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        return read_workbook
    if any(name.startswith("word/") for name in names):
        return read_word
    return read_archive


def _text_reader(content: bytes) -> Reader:
    try:
        text = decode_text(content)
    except UnreadableError:
        raise UnreadableError(UNKNOWN) from None
    start = text.lstrip()[:5].lower()
    if start.startswith(("<!doc", "<html", "<svg")):
        return read_markup
    return read_text


__all__ = ["BY_ENDING", "find_reader", "open_source", "read_fragments"]
