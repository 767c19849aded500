"""UNODC: trafficking in persons as states report it (GLOTIP), of the countries of the region."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from analysis.sources.frontex import AGENT, find_header, read_sheet
from analysis.sources.protocol import About, Received, Reshaped, read_rows

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://dataunodc.un.org"
FILE = "data_glotip.xlsx"
PATH = f"/sites/dataunodc.un.org/files/{FILE}"
SHEET = "data_glotip_1"
COUNTRIES = {"MKD": "MK", "SRB": "RS", "ALB": "AL", "BIH": "BA", "MNE": "ME"}
# The population that is counted is part of the id: these are never added to one another, nor to
# identified, potential or assisted victims of other sources.
INDICATORS = {
    "Detected trafficking victims": "detected_victims_persons",
    "Persons brought into formal contact": "formal_contact_persons",
    "Persons prosecuted": "prosecuted_persons",
    "Persons convicted": "convicted_persons",
    "Offences of trafficking in persons": "recorded_trafficking_offences",
}
SEXES = {"Total": "total", "Female": "female", "Male": "male"}
NEEDED = (
    "Iso3_code",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
)
TOTALS = {"Dimension": "Total", "Category": "Total", "Age": "Total"}
RANGE = re.compile(r"<\s*\d+")
YEAR = re.compile(r"(19|20)\d\d")
ZIP = b"PK"


class GlotipSource:
    """The file of the Global Report on Trafficking in Persons, xlsx or csv.

    ``<5`` is a range and never a number: it has the state ``suppressed``, no value, and the note
    ``<5 as published``. The file has no zeros, so a row that is missing may be a zero, unknown or
    not reported, and nothing is made of it.

    Only totals and totals by sex are loaded. What is left: ages, forms of exploitation,
    citizenships (partly free text) and countries of repatriation, for which the observations have
    no dimension or no codes, and the sexes ``Other`` and ``Unknown``. These rows are counted, by
    reason, in ``frame.attrs["set_aside"]``. Kosovo* has no rows in this file.

    Parameters
    ----------
    base : str
        Where the data portal is.
    """

    about = About(
        source_id="unodc-glotip",
        publisher="UNODC",
        title="Global Report on Trafficking in Persons: data",
        citation="UNODC, Global Report on Trafficking in Persons (GLOTIP)",
        licence="reuse terms to be confirmed; cite UNODC",
        licence_address="",
        home=f"{BASE}/dp-trafficking-persons",
        schedule="yearly",
    )

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")

    def fetch(self, client: Client) -> list[Received]:
        """Read the file of the data portal."""
        answer = client.get(self.base + PATH, headers={"user-agent": AGENT})
        self.read(answer.content, FILE)
        return [
            Received(
                name=FILE,
                content=answer.content,
                address=answer.address,
                title=self.about.title,
                published="",
                media_type=answer.media_type,
            )
        ]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read a file, of either kind, into rows of the published tables."""
        rows: dict[tuple[str, ...], dict[str, object]] = {}
        aside: Counter[str] = Counter()
        for record in _records(content, name):
            if record["Iso3_code"] in COUNTRIES:
                reason = _left_out(record, name)
                if reason:
                    aside[reason] += 1
                else:
                    _keep(rows, record, name)
        if not rows:
            msg = (
                f"{name} has no totals of {', '.join(COUNTRIES)}. Expected Dimension, Category and "
                f"Age to be 'Total' there: look how the labels are written now."
            )
            raise Reshaped(msg)
        frame = read_rows(rows[key] for key in sorted(rows))
        frame.attrs["set_aside"] = dict(sorted(aside.items()))
        return frame


def _records(content: bytes, name: str) -> list[dict[str, str]]:
    if content.startswith(ZIP):
        table: list[list[object]] = read_sheet(content, name, SHEET)
    else:
        table = _csv(content, name)
    head = find_header(table, "Iso3_code", name)
    columns = [str(cell).strip() for cell in table[head]]
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        msg = (
            f"{name} has no column '{missing[0]}', expected {', '.join(NEEDED)}. Look how the "
            f"column is named now."
        )
        raise Reshaped(msg)
    places = {column: columns.index(column) for column in NEEDED}
    wide = max(places.values())
    return [
        {column: _text(row[place]) for column, place in places.items()}
        for row in table[head + 1 :]
        if len(row) > wide
    ]


def _csv(content: bytes, name: str) -> list[list[object]]:
    try:
        text = content.decode("utf-8-sig")
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except (UnicodeDecodeError, csv.Error) as broken:
        msg = (
            f"{name} is neither xlsx nor csv in UTF-8 ({broken}). Open the address in a "
            f"browser and look what it gives."
        )
        raise Reshaped(msg) from None


def _text(cell: object) -> str:
    return " ".join(str(cell).split()).removesuffix(".0")


def _left_out(record: dict[str, str], name: str) -> str:
    if record["Indicator"] not in INDICATORS or record["Unit of measurement"] != "Counts":
        msg = (
            f"{name} has the indicator '{record['Indicator']}' in "
            f"'{record['Unit of measurement']}', expected one of {', '.join(INDICATORS)} in "
            f"'Counts'. Look whether it was renamed."
        )
        raise Reshaped(msg)
    if record["Dimension"] != "Total":
        return record["Dimension"]
    if any(record[column] != label for column, label in TOTALS.items()):
        return "by age"
    return "" if record["Sex"] in SEXES else f"sex: {record['Sex']}"


def _keep(
    rows: dict[tuple[str, ...], dict[str, object]], record: dict[str, str], name: str
) -> None:
    year = record["Year"]
    row = _row(record, name)
    key = (str(row["indicator_id"]), str(row["area_id"]), year, str(row["sex"]))
    if key in rows:
        msg = (
            f"{name} gives {record['Indicator']} of {record['Iso3_code']}, {year}, sex "
            f"'{record['Sex']}', twice. Expected it once: look which of the two is right."
        )
        raise Reshaped(msg)
    rows[key] = row


def _row(record: dict[str, str], name: str) -> dict[str, object]:
    year, published = record["Year"], record["txtVALUE"]
    number = published.replace(",", "")
    if not YEAR.fullmatch(year) or not (number.isdecimal() or RANGE.fullmatch(published)):
        msg = (
            f"{name} has '{published}' for {record['Iso3_code']} in '{year}', expected a whole "
            f"number or a range such as '<5', and a year. Look at the row by hand."
        )
        raise Reshaped(msg)
    counted = number.isdecimal()
    state = ("value" if int(number) else "zero") if counted else "suppressed"
    return {
        "indicator_id": INDICATORS[record["Indicator"]],
        "area_id": COUNTRIES[record["Iso3_code"]],
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "sex": SEXES[record["Sex"]],
        "value": int(number) if counted else "",
        "state": state,
        "status": "final",
        "source_id": GlotipSource.about.source_id,
        "locator": f"GLOTIP, {record['Indicator']}",
        "note": "" if counted else f"{published} as published",
    }
