"""A changed file is told with its first changed bytes, and the first changed piece."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
import xlsxwriter

from analysis.documents.seals.manifest import (
    ManifestError,
    make_manifest,
    read_manifest,
    write_manifest,
)
from analysis.documents.seals.seal import CHUNK, find_change, seal_file
from analysis.documents.seals.units import UnitsError, read_units

PAGE = (
    "<html><body><h1>Kumanovo</h1><p>Residents: {n}.</p>"
    '<table data-table="residents"><tr><th>Area</th><td>{cell}</td></tr></table>'
    '<svg xmlns="http://www.w3.org/2000/svg"><text>{word}</text></svg></body></html>'
)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><text>2002</text><text>{word}</text></svg>'


def page(n="98,104", cell="105,484", word="2021"):
    return PAGE.format(n=n, cell=cell, word=word).encode()


def word_file(sentence="Residents: 98,104.", cell="105,484"):
    document = docx.Document()
    document.add_paragraph("Kumanovo")
    document.add_paragraph(sentence)
    table = document.add_table(2, 2)
    table.rows[1].cells[1].text = cell
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def workbook(cell=105484):
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("Residents")
    sheet.write(0, 0, "Kumanovo")
    sheet.write(1, 1, cell)
    book.close()
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "made", "changed", "label", "text"),
    [
        ("a.html", page(), page(n="98,105"), "sentence 1", "Residents: 98,105."),
        ("a.html", page(), page(cell="1"), "table residents, row 1, column 2", "1"),
        ("a.html", page(), page(word="2022"), "word 1 in a picture", "2022"),
        ("a.docx", word_file(), word_file("Residents: 9."), "sentence 2", "Residents: 9."),
        ("a.docx", word_file(), word_file(cell="7"), "table 1, row 2, column 2", "7"),
        ("a.xlsx", workbook(), workbook(7), "sheet Residents, row 2, column 2", "7.0"),
        ("a.csv", b"a,n\nx,1\n", b"a,n\nx,2\n", "line 2", "x, 2"),
        ("a.csv", b"a,n\nx,1\n", b"a,n\n", "line 2", ""),
        ("a.csv", b"a,n\n", b"a,n\nx,1\n", "line 2", "x, 1"),
        (
            "a.svg",
            DRAWING.format(word="2021").encode(),
            DRAWING.format(word="2020").encode(),
            "word 2 in the picture",
            "2020",
        ),
        ("sources.bib", b"@misc{a,\n}\n", b"@misc{b,\n}\n", "line 1", "@misc{b,"),
    ],
)
def test_the_first_changed_piece_is_named(name, made, changed, label, text) -> None:
    found = find_change(name, changed, seal_file(name, made))

    assert found is not None
    assert (found.label, found.text) == (label, text)
    assert not found.is_unreadable


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", page()),
        ("a.docx", word_file()),
        ("a.xlsx", workbook()),
        ("a.csv", b"a,n\n"),
        ("a.png", b"\x89PNG"),
    ],
)
def test_an_untouched_file_has_no_change(name, content) -> None:
    assert find_change(name, content, seal_file(name, content)) is None


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [(0, 0, CHUNK - 1), (CHUNK, CHUNK, 2 * CHUNK - 1), (2 * CHUNK + 7, 2 * CHUNK, 2 * CHUNK + 9)],
)
def test_the_first_changed_bytes_are_named(place, first, last) -> None:
    made = bytes(2 * CHUNK + 10)
    changed = bytearray(made)
    changed[place] = 1
    found = find_change("a.png", bytes(changed), seal_file("a.png", made))

    assert (found.first, found.last) == (first, last)
    assert found.label == ""


def test_a_file_that_grew_or_shrank_is_told_where_it_did() -> None:
    seal = seal_file("a.png", bytes(CHUNK))

    assert find_change("a.png", bytes(CHUNK + 5), seal).first == CHUNK
    shorter = find_change("a.png", bytes(10), seal)
    assert (shorter.first, shorter.last) == (0, CHUNK - 1)


def test_a_property_that_nobody_reads_is_told_by_its_bytes() -> None:
    made = word_file()
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("hidden.txt", "x")
    found = find_change("a.docx", held.getvalue(), seal_file("a.docx", made))

    assert found.label == ""
    assert found.last > found.first


def test_a_broken_file_is_told_as_one() -> None:
    found = find_change("a.docx", b"PK no zip", seal_file("a.docx", word_file()))

    assert found.is_unreadable
    with pytest.raises(UnitsError, match="'a.docx' cannot be read as DOCX .* Fetch the file again"):
        read_units("a.docx", b"PK no zip")


def test_a_page_does_not_read_a_file_of_the_machine(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("withheld", encoding="utf-8")
    drawing = (
        f'<!DOCTYPE svg [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&s;</text></svg>'
    )

    assert "withheld" not in "".join(u.text for u in read_units("a.svg", drawing.encode()))


def test_a_list_of_seals_is_read_as_it_was_written() -> None:
    made = make_manifest({"run_id": "r1"}, {"b.csv": b"a\n", "a.html": page()}, ("z", "a", "z"))

    assert read_manifest(write_manifest(made)) == made
    assert made.observations == ("a", "z")
    assert list(made.files) == ["a.html", "b.csv"]
    assert write_manifest(made) == write_manifest(
        make_manifest({"run_id": "r1"}, {"a.html": page(), "b.csv": b"a\n"}, ("a", "z"))
    )


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": "patokaz-manifest-1"}', b"\xff"]
)
def test_a_list_that_is_none_is_refused(content) -> None:
    with pytest.raises(ManifestError, match="cannot be read .* Fetch it again"):
        read_manifest(content)


def test_a_list_of_another_format_names_both() -> None:
    with pytest.raises(ManifestError, match="'patokaz-manifest-9'; this version reads"):
        read_manifest(b'{"format": "patokaz-manifest-9"}')
