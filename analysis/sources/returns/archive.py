"""Office files are archives: they are unpacked within bounds before anything reads them.

Workbooks come from strangers. Sizes are counted while unpacking and not believed from the file's
own list; parts that declare entities are refused; what is read later is an archive packed anew from
the checked parts alone.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from analysis.sources.returns.remarks import ImportRefused, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FILE = 20_000_000
MAX_UNPACKED = 100_000_000
MAX_RATIO = 250
# A small workbook may pack as well as it likes: blanks do.
RATIO_FROM = 5_000_000
MAX_PARTS = 1_000
TEXT_PARTS = (".xml", ".rels", ".vml", "mimetype", ".rdf", ".txt", ".html")
PACKED_PARTS = (".docx", ".xlsx", ".xlsm", ".pptx", ".doc", ".xls", ".zip", ".pdf", ".ods", ".odt")
EMBEDDED = re.compile(r"(^|/)(embeddings|oleObject|Object \d+)", re.IGNORECASE)
DECLARES = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def check_size(content: bytes) -> None:
    """Refuse a file that is empty or larger than any return.

    Raises
    ------
    ImportRefused
    """
    if not content.strip(b"\x00 \r\n\t"):
        raise ImportRefused(remark(mark("The file is empty. Send the file with its figures.")))
    if len(content) > MAX_FILE:
        raise ImportRefused(
            remark(
                mark("The file has {size} MB; a return has at most {most} MB. Send it in parts."),
                size=len(content) // 1_000_000,
                most=MAX_FILE // 1_000_000,
            )
        )


def unpack(content: bytes) -> dict[str, bytes]:
    """Unpack an archive within bounds.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    dict of str to bytes
        Parts by name.

    Raises
    ------
    ImportRefused
        When the archive is damaged, locked, embeds other files, or unpacks to more than a return
        can hold.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_parts(archive, len(content))
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        OSError,
        OverflowError,
    ) as failure:
        if isinstance(failure, ImportRefused):
            raise
        raise damaged() from None


def damaged() -> ImportRefused:
    """Say that a file cannot be opened."""
    return ImportRefused(
        remark(
            mark(
                "The file cannot be opened: it is damaged, locked with a password or no "
                "spreadsheet. Open it, save it as .xlsx or .csv and send it again."
            )
        )
    )


def too_large() -> ImportRefused:
    """Say that a file unpacks to more than a return can hold."""
    return ImportRefused(
        remark(
            mark(
                "The file unpacks to more than a return can hold, so it was not opened. "
                "Copy the table into a new workbook and send that."
            )
        )
    )


def _read_parts(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    listed = [info for info in archive.infolist() if not info.is_dir()]
    if len(listed) > MAX_PARTS:
        raise too_large()
    parts: dict[str, bytes] = {}
    whole = 0
    for info in listed:
        if EMBEDDED.search(info.filename) or info.filename.lower().endswith(PACKED_PARTS):
            raise ImportRefused(
                remark(
                    mark(
                        "The workbook holds another file inside ({part}), which cannot be "
                        "examined. Take it out and send the workbook again."
                    ),
                    part=_shown(info.filename),
                )
            )
        if info.filename in parts:
            raise damaged()
        with archive.open(info) as part:
            data = part.read(MAX_UNPACKED - whole + 1)
        whole += len(data)
        if whole > MAX_UNPACKED or (whole > RATIO_FROM and whole > packed * MAX_RATIO):
            raise too_large()
        parts[info.filename] = data
    return parts


def _shown(name: str) -> str:
    # A name of a part is the sender's text; digits in it may be what must not be printed.
    return re.sub(r"\d{5,}", "…", name)[:60]


def part_texts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Decode the parts that are text.

    Raises
    ------
    ImportRefused
        When a part declares entities, as only bombs and broken programs do.
    """
    texts: dict[str, str] = {}
    for name, data in parts.items():
        if not name.lower().endswith(TEXT_PARTS):
            continue
        text = _decode(data)
        if DECLARES.search(text):
            raise ImportRefused(
                remark(
                    mark(
                        "The part {part} of the workbook declares entities, which no office "
                        "program does. Copy the table into a new workbook and send that."
                    ),
                    part=_shown(name),
                )
            )
        texts[name] = text
    return texts


def _decode(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    head = data[:200]
    if b"\x00<" in head[:4]:
        return data.decode("utf-16-be", errors="replace")
    if b"<\x00" in head[:4]:
        return data.decode("utf-16-le", errors="replace")
    named = re.search(rb"encoding=[\"']([\w-]+)[\"']", head)
    code = named.group(1).decode("ascii").lower() if named else "utf-8"
    try:
        return data.decode(code, errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Pack the text parts anew, unpressed: what a reader gets is what was examined."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            if name.lower().endswith(TEXT_PARTS):
                archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
