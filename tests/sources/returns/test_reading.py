"""Office files as they are: headers, merged cells, encodings, separators, bombs."""

from __future__ import annotations

import io
import zipfile

import pytest

from analysis.sources.returns import archive, parts
from analysis.sources.returns.delimited import decode
from analysis.sources.returns.headers import find_header, header_key
from analysis.sources.returns.importing import import_file
from analysis.sources.returns.kinds import KINDS, find_kind
from analysis.sources.returns.ledger import read_ledger
from analysis.sources.returns.reading import read_book
from analysis.sources.returns.remarks import ImportRefused

RECEPTION = ("facility_id", "date", "beds", "present", "arrivals", "departures")
MK = ("Шифра на центарот", "Датум", "Кревети", "Присутни", "Пристигнати", "Заминати")
ODS = "application/vnd.oasis.opendocument.spreadsheet"
TABLE = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def ods(rows) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", ODS)
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", TABLE.format(rows=rows))
    return out.getvalue()


def ods_row(cells) -> str:
    said = "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if isinstance(cell, int)
        else '<table:table-cell office:value-type="string"><text:p>'
        f"{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row>{said}</table:table-row>"


def loaded(content, received, kind="reception_day", name="a.xlsx"):
    report = import_file(content, name, kind, received)
    assert report.rows_read == report.loaded + report.already_there + report.set_aside
    return report, read_ledger(received, find_kind(kind))


@pytest.mark.parametrize("header", [MK, tuple(h.upper() for h in MK), RECEPTION,
    ("Šifra na centarot", "Datum", "Kreveti", "Prisutni", "Pristignati", "Zaminati"),
    ("Kodi i qendrës", "Data", "Shtretër", "Të pranishëm", "Ardhje", "Largime"),
    ("Шифра центра", "Датум", "Лежајеви", "Присутни", "Доласци", "Одласци"),
    ("Šifra centra", "Datum", "Kreveti", "Prisutni", "Dolasci", "Odlasci"),
])  # fmt: skip
def test_headers_are_found_in_four_languages_and_two_scripts(header) -> None:
    found = find_header([("Извештај",), (), header], find_kind("reception_day"))
    if "Лежајеви" in header:
        assert found is None, "a word that nobody listed is not guessed"
    else:
        assert found is not None
        assert list(found.columns.values()) == list(RECEPTION)


def test_every_kind_is_found_by_its_headers_in_each_language() -> None:
    for kind in KINDS.values():
        for form in range(3):
            header = [
                column.known_as[min(form, len(column.known_as) - 1)] for column in kind.columns
            ]
            found = find_header([header], kind)
            assert found is not None, (kind.kind_id, form)
            assert len(found.columns) == len(kind.columns)


def test_a_header_of_two_rows_with_merged_cells(make_book, received) -> None:
    def merge(book):
        sheet = book.get_worksheet_by_name("Јан")
        sheet.merge_range(1, 0, 2, 0, "Центар")
        sheet.merge_range(1, 2, 1, 3, "Состојба")
        sheet.merge_range(1, 4, 1, 5, "Движење")

    rows = [
        ("Дневен извештај",),
        (None, "Датум"),
        (None, None, "Кревети", "Присутни", "Пристигнати", "Заминати"),
        ("RC-01", "01.03.2024", 120, 87, 12, 10),
        (None,) * 6,
        ("RC-01", "02.03.2024", 120, 90, 5, 2),
    ]
    report, ledger = loaded(make_book(("Јан", rows), shape=merge), received)
    assert report.loaded == 2
    assert report.set_aside == 1
    assert report.aside[0].sort == "above"
    assert ledger["date"].tolist() == ["2024-03-01", "2024-03-02"]


def test_a_column_that_stands_twice_is_refused(make_book, received) -> None:
    rows = [(*MK, "Кревети"), ("RC-01", "01.03.2024", 1, 1, 1, 1, 2)]
    with pytest.raises(ImportRefused, match="The column 'beds' stands twice in the header"):
        loaded(make_book(("A", rows)), received)


def test_totals_notes_and_repeated_headers_are_set_aside_with_the_reason(make_book, received):
    rows = [
        MK,
        ("RC-01", "01.03.2024", 120, 87, 12, 10),
        MK,
        ("RC-02", "01.03.2024", 60, 20, 2, 1),
        ("Вкупно", None, 180, 108, 14, 11),
        ("* без Табановце",),
        ("Gjithsej", None, 180, 107, 14, 11),
    ]
    report, ledger = loaded(make_book(("A", rows)), received)
    assert [(a.row, a.sort) for a in report.aside] == [
        (3, "heading"),
        (5, "total"),
        (6, "note"),
        (7, "total"),
    ]
    assert len(ledger) == report.loaded == 2
    assert [w.say(str) for w in report.warnings] == [
        "The parts of present (1:5) sum to 107, but 108 is printed."
    ]


def test_a_merged_key_is_spread_and_a_merged_number_is_not(make_book, received) -> None:
    def merge(book):
        sheet = book.get_worksheet_by_name("A")
        sheet.merge_range(1, 0, 2, 0, "RC-01")
        sheet.merge_range(3, 2, 4, 2, 60)

    rows = [
        MK,
        (None, "01.03.2024", 120, 87, 12, 10),
        (None, "02.03.2024", 120, 87, 0, 0),
        ("RC-02", "01.03.2024", None, 20, 2, 1),
        ("RC-02", "02.03.2024", None, 20, 2, 1),
    ]
    report, ledger = loaded(make_book(("A", rows), shape=merge), received)
    assert ledger["facility_id"].tolist() == ["RC-01", "RC-01"]
    assert [a.row for a in report.failed] == [4, 5]
    assert "stands in merged cells" in report.failed[0].reason.say(str)


def test_a_formula_without_a_stored_result_fails_and_is_not_no_data(make_book, received) -> None:
    def compute(book):
        sheet = book.get_worksheet_by_name("A")
        sheet.write_formula(1, 3, "=80+7", None, "")
        sheet.write_formula(2, 3, "=80+8", None, 88)

    rows = [
        MK,
        ("RC-01", "01.03.2024", 120, None, 12, 10),
        ("RC-01", "02.03.2024", 120, None, 12, 11),
    ]
    content = make_book(("A", rows), shape=compute)
    content = _without_value(content)
    report, ledger = loaded(content, received)
    assert ledger["present"].tolist() == [88]
    assert (report.failed[0].row, report.failed[0].column) == (2, "D")
    assert "a formula whose result is not stored" in report.failed[0].reason.say(str)


def _without_value(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b"<v></v>", b""))
    return out.getvalue()


def test_an_ods_is_read_with_its_formulas_as_results(received) -> None:
    rows = ods_row(MK) + ods_row(["RC-01", "01.03.2024", 120, 87, 12, 10])
    missing = '<table:table-row><table:table-cell office:value-type="string"><text:p>RC-01</text:p>'
    missing += '</table:table-cell><table:table-cell office:value-type="string"><text:p>02.03.2024'
    missing += '</text:p></table:table-cell><table:table-cell table:formula="of:=1+1"/>'
    missing += '<table:table-cell office:value-type="float" office:value="5" '
    missing += 'table:number-columns-repeated="3"/></table:table-row>'
    report, ledger = loaded(ods(rows + missing), received, name="a.ods")
    assert ledger["present"].tolist() == [87]
    assert (report.failed[0].row, report.failed[0].column) == (3, "C")
    assert "a formula whose result is not stored" in report.failed[0].reason.say(str)


def test_an_xls_of_the_last_century_is_read(make_old_book, received) -> None:
    rows = [MK, ("RC-01", "01.03.2024", 120, 87, "<5", 0), ("Вкупно", None, 120, 87, 1, 0)]
    report, ledger = loaded(make_old_book(rows), received, name="a.xls")
    assert ledger["present"].tolist() == [87]
    assert ledger["arrivals_state"].tolist() == ["suppressed"]
    assert [a.sort for a in report.aside] == ["total"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_files_are_read_in_their_encodings_and_separators(encoding, separator, received):
    lines = [separator.join(MK), separator.join(["RC-01", "01.03.2024", "120", "87", "<5", ".."])]
    report, ledger = loaded("\r\n".join(lines).encode(encoding), received, name="a.csv")
    assert report.loaded == 1, report.aside
    assert ledger["present"].tolist() == [87]
    assert ledger[["arrivals_state", "departures_state"]].to_numpy().tolist() == [
        ["suppressed", "no_data"]
    ]
    assert "The file was read as text in " in report.notes[0].say(str)


def test_latin_letters_of_the_region_are_read_as_windows_1250() -> None:
    assert decode("Šifra centra; Đakovica, žene, čekaju".encode("cp1250")) == (
        "Šifra centra; Đakovica, žene, čekaju",
        "cp1250",
    )


def test_decimal_commas_do_not_pass_for_separators(received) -> None:
    text = "Период;Услуга;Фаза;Лица;Износ\n2024-Q1;medical;identified;9;1250,50\n"
    text += "2024-Q2;medical;identified;<5;1.250,75\n"
    report, ledger = loaded(text.encode("cp1251"), received, "assistance_fund", "a.csv")
    assert report.loaded == 2
    assert ledger["amount"].tolist() == [1250.5, 1250.75]


def test_every_header_key_is_the_same_in_both_scripts() -> None:
    assert header_key("Пристигнати (лица)") == header_key("PRISTIGNATI lica")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\x00" * 50, "The file is empty"),
        (b"PK\x03\x04 and nothing", "The file cannot be opened"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "The file cannot be opened"),
        (b"<html><table><tr><td>1</td></tr></table>", "The file cannot be opened"),
        (b"%PDF-1.7\n\x00\x01\xff\xfe\x00", "The file cannot be opened|No sheet has the header"),
        ("само текст".encode(), "No sheet has the header of a return. Expected columns such as"),
        (b"a;b\n" * 70_000, "reaches further than 60000 rows"),
        (b";".join([b"x"] * 300), "reaches further than 60000 rows or 256 columns"),
    ],
)
def test_what_is_no_return_is_refused_in_a_sentence(content, said, received) -> None:
    with pytest.raises(ImportRefused, match=said):
        import_file(content, "a.xlsx", None, received)
    assert not received.exists()


def test_a_bomb_of_zeros_is_refused_while_it_unpacks(team_book, received, monkeypatch) -> None:
    out = io.BytesIO(team_book)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/a.xml", b" " * 8_000_000)
    with pytest.raises(ImportRefused, match="unpacks to more than a return can hold"):
        import_file(out.getvalue(), "a.xlsx", None, received)
    monkeypatch.setattr(archive, "MAX_PARTS", 3)
    with pytest.raises(ImportRefused, match="unpacks to more than a return can hold"):
        import_file(team_book, "a.xlsx", None, received)


def test_declared_entities_are_refused(team_book, received) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    out = io.BytesIO(team_book)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/extra.xml", bomb)
    with pytest.raises(ImportRefused, match="declares entities"):
        import_file(out.getvalue(), "a.xlsx", None, received)


def test_a_cell_at_the_end_of_the_world_is_refused_before_memory_is_taken(make_book, received):
    content = make_book(("A", [MK]), shape=lambda b: b.worksheets()[0].write(1_048_575, 16_383, 1))
    with pytest.raises(ImportRefused, match="reaches further than 60000 rows or 256 columns"):
        import_file(content, "a.xlsx", None, received)
    repeated = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
    repeated += 'office:value-type="float" office:value="1"/></table:table-row>'
    with pytest.raises(ImportRefused, match="reaches further than"):
        import_file(ods(repeated), "a.ods", None, received)


def test_a_file_that_is_too_large_is_not_opened(received, monkeypatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 1_000_000)
    with pytest.raises(ImportRefused, match="The file has 2 MB; a return has at most 1 MB"):
        import_file(b"a" * 2_000_000, "a.csv", None, received)


def test_a_workbook_that_lists_a_sheet_twice_is_refused(team_book, received) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(team_book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            sheet = b'<sheet name="March" sheetId="1" r:id="rId1"/>'
            new.writestr(name, old.read(name).replace(sheet, sheet * 2))
    with pytest.raises(ImportRefused, match="The file cannot be opened: it is damaged"):
        import_file(out.getvalue(), "a.xlsx", None, received)


def test_macros_are_told_of_and_not_run(team_book, received) -> None:
    out = io.BytesIO(team_book)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    report = import_file(out.getvalue(), "a.xlsm", None, received)
    assert "The workbook holds macros. They were not run." in [n.say(str) for n in report.notes]


def test_columns_have_letters() -> None:
    assert [parts.column_letters(n) for n in (0, 25, 26, 255, 701, 702)] == [
        "A", "Z", "AA", "IV", "ZZ", "AAA"]  # fmt: skip
    assert all(parts.column_number(parts.column_letters(n)) == n for n in range(1000))


def test_the_sheets_of_an_unknown_file_are_given_as_they_stand(make_book) -> None:
    sheet = read_book(make_book(("A", [(None, 1), (), ("x",)])), []).sheets[0]
    assert sheet.rows == ((None, 1.0), (None, None), ("x", None))
