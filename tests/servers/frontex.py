"""The site of Frontex, small: a page with links, and workbooks for programs like a browser.

``server.state["table"]`` is the table of the newest workbook, ``sheet`` the name of its sheet and
``page`` the HTML of the page.
"""

from __future__ import annotations

import io

import xlsxwriter

from servers.faults import Asked, Handler, Reply

PAGE = "/what-we-do/monitoring-and-risk-analysis/migratory-map/"
FOLDER = "/assets/Migratory_routes"
NEWEST = "Monthly_detections_of_IBC_2026_09_02.xlsx"
LINKS = f"""<html><body>
<a href="{FOLDER}/2025/Monthly_detections_of_IBC_2025_12_30.xlsx">old</a>
<a href="{FOLDER}/2026/{NEWEST}">Monthly detections</a>
<a href="{FOLDER}/2026/Monthly_detections_of_IBC_2026_08_04.xlsx">older</a>
</body></html>"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE: list[list[object]] = [
    [],
    ["Route", "BorderType", "NationalityLong", "NOV2025", "DEC2025", "JAN2026", "FEB2026"],
    ["Western Balkan Route", "Land", "Afghanistan", 14, 9, 0, None],
    ["Western Balkan Route ", "Land", "Syria", 100, None, 0, None],
    ["Western Balkan Route", "Sea", "Unknown", 1, 1, None, None],
    ["Eastern Mediterranean Route", "Sea", "Syria", 700, 700, 700, 700],
]


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Make an xlsx of sheets; None is a blank cell."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    return file.getvalue()


class FrontexHandler(Handler):
    """Answers the page and the newest workbook, to browsers only."""

    def answer(self, asked: Asked) -> Reply:
        state = self.server.state
        if not asked.headers.get("user-agent", "").startswith("Mozilla/5.0 (X11"):
            return Reply(b"Forbidden", "text/plain", status=403)
        if asked.path == PAGE:
            return Reply(str(state.get("page", LINKS)).encode(), "text/html; charset=utf-8")
        if asked.path == f"{FOLDER}/2026/{NEWEST}":
            sheet = state.get("sheet", "Detections_of_IBC")
            return Reply(workbook({"Notes": [], sheet: state.get("table", TABLE)}), XLSX)
        return Reply(b"Not found", "text/plain", status=404)
