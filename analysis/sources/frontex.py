"""Frontex: monthly detections of illegal border-crossing on the Western Balkan route."""

from __future__ import annotations

import calendar
import itertools
import re
from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from analysis.sources.protocol import About, Received, Reshaped, number_and_state, read_rows

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://www.frontex.europa.eu"
PAGE = "/what-we-do/monitoring-and-risk-analysis/migratory-map/"
LINK = re.compile(
    r"/assets/Migratory_routes/\d{4}/Monthly_detections_of_IBC_(\d{4}_\d{2}_\d{2})\.xlsx"
)
# The site refuses programs that do not look like a browser, and every HEAD.
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SHEET = "Detections_of_IBC"
BORDERS = frozenset({"Land", "Sea"})
ROUTES = {"Western Balkan Route": "ROUTE-WB"}
NATIONALITY = ("NationalityLong", "Nationality")
MONTH = re.compile(r"([A-Z]{3})(\d{4})")
NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
MONTHS = {name: number for number, name in enumerate(NAMES, start=1)}


class FrontexSource:
    """The workbook of monthly detections, found on the page of the migratory map.

    Detections are crossings of the external border of the EU, not persons, and the whole history
    is revised every month: the version of a file is the date in its name, and every figure is
    provisional.

    A month is the sum over nationalities and kinds of border of the cells that hold a number. A
    blank cell is no figure and is not counted as 0; the note of the month says how many of its
    cells are blank. A month in which every cell is blank is ``no_data``.

    Parameters
    ----------
    base : str
        Where the site is.
    """

    about = About(
        source_id="frontex-ibc",
        publisher="Frontex",
        title="Monthly detections of illegal border-crossing",
        citation="Frontex, Monthly detections of illegal border-crossing",
        licence="reuse terms to be confirmed; cite Frontex",
        licence_address="",
        home=BASE + PAGE,
        schedule="monthly",
    )

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")

    def fetch(self, client: Client) -> list[Received]:
        """Find the newest workbook on the page and read it."""
        agent = {"user-agent": AGENT}
        page = client.get(self.base + PAGE, headers={**agent, "accept": "text/html"})
        links = {
            found[1]: found[0] for found in LINK.finditer(page.content.decode(errors="replace"))
        }
        if not links:
            msg = (
                f"{page.address} holds no link such as /assets/Migratory_routes/2026/"
                f"Monthly_detections_of_IBC_2026_09_02.xlsx. Open the page and look for it."
            )
            raise Reshaped(msg)
        newest = max(links)
        answer = client.get(urljoin(page.address, links[newest]), headers=agent)
        name = links[newest].rpartition("/")[2]
        self.read(answer.content, name)
        return [
            Received(
                name=name,
                content=answer.content,
                address=answer.address,
                title=self.about.title,
                published=newest.replace("_", "-"),
                media_type=answer.media_type,
            )
        ]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read a workbook into one row a month of each route of the catalogue."""
        table = read_sheet(content, name, SHEET)
        head = find_header(table, "Route", f"{name}, sheet {SHEET}")
        fixed, months = _columns(table[head], name)
        cells: dict[tuple[str, str], list[object]] = defaultdict(list)
        for row in table[head + 1 :]:
            route = str(row[fixed["Route"]]).strip()
            if route in ROUTES:
                _check_row(row, fixed, name)
                for month, place in months.items():
                    cells[ROUTES[route], month].append(_cell(row[place], name))
        missing = set(ROUTES.values()) - {route for route, _ in cells}
        if missing:
            msg = (
                f"{name} has no rows of '{next(iter(ROUTES))}', expected in the column 'Route' of "
                f"the sheet {SHEET}. Look how Frontex names the route now."
            )
            raise Reshaped(msg)
        return read_rows(_row(key, cells[key], name) for key in sorted(cells))


def read_sheet(content: bytes, name: str, sheet: str) -> list[list[object]]:
    """Read one sheet of a workbook, every row of it, blank ones too.

    Parameters
    ----------
    content : bytes
    name : str
        File name, for sentences.
    sheet : str
        Name of the sheet.

    Returns
    -------
    list of list
        A blank cell is an empty text.

    Raises
    ------
    Reshaped
        When it is no workbook or has no such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        names = workbook.sheet_names
        if sheet in names:
            found = workbook.get_sheet_by_name(sheet)
            return [list(row) for row in found.to_python(skip_empty_area=False)]
    except (CalamineError, PasswordError, OSError) as broken:
        msg = (
            f"{name} cannot be opened as a workbook ({broken}), expected xlsx with the sheet "
            f"'{sheet}'. Open the address in a browser and look what it gives."
        )
        raise Reshaped(msg) from None
    there = ", ".join(f"'{n}'" for n in names)
    msg = f"{name} has the sheets {there}, expected '{sheet}'. Look which sheet replaced it."
    raise Reshaped(msg)


def find_header(table: list[list[object]], word: str, where: str) -> int:
    """Find the first row that has a word in one of its cells.

    Raises
    ------
    Reshaped
        When no row has it.
    """
    for place, row in enumerate(table):
        if any(" ".join(str(cell).split()) == word for cell in row):
            return place
    msg = f"{where} has no header row with the word '{word}'. Look how its columns are named now."
    raise Reshaped(msg)


def _columns(header: list[object], name: str) -> tuple[dict[str, int], dict[str, int]]:
    names = [str(cell).strip() for cell in header]
    nationality = [n for n in NATIONALITY if n in names]
    for wanted in ("Route", "BorderType"):
        if wanted not in names or not nationality:
            lost = wanted if wanted not in names else " or ".join(NATIONALITY)
            msg = (
                f"{name} has the columns {', '.join(n for n in names[:4] if n)} ..., expected "
                f"{lost}. Look how the column is named now."
            )
            raise Reshaped(msg)
    months = {_month(n): i for i, n in enumerate(names) if MONTH.fullmatch(n)}
    strangers = [n for n in names if n and not MONTH.fullmatch(n)]
    strangers = [n for n in strangers if n not in {"Route", "BorderType", *NATIONALITY}]
    if strangers or not months:
        found = f"a column '{strangers[0]}'" if strangers else "no column of a month"
        msg = f"{name} has {found}, expected months such as JAN2009. Look at the sheet by hand."
        raise Reshaped(msg)
    _check_months(list(months), sum(bool(MONTH.fullmatch(n)) for n in names), name)
    fixed = {n: names.index(n) for n in ("Route", "BorderType")}
    return {**fixed, "Nationality": names.index(nationality[0])}, months


def _month(text: str) -> str:
    found = MONTH.fullmatch(text)
    if found is None or found[1] not in MONTHS:
        msg = f"'{text}' is not a month, expected one such as JAN2009. Look at the header by hand."
        raise Reshaped(msg)
    return f"{found[2]}-{MONTHS[found[1]]:02d}"


def _check_months(months: list[str], columns: int, name: str) -> None:
    steps = [int(m[:4]) * 12 + int(m[5:]) for m in months]
    if len(months) != columns or any(b - a != 1 for a, b in itertools.pairwise(steps)):
        msg = (
            f"The months of {name} run from {months[0]} to {months[-1]} with a gap or twice, "
            f"expected each once and in order. Look at the header by hand."
        )
        raise Reshaped(msg)


def _check_row(row: list[object], fixed: dict[str, int], name: str) -> None:
    border = str(row[fixed["BorderType"]]).strip()
    nationality = str(row[fixed["Nationality"]]).strip()
    if border not in BORDERS or "total" in nationality.casefold():
        msg = (
            f"{name} has a row of the border type '{border}' and the nationality '{nationality}', "
            f"expected {', '.join(sorted(BORDERS))} and no totals. Adding it up may count twice."
        )
        raise Reshaped(msg)


def _cell(value: object, name: str) -> int | None:
    text = str(value).strip().replace(",", "").removesuffix(".0")
    if text and not text.isdecimal():
        msg = f"{name} has the cell {value!r}, expected a whole number or a blank. Look at it."
        raise Reshaped(msg)
    return int(text) if text else None


def _row(key: tuple[str, str], cells: list[object], name: str) -> dict[str, object]:
    route, month = key
    numbers = [cell for cell in cells if isinstance(cell, int)]
    value, state = number_and_state(sum(numbers) if numbers else None)
    blank = len(cells) - len(numbers)
    last = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    version = re.search(r"\d{4}_\d{2}_\d{2}", name)
    when = f" of {version[0].replace('_', '-')}" if version else ""
    return {
        "indicator_id": "route_detections_crossings",
        "area_id": route,
        "period_start": f"{month}-01",
        "period_end": f"{month}-{last:02d}",
        "value": value,
        "state": state,
        "status": "provisional",
        "source_id": FrontexSource.about.source_id,
        "locator": f"Monthly detections of IBC{when}, sheet {SHEET}",
        "note": f"{blank} of {len(cells)} cells are blank and not counted" if blank else "",
    }
