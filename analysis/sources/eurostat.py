"""Eurostat: first-time asylum applicants in the EU, by the citizenship of the Western Balkans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.sources.jsonstat import read_jsonstat
from analysis.sources.protocol import About, Received, Reshaped, number_and_state, read_rows

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.client import Client
    from analysis.sources.jsonstat import Cell, Cube

BASE = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
DATASET = "migr_asyappctza"
FILE = f"{DATASET}.json"
INDICATOR = "eu27_first_asylum_applicants_persons"
# Citizenships as Eurostat writes them are the ids of our countries.
CITIZENS = ("AL", "BA", "ME", "MK", "RS", "XK")
FIXED = {
    "freq": "A",
    "unit": "PER",
    "applicant": "FRST",
    "sex": "T",
    "age": "TOTAL",
    "geo": "EU27_2020",
}
SILENT = {":": "no_data", "c": "suppressed", "z": "not_applicable"}
STATUSES = {"p": "provisional", "e": "estimate"}
ROUNDED = "rounded to 5 by Eurostat"
YEAR_DIGITS = 4


class EurostatSource:
    """First-time applicants in the EU27, one figure a citizenship and year.

    Parameters
    ----------
    base : str
        Address of the statistics API up to the code of the dataset.
    """

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")
        self.about = About(
            source_id="eurostat-asyapp",
            publisher="Eurostat",
            title="migr_asyappctza, first-time asylum applicants by citizenship, yearly",
            citation="Eurostat, dataset migr_asyappctza",
            licence="reuse with acknowledgement",
            licence_address="https://ec.europa.eu/eurostat/web/main/help/copyright-notice",
            home="https://ec.europa.eu/eurostat",
            schedule="yearly in March, with revisions through the year",
        )

    def fetch(self, client: Client) -> list[Received]:
        """Ask for all years of the dataset, for the EU as a whole.

        Raises
        ------
        SourceError
            When Eurostat cannot be reached, refuses, or answers something else.
        """
        asked = {"format": "JSON", "lang": "EN", **FIXED, "citizen": list(CITIZENS)}
        answer = client.get(f"{self.base}/{DATASET}", asked)
        label, updated = _described(answer.content)
        return [
            Received(
                name=FILE,
                content=answer.content,
                address=answer.address,
                title=label or self.about.title,
                published=updated,
                media_type=answer.media_type,
            )
        ]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read an answer; the area of a figure is the citizenship of the applicants.

        Raises
        ------
        Reshaped
            When a dimension is missing, empty, or holds something else than what was asked for.
        """
        cube = read_jsonstat(content, name)
        _check_dimensions(cube, name)
        rows = [
            self._row(cell, name)
            for cell in cube.cells()
            # Aggregates of citizenships, such as TOTAL, are nobody's country.
            if cell.codes["citizen"] in CITIZENS
            and all(cell.codes[dimension] == code for dimension, code in FIXED.items())
        ]
        return read_rows(rows)

    def _row(self, cell: Cell, name: str) -> dict[str, str]:
        citizen, year = cell.codes["citizen"], cell.codes["time"]
        if not (len(year) == YEAR_DIGITS and year.isascii() and year.isdigit()):
            msg = f"{name} has '{year}' in its dimension 'time'. Expected a year of four digits."
            raise Reshaped(msg)
        value, state = number_and_state(cell.value)
        if cell.value is None:
            state = next((SILENT[flag] for flag in cell.flag if flag in SILENT), state)
        others = "".join(f for f in cell.flag if f not in STATUSES and f not in SILENT)
        status = next((word for flag, word in STATUSES.items() if flag in cell.flag), "final")
        return {
            "indicator_id": INDICATOR,
            "area_id": citizen,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            "value": value,
            "state": state,
            "status": status,
            "source_id": self.about.source_id,
            "locator": f"{DATASET}, citizen {citizen}, geo {FIXED['geo']}, {year}",
            "note": f"{ROUNDED}; flag '{others}'" if others else ROUNDED,
        }


def _described(content: bytes) -> tuple[str, str]:
    # What is no dataset is refused when it is read, so that it can be put aside.
    try:
        cube = read_jsonstat(content, DATASET)
    except Reshaped:
        return "", ""
    return cube.label, cube.updated


def _check_dimensions(cube: Cube, name: str) -> None:
    expected = ("citizen", "time", *FIXED)
    wrong = sorted(set(expected) ^ set(cube.codes))
    if wrong:
        msg = (
            f"{name} has the dimensions {', '.join(cube.codes)}; expected {', '.join(expected)}. "
            f"They differ in '{wrong[0]}'. The former figures stay in use; see whether Eurostat "
            f"changed {DATASET}."
        )
        raise Reshaped(msg)
    wanted = {**{dimension: (code,) for dimension, code in FIXED.items()}, "citizen": CITIZENS}
    for dimension, codes in wanted.items():
        missing = [code for code in codes if code not in cube.codes[dimension]]
        if missing:
            msg = (
                f"{name} has no '{missing[0]}' in its dimension '{dimension}', only "
                f"{', '.join(cube.codes[dimension][:8])}. Expected what was asked for. The former "
                f"figures stay in use; see whether Eurostat renamed the code."
            )
            raise Reshaped(msg)
