"""The data portal of UNODC, small: one workbook with its header on row 3.

``server.state["table"]`` is the table of the workbook and ``sheet`` the name of its sheet.
"""

from __future__ import annotations

from servers.faults import Asked, Handler, Reply
from servers.frontex import XLSX, workbook

PATH = "/sites/dataunodc.un.org/files/data_glotip.xlsx"
HEADER: list[object] = [
    *["Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category"],
    *["Sex", "Age", "Year", "Unit of measurement", "txtVALUE", "Source"],
]
DETECTED = "Detected trafficking victims"
TOTAL = ("Total", "Total", "Total")


def record(
    iso: str,
    indicator: str,
    sex: str,
    year: object,
    value: object,
    kind: tuple[str, str, str] = TOTAL,
) -> list[object]:
    """Make one row; ``kind`` is its dimension, category and age."""
    dimension, category, age = kind
    place = [iso, f"Country {iso}", "Europe", "Southern Europe"]
    return [*place, indicator, dimension, category, sex, age, year, "Counts", value, "GLOTIP"]


BODY = [
    record("MKD", DETECTED, "Total", 2022, "9"),
    record("MKD", DETECTED, "Female", 2022, "8"),
    record("MKD", DETECTED, "Male", 2022, "<5"),
    record("MKD", DETECTED, "Other", 2022, "<5"),
    record("MKD", DETECTED, "Total", 2022, "7", ("Total", "Total", "0 to 17 years")),
    record("MKD", DETECTED, "Total", 2022, "5", ("by citizenship", "Nationals", "Total")),
    record(
        "MKD", DETECTED, "Total", 2022, "5", ("by form of exploitation", "Forced labour", "Total")
    ),
    record("ALB", DETECTED, "Total", 2021, "1,097"),
    record("SRB", "Persons convicted", "Total", 2020, "<5"),
    record("BIH", "Persons prosecuted", "Total", 2020, 12),
    record("MNE", "Persons brought into formal contact", "Total", 2020, "6"),
    record("MNE", "Offences of trafficking in persons", "Total", 2020, "6"),
    record("DEU", DETECTED, "Total", 2022, "not our row"),
]
TABLE: list[list[object]] = [["UNODC"], ["Trafficking in persons"], HEADER, *BODY]


class GlotipHandler(Handler):
    """Answers the one workbook."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path != PATH:
            return Reply(b"Not found", "text/plain", status=404)
        state = self.server.state
        return Reply(
            workbook({state.get("sheet", "data_glotip_1"): state.get("table", TABLE)}), XLSX
        )
