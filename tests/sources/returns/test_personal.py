"""Files that look personal are refused before anything is written, wherever it hides."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from analysis.sources.returns.importing import import_file
from analysis.sources.returns.personal import has_check_digit, is_personal_number
from analysis.sources.returns.remarks import ImportRefused

HASH = "9f2c4be1a07d5538"
TRAINING = ("Code of the event", "Salted hash of the participant", "Institution")


def changed(content: bytes, part: str, change) -> bytes:
    """Change one part of a workbook, or add it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == part else data)
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return out.getvalue()


def refuse(content, received, *, name="return.xlsx", kind=None, hidden="") -> str:
    with pytest.raises(ImportRefused, match="The file was refused: ") as failure:
        import_file(content, name, kind, received)
    sentence = str(failure.value)
    digits = re.sub(r"\D", "", hidden)
    assert not digits or digits not in re.sub(r"\D", "", sentence), "the number is not printed"
    assert not hidden or hidden not in sentence
    assert "nothing was kept" in sentence
    assert not received.exists(), "nothing is on disk"
    return sentence


def test_the_check_digit_is_that_of_the_law(number) -> None:
    assert has_check_digit(number)
    assert is_personal_number(number)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not has_check_digit(wrong)
    assert is_personal_number(wrong), "a mistyped number is still somebody's"
    assert not is_personal_number("3" + "9" * 12)
    assert not is_personal_number("0" * 13)


@pytest.mark.parametrize(
    ("hide", "place"),
    [
        (lambda book, n: book.get_worksheet_by_name("March").write_comment(
            3, 3, f"за {n}"), "comments"),
        (lambda book, n: book.add_worksheet(f"лице {n}"), "sheet 2, name"),
        (lambda book, n: book.get_worksheet_by_name("March").write(20, 8, f"x{n}"), "sheet 1, I21"),
        (lambda book, n: book.get_worksheet_by_name("March").write(20, 8, int(n)), "sheet 1, I21"),
        (lambda book, n: book.get_worksheet_by_name("March").write(
            20, 8, f"{n[:7]} {n[7:]}"), "sheet 1, I21"),
        (lambda book, n: book.get_worksheet_by_name("March").write(
            20, 8, "\u200b".join(n)), "sheet 1, I21"),
        (lambda book, n: book.get_worksheet_by_name("March").merge_range(
            20, 0, 21, 6, f"Случај {n}"), "sheet 1, A21"),
        (lambda book, n: book.set_properties({"comments": f"за {n}"}), "docProps/core.xml"),
        (lambda book, n: book.set_custom_property("Број", n), "docProps/custom.xml"),
        (lambda book, n: book.define_name("x", f'="{n}"'), "xl/workbook.xml"),
        (lambda book, n: book.get_worksheet_by_name("March").set_header(f"&L{n}"), "sheet1.xml"),
        (lambda book, n: book.get_worksheet_by_name("March").insert_textbox(
            20, 1, f"за {n}"), "drawing1.xml"),
        (lambda book, n: book.get_worksheet_by_name("March").data_validation(
            20, 8, 20, 8, {"validate": "any", "input_message": n}), "sheet1.xml"),
        (lambda book, n: book.get_worksheet_by_name("March").write_rich_string(
            20, 8, n[:5], book.add_format({"bold": True}), n[5:], " "), "sheet 1, I21"),
    ],
    ids=["comment", "sheet name", "cell", "number cell", "spaced", "no width", "merged", "property",
         "custom property", "defined name", "page header", "text box", "prompt", "rich text"],
)  # fmt: skip
def test_a_personal_number_is_found_where_it_hides(
    hide, place, make_book, team_rows, received, number
) -> None:
    content = make_book(("March", team_rows), shape=lambda book: hide(book, number))
    assert place in refuse(content, received, hidden=number)


def test_a_personal_number_in_a_merged_header_is_refused(make_book, team_rows, received, number):
    def merge(book):
        book.get_worksheet_by_name("March").merge_range(0, 0, 0, 6, f"Извештај {number}")

    content = make_book(("March", [(), *team_rows]), shape=merge)
    assert "sheet 1, A1" in refuse(content, received, hidden=number)


def test_a_number_split_in_a_comment_is_refused(make_book, team_rows, received, number) -> None:
    def note(book):
        book.get_worksheet_by_name("March").write_comment(3, 3, "SPLIT")

    content = make_book(("March", team_rows), shape=note)
    runs = f"</t></r><r><t>{number[:6]}</t></r><r><t>{number[6:]}".encode()
    content = changed(content, "xl/comments1.xml", lambda d: d.replace(b"SPLIT", runs))
    assert "comments1.xml" in refuse(content, received, hidden=number)


def test_a_number_written_as_entities_is_refused(team_book, received, number) -> None:
    coded = "".join(f"&#{ord(d)};" for d in number).encode()
    content = changed(
        team_book,
        "docProps/app.xml",
        lambda d: d.replace(b"</Properties>", coded + b"</Properties>"),
    )
    assert "docProps/app.xml" in refuse(content, received, hidden=number)


def test_a_number_in_a_part_that_is_no_text_is_refused(team_book, received, number) -> None:
    wide = number.encode("utf-16-le")
    content = changed(team_book, "xl/printerSettings1.bin", lambda _: b"\x07" + wide)
    assert "printerSettings1.bin" in refuse(content, received, hidden=number)


def test_a_number_in_the_name_of_the_file_is_refused(team_book, received, number) -> None:
    assert "the name of the file" in refuse(
        team_book, received, name=f"{number}.xlsx", hidden=number
    )


def test_a_number_that_lost_its_first_zero_is_refused(make_book, team_rows, received, number):
    assert number.startswith("0")
    rows = [*team_rows, (int(number),)]
    assert "sheet 1, A8" in refuse(make_book(("March", rows)), received, hidden=number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_number_in_a_text_file_is_refused(encoding, team_rows, received, number) -> None:
    lines = [";".join("" if c is None else str(c) for c in row) for row in team_rows]
    text = "\n".join([*lines, f"за лице {number} види"])
    assert "sheet 1, A8" in refuse(text.encode(encoding), received, name="a.csv", hidden=number)


@pytest.mark.parametrize(
    "heading",
    ["Name", "SURNAME", "Име", "Презиме", "Име и презиме", "Emër", "Mbiemri", "Prezime", "Ime",
     "Датум на раѓање", "Date of birth", "Datëlindja", "Datum rođenja", "ЕМБГ", "JMBG", "е-пошта",
     "Телефон", "Name of the victim", "Име на учесникот", "Матичен број", "Број на пасош"],
)  # fmt: skip
def test_a_column_about_persons_is_refused(heading, make_book, team_rows, received) -> None:
    rows = [(*team_rows[0], heading), *team_rows[1:]]
    assert "sheet 1, H1" in refuse(make_book(("March", rows)), received)


def test_a_heading_in_the_second_row_of_a_header_is_refused(make_book, team_rows, received):
    rows = [("Тим", *(None,) * 6, "Лице"), (*team_rows[0], "Презиме"), *team_rows[1:]]
    assert "sheet 1, H2" in refuse(make_book(("March", rows)), received)


@pytest.mark.parametrize(
    "text",
    ["office@example.org", "тел. 070 123 456", "+389 70 123 456", "070/123-456", "00381 64 1234567",
     "jane.doe+x@ministry.gov.mk"],
)  # fmt: skip
def test_contacts_are_refused(text, make_book, team_rows, received) -> None:
    rows = [*team_rows, (f"Прашања: {text}",)]
    assert "sheet 1, A8" in refuse(make_book(("March", rows)), received, hidden=text)


def test_a_link_to_an_address_is_refused(make_book, team_rows, received) -> None:
    def link(book):
        sheet = book.get_worksheet_by_name("March")
        sheet.write_url(20, 0, "mailto:office@example.org", string="прашања")

    content = make_book(("March", team_rows), shape=link)
    assert "an e-mail address" in refuse(content, received, hidden="office@example.org")


def test_a_register_takes_hashes_only(make_book, received) -> None:
    rows = [TRAINING, ("EV-1", HASH, "Court"), ("EV-1", "Jane Doe", "Court")]
    sentence = refuse(make_book(("Register", rows)), received, hidden="Jane")
    assert "sheet 1, B3 must hold a salted hash" in sentence


def test_a_register_takes_no_column_of_its_own(make_book, received) -> None:
    rows = [(*TRAINING, "Забелешка"), ("EV-1", HASH, "Court", "дојде со син")]
    sentence = refuse(make_book(("Register", rows)), received, hidden="син")
    assert "only the columns of its template, and sheet 1, D1" in sentence


def test_a_serial_number_and_our_own_column_of_reasons_are_let_through(make_book, received):
    rows = [("Р.бр.", *TRAINING, "Why this row was set aside"), (1, "EV-1", HASH, "Court", "was")]
    assert import_file(make_book(("Register", rows)), "a.xlsx", None, received).loaded == 1


def test_an_embedded_file_is_refused(team_book, received) -> None:
    content = changed(team_book, "xl/embeddings/a.docx", lambda _: b"PK")
    with pytest.raises(ImportRefused, match="holds another file inside"):
        import_file(content, "a.xlsx", None, received)
    assert not received.exists()


def test_a_number_in_an_xls_is_refused(make_old_book, team_rows, received, number) -> None:
    rows = [*team_rows, (f"за {number}",)]
    assert "sheet 1, A8" in refuse(make_old_book(rows), received, hidden=number)
    # A comment of an old workbook is no cell; its letters stand in the bytes of the file.
    comment = make_old_book(team_rows) + number.encode("utf-16-le")
    assert "xls holds" in refuse(comment, received, hidden=number)
    assert "xls holds" in refuse(
        make_old_book(team_rows) + b"x" + number.encode("cp1251"), received, hidden=number
    )


@pytest.mark.parametrize("share", ["35.0101990450006", "1.310199045000", "0.0101990450006"])
def test_the_decimals_of_a_share_are_no_person(share, received) -> None:
    text = f"figure_id,area,period,measure,value,unit,source\nF1,MK,2024,share,{share},%,SSO\n"
    assert import_file(text.encode(), "a.csv", "published_figures", received).loaded == 1
