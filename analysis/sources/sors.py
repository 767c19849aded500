"""Statistical Office of Serbia, open data: population estimates of municipalities."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, cast

from analysis.catalog import load_areas
from analysis.sources.client import MAX_BYTES
from analysis.sources.protocol import (
    About,
    Received,
    Reshaped,
    number_and_state,
    parse_json,
    read_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://opendata.stat.gov.rs/data/WcfJsonRestService.Service1.svc/dataset"
DATASET = "180304IND02"
ENGLISH = "3"
INDICATOR = "midyear_population_persons"
COUNTRY = "RS"
COUNTRY_NAMES = frozenset({"republic of serbia", "serbia"})
LEVEL = "municipality_rs"
NEEDED = ("mes", "god", "IDTer", "nTer", "vrednost", "IDStatusPodatka")
WHOLE_YEAR = "00"
# The office's status of a figure that is not there; 'A' is an ordinary one.
ORDINARY = "A"
SILENT = {"M": "not_applicable", "O": "no_data"}
YEAR_DIGITS = 4


class SorsSource:
    """Population in the middle of each year, for Serbia and its municipalities.

    The table mixes municipalities, cities, districts, regions and the country. Only what the
    catalogue can place is read; nothing is added up.

    Parameters
    ----------
    base : str
        Address of the service up to the id of the dataset.
    """

    def __init__(self, base: str = BASE) -> None:
        self.base = base.rstrip("/")
        self.about = About(
            source_id="sors",
            publisher="Statistical Office of the Republic of Serbia",
            title="Population estimates (180304IND02)",
            citation="Statistical Office of the Republic of Serbia, open data, 180304IND02",
            licence="free reuse with citation of the source",
            licence_address="https://data.stat.gov.rs",
            home="https://opendata.stat.gov.rs",
            schedule="yearly in July",
        )

    def fetch(self, client: Client) -> list[Received]:
        """Ask for the whole table; the office has no smaller part of it.

        Raises
        ------
        SourceError
            When the office cannot be reached, refuses, or answers something else.
        """
        answer = client.get(f"{self.base}/{DATASET}/{ENGLISH}/json")
        return [
            Received(
                # No ending: the office sends a ZIP or plain JSON as it likes.
                name=DATASET,
                content=answer.content,
                address=answer.address,
                title=self.about.title,
                published="",
                media_type=answer.media_type,
            )
        ]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read an answer, packed or plain.

        ``attrs["set_aside"]`` counts the figures of places that the catalogue does not hold.

        Raises
        ------
        Reshaped
            When a row lacks what every row has, or a place and year stand twice.
        """
        records = _records(_unpacked(content, name), name)
        codes = _codes()
        rows: dict[tuple[str, str], dict[str, str]] = {}
        aside = 0
        for line, record in enumerate(records, start=1):
            area = codes.get(str(record["IDTer"]).strip())
            if area is None and str(record["nTer"]).strip().casefold() in COUNTRY_NAMES:
                area = COUNTRY
            if area is None:
                aside += 1
                continue
            key = (area, str(record["god"]).strip())
            if key in rows:
                msg = (
                    f"{name}, record {line}: {record['nTer']} has more than one figure for "
                    f"{key[1]}. Expected one a place and year; the table may have a new dimension. "
                    f"The former figures stay in use."
                )
                raise Reshaped(msg)
            rows[key] = self._row(record, area, f"{name}, record {line}")
        frame = read_rows(rows.values())
        frame.attrs["set_aside"] = aside
        return frame

    def _row(self, record: Mapping[str, object], area: str, place: str) -> dict[str, str]:
        year = str(record["god"]).strip()
        month = str(record["mes"]).strip()
        if not (len(year) == YEAR_DIGITS and year.isascii() and year.isdigit()):
            msg = f"{place}: '{year}' is no year. Expected four digits in 'god'."
            raise Reshaped(msg)
        if month != WHOLE_YEAR:
            msg = f"{place}: 'mes' is '{month}'. Expected '{WHOLE_YEAR}', a figure for the year."
            raise Reshaped(msg)
        value, state = _figure(record, place)
        return {
            "indicator_id": INDICATOR,
            "area_id": area,
            "period_start": f"{year}-06-30",
            "period_end": f"{year}-06-30",
            "value": value,
            "state": state,
            "status": "estimate",
            "source_id": self.about.source_id,
            "locator": f"{DATASET}, IDTer {record['IDTer']}, {year}",
            "note": "without Kosovo*" if area == COUNTRY else "",
        }


def _codes() -> dict[str, str]:
    """Map the office's codes to our areas, as far as the catalogue holds them."""
    frame = load_areas().frame
    known = {COUNTRY: COUNTRY}
    if "sors_code" in frame.columns:
        ours = frame.loc[frame["level"].eq(LEVEL) & frame["sors_code"].ne("")]
        known.update(zip(ours["sors_code"].astype(str), ours["area_id"].astype(str), strict=True))
    return known


def _unpacked(content: bytes, name: str) -> bytes:
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = [m for m in packed.infolist() if not m.is_dir()]
            if len(members) == 1:
                with packed.open(members[0]) as member:
                    plain = member.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        msg = (
            f"{name} is a ZIP that cannot be unpacked ({broken}). Expected one JSON inside. The "
            f"former figures stay in use; try again."
        )
        raise Reshaped(msg) from None
    if len(members) != 1:
        msg = (
            f"{name} is a ZIP with {len(members)} files. Expected one JSON inside. The former "
            f"figures stay in use; look at what came."
        )
        raise Reshaped(msg)
    if len(plain) > MAX_BYTES:
        msg = (
            f"{name} is a ZIP of more than {MAX_BYTES} bytes once unpacked, the most that is "
            f"taken in. The former figures stay in use; look at what came."
        )
        raise Reshaped(msg)
    return plain


def _records(content: bytes, name: str) -> list[Mapping[str, object]]:
    records = parse_json(content, name)
    if not isinstance(records, list) or not records:
        what = "an empty list" if records == [] else f"a {type(records).__name__}"
        msg = f"{name} holds {what}. Expected a list of records. The former figures stay in use."
        raise Reshaped(msg)
    for line, record in enumerate(records, start=1):
        missing = [k for k in NEEDED if not isinstance(record, dict) or k not in record]
        if missing:
            msg = (
                f"{name}, record {line}, has no '{missing[0]}'. Expected {', '.join(NEEDED)}. The "
                f"former figures stay in use; see whether the office changed the table."
            )
            raise Reshaped(msg)
    return cast("list[Mapping[str, object]]", records)


def _figure(record: Mapping[str, object], place: str) -> tuple[str, str]:
    status = str(record["IDStatusPodatka"]).strip()
    if status in SILENT:
        return "", SILENT[status]
    written = record["vrednost"]
    if status != ORDINARY:
        msg = (
            f"{place}: the status is '{status}'. Expected {ORDINARY}, {' or '.join(SILENT)}. The "
            f"former figures stay in use; see what the office means by it."
        )
        raise Reshaped(msg)
    if isinstance(written, str):
        written = written.strip()
        if written == "":
            return "", "no_data"
        if not (written.isascii() and written.isdigit()):
            msg = f"{place}: '{written}' is no whole number of persons. Look at what came."
            raise Reshaped(msg)
        written = int(written)
    return number_and_state(written)
