"""UNHCR Refugee Population Statistics: population, asylum procedure, and places in the country."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from analysis.catalog import AreaError, load_areas
from analysis.sources.protocol import About, Received, Reshaped, parse_json, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://api.unhcr.org"
COUNTRIES = {"MKD": "MK", "SRB": "RS", "ALB": "AL", "BIH": "BA", "MNE": "ME"}
NOTES = {"RS": "includes Kosovo (S/RES/1244)"}
FIRST_YEAR = 2000
MOST_PAGES = 200
POPULATION = {
    "refugees": "unhcr_refugees_persons",
    "asylum_seekers": "unhcr_asylum_seekers_persons",
    "returned_refugees": "unhcr_returned_refugees_persons",
    "idps": "unhcr_idps_persons",
    "stateless": "unhcr_stateless_persons",
    "ooc": "unhcr_others_of_concern_persons",
    "oip": "unhcr_others_in_need_of_protection_persons",
}
DECIDED = ("recognized", "other", "rejected", "closed", "total")
DECISIONS = {f"dec_{how}": f"asylum_decisions_{how}_persons" for how in DECIDED}
APPLICATIONS = {"applied": "asylum_applications_persons"}
KINDS = (("REF", "refugees"), ("ASY", "asylum_seekers"), ("STA", "stateless"))
POP_TYPES = {kind: POPULATION[f] for kind, f in (*KINDS, ("IDP", "idps"), ("OOC", "ooc"))}
# Settlements and centres inside a municipality, and spellings of UNHCR that the catalogue of areas
# does not hold. A place that stands neither here nor there is set aside, never guessed.
PLACES = {
    "kicevo": "MK-307",
    "ohird": "MK-310",
    "petrovets": "MK-810",
    "stip": "MK-211",  # codespell:ignore stip
    "suto orizari": "MK-817",
    "tabanotsve": "MK-703",
    "tabanovce": "MK-703",
    "vinojug": "MK-405",
    "visbegovo": "MK-803",
    "vizbegovo": "MK-803",
}
PLACE_NOTE = "place of registration or stay as UNHCR names it, matched to the municipality"
# "Kumanovo : Opština - Municipality" in any encoding, "Vizbegovo : Point", "Skopje [Admin 1]".
PLACE_KIND = re.compile(r"\s*(\[[^\]]*\]|: (Op.*Municipality|Point|City|Region)|TC / Skopje)$")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked of one address of the interface, and which fields of an answer are counted."""

    path: str
    countries: tuple[str, ...]
    fields: dict[str, str]
    shown: dict[str, str]
    also: tuple[str, ...]


ORIGINS = {"coo_all": "true"}
SHOWN = ("ptype_show", "locationDescription_show", "locationUR_show", "locationAccType_show")
PLACED = dict.fromkeys(SHOWN, "1")
ASKED = (
    Endpoint("population", tuple(COUNTRIES), POPULATION, ORIGINS, ("coo_iso",)),
    Endpoint("asylum-applications", tuple(COUNTRIES), APPLICATIONS, ORIGINS, ("coo_iso", "app_pc")),
    Endpoint("asylum-decisions", tuple(COUNTRIES), DECISIONS, ORIGINS, ("coo_iso", "dec_pc")),
    Endpoint("demographics", ("MKD",), {"total": ""}, PLACED, ("location", "pop_type")),
)
ENDPOINTS = {endpoint.path: endpoint for endpoint in ASKED}


class UnhcrSource:
    """The statistics interface of UNHCR.

    Serbia includes Kosovo (S/RES/1244) in all of it, so there is no row for Kosovo*. A file of
    this source holds all pages of one address as they came, with what was asked. Rows that cannot
    be placed are left out of the frame and counted, by reason, in ``frame.attrs["set_aside"]``.

    Parameters
    ----------
    base : str
        Where the interface is.
    first_year, last_year : int
        Years asked for; without ``last_year``, up to the last whole year.
    """

    about = About(
        source_id="unhcr-rpsd",
        publisher="UNHCR",
        title="Refugee Population Statistics Database",
        citation="UNHCR, Refugee Population Statistics Database",
        licence="CC BY 4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        home="https://www.unhcr.org/refugee-statistics",
        schedule="half-yearly",
    )

    def __init__(
        self, base: str = BASE, first_year: int = FIRST_YEAR, last_year: int | None = None
    ) -> None:
        self.base = base.rstrip("/")
        self.first_year = first_year
        self.last_year = last_year

    def fetch(self, client: Client) -> list[Received]:
        """Ask for every address, all pages, and check that the answer is to what was asked."""
        last = self.last_year or datetime.now(tz=UTC).year - 1
        return [self._fetch_one(client, e, (self.first_year, last)) for e in ENDPOINTS.values()]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read one file, as :meth:`fetch` gives it, into rows of the published tables.

        Applications and decisions are sums over kinds of application, procedure and instance.
        Only persons are counted: what UNHCR counts in cases is set aside.
        """
        endpoint, items = _items(content, name)
        aside: Counter[str] = Counter()
        cells: dict[tuple[str, str, int, str], list[object]] = defaultdict(list)
        tally = _tally_place if endpoint.path == "demographics" else _tally_country
        for item in items:
            for key, value in tally(endpoint, item, aside):
                cells[key].append(_number(value, name))
        frame = read_rows(_row(endpoint, key, cells[key]) for key in sorted(cells))
        frame.attrs["set_aside"] = dict(sorted(aside.items()))
        return frame

    def _fetch_one(self, client: Client, endpoint: Endpoint, years: tuple[int, int]) -> Received:
        address = f"{self.base}/population/v1/{endpoint.path}/"
        asked = {
            "limit": "10000",
            "yearFrom": str(years[0]),
            "yearTo": str(years[1]),
            "coa": ",".join(endpoint.countries),
            "cf_type": "ISO",
            **endpoint.shown,
        }
        pages: list[dict[str, Any]] = []
        last = 1
        while len(pages) < last:
            number = len(pages) + 1
            answer = client.get(address, params={**asked, "page": str(number)})
            page, last = _page(parse_json(answer.content, answer.address), number, answer.address)
            pages.append(page)
        whole = {"endpoint": endpoint.path, "asked": asked, "pages": pages}
        content = json.dumps(whole, ensure_ascii=False, indent=0).encode()
        name = f"{endpoint.path}.json"
        _items(content, name)
        title = f"{self.about.title}: {endpoint.path}"
        return Received(name, content, address, title, "", "application/json")


def _page(document: Any, number: int, name: str) -> tuple[dict[str, Any], int]:
    try:
        page, last, items = int(document["page"]), int(document["maxPages"]), document["items"]
        if all(isinstance(item, dict) for item in items) and page == number and last <= MOST_PAGES:
            return document, last
        wrong = f"is page {page} of {last}, or holds other things than items"
    except (KeyError, TypeError, ValueError):
        wrong = "lacks 'page', 'maxPages' or 'items'"
    msg = (
        f"{name} {wrong}. Expected page {number} of at most {MOST_PAGES}, with a list of items. "
        f"A parameter or a field may have another name now: read the documentation of UNHCR."
    )
    raise Reshaped(msg)


def _items(content: bytes, name: str) -> tuple[Endpoint, list[dict[str, Any]]]:
    whole: Any = parse_json(content, name)
    try:
        endpoint, asked = ENDPOINTS[whole["endpoint"]], whole["asked"]
        years = range(int(asked["yearFrom"]), int(asked["yearTo"]) + 1)
        pages = list(enumerate(whole["pages"], start=1))
    except (KeyError, TypeError, ValueError):
        msg = (
            f"{name} lacks 'endpoint', 'asked' or 'pages'. Expected a file that was fetched here: "
        )
        raise Reshaped(msg + "fetch UNHCR again.") from None
    items = [item for number, page in pages for item in _page(page, number, name)[0]["items"]]
    needed = ["year", "coa_iso", *endpoint.fields, *endpoint.also]
    for item in items:
        missing = [field for field in needed if field not in item]
        if missing:
            msg = f"An item of {name} lacks '{missing[0]}', expected {', '.join(needed)}. A field"
            raise Reshaped(f"{msg} was renamed or a parameter ignored: read the documentation.")
    _check_asked(endpoint, items, years, name)
    return endpoint, items


def _check_asked(endpoint: Endpoint, items: list[dict[str, Any]], years: range, name: str) -> None:
    # A misspelt parameter is ignored without a word. Some years may have no rows, not most of them.
    found = {str(item["year"]).strip() for item in items}
    countries = {str(item["coa_iso"]).strip() for item in items}
    wrong = ""
    if countries != set(endpoint.countries):
        wrong = f"the countries {', '.join(sorted(countries)) or 'none'}"
        wrong += f", asked for {', '.join(sorted(endpoint.countries))}"
    elif found - {str(year) for year in years} or 2 * len(found) < len(years):
        wrong = f"the years {min(found)} to {max(found)} ({len(found)} of them)"
        wrong += f", asked for {years[0]} to {years[-1]}"
    elif "coo_all" in endpoint.shown and {str(i["coo_iso"]).strip() for i in items} == {"-"}:
        wrong = "no countries of origin, asked for all"
    if wrong:
        msg = f"{name} of UNHCR holds {wrong}. It ignores parameters it does not know: check them."
        raise Reshaped(msg)


Keyed = tuple[tuple[str, str, int, str], object]


def _tally_country(
    endpoint: Endpoint, item: dict[str, Any], aside: Counter[str]
) -> Iterator[Keyed]:
    if any(str(item.get(field, "P")).strip() != "P" for field in ("app_pc", "dec_pc")):
        aside["counted in cases, not in persons"] += 1
        return
    area, year = COUNTRIES[item["coa_iso"].strip()], int(item["year"])
    origin = str(item["coo_iso"]).strip()
    for field, indicator in endpoint.fields.items():
        yield (indicator, area, year, "total"), item[field]
        if endpoint.fields is APPLICATIONS and origin != "-":
            yield (indicator, area, year, origin), item[field]
    if endpoint.path == "population" and origin == "UKR":
        yield ("unhcr_refugees_from_ukraine_persons", area, year, "total"), item["refugees"]


def _tally_place(_endpoint: Endpoint, item: dict[str, Any], aside: Counter[str]) -> Iterator[Keyed]:
    kind = str(item["pop_type"]).strip()
    area, reason = _find_place(str(item["location"]))
    if kind not in POP_TYPES:
        aside[f"{kind}: no indicator by place for this kind of population"] += 1
    elif not area:
        aside[reason] += 1
    else:
        yield (POP_TYPES[kind], area, int(item["year"]), "total"), item["total"]


def _find_place(place: str) -> tuple[str, str]:
    """Match a place to a municipality: its id and no reason, or no id and the reason."""
    plain = PLACE_KIND.sub("", place.strip()).strip()
    if plain.casefold() == "skopje":
        return "", "Skopje: the place where people are booked, not where they stay"
    if plain.casefold().startswith("dispersed"):
        return "", "recorded without a place"
    known = PLACES.get(plain.casefold(), "")
    # A bare number is a settlement of UNHCR's, not a code of the statistical office.
    if not known and not plain.isdigit():
        with contextlib.suppress(AreaError):
            known = load_areas().find(plain).area_id
    return known, "" if known else f"{plain}: not a municipality that the catalogue knows"


def _number(value: object, name: str) -> int | str | None:
    """Read a cell: a whole number, "-" for not applicable, None for blank."""
    text = "" if value is None else str(value).strip().replace(",", "").removesuffix(".0")
    if text in {"", "-"}:
        return text or None
    if not text.isdecimal():
        msg = f"{name} of UNHCR holds {value!r}, expected a whole number, '-' or a blank. "
        raise Reshaped(msg + "Look at the file as received.")
    return int(text)


def _row(
    endpoint: Endpoint, key: tuple[str, str, int, str], cells: Iterable[object]
) -> dict[str, object]:
    indicator, area, year, origin = key
    listed = list(cells)
    numbers = [cell for cell in listed if isinstance(cell, int)]
    state = "not_applicable" if "-" in listed else "no_data"
    if numbers:
        state = "value" if sum(numbers) else "zero"
    blank = listed.count(None)
    notes = [NOTES.get(area, ""), PLACE_NOTE if endpoint.path == "demographics" else ""]
    if numbers and blank:
        notes.append(f"{blank} of {len(listed)} cells are blank and not counted")
    return {
        "indicator_id": indicator,
        "area_id": area,
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "origin": origin,
        "value": sum(numbers) if numbers else "",
        "state": state,
        "status": "final",
        "source_id": UnhcrSource.about.source_id,
        "locator": f"api.unhcr.org/population, {endpoint.path}",
        "note": "; ".join(n for n in notes if n),
    }
