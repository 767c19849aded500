"""Where files of each kind keep a note about themselves, and how it is put there and read."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, unescape

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pypdf import PdfReader, PdfWriter

NAME = "patokaz-evidence"
PNG = b"\x89PNG\r\n\x1a\n"
HEAD = struct.Struct(">I4s")
CHECK = struct.Struct(">I")
SVG_START = re.compile(r"<svg\b[^>]*>")
SVG_MARK = re.compile(rf'<metadata id="{NAME}">([^<]*)</metadata>')
BROKEN_PNG = "This is no whole PNG: a block of it is cut off or changed. Fetch the file again."
MOST_OBJECTS = 1 << 20
NAMESPACE = "urn:patokaz:evidence"
PART = "customXml/patokaz.xml"
RELATIONS = "_rels/.rels"
RELATION = (
    '<Relationship Id="rIdPatokaz" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" '
    f'Target="{PART}"/>'
)


class MarkError(ValueError):
    """A mark, or the file around it, that cannot be read or written."""


def write_png(content: bytes, said: str) -> bytes:
    """Write a text block before the end of a PNG; an older one of the same name goes."""
    body = NAME.encode("ascii") + b"\0\0\0\0\0" + said.encode("utf-8")
    written = [PNG]
    for kind, held in png_blocks(content):
        if kind == b"IEND":
            written.append(png_block(b"iTXt", body))
        if not _is_png_mark(kind, held):
            written.append(png_block(kind, held))
    return b"".join(written)


def read_png(content: bytes) -> str:
    """Read the text block of our name; blank where there is none."""
    for kind, held in png_blocks(content):
        if _is_png_mark(kind, held):
            _, _, rest = held.partition(b"\0")
            if rest[:1] == b"\0":
                return rest[2:].split(b"\0", 2)[-1].decode("utf-8", "replace")
            # A picture program may have packed it.
            return _unpack(rest[2:].split(b"\0", 2)[-1])
    return ""


def _unpack(packed: bytes) -> str:
    try:
        # No more than a mark can be: a packed text may be a trap.
        return zlib.decompressobj().decompress(packed, 1 << 20).decode("utf-8", "replace")
    except zlib.error:
        msg = "The mark of this picture is packed and cannot be read. Fetch the file again."
        raise MarkError(msg) from None


def _is_png_mark(kind: bytes, held: bytes) -> bool:
    return kind == b"iTXt" and held.partition(b"\0")[0] == NAME.encode("ascii")


def png_blocks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Walk over the blocks of a PNG.

    Parameters
    ----------
    content : bytes

    Yields
    ------
    tuple of bytes
        Kind and body, up to and with the end.

    Raises
    ------
    MarkError
        When it is no PNG, a block ends too early or its check sum is wrong.
    """
    place, kind = len(PNG), b""
    while kind != b"IEND":
        if not content.startswith(PNG) or place + HEAD.size > len(content):
            raise MarkError(BROKEN_PNG)
        size, kind = HEAD.unpack_from(content, place)
        end = place + HEAD.size + size
        body = content[place + HEAD.size : end]
        if content[end : end + CHECK.size] != _check(kind, body):
            raise MarkError(BROKEN_PNG)
        yield kind, body
        place = end + CHECK.size


def png_block(kind: bytes, body: bytes) -> bytes:
    """Write one block of a PNG.

    Examples
    --------
    >>> png_block(b"IEND", b"").hex()
    '0000000049454e44ae426082'
    """
    return HEAD.pack(len(body), kind) + body + _check(kind, body)


def _check(kind: bytes, body: bytes) -> bytes:
    return CHECK.pack(zlib.crc32(kind + body))


def write_svg(content: bytes, said: str) -> bytes:
    """Write an element of metadata as the first of an SVG; an older one of ours goes."""
    drawn = SVG_MARK.sub("", content.decode("utf-8"))
    start = SVG_START.search(drawn)
    if start is None:
        msg = "This is no SVG: it has no element 'svg'. Draw the figure again."
        raise MarkError(msg)
    held = f'<metadata id="{NAME}">{escape(said)}</metadata>'
    return (drawn[: start.end()] + held + drawn[start.end() :]).encode("utf-8")


def read_svg(content: bytes) -> str:
    """Read the element of metadata of our name; blank where there is none."""
    found = SVG_MARK.search(content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else ""


def write_pdf(content: bytes, said: str) -> bytes:
    """Write a property of a PDF, which programs show with its title and author."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        writer = copy_pdf(PdfReader(io.BytesIO(content)))
        writer.add_metadata({f"/{NAME}": said})
    except PyPdfError as broken:
        msg = f"This is no whole PDF ({broken}). Draw the figure again."
        raise MarkError(msg) from broken
    return write_copy(writer)


def copy_pdf(reader: PdfReader) -> PdfWriter:
    """Copy a PDF to change it; :func:`write_copy` then takes out what was copied twice.

    Parameters
    ----------
    reader : pypdf.PdfReader

    Returns
    -------
    pypdf.PdfWriter
    """
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, NumberObject

    # A picture of many see-through marks is copied mark by mark, and the program would warn on
    # standard error that there are more objects than the file announced.
    reader.trailer[NameObject("/Size")] = NumberObject(MOST_OBJECTS)
    return PdfWriter(clone_from=reader)


def write_copy(writer: PdfWriter) -> bytes:
    """Write a copied PDF, each of its objects once; the same bytes for the same copy."""
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read_pdf(content: bytes) -> str:
    """Read the property of our name; blank where there is none."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        held: Mapping[str, object] = PdfReader(io.BytesIO(content)).metadata or {}
    except PyPdfError as broken:
        msg = f"This is no whole PDF ({broken}). Fetch the file again."
        raise MarkError(msg) from broken
    return str(held.get(f"/{NAME}", ""))


def write_xlsx(content: bytes, said: str) -> bytes:
    """Write a part of a workbook that its program keeps when it saves."""
    parts = _open_workbook(content)
    held = etree.Element(f"{{{NAMESPACE}}}evidence", nsmap={None: NAMESPACE})
    held.text = said
    written = etree.tostring(held, xml_declaration=True, encoding="UTF-8", standalone=True)
    relations = parts[RELATIONS].decode("utf-8")
    if RELATION not in relations:
        relations = relations.replace("</Relationships>", f"{RELATION}</Relationships>")
    changed = {**parts, RELATIONS: relations.encode("utf-8"), PART: written}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in changed.items():
            # Archives carry dates; the same workbook has to be the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return out.getvalue()


def read_xlsx(content: bytes) -> str:
    """Read our part of a workbook; blank where there is none."""
    held = _open_workbook(content).get(PART)
    if held is None:
        return ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(held, parser).text or ""
    except etree.XMLSyntaxError:
        msg = "The mark of this workbook cannot be read. Fetch the file again."
        raise MarkError(msg) from None


def _open_workbook(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as broken:
        msg = f"This is no whole workbook ({broken}). Fetch the file again."
        raise MarkError(msg) from broken
    if RELATIONS not in parts:
        msg = "This is an archive and no workbook. Write a mark into a file of Excel."
        raise MarkError(msg)
    return parts
