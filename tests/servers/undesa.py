"""The site of UN DESA, small: one workbook, for programs like a browser.

``server.state["table"]`` is the table of the workbook and ``sheet`` the name of its sheet.
"""

from __future__ import annotations

from servers.faults import Asked, Handler, Reply
from servers.frontex import XLSX, workbook

PATH = (
    "/development/desa/pd/sites/www.un.org.development.desa.pd/files/"
    "undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx"
)
YEARS = [1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024]
HEADER: list[object] = [
    "Index",
    "Region, development group, country or area of destination",
    "Notes of destination",
    "Type of data of destination",
    "Location code of\ndestination",
    "Region, development group, country or area of origin",
    "Location code of origin",
    *YEARS * 3,
]
HEADER_ROW = 11


def line(to: int, origin: int, men: int | None, women: int | None) -> list[object]:
    """Make one row, with the same figures in every year, and '..' for None."""
    total = None if men is None or women is None else men + women
    cells = [".." if n is None else n for n in (total, men, women) for _ in YEARS]
    return [1, f"Place {to}", None, "B", to, f"Place {origin} ", origin, *cells]


BODY = [
    line(900, 900, 9000, 9000),
    line(900, 807, 300, 310),
    line(900, 688, 20, 20),
    line(900, 8, 20, 20),
    line(900, 70, 20, 20),
    line(900, 499, 20, 20),
    line(150, 807, 250, 250),
    line(807, 900, 50, 80),
    line(807, 150, 40, 70),
    line(807, 8, 30, 40),
    line(807, 688, 0, 9),
    line(807, 792, None, None),
    line(807, 2003, 11, 12),
    line(688, 900, 5, 5),
    line(8, 900, 5, 5),
    line(70, 900, 5, 5),
    line(499, 900, 0, 0),
    line(276, 807, 200, 210),
]
TABLE: list[list[object]] = [
    ["United Nations"],
    *[[] for _ in range(HEADER_ROW - 2)],
    HEADER,
    *BODY,
]


class UnDesaHandler(Handler):
    """Answers the one workbook."""

    def answer(self, asked: Asked) -> Reply:
        if not asked.headers.get("user-agent", "").startswith("Mozilla/5.0 (X11"):
            return Reply(b"Forbidden", "text/plain", status=403)
        if asked.path != PATH:
            return Reply(b"Not found", "text/plain", status=404)
        state = self.server.state
        sheets = {"Contents": [["x"]], state.get("sheet", "Table 1"): state.get("table", TABLE)}
        return Reply(workbook(sheets), XLSX)
