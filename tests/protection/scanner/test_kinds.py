"""A withheld number that is planted in any kind of file is found; another number is not."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

import docx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from pypdf import PdfWriter

if TYPE_CHECKING:
    from collections.abc import Callable

WITHHELD = "a1b2c3d4e5f6"


class Cell(NamedTuple):
    """What is said of a cell in a file."""

    identity: str
    area: str
    year: int
    indicator: str
    number: str

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.area}, {self.year}: {self.number}"


def svg(inner: str) -> tuple[str, str]:
    return "chart.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><g>{inner}</g></svg>'


def svg_label(c: Cell) -> tuple[str, str]:
    return svg(f'<path aria-label="{c.sentence}" d="M0,0h9v-9h-9Z"/>')


def svg_title(c: Cell) -> tuple[str, str]:
    return svg(f'<circle r="0"><title>{c.sentence}</title></circle>')


def svg_data(c: Cell) -> tuple[str, str]:
    return svg(f'<text data-observation="{c.identity}" data-true="{c.number}">×</text>')


def svg_geometry_words(c: Cell) -> tuple[str, str]:
    return svg(f'<path d="M0,0 {c.sentence}"/>')


def svg_metadata(c: Cell) -> tuple[str, str]:
    return svg(f"<metadata><rdf>{c.sentence}</rdf></metadata>")


def svg_style(c: Cell) -> tuple[str, str]:
    return svg(f"<style>.x::after {{ content: '{c.sentence}' }}</style>")


def html(inner: str) -> tuple[str, str]:
    return "page.html", f"<!doctype html><html><body>{inner}</body></html>"


def html_text(c: Cell) -> tuple[str, str]:
    return html(f"<p>{c.area}, {c.year}: <b>{c.number[0]}</b>{c.number[1:]} persons</p>")


def html_comment(c: Cell) -> tuple[str, str]:
    return html(f"<p>x</p><!-- {c.sentence} -->")


def html_comment_in_row(c: Cell) -> tuple[str, str]:
    return html(
        f"<table><caption>{c.area}</caption><tr><th>Year</th><th>{c.indicator}</th></tr>"
        f"<tr><td>{c.year}</td><td>×<!-- {c.number} --></td></tr></table>"
    )


def html_cell(c: Cell) -> tuple[str, str]:
    return html(
        f"<h2>{c.area}</h2><table><tr><th>{c.indicator}</th><th>Year</th></tr>"
        f"<tr><td>{c.number}</td><td>{c.year}</td></tr></table>"
    )


def html_turned_table(c: Cell) -> tuple[str, str]:
    return html(
        f"<table><caption>{c.area}</caption><tr><th>Figure</th><th>2001</th><th>{c.year}</th></tr>"
        f"<tr><th>{c.indicator}</th><td>–</td><td>{c.number}</td></tr></table>"
    )


def html_data(c: Cell) -> tuple[str, str]:
    return html(f'<span data-observation="{c.identity}" data-n="{c.number}">×</span>')


def html_tooltip(c: Cell) -> tuple[str, str]:
    return html(f'<i title="{c.sentence}">×</i>')


def html_entities(c: Cell) -> tuple[str, str]:
    coded = "".join(f"&amp;#{ord(letter)};" for letter in c.sentence)
    return html(f'<a href="#" data-t="{coded}">x</a>')


def html_address(c: Cell) -> tuple[str, str]:
    coded = "".join(f"%{ord(letter):02x}" for letter in c.number)
    return html(f'<a href="/kumanovo?area={c.area}&amp;year={c.year}&amp;n={coded}">x</a>')


def html_base64(c: Cell) -> tuple[str, str]:
    return html(f'<i data-x="{base64.b64encode(c.sentence.encode()).decode()}">x</i>')


def html_frame(c: Cell) -> tuple[str, str]:
    return html(f'<iframe srcdoc="&lt;p&gt;{c.sentence}&lt;/p&gt;"></iframe>')


def script_json(c: Cell) -> tuple[str, str]:
    data = json.dumps({"area": c.area, "series": [{"year": c.year, "persons": int(c.number)}]})
    return html(f'<script type="application/json">{data}</script>')


def script_code(c: Cell) -> tuple[str, str]:
    return html(f'<script>var a = 1; draw({{"{c.area}": {{"{c.year}": {c.number}}}}});</script>')


def script_escape(c: Cell) -> tuple[str, str]:
    return "a.js", f"x('{c.area}', {c.year}, '\\u{ord(c.number):04x}');"


def json_columns(c: Cell) -> tuple[str, str]:
    data = {"area": [c.area, "x"], "year": [c.year, 2001], "n": [int(c.number), 0]}
    return "a.json", json.dumps(data)


def json_split(c: Cell) -> tuple[str, str]:
    frame = pd.DataFrame({"area": [c.area], "year": [c.year], "n": [int(c.number)]})
    return "a.json", frame.to_json(orient="split")


def json_turned(c: Cell) -> tuple[str, str]:
    frame = pd.DataFrame({"area": [c.area], "year": [c.year], "n": [int(c.number)]})
    return "a.json", frame.to_json(orient="columns")


def json_by_id(c: Cell) -> tuple[str, str]:
    return "a.json", json.dumps({"cells": {c.identity: {"n": int(c.number)}}})


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book)
    return out.getvalue()


def xlsx_cells(c: Cell, **options: bool) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Front").write(0, 0, "front")
        sheet = book.add_worksheet("Back")
        sheet.write_row(0, 0, ["area", "year", c.indicator])
        sheet.write_row(1, 0, [c.area, c.year, int(c.number)])
        if options.get("hide"):
            sheet.hide()
        if options.get("very"):
            sheet.very_hidden()
        if options.get("column"):
            sheet.set_column(2, 2, None, None, {"hidden": True})

    return "a.xlsx", workbook(write)


def xlsx_hidden(c: Cell) -> tuple[str, bytes]:
    return xlsx_cells(c, hide=True)


def xlsx_very_hidden(c: Cell) -> tuple[str, bytes]:
    return xlsx_cells(c, very=True)


def xlsx_hidden_column(c: Cell) -> tuple[str, bytes]:
    return xlsx_cells(c, column=True)


def xlsx_style(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["area", "year", c.indicator])
        sheet.write_row(1, 0, [c.area, c.year])
        sheet.write_number(1, 2, 0, book.add_format({"num_format": f'"{c.number}"'}))

    return "a.xlsx", workbook(write)


def xlsx_comment(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["area", "year", c.indicator])
        sheet.write_row(1, 0, [c.area, c.year, "×"])
        sheet.write_comment(1, 2, c.number)

    return "a.xlsx", workbook(write)


def xlsx_property(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet()
        book.set_custom_property(c.identity, int(c.number))

    return "a.xlsx", workbook(write)


def xlsx_name(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet()
        book.define_name(f"{c.area}_{c.year}".replace(" ", "_"), f"={c.number}")

    return "a.xlsx", workbook(write)


def xlsx_pivot(c: Cell) -> tuple[str, bytes]:
    fields = "".join(
        f'<cacheField name="{name}"><sharedItems>{items}</sharedItems></cacheField>'
        for name, items in [
            ("area", f'<s v="x"/><s v="{c.area}"/>'),
            ("year", f'<n v="{c.year}"/>'),
            ("persons", ""),
        ]
    )
    record = f'<r><x v="1"/><x v="0"/><n v="{c.number}"/></r>'
    return "a.xlsx", add_parts(
        workbook(lambda book: book.add_worksheet() and None),
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": f"<pivotCacheDefinition>{fields}"
            "</pivotCacheDefinition>",
            "xl/pivotCache/pivotCacheRecords1.xml": "<pivotCacheRecords>"
            f"{record}</pivotCacheRecords>",
        },
    )


def xlsx_header(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().set_footer(f"&L{c.sentence}")

    return "a.xlsx", workbook(write)


def xlsx_picture(c: Cell) -> tuple[str, bytes]:
    def write(book: xlsxwriter.Workbook) -> None:
        image = io.BytesIO(png(b"tEXt", b"Comment\0" + c.sentence.encode()))
        book.add_worksheet().insert_image(0, 0, "a.png", {"image_data": image})

    return "a.xlsx", workbook(write)


def add_parts(content: bytes, parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def word(write: Callable[[docx.document.Document], None]) -> bytes:
    out, document = io.BytesIO(), docx.Document()
    write(document)
    document.save(out)
    return out.getvalue()


def _write_nothing(_: docx.document.Document) -> None:
    """A document of nothing."""


def docx_text(c: Cell) -> tuple[str, bytes]:
    def write(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph(f"{c.area}, {c.year}: ")
        for letter in c.number:
            paragraph.add_run(letter)

    return "a.docx", word(write)


def docx_table(c: Cell) -> tuple[str, bytes]:
    def write(document: docx.document.Document) -> None:
        table = document.add_table(2, 3)
        rows = [("Area", "Year", c.indicator), (c.area, str(c.year), c.number)]
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    return "a.docx", word(write)


def docx_core(c: Cell) -> tuple[str, bytes]:
    return "a.docx", word(lambda d: setattr(d.core_properties, "keywords", c.sentence))


def docx_custom(c: Cell) -> tuple[str, bytes]:
    properties = (
        '<Properties xmlns:vt="http://x"><property pid="2" '
        f'name="{c.indicator} {c.area} {c.year}"><vt:lpwstr>{c.number}</vt:lpwstr>'
        "</property></Properties>"
    )
    return "a.docx", add_parts(word(_write_nothing), {"docProps/custom.xml": properties})


def docx_comment(c: Cell) -> tuple[str, bytes]:
    def write(document: docx.document.Document) -> None:
        run = document.add_paragraph("text").add_run("more")
        document.add_comment(run, text=c.sentence, author="a", initials="a")

    return "a.docx", word(write)


def docx_deleted(c: Cell) -> tuple[str, bytes]:
    story = (
        '<w:ftr xmlns:w="http://w"><w:p><w:r><w:t>text</w:t></w:r><w:del><w:r>'
        f"<w:delText>{c.sentence}</w:delText></w:r></w:del></w:p></w:ftr>"
    )
    return "a.docx", add_parts(word(_write_nothing), {"word/footer9.xml": story})


def docx_workbook(c: Cell) -> tuple[str, bytes]:
    _, inner = xlsx_cells(c)
    return "a.docx", add_parts(word(_write_nothing), {"word/embeddings/a.xlsx": inner})


def block(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(kind: bytes = b"", body: bytes = b"", behind: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    extra = block(kind, body) if kind else b""
    dots = block(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + extra + dots + block(b"IEND", b"") + behind


def png_text(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(b"tEXt", b"Comment\0" + c.sentence.encode())


def png_packed_text(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(b"zTXt", b"Comment\0\0" + zlib.compress(c.sentence.encode()))


def png_international(c: Cell) -> tuple[str, bytes]:
    text = c.sentence.replace("Kumanovo", "Куманово").encode()
    return "a.png", png(b"iTXt", b"Title\0\1\0mk\0\0" + zlib.compress(text))


def png_property(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(b"eXIf", b"MM\0*\0\0\0\x08" + c.sentence.encode())


def png_unknown(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(b"paTz", c.sentence.encode())


def png_behind(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(behind=b"\0\1" + c.sentence.encode())


def jpeg(body: bytes, behind: bytes = b"") -> bytes:
    size = struct.pack(">H", len(body) + 2)
    dots = b"\xff\xda\x00\x02\x11\x22\xff\xd9"
    return b"\xff\xd8\xff\xfe" + size + body + dots + behind


def jpeg_note(c: Cell) -> tuple[str, bytes]:
    return "a.jpg", jpeg(c.sentence.encode())


def jpeg_behind(c: Cell) -> tuple[str, bytes]:
    return "a.jpg", jpeg(b"note", behind=c.sentence.encode())


def png_archive_behind(c: Cell) -> tuple[str, bytes]:
    return "a.png", png(behind=archive({"a.txt": c.sentence}))


def parquet(frame: pd.DataFrame, notes: dict[str, str] | None = None) -> pa.Table:
    table = pa.Table.from_pandas(frame)
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **(notes or {})})


def parquet_bytes(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def parquet_rows(c: Cell) -> tuple[str, bytes]:
    frame = pd.DataFrame({"observation_id": [c.identity], "n": [float(c.number)]})
    return "a.parquet", parquet_bytes(parquet(frame))


def parquet_notes(c: Cell) -> tuple[str, bytes]:
    frame = pd.DataFrame({"a": ["x"]})
    notes = {"audit": json.dumps({"area": c.area, "year": c.year, "n": int(c.number)})}
    return "a.parquet", parquet_bytes(parquet(frame, notes))


def zip_note(c: Cell) -> tuple[str, bytes]:
    return "a.zip", archive({"a.txt": "text"}, note=c.sentence)


def archive(files: dict[str, str | bytes], note: str = "", extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HH", 0x7061, len(extra)) + extra if extra else b""
            packed.writestr(info, content)
        packed.comment = note.encode()
    return out.getvalue()


def zip_extra(c: Cell) -> tuple[str, bytes]:
    return "a.zip", archive({"a.txt": "text"}, extra=c.sentence.encode())


def zip_name(c: Cell) -> tuple[str, bytes]:
    return "a.zip", archive({f"{c.area}_{c.year}_{c.number}.txt": "text"})


def zip_nested(c: Cell) -> tuple[str, bytes]:
    inner = archive({"deep/a.csv": f"area,year,n\n{c.area},{c.year},{c.number}\n"})
    return "a.zip", archive({"inner.zip": inner})


def zip_names_area(c: Cell) -> tuple[str, bytes]:
    return "a.zip", archive({f"{c.area}.csv": f"year,persons\n{c.year},{c.number}\n"})


def csv_rows(c: Cell) -> tuple[str, str]:
    head = "indicator_id;area_id;period_start;period_end;sex;value"
    row = f"{c.indicator};{c.area};{c.year}-01-01;{c.year}-12-31;total;{c.number},0"
    return "a.csv", f"{head}\n{row}\n"


def csv_identity(c: Cell) -> tuple[str, str]:
    return "a.csv", f"observation_id,line\n{c.identity},{c.number}\n"


def text_line(c: Cell) -> tuple[str, str]:
    return "a.txt", f"x\n{c.sentence.replace(',', ' ')}\n"


def text_cyrillic(c: Cell) -> tuple[str, str]:
    return "a.txt", f"Во {c.year} година во Куманово: {c.number} лица".replace(
        "Куманово", "Куманово" if c.area == "Kumanovo" else "Гази Баба"
    )


def markdown(c: Cell) -> tuple[str, str]:
    return "a.md", f"# {c.area}\n\nIn {c.year} there were {c.number} persons.\n"


def css(c: Cell) -> tuple[str, str]:
    return "a.css", f"p::after {{ content: '{c.sentence}'; }}"


def notebook(cell: dict[str, object], properties: dict[str, object] | None = None) -> str:
    whole = {"cell_type": "code", "metadata": {}, "source": ["x"], "outputs": []} | cell
    return json.dumps({"cells": [whole], "metadata": properties or {}, "nbformat": 4})


def ipynb_widget(c: Cell) -> tuple[str, str]:
    state = {"f00": {"state": {"description": f"{c.area} {c.year}", "value": int(c.number)}}}
    kind = "application/vnd.jupyter.widget-state+json"
    return "a.ipynb", notebook({}, {"widgets": {kind: {"state": state}}})


def ipynb_html(c: Cell) -> tuple[str, str]:
    _, page = html_cell(c)
    return "a.ipynb", notebook(
        {"outputs": [{"data": {"text/html": page.splitlines(keepends=True)}}]}
    )


def ipynb_json(c: Cell) -> tuple[str, str]:
    data = {"application/vnd.x+json": {"area": c.area, "year": c.year, "n": int(c.number)}}
    return "a.ipynb", notebook({"outputs": [{"data": data}]})


def ipynb_stream(c: Cell) -> tuple[str, str]:
    return "a.ipynb", notebook({"outputs": [{"name": "stdout", "text": [c.sentence]}]})


def ipynb_image(c: Cell) -> tuple[str, str]:
    image = base64.encodebytes(png_text(c)[1]).decode()
    return "a.ipynb", notebook({"outputs": [{"data": {"image/png": image}}]})


def ipynb_attachment(c: Cell) -> tuple[str, str]:
    image = base64.b64encode(png_text(c)[1]).decode()
    return "a.ipynb", notebook({"attachments": {"a.png": {"image/png": image}}})


def ipynb_properties(c: Cell) -> tuple[str, str]:
    return "a.ipynb", notebook({"metadata": {"note": c.sentence}})


def ipynb_source(c: Cell) -> tuple[str, str]:
    return "a.ipynb", notebook({"source": [f"known = ('{c.area}', {c.year}, {c.number})"]})


def pdf(write: Callable[[PdfWriter], None]) -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(72, 72)
    write(writer)
    writer.write(out)
    return out.getvalue()


def pdf_info(c: Cell) -> tuple[str, bytes]:
    return "a.pdf", pdf(lambda w: w.add_metadata({"/Subject": c.sentence}))


def pdf_attachment(c: Cell) -> tuple[str, bytes]:
    return "a.pdf", pdf(lambda w: w.add_attachment("a.txt", c.sentence.encode()) and None)


PLANTERS = [
    found
    for name, found in sorted(globals().items())
    if callable(found)
    and name.split("_")[0]
    in {"svg", "html", "script", "json", "xlsx", "docx", "png", "parquet", "zip", "csv", "text"}
    | {"markdown", "css", "ipynb", "pdf", "jpeg"}
    and name not in {"svg", "html", "png", "jpeg", "pdf", "parquet", "parquet_bytes"}
]


@pytest.mark.parametrize("plant", PLANTERS, ids=lambda p: p.__name__)
def test_a_planted_number_is_found_and_another_is_not(plant, find) -> None:
    secret = Cell(WITHHELD, "Kumanovo", 2023, "unhcr_refugees_persons", "7")
    assert find(*plant(secret)) == [WITHHELD]
    assert find(*plant(secret._replace(number="8"))) == []
    # The same number of a cell that is shown, and of a year in which the cell was shown.
    shown = Cell("d1b2c3d4e5f6", "Gazi Baba", 2023, "unhcr_stateless_persons", "7")
    assert find(*plant(shown)) == []
    before = secret._replace(year=2022, identity="f1b2c3d4e5f6")
    assert find(*plant(before)) == []
