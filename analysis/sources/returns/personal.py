"""Refusing files that look personal, before anything of them is written.

The refusal names the place and never what stands there. A file on which a doubt remains is refused:
a sender can send again, and a published person cannot be unpublished.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

from analysis.sources.returns.cells import HASH, shown
from analysis.sources.returns.headers import SEARCHED_ROWS, header_key, own_headings
from analysis.sources.returns.parts import column_letters
from analysis.sources.returns.remarks import ImportRefused, Remark, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.sources.returns.columns import Kind
    from analysis.sources.returns.headers import Header
    from analysis.sources.returns.reading import Book, Sheet

WEIGHTS = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Decimals of a computed share are no number of a person.
RUN = re.compile(r"(?<!\d)(?<!\d[.,])\d{13}(?!\d)")
SPACED = re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[ .\-/\u00a0\u202f]?\d){12}(?!\d)")
FRACTION = re.compile(r"^\d{1,3}[.,]\d+$")
E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[^\W\d_]{2,}")
PHONE = re.compile(
    r"(?<![\w.])(?:(?:\+|00)3(?:89|81|83|55|59|82|85|86|87)[ /.-]?\(?\d{1,2}\)?(?:[ /.-]?\d){5,7}"
    r"|0(?:7\d|2|3[1-4]|4[2-8]|6\d)[ /-]\d{3}[ /-]?\d{3,4}|07\d{7})(?![\w.])"
)
BLOCK_END = re.compile(
    r"</(?:[\w-]+:)?(?:si|is|c|comment|threadedComment|p|row|definedName|table-cell)>"
)
TAG = re.compile(r"<[^<>]*>")
LONGEST_HEADING = 60
LONGEST_LABEL = 40
SERIAL = frozenset({"r br", "rb", "br", "no", "nr", "r", "redni broj", "reden broj", "rbr"})

NAMES = frozenset(
    header_key(word)
    for word in (
        "name|names|first name|last name|surname|full name|family name|given name|"
        "име|презиме|име и презиме|презиме и име|татково име|име на татко|родител|"
        "emër|emri|mbiemër|mbiemri|emri dhe mbiemri|emër mbiemër|emri i babait|"
        "ime|prezime|ime i prezime|prezime i ime|ime oca|ime roditelja|"
        "phone|telephone|mobile phone|телефон|тел|мобилен|telefon|tel|numri i telefonit|celular|"
        "e-mail|email|mail|е-пошта|е-маил|имејл|e-pošta|posta elektronike|"
        "address|home address|адреса|адреса на живеење|adresa|adresa stanovanja|"
        "embg|ембг|јмбг|jmbg|passport|пасош|pasaporta|pasoš|лична карта|lična karta"
    ).split("|")
)
NAME_WORDS = frozenset("name ime prezime emri mbiemri surname".split())
PERSON_WORDS = frozenset(
    "person persons participant victim child beneficiary refugee migrant applicant patient "
    "lice liceto ucesnik ucesnikot zrtva zrtvata dete deteto korisnik korisnikot begalec "
    "personit pjesemarresit viktimes femijes perfituesit lica ucesnika zrtve deteta".split()
)
TELLING = tuple(
    header_key(phrase)
    for phrase in (
        "date of birth|birth date|birthdate|birthday|day of birth|датум на раѓање|"
        "ден на раѓање|роденден|datëlindja|data e lindjes|ditëlindja|datum rođenja|"
        "дан рођења|матичен број|матични број|matični broj|единствен матичен|numri amë|"
        "numri personal|personal number|number of passport|passport number|број на пасош|"
        "broj pasoša|број на лична карта|broj lične karte|id card number"
    ).split("|")
)


def is_personal_number(digits: str) -> bool:
    """Tell whether thirteen digits may be an ЕМБГ/JMBG.

    Parameters
    ----------
    digits : str
        Thirteen digits.

    Returns
    -------
    bool
        True where they begin with a day and a month and either the check digit is right or the year
        is one in which people were born: a mistyped number is still somebody's.
    """
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:7])
    if not (1 <= day <= 31 and 1 <= month <= 12):  # noqa: PLR2004 - days and months
        return False
    return has_check_digit(digits) or year >= 900 or year <= 29  # noqa: PLR2004 - 1900 to 2029


def has_check_digit(digits: str) -> bool:
    """Tell whether the last of thirteen digits checks the others."""
    rest = sum(w * int(d) for w, d in zip(WEIGHTS, digits[:12], strict=True)) % 11
    return int(digits[12]) == (11 - rest if rest > 1 else 0)


def examine(book: Book, file_name: str) -> None:
    """Refuse a file in which anything looks personal.

    Parameters
    ----------
    book : Book
    file_name : str

    Raises
    ------
    ImportRefused
        Naming the place: sheet and cell, part of the workbook, or the name of the file.
    """
    _refuse_text(file_name, remark(mark("the name of the file")))
    for number, sheet in enumerate(book.sheets, start=1):
        _refuse_text(sheet.name, remark(mark("sheet {sheet}, name"), sheet=number))
        _examine_cells(sheet, number)
        _examine_headings(sheet, number)
    for part, text in book.texts.items():
        _refuse_text(part, remark(mark("the name of a part")))
        _examine_part(part, text)
    for name, data in book.blobs.items():
        for text in (data.decode("latin-1"), *(_wide(data[offset:]) for offset in (0, 1))):
            if any(is_personal_number(_digits(run)) for run in RUN.findall(text)):
                raise _number_at(_masked(name))


def _wide(data: bytes) -> str:
    return data[: len(data) // 2 * 2].decode("utf-16-le", errors="replace")


def _examine_cells(sheet: Sheet, number: int) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            place = _cell(number, column, row)
            if isinstance(cell, str):
                _refuse_text(cell, place)
                continue
            text = shown(cell)
            # A number cell drops the zero of a birth on the first nine days.
            if text.isdecimal() and len(text) in {12, 13}:
                _refuse_text(text.zfill(13), place)


def _examine_headings(sheet: Sheet, number: int) -> None:
    for row, cells in enumerate(sheet.spread()[:SEARCHED_ROWS]):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) <= LONGEST_HEADING and _names_person(cell):
                message = mark(
                    "The file was refused: {place} is the heading of a column about persons "
                    "({heading}). Take the column out and send the file again; nothing was kept."
                )
                place = _cell(number, column, row)
                raise ImportRefused(remark(message, place=place, heading=_masked(cell)))


def _names_person(heading: str) -> bool:
    key = header_key(heading)
    words = set(key.split())
    return (
        key in NAMES
        or any(phrase in key for phrase in TELLING)
        or (bool(words & NAME_WORDS) and bool(words & PERSON_WORDS))
    )


def _examine_part(part: str, text: str) -> None:
    for piece in (text, *_blocks(text)):
        plain = _plain(html.unescape(piece))
        if any(is_personal_number(_digits(run)) for run in RUN.findall(plain)):
            raise _number_at(_masked(part))
        if "@" in plain and E_MAIL.search(plain):
            raise _contact_at(_masked(part))
    for block in _blocks(text):
        _refuse_text(html.unescape(block), _masked(part))


def _blocks(text: str) -> Iterator[str]:
    for block in BLOCK_END.split(text):
        words = TAG.sub("", block)
        if len(words) >= 7:  # noqa: PLR2004 - shorter than any number or address of a person
            yield words


def _cell(number: int, column: int, row: int) -> Remark:
    cell = f"{column_letters(column)}{row + 1}"
    return remark(mark("sheet {sheet}, {cell}"), sheet=number, cell=cell)


def _refuse_text(text: str, place: str | Remark) -> None:
    plain = _plain(text)
    for run in RUN.findall(plain):
        if is_personal_number(_digits(run)):
            raise _number_at(place)
    for spaced in SPACED.findall(plain):
        digits = _digits(spaced)
        fraction = FRACTION.match(spaced)
        if not fraction and is_personal_number(digits) and has_check_digit(digits):
            raise _number_at(place)
    if ("@" in plain and E_MAIL.search(plain)) or PHONE.search(plain):
        raise _contact_at(place)


def _plain(text: str) -> str:
    # Marks of no width between digits would hide a number from a reader and from us.
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _masked(text: str) -> str:
    return re.sub(r"\d{5,}", "…", text)[:LONGEST_LABEL]


def _number_at(place: str | Remark) -> ImportRefused:
    message = mark(
        "The file was refused: {place} holds what looks like a personal number (ЕМБГ). Take it "
        "out and send the file again; nothing was kept."
    )
    return ImportRefused(remark(message, place=place))


def _contact_at(place: str | Remark) -> ImportRefused:
    message = mark(
        "The file was refused: {place} holds what looks like an e-mail address or a telephone "
        "number. Take it out and send the file again; nothing was kept."
    )
    return ImportRefused(remark(message, place=place))


def examine_table(kind: Kind, header: Header, sheet: Sheet, number: int) -> None:
    """Refuse a table of a kind on persons that says more than its template asks.

    Parameters
    ----------
    kind : Kind
    header : Header
    sheet : Sheet
    number : int
        Place of the sheet in the file, from 1.

    Raises
    ------
    ImportRefused
        When a column of hashes holds anything else, or a column is not of the template.
    """
    body = sheet.rows[header.last + 1 :]
    for column, name in header.columns.items():
        if kind.column(name).holds != "hash":
            continue
        for row, cells in enumerate(body, start=header.last + 2):
            text = shown(cells[column]).lower()
            # A title or note that runs over the row is not an entry of the register.
            entered = sum(cell is not None for cell in cells) > 1
            if text and entered and not HASH.match(text):
                message = mark(
                    "The file was refused: {place} must hold a salted hash and holds something "
                    "else, which may be a name. Replace it and send the file again; nothing was "
                    "kept."
                )
                place = _cell(number, column, row - 1)
                raise ImportRefused(remark(message, place=place))
    if kind.on_persons:
        _refuse_strangers(header, sheet, number)


def _refuse_strangers(header: Header, sheet: Sheet, number: int) -> None:
    spread = sheet.spread()
    ours = SERIAL | own_headings()
    for column in range(len(sheet.rows[0])):
        heading = shown(spread[header.last][column]) or shown(spread[header.first][column])
        used = any(row[column] is not None for row in spread[header.last + 1 :])
        if column in header.columns or not used or header_key(heading) in ours:
            continue
        message = mark(
            "The file was refused: a return about persons holds only the columns of its template, "
            "and {place} begins another one. Take it out and send the file again; nothing was kept."
        )
        place = _cell(number, column, header.last)
        raise ImportRefused(remark(message, place=place))
