"""Documents that are not of the newest run say so: the words are put into a finished file.

The run that made the document was a good one, and only a later one failed. Neither its text nor
its pictures can be made anew from figures that have moved on, so that the file is kept as it is,
with one sentence more: above its text for who listens, at the head of each page for who looks.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.documents.as_of import BannerError, write_into_document
from analysis.figures.export import font_folder
from analysis.figures.theme import FONT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

FACE: Final = "SourceSansPro-Semibold.ttf"
# The name of the words within a file, so that they are found again and said once.
NAME: Final = "PatokazAsOf"
STYLE: Final = "Patokaz as of"
NO_CLOCK: Final = 0
BANNER: Final = """
#let d = json("banner.json")
#set page(width: d.width * 1pt, height: d.height * 1pt, margin: 0pt, fill: none)
#set text(font: d.font, fallback: false, size: 8.5pt, weight: 600, fill: rgb(d.colour))
#set text(lang: d.lang)
#place(top + left, dx: 20mm, dy: 4.5mm, d.sentence)
"""
# As the words of a page are told to who listens: first as text, then as furniture of later pages.
SPOKEN: Final = "/P <</MCID {number}>> BDC q /{name} Do Q EMC"
FURNITURE: Final = "/Artifact <</Type /Pagination /Subtype /Header>> BDC q /{name} Do Q EMC"


def mark_document(content: bytes, suffix: str, sentence: str, language: str) -> bytes:
    """Write into a finished document which day its figures are of.

    Parameters
    ----------
    content : bytes
        A Word file, a PDF or a file of HTML of ours.
    suffix : {".docx", ".html", ".pdf"}
    sentence : str
        As :func:`~analysis.documents.as_of.tell_as_of` gives it.
    language : str
        Code of the language of the document.

    Returns
    -------
    bytes
        The document with one such sentence, also where it had one before; the same bytes for the
        same document and sentence.

    Raises
    ------
    BannerError
        When the file is none of these, or cannot be read.
    """
    if suffix not in MARKERS:
        msg = f"A document '{suffix}' has no place for words. Expected {' or '.join(MARKERS)}."
        raise BannerError(msg)
    try:
        return MARKERS[suffix](content, sentence, language)
    except BannerError:
        raise
    except Exception as failure:
        # Whatever two libraries say of a torn file; nothing is published without the words.
        msg = (
            f"The words '{sentence}' cannot be put into a {suffix} file: {failure}. Run it again, "
            f"so that it is made anew."
        )
        raise BannerError(msg) from failure


def _mark_docx(content: bytes, sentence: str, _: str) -> bytes:
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    from analysis.documents.protection_header import set_header_line
    from analysis.documents.word_template import save

    word = docx.Document(io.BytesIO(content))
    if STYLE not in [style.name for style in word.styles]:
        style: Any = word.styles.add_style(STYLE, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.bold = True
        style.font.color.rgb = RGBColor.from_string(REGION.removeprefix("#"))
    held = [p for p in word.paragraphs if p.style is not None and p.style.name == STYLE]
    for paragraph in held:
        _take_line(word, paragraph.text)
        paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001  # no other way to remove one
    first = word.paragraphs[0]
    first.insert_paragraph_before(sentence, style=STYLE)
    set_header_line(word, sentence)
    return save(word)


def _take_line(word: Any, line: str) -> None:
    """Take a line out of the heads of pages."""
    for section in word.sections:
        for head in (section.header, section.first_page_header, section.even_page_header):
            for paragraph in head.paragraphs if not head.is_linked_to_previous else ():
                if paragraph.text == line:
                    paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001


def _mark_html(content: bytes, sentence: str, _: str) -> bytes:
    return write_into_document(content.decode("utf-8"), sentence).encode("utf-8")


def _mark_pdf(content: bytes, sentence: str, language: str) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter(clone_from=io.BytesIO(content))
    forms: dict[tuple[float, float], IndirectObject] = {}
    for number, page in enumerate(writer.pages):
        size = float(page.mediabox.width), float(page.mediabox.height)
        if size not in forms:
            forms[size] = _add_form(writer, _draw(sentence, language, *size))
        resources: Any = page["/Resources"].get_object()
        if "/XObject" not in resources:
            resources[NameObject("/XObject")] = _dictionary()
        drawn = resources["/XObject"].get_object()
        is_marked = f"/{NAME}" in drawn and _is_said(page)
        drawn[NameObject(f"/{NAME}")] = forms[size]
        if is_marked:
            continue
        said = FURNITURE if number else SPOKEN
        spoken = "" if number else _tag(writer, page)
        _append(writer, page, said.format(number=spoken, name=NAME))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


MARKERS: Final[dict[str, Callable[[bytes, str, str], bytes]]] = {
    ".docx": _mark_docx,
    ".html": _mark_html,
    ".pdf": _mark_pdf,
}


@lru_cache(maxsize=16)
def _draw(sentence: str, language: str, width: float, height: float) -> bytes:
    """Draw the sentence on a page of its own that is otherwise empty."""
    import typst

    said = {
        "sentence": sentence,
        "lang": language.split("-", 1)[0],
        "font": FONT,
        "colour": REGION,
        "width": width,
        "height": height,
    }
    files: Any = {"main.typ": BANNER.encode(), "banner.json": json.dumps(said).encode()}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(Path(font_folder()) / FACE, Path(folder) / FACE)
        drawn = typst.compile(
            files,
            format="pdf",
            font_paths=[folder],
            ignore_system_fonts=True,
            timestamp=NO_CLOCK,
            # The page that it is put into tells what it is.
            pdf_tags=False,
        )
    return bytes(drawn)


def _add_form(writer: PdfWriter, drawn: bytes) -> IndirectObject:
    """Add a drawn page to a document, as a picture that pages may show."""
    from pypdf import PdfReader
    from pypdf.generic import DecodedStreamObject, NameObject

    page = PdfReader(io.BytesIO(drawn)).pages[0]
    form = DecodedStreamObject()
    held = page.get_contents()
    form.set_data(held.get_data() if held is not None else b"")
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = page.mediabox.clone(writer)
    form[NameObject("/Resources")] = page["/Resources"].get_object().clone(writer)  # type: ignore[union-attr]
    return writer._add_object(form.flate_encode())  # noqa: SLF001  # the only way to add one


def _is_said(page: Any) -> bool:
    held = page.get_contents()
    return held is not None and f"/{NAME} Do".encode() in held.get_data()


def _append(writer: PdfWriter, page: Any, said: str) -> None:
    """Add to what a page draws, in the state that its drawing began in."""
    from pypdf.generic import ArrayObject, NameObject

    before = page["/Contents"]
    held = list(before) if isinstance(before, list) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [_stream(writer, "q\n"), *held, _stream(writer, f"\nQ\n{said}\n")]
    )


def _stream(writer: PdfWriter, text: str) -> IndirectObject:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(text.encode("ascii"))
    return writer._add_object(stream)  # noqa: SLF001


def _tag(writer: PdfWriter, page: Any) -> str:
    """Make room for a first paragraph in the structure that is read aloud; give its number."""
    from pypdf.generic import NameObject, NumberObject

    root: Any = writer.root_object.get("/StructTreeRoot")
    if root is None or "/StructParents" not in page:
        msg = "a PDF without tags has no place for words that are read aloud"
        raise BannerError(msg)
    tree = root.get_object()
    top = tree["/K"].get_object()
    whole = top[0].get_object() if isinstance(top, list) else top
    spoken = _find_entry(tree["/ParentTree"].get_object(), int(page["/StructParents"]))
    number = len(spoken)
    element = _dictionary()
    element[NameObject("/Type")] = NameObject("/StructElem")
    element[NameObject("/S")] = NameObject("/P")
    element[NameObject("/P")] = whole.indirect_reference
    element[NameObject("/Pg")] = page.indirect_reference
    element[NameObject("/K")] = NumberObject(number)
    reference = writer._add_object(element)  # noqa: SLF001
    spoken.append(reference)
    _put_first(whole, reference)
    return str(number)


def _put_first(whole: Any, reference: IndirectObject) -> None:
    from pypdf.generic import ArrayObject, NameObject

    held = whole["/K"].get_object()
    if not isinstance(held, list):
        held = ArrayObject([whole.raw_get("/K")])
        whole[NameObject("/K")] = held
    held.insert(0, reference)


def _find_entry(node: Any, key: int) -> ArrayObject:
    """Find what a page says of its parts in the tree that numbers lead through."""
    pairs = node.get("/Nums", ())
    for number, entry in zip(pairs[::2], pairs[1::2], strict=True):
        if int(number) == key:
            found: ArrayObject = entry.get_object()
            return found
    for child in node.get("/Kids", ()):
        low, high = (int(limit) for limit in child.get_object()["/Limits"])
        if low <= key <= high:
            return _find_entry(child.get_object(), key)
    msg = f"the structure of the PDF does not name the parts of page {key}"
    raise BannerError(msg)


def _dictionary() -> DictionaryObject:
    from pypdf.generic import DictionaryObject

    return DictionaryObject()
