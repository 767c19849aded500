"""PDF: text, properties, XMP, notes and attachments, with pypdf or with poppler's tools."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import Part, Unread, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

    from analysis.protection.scanner.fragments import Fragment, Source

BROKEN = mark("it is a broken PDF")
LOCKED = mark("it is locked with a password")
NO_READER = mark("nothing on this machine reads PDF: install pypdf, or poppler's pdftotext")
HALF_READ = mark("only its text and properties were read, without attachments: install pypdf")
SECONDS = 60


def read_pdf(source: Source) -> Iterator[Fragment | Unread]:
    """Read a PDF with what the machine has.

    Raises
    ------
    UnreadableError
        When it is broken or locked, or nothing on the machine reads PDF.
    """
    if importlib.util.find_spec("pypdf"):
        yield from _read_with_library(source)
    elif shutil.which("pdftotext") and shutil.which("pdfinfo"):
        yield from _read_with_tools(source)
    else:
        raise UnreadableError(NO_READER)


def _read_with_library(source: Source) -> Iterator[Fragment | Unread]:
    from pypdf import PdfReader

    # A broken file makes the library fail in many ways; each of them means the same here.
    try:
        reader = PdfReader(io.BytesIO(source.content))
        is_locked = reader.is_encrypted
        found = [] if is_locked else list(_contents(source, reader))
        attached = [] if is_locked else [(n, d) for n, m in reader.attachments.items() for d in m]
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001  # whatever it was: the file is not read, which is a finding
        raise UnreadableError(BROKEN) from None
    if is_locked:
        raise UnreadableError(LOCKED)
    yield from found
    for number, (name, data) in enumerate(attached, start=1):
        words = f"attachment {number} ({name})"
        yield source.hidden(f"name of attachment {number}", name)
        yield from source.read(source.inside(name, data, words, is_hidden=True))


def _contents(source: Source, reader: PdfReader) -> Iterator[Fragment | Unread]:
    info = dict(reader.metadata or {})
    parts = tuple(Part(str(v), key=str(k).lstrip("/"), is_hidden=True) for k, v in info.items())
    if parts:
        yield source.fragment("properties", parts)
    xmp = reader.root_object.get("/Metadata")
    if xmp is not None:
        inner = source.inside("xmp.xml", xmp.get_object().get_data(), "XMP", is_hidden=True)
        yield from source.read(inner)
    for number, page in enumerate(reader.pages, start=1):
        said = f"{number} / {len(reader.pages)}"
        yield from _lines(source, page.extract_text(), f"page {number}", said)
        for place, note in enumerate(page.get("/Annots") or (), start=1):
            own = note.get_object()
            parts = tuple(
                Part(str(own[key]), key=key.lstrip("/"), is_hidden=True)
                for key in ("/Contents", "/T", "/NM", "/Subj", "/TU", "/V")
                if key in own
            )
            if parts:
                yield source.fragment(f"page {number}, note {place}", parts)
    for number, name in enumerate(_outline(reader.outline), start=1):
        yield source.fragment(f"bookmark {number}", (Part(name),))


def _outline(entries: object) -> Iterator[str]:
    waiting = [entries]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting.extend(reversed(entry))
        else:
            yield str(getattr(entry, "title", "") or "")


def _lines(source: Source, text: str, words: str, said: str) -> Iterator[Fragment | Unread]:
    for number, whole in enumerate(text.splitlines(), start=1):
        # The number of the page and of all pages, as the page itself says it.
        line = whole.rstrip().removesuffix(said)
        if line.strip():
            yield source.fragment(f"{words}, line {number}", (Part(line),))


def _read_with_tools(source: Source) -> Iterator[Fragment | Unread]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.pdf"
        path.write_bytes(source.content)
        text = _run(["pdftotext", "-layout", "-enc", "UTF-8", str(path), "-"])
        info = _run(["pdfinfo", "-enc", "UTF-8", "-custom", str(path)])
        info += _run(["pdfinfo", "-enc", "UTF-8", "-meta", str(path)])
        info += _run(["pdfinfo", "-enc", "UTF-8", str(path)])
    pages = text.rstrip("\f").split("\f")
    for number, page in enumerate(pages, start=1):
        yield from _lines(source, page, f"page {number}", f"{number} / {len(pages)}")
    for number, line in enumerate(info.splitlines(), start=1):
        key, _, value = line.partition(":")
        if value.strip():
            yield source.hidden(f"properties, line {number}", value.strip(), key=key)
    yield Unread(source.at(""), HALF_READ)


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # our own arguments
            command, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        raise UnreadableError(BROKEN) from None
    return done.stdout.decode("utf-8", "replace")
