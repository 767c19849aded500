"""The line at the head of each page of a Word file: how the edition stands.

A template belongs to the institution, which may have left the place of the mark out, or put a
crest and an empty head on the first page. The line is set where it is missing: no template can
make a draft look released.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument


def set_header_line(word: WordDocument, line: str) -> None:
    """Set a line at the top of every head of pages that does not hold it yet.

    Parameters
    ----------
    word : docx.document.Document
        Changed in place, as everything that builds a Word file does.
    line : str

    Examples
    --------
    >>> import docx
    >>> word = docx.Document()
    >>> set_header_line(word, "Draft")
    >>> [paragraph.text for paragraph in word.sections[0].header.paragraphs]
    ['Draft', '']
    """
    for header in _headers(word):
        held = "".join(t.text or "" for t in header._element.iter(qn("w:t")))  # noqa: SLF001
        if line in held:
            continue
        if header.paragraphs:
            header.paragraphs[0].insert_paragraph_before(line)
        else:
            header.add_paragraph(line)


def _headers(word: WordDocument) -> Iterator[Any]:
    """Give the heads that pages really show; a section without one shows that of the former."""
    for section in word.sections:
        yield section.header
        if section.different_first_page_header_footer:
            yield section.first_page_header
        if word.settings.odd_and_even_pages_header_footer:
            yield section.even_page_header
