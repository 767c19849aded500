"""MAKSTAT, the database of the State Statistical Office of North Macedonia (PxWeb, version 1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from analysis.catalog import load_areas
from analysis.sources.jsonstat import Cube, jsonstat_cube, read_jsonstat
from analysis.sources.makstat_tables import (
    AREA,
    CITY,
    CITY_CODE,
    COUNTRY,
    COUNTRY_CODE,
    MARKS,
    SEX,
    TABLES,
    YEAR,
    Table,
    wanted_codes,
)
from analysis.sources.protocol import (
    About,
    Received,
    Reshaped,
    number_and_state,
    parse_json,
    read_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from analysis.sources.client import Client
    from analysis.sources.jsonstat import Cell

BASE = "https://makstat.stat.gov.mk/PXWeb/api/v1/mk"
MOST_CELLS = 100_000
CALLS = 10
# The office counts 10 seconds at its end; one more allows for the way there.
SECONDS = 11.0
YEAR_DIGITS = 4


class MakstatSource:
    """Migration, population, births and deaths per municipality.

    The server leaves its intermediate certificate out. Where the machine does not know it, put
    it into a PEM file and name that in ``PATOKAZ_CA_BUNDLE``; verification is never turned off.

    Parameters
    ----------
    base : str
        Address of the API with the language.
    most_cells : int
        What one query may ask for.
    """

    def __init__(self, base: str = BASE, most_cells: int = MOST_CELLS) -> None:
        self.base = base.rstrip("/")
        self.most_cells = most_cells
        self.about = About(
            source_id="makstat",
            publisher="State Statistical Office of the Republic of North Macedonia",
            title="MAKSTAT: migration, population, births and deaths by municipality",
            citation="State Statistical Office of North Macedonia, MAKSTAT database",
            licence="free reuse with citation of the source",
            licence_address="https://www.stat.gov.mk",
            home="https://makstat.stat.gov.mk",
            schedule="yearly; migration in May to July, population in July",
        )

    def fetch(self, client: Client) -> list[Received]:
        """Ask for every table of :data:`analysis.sources.makstat_tables.TABLES`.

        An answer that had to be split is kept as one file: a JSON array of the answers.

        Raises
        ------
        SourceError
            When the office cannot be reached, refuses, or a table has changed its dimensions.
        """
        client.limit(self.base, CALLS, SECONDS)
        listings: dict[str, dict[str, str]] = {}
        received = []
        for table in TABLES:
            if table.folder not in listings:
                listings[table.folder] = self._listing(client, table.folder)
            received.append(self._table(client, table, listings[table.folder]))
        return received

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read the kept answer of one table.

        ``attrs["set_aside"]`` counts the figures of places that the catalogue does not hold.

        Raises
        ------
        Reshaped
            When the answer does not have the dimensions of its table.
        """
        tables = {f"{table.name}.json": table for table in TABLES}
        if name not in tables:
            msg = f"'{name}' is no file of MAKSTAT. Expected one of: {', '.join(tables)}."
            raise Reshaped(msg)
        areas = _area_ids()
        rows = []
        aside = 0
        for cube in _cubes(content, name):
            for code, row in self._rows(tables[name], cube, name):
                if code in areas:
                    rows.append({**row, "area_id": areas[code]})
                else:
                    aside += 1
        frame = read_rows(rows)
        frame.attrs["set_aside"] = aside
        return frame

    def _listing(self, client: Client, folder: str) -> dict[str, str]:
        address = f"{self.base}/MakStat/{folder}"
        listed = client.get(address).json()
        try:
            entries = cast("list[dict[str, str]]", listed)
            return {entry["id"]: str(entry.get("updated", "")) for entry in entries}
        except (TypeError, KeyError, AttributeError):
            msg = (
                f"{address} is no listing of tables. Expected a list with id and updated. The "
                f"former figures stay in use."
            )
            raise Reshaped(msg) from None

    def _table(self, client: Client, table: Table, listing: Mapping[str, str]) -> Received:
        address = f"{self.base}/MakStat/{table.folder}/{table.table}"
        if table.table not in listing:
            msg = (
                f"{self.base}/MakStat/{table.folder} does not list {table.table} any more. The "
                f"former figures stay in use; look for the table in the database."
            )
            raise Reshaped(msg)
        labels = _described(client.get(address).json(), address)
        wanted = wanted_codes(table, labels, address)
        asked = {dimension: list(codes) for dimension, codes in wanted.items()}
        answers = [
            client.post_json(address, _query(part)) for part in _split(asked, self.most_cells)
        ]
        contents = [answer.content for answer in answers]
        whole = contents[0] if len(contents) == 1 else b"[" + b",\n".join(contents) + b"]"
        return Received(
            name=f"{table.name}.json",
            content=whole,
            address=address,
            title=table.title,
            # The date inside an answer may be years older than the table.
            published=listing[table.table],
            media_type=answers[0].media_type,
        )

    def _rows(self, table: Table, cube: Cube, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        wanted = wanted_codes(table, cube.labels, name)
        for cell in cube.cells():
            if any(code not in wanted[dimension] for dimension, code in cell.codes.items()):
                continue
            means = {dimension: wanted[dimension][code] for dimension, code in cell.codes.items()}
            measured = [text for text in means.values() if text in table.measures.values()]
            code, year = means[AREA], means[YEAR]
            value, state, note = _figure(cell, f"{name}, {AREA} {code}, {YEAR} {year}")
            start, end = _period(year, table, name)
            row = {
                "indicator_id": measured[0] if measured else table.indicator,
                "period_start": start,
                "period_end": end,
                "sex": means.get(SEX, ""),
                "value": value,
                "state": state,
                "status": table.status,
                "source_id": self.about.source_id,
                "locator": f"MAKSTAT {table.table}, {AREA} {code}, {YEAR} {year}",
                "note": note,
            }
            yield code, row


def _area_ids() -> dict[str, str]:
    frame = load_areas().frame
    known = frame.loc[frame["makstat_code"].ne(""), ["makstat_code", "area_id"]]
    ids = {str(code): str(area) for code, area in known.itertuples(index=False)}
    return {**ids, COUNTRY_CODE: COUNTRY, CITY_CODE: CITY}


def _described(metadata: object, address: str) -> dict[str, dict[str, str]]:
    try:
        variables = cast("dict[str, list[dict[str, list[str]]]]", metadata)["variables"]
        return {
            str(v["code"]): dict(zip(v["values"], v["valueTexts"], strict=True)) for v in variables
        }
    except (TypeError, KeyError, ValueError):
        msg = (
            f"{address} does not describe a table. Expected variables with code, values and "
            f"valueTexts. The former figures stay in use."
        )
        raise Reshaped(msg) from None


def _query(asked: Mapping[str, list[str]]) -> dict[str, object]:
    selections = [
        {"code": dimension, "selection": {"filter": "item", "values": codes}}
        for dimension, codes in asked.items()
    ]
    return {"query": selections, "response": {"format": "json-stat2"}}


def _split(asked: dict[str, list[str]], most: int) -> list[dict[str, list[str]]]:
    """Halve the municipalities or the years until each query is small enough."""
    longest = max((AREA, YEAR), key=lambda dimension: len(asked[dimension]))
    middle = len(asked[longest]) // 2
    if middle == 0 or math.prod(len(codes) for codes in asked.values()) <= most:
        return [asked]
    halves = (asked[longest][:middle], asked[longest][middle:])
    return [part for half in halves for part in _split({**asked, longest: half}, most)]


def _cubes(content: bytes, name: str) -> list[Cube]:
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"["):
        return [read_jsonstat(content, name)]
    parts = cast("list[object]", parse_json(content, name))
    return [jsonstat_cube(part, name) for part in parts]


def _figure(cell: Cell, place: str) -> tuple[str, str, str]:
    mark = cell.flag or (cell.value if isinstance(cell.value, str) else "")
    if cell.value is None or isinstance(cell.value, str):
        if mark and mark not in MARKS:
            msg = (
                f"{place} has the mark '{mark}' in place of a number. Expected one of "
                f"{' '.join(MARKS)}. The former figures stay in use; see what the office means."
            )
            raise Reshaped(msg)
        value, state = MARKS.get(mark, ("", "no_data"))
        return value, state, ""
    value, state = number_and_state(cell.value)
    return value, state, f"marked '{mark}' by the office" if mark else ""


def _period(year: str, table: Table, name: str) -> tuple[str, str]:
    if not (len(year) == YEAR_DIGITS and year.isascii() and year.isdigit()):
        msg = f"{name} has '{year}' in its dimension '{YEAR}'. Expected four digits."
        raise Reshaped(msg)
    return (f"{year}-06-30",) * 2 if table.midyear else (f"{year}-01-01", f"{year}-12-31")
