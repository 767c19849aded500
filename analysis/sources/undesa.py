"""UN DESA: migrants living in the six countries, and their emigrants abroad, by sex."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.core import get_global

from analysis.sources.frontex import AGENT, find_header, read_sheet
from analysis.sources.protocol import About, Received, Reshaped, number_and_state, read_rows

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://www.un.org"
FILE = "undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx"
PATH = f"/development/desa/pd/sites/www.un.org.development.desa.pd/files/{FILE}"
SHEET = "Table 1"
TO = "Location code of destination"
FROM = "Location code of origin"
YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024)
# The file repeats the years for each of these, in this order.
SEXES = ("total", "male", "female")
WORLD = 900
COUNTRIES = {807: "MK", 688: "RS", 8: "AL", 70: "BA", 499: "ME"}
KOSOVO = {412: "XK"}
IMMIGRANTS = "immigrant_stock_persons"
EMIGRANTS = "emigrant_stock_persons"
NOTHING = frozenset({"", "..", "-"})
FORMER = frozenset("BUR ZAR DDR FXX TMP YMD XKK".split())  # codespell:ignore
# Estimates are rounded one by one, so that men and women may miss the total by a person or two.
ROUNDING = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table: from where, to where, and a figure for each sex and year."""

    to: int
    origin: int
    cells: dict[tuple[str, int], int | None]


class UnDesaSource:
    """International Migrant Stock 2024, by destination, origin and sex.

    ``immigrant_stock_persons`` of a country are migrants who live there: all of them, as printed
    for the origin World, and by country of origin (ISO 3166-1 alpha-3). ``emigrant_stock_persons``
    of a country are people from there who live anywhere else, as printed for the destination
    World. Totals are never added up here: origins that are not known stand in the total alone.
    Regions, income groups and other aggregates are dropped: codes from 900 on, and every code
    that is no country. Kosovo* is read where the file has rows of its own for it (412); whether
    Serbia includes it is said in the notes of the file, which are not read.

    Parameters
    ----------
    base : str
        Where the site is.
    """

    about = About(
        source_id="undesa-ims-2024",
        publisher="United Nations, Department of Economic and Social Affairs, Population Division",
        title="International Migrant Stock 2024",
        citation="United Nations, Population Division (2024), International Migrant Stock 2024",
        licence="CC BY 3.0 IGO, to be confirmed",
        licence_address="https://creativecommons.org/licenses/by/3.0/igo/",
        home="https://www.un.org/development/desa/pd/content/international-migrant-stock",
        schedule="irregular",
    )

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")

    def fetch(self, client: Client) -> list[Received]:
        """Read the workbook."""
        # The site refuses programs that do not look like a browser.
        answer = client.get(self.base + PATH, headers={"user-agent": AGENT})
        self.read(answer.content, FILE)
        return [
            Received(
                name=FILE,
                content=answer.content,
                address=answer.address,
                title=self.about.title,
                published="2024",
                media_type=answer.media_type,
            )
        ]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read a workbook into rows of the published tables."""
        lines = _lines(read_sheet(content, name, SHEET), name)
        ours = COUNTRIES | {k: v for k, v in KOSOVO.items() if any(k == x.to for x in lines)}
        isos = iso_codes()
        rows: list[dict[str, object]] = []
        for line in lines:
            if line.to in ours and line.origin == WORLD:
                rows += _rows(IMMIGRANTS, ours[line.to], "total", line)
            elif line.to in ours and line.origin < WORLD and line.origin in isos:
                rows += _rows(IMMIGRANTS, ours[line.to], isos[line.origin], line)
            elif line.to == WORLD and line.origin in ours:
                rows += _rows(EMIGRANTS, ours[line.origin], "total", line)
        _check_whole(lines, isos, name)
        rows.sort(key=lambda r: [str(r[k]) for k in ("indicator_id", "area_id", "origin")])
        return read_rows(rows)


def iso_codes() -> dict[int, str]:
    """Give the ISO 3166-1 alpha-3 code of every M49 code of a country or area that exists today.

    Examples
    --------
    >>> iso_codes()[807], 150 in iso_codes()
    ('MKD', False)
    """
    # CLDR lists both kinds of code as other names of the two letters; former countries, such as
    # Yugoslavia, are listed so too. What is no name of exactly one country is no country here.
    aliases = get_global("territory_aliases")
    letters: dict[str, str] = {}
    for name, stands_for in aliases.items():
        if name.isalpha() and len(name) == len("MKD") and name not in FORMER:
            letters[" ".join(stands_for)] = name
    numbers = {int(n): " ".join(s) for n, s in aliases.items() if n.isdecimal()}
    return {**{n: letters[s] for n, s in numbers.items() if s in letters}, 412: "XKX"}


def _lines(table: list[list[object]], name: str) -> list[_Line]:
    head = find_header(table, TO, f"{name}, sheet {SHEET}")
    names = [_header(cell) for cell in table[head]]
    if FROM not in names:
        msg = f"{name} has no column '{FROM}' beside '{TO}'. Look how the column is named now."
        raise Reshaped(msg)
    places = [i for i, n in enumerate(names) if n.isdecimal()]
    found = [int(names[i]) for i in places]
    if found != [*YEARS] * len(SEXES):
        msg = (
            f"{name} has the years {', '.join(map(str, found)) or 'none'}, expected "
            f"{', '.join(map(str, YEARS))} three times: both sexes, male, female. A new edition "
            f"needs a new reader."
        )
        raise Reshaped(msg)
    keys = [(sex, year) for sex in SEXES for year in YEARS]
    ours = {str(code) for code in COUNTRIES | KOSOVO}
    lines = []
    for row in table[head + 1 :]:
        codes = _header(row[names.index(TO)]), _header(row[names.index(FROM)])
        if ours & set(codes) and all(code.isdecimal() for code in codes):
            cells = {k: _cell(row[i], name) for k, i in zip(keys, places, strict=True)}
            lines.append(_Line(int(codes[0]), int(codes[1]), cells))
    return lines


def _header(cell: object) -> str:
    return " ".join(str(cell).split()).removesuffix(".0")


def _cell(value: object, name: str) -> int | None:
    text = str(value).strip().replace(",", "").replace(" ", "").removesuffix(".0")
    if text in NOTHING:
        return None
    if not text.isdecimal():
        msg = (
            f"{name} has the cell {value!r}, expected a whole number, '..' or a blank. Look at it."
        )
        raise Reshaped(msg)
    return int(text)


def _check_whole(lines: list[_Line], isos: dict[int, str], name: str) -> None:
    pairs = {(line.to, line.origin): line for line in lines}
    for code, area in COUNTRIES.items():
        if (code, WORLD) not in pairs or (WORLD, code) not in pairs:
            msg = (
                f"{name} lacks {area} (M49 {code}) as destination of, or origin in, the World "
                f"({WORLD}). Expected both: look how the codes are written now."
            )
            raise Reshaped(msg)
    origins: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        if line.origin < WORLD and line.origin in isos:
            for year in YEARS:
                origins[line.to, year] += line.cells["total", year] or 0
    for code, area in COUNTRIES.items():
        cells = pairs[code, WORLD].cells
        for year in YEARS:
            _check_year({sex: cells[sex, year] for sex in SEXES}, f"{area}, {year}, in {name}")
            _check_origins(origins[code, year], cells["total", year], f"{area}, {year}, in {name}")


def _check_year(cells: dict[str, int | None], where: str) -> None:
    total, male, female = (cells[sex] for sex in SEXES)
    if total is None or male is None or female is None:
        return
    if abs(total - male - female) > ROUNDING:
        msg = (
            f"Men ({male}) and women ({female}) give not the {total} of {where}. Expected the "
            f"columns both sexes, male, female in this order: look at the header by hand."
        )
        raise Reshaped(msg)


def _check_origins(added: int, total: int | None, where: str) -> None:
    # Each origin is rounded too; a percent is far below any aggregate that could slip in.
    if total is not None and added > 1.01 * total + ROUNDING:
        msg = (
            f"The origins give {added}, more than the {total} of {where}. An aggregate may stand "
            f"among them: look for new codes of regions."
        )
        raise Reshaped(msg)


def _rows(indicator: str, area: str, origin: str, line: _Line) -> list[dict[str, object]]:
    return [
        {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{year}-07-01",
            "period_end": f"{year}-07-01",
            "sex": sex,
            "origin": origin,
            **dict(zip(("value", "state"), number_and_state(number), strict=True)),
            "status": "estimate",
            "source_id": UnDesaSource.about.source_id,
            "locator": f"{SHEET}, destination {line.to}, origin {line.origin}",
            "note": "middle of the year",
        }
        for (sex, year), number in line.cells.items()
    ]
