"""Archives, and the documents that are archives: every part, every note, every extra field."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import Unread, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.protection.scanner.fragments import Fragment, Source

BROKEN = mark("it is a broken archive")
LOCKED = mark("it is locked with a password")
TWICE = mark("it holds two parts of the same name, of which programs show one")
BEFORE = mark("there are bytes before the archive begins")
CHUNK = 1024 * 1024
RUN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]+")
# Any two bytes are some letter of UTF-16.
SHORTEST_WIDE = 3
BEGIN = b"PK\x03\x04"


def printable_runs(content: bytes) -> str:
    r"""Give what can be read in bytes of no known form.

    Examples
    --------
    >>> printable_runs(b"\x00\x05\x00Kumanovo 2023\xff\x00")
    'Kumanovo 2023'
    """
    runs = RUN.findall(content.decode("utf-8", "replace"))
    if content.count(b"\0") > len(content) // 3:
        for order in ("utf-16-le", "utf-16-be"):
            wide = RUN.findall(content.decode(order, "replace"))
            runs += [run for run in wide if len(run) >= SHORTEST_WIDE]
    return " ".join(runs)


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Open an archive.

    Raises
    ------
    UnreadableError
        When it is none, or a broken one.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableError(BROKEN) from None


def read_member(source: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one part, as long as the budget lasts.

    Raises
    ------
    UnreadableError
        When it is broken, locked, or unpacks to more than is read.
    """
    if info.flag_bits & 1:
        raise UnreadableError(LOCKED)
    pieces = []
    try:
        with archive.open(info) as file:
            # The size that an archive gives for a part may be a lie: what comes out is counted.
            while piece := file.read(CHUNK):
                source.budget.spend(len(piece))
                source.budget.parts += 1
                pieces.append(piece)
    except UnreadableError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise UnreadableError(BROKEN) from None
    return b"".join(pieces)


def read_covers(source: Source, archive: zipfile.ZipFile) -> Iterator[Fragment | Unread]:
    """Read what an archive says beside its parts: its note, theirs, extra fields, names."""
    if archive.comment:
        yield source.hidden("note of the archive", printable_runs(archive.comment))
    if not source.content.startswith(BEGIN) and archive.filelist:
        start = source.content.find(BEGIN)
        yield source.hidden("bytes before the archive", printable_runs(source.content[:start]))
        yield Unread(source.at("first bytes"), BEFORE)
    names: set[str] = set()
    for number, info in enumerate(archive.infolist(), start=1):
        yield source.hidden(f"name of part {number}", info.filename)
        if info.comment:
            words = f"note of part {number}"
            yield source.hidden(words, printable_runs(info.comment), context=(info.filename,))
        if info.extra:
            words = f"extra field of part {number}"
            yield source.hidden(words, printable_runs(info.extra), context=(info.filename,))
        if info.filename in names:
            yield Unread(source.at(f"part {number}"), TWICE)
        names.add(info.filename)


def read_archive(source: Source) -> Iterator[Fragment | Unread]:
    """Read an archive: its notes, and each file in it as the kind that it is."""
    with open_archive(source.content) as archive:
        yield from read_covers(source, archive)
        for number, info in enumerate(archive.infolist(), start=1):
            if info.is_dir():
                continue
            words = f"part {number} ({info.filename})"
            try:
                content = read_member(source, archive, info)
                inner = source.inside(info.filename, b"", words)
            except UnreadableError as failure:
                yield Unread(source.at(words), str(failure))
                continue
            yield from source.read(fill(inner, content))


def fill(source: Source, content: bytes) -> Source:
    """Give a source with its bytes, which were counted when they were unpacked."""
    return type(source)(
        name=source.name,
        content=content,
        read=source.read,
        place=source.place,
        context=source.context,
        document=source.document,
        is_hidden=source.is_hidden,
        depth=source.depth,
        budget=source.budget,
    )


def unpack_parts(
    source: Source, archive: zipfile.ZipFile, failures: list[Unread]
) -> Mapping[str, Source]:
    """Unpack all parts of a document by name; what cannot be unpacked is noted as a failure."""
    found: dict[str, Source] = {}
    for info in archive.infolist():
        if info.is_dir():
            continue
        try:
            content = read_member(source, archive, info)
            found[info.filename] = fill(source.inside(info.filename, b"", info.filename), content)
        except UnreadableError as failure:
            failures.append(Unread(source.at(info.filename), str(failure)))
    return found
