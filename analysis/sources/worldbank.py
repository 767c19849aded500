"""World Bank: residents, net migration and remittances of the six countries, by year."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from analysis.sources.protocol import (
    About,
    Received,
    Reshaped,
    number_and_state,
    parse_json,
    read_rows,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.client import Client

BASE = "https://api.worldbank.org"
COUNTRIES = {"MKD": "MK", "SRB": "RS", "ALB": "AL", "BIH": "BA", "MNE": "ME", "XKX": "XK"}
FIRST_YEAR = 2000
PER_PAGE = 3000
MOST_PAGES = 100
INDICATORS = {
    "SP.POP.TOTL": "wdi_population_persons",
    "SM.POP.NETM": "wdi_net_migration_persons",
    "BX.TRF.PWKR.DT.GD.ZS": "wdi_remittances_received_pct",
}
NOTES = {
    "SP.POP.TOTL": "middle of the year, as estimated by the World Bank",
    "SM.POP.NETM": "modelled, not counted: immigrants less emigrants",
    "BX.TRF.PWKR.DT.GD.ZS": "per cent of gross domestic product",
}
AREA_NOTES = {"RS": "without Kosovo*, which has its own row"}


class WorldBankSource:
    """The indicators interface of the World Bank, version 2: one file an indicator.

    Everything here is an estimate. Net migration may be below 0.

    Parameters
    ----------
    base : str
        Where the interface is.
    years : tuple of int, optional
        First and last year asked for; else from 2000 to the last whole year.
    per_page : int
        Figures a page.
    """

    about = About(
        source_id="worldbank-wdi",
        publisher="World Bank",
        title="World Development Indicators",
        citation="World Bank, World Development Indicators",
        licence="CC BY 4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        home="https://data.worldbank.org",
        schedule="yearly",
    )

    def __init__(
        self, base: str = BASE, years: tuple[int, int] | None = None, per_page: int = PER_PAGE
    ) -> None:
        self.base = base.rstrip("/")
        self.years = years or (FIRST_YEAR, datetime.now(tz=UTC).year - 1)
        self.per_page = per_page

    def fetch(self, client: Client) -> list[Received]:
        """Ask for every indicator, all pages."""
        return [self._fetch_one(client, indicator) for indicator in INDICATORS]

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read one file, as :meth:`fetch` gives it: a list of pages as they came."""
        pages = parse_json(content, name)
        if not isinstance(pages, list) or not pages:
            msg = f"{name} is no list of pages. Expected a file that was fetched here: fetch again."
            raise Reshaped(msg)
        items: list[dict[str, Any]] = []
        for number, page in enumerate(pages, start=1):
            items += _page(page, number, name)[0]
        indicator = _check(items, name)
        return read_rows(_row(indicator, item, name) for item in items)

    def _fetch_one(self, client: Client, indicator: str) -> Received:
        address = f"{self.base}/v2/country/{';'.join(COUNTRIES)}/indicator/{indicator}"
        pages: list[object] = []
        last = 1
        while len(pages) < last:
            number = len(pages) + 1
            answer = client.get(
                address,
                params={
                    "format": "json",
                    "date": f"{self.years[0]}:{self.years[1]}",
                    "per_page": str(self.per_page),
                    "page": str(number),
                },
            )
            page = parse_json(answer.content, answer.address)
            last = _page(page, number, answer.address)[1]
            pages.append(page)
        content = json.dumps(pages, ensure_ascii=False, indent=0).encode()
        name = f"{indicator}.json"
        self._check_years(content, name, indicator)
        head: Any = pages[0]
        return Received(
            name=name,
            content=content,
            address=address,
            title=f"{self.about.title}: {indicator}",
            published=str(head[0].get("lastupdated", "")),
            media_type="application/json",
        )

    def _check_years(self, content: bytes, name: str, indicator: str) -> None:
        frame = self.read(content, name)
        years = frame["period_start"].str[:4].astype(int)
        if set(frame["indicator_id"]) != {INDICATORS[indicator]}:
            msg = (
                f"{name} of the World Bank holds another indicator than {indicator}, as asked for."
            )
            raise Reshaped(f"{msg} Look at the address by hand.")
        if years.min() < self.years[0] or years.max() > self.years[1]:
            msg = (
                f"{name} of the World Bank holds the years {years.min()} to {years.max()}, asked "
                f"for {self.years[0]} to {self.years[1]}. Look whether 'date' has another name now."
            )
            raise Reshaped(msg)


def _page(page: Any, number: int, name: str) -> tuple[list[dict[str, Any]], int]:
    if isinstance(page, list) and page and isinstance(page[0], dict) and "message" in page[0]:
        said = json.dumps(page[0]["message"], ensure_ascii=False)
        msg = (
            f"The World Bank answers {name} with the message {said}, expected figures. The "
            f"indicator may have been deleted: look for its successor on data.worldbank.org."
        )
        raise Reshaped(msg)
    try:
        head, items = page
        found, last = int(head["page"]), int(head["pages"])
        right = found == number and last <= MOST_PAGES and all(isinstance(i, dict) for i in items)
    except (KeyError, TypeError, ValueError):
        msg = f"{name} is not a list of 'page' and 'pages' and then figures, as the World Bank"
        raise Reshaped(f"{msg} documents. Look at the address by hand.") from None
    if not right:
        msg = (
            f"{name} is page {found} of {last}, expected page {number} of at most {MOST_PAGES}. "
            f"Look whether the parameter 'page' has another name now."
        )
        raise Reshaped(msg)
    return items, last


def _check(items: list[dict[str, Any]], name: str) -> str:
    for item in items:
        missing = [f for f in ("indicator", "countryiso3code", "date", "value") if f not in item]
        if missing:
            msg = f"A figure of {name} lacks '{missing[0]}'. Look how the World Bank names it now."
            raise Reshaped(msg)
    countries = {str(item["countryiso3code"]) for item in items}
    if countries != set(COUNTRIES):
        msg = (
            f"{name} of the World Bank holds the countries {', '.join(sorted(countries)) or 'none'}"
            f", asked for {', '.join(sorted(COUNTRIES))}. Look at the address by hand."
        )
        raise Reshaped(msg)
    named = [item["indicator"] for item in items]
    indicators = {str(n.get("id") if isinstance(n, dict) else n) for n in named}
    if len(indicators) != 1 or not indicators <= set(INDICATORS):
        msg = (
            f"{name} holds the indicators {', '.join(sorted(indicators))}, expected one of "
            f"{', '.join(INDICATORS)}. Look at the address by hand."
        )
        raise Reshaped(msg)
    return indicators.pop()


def _row(indicator: str, item: dict[str, Any], name: str) -> dict[str, object]:
    year = str(item["date"])
    if not (year.isdecimal() and len(year) == len("2024")):
        msg = f"{name} has a figure for '{year}', expected a year such as 2024. Look at it by hand."
        raise Reshaped(msg)
    area = COUNTRIES[item["countryiso3code"]]
    value, state = number_and_state(item["value"])
    notes = [NOTES[indicator], AREA_NOTES.get(area, "")]
    return {
        "indicator_id": INDICATORS[indicator],
        "area_id": area,
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "value": value,
        "state": state,
        "status": "estimate",
        "source_id": WorldBankSource.about.source_id,
        "locator": f"api.worldbank.org, {indicator}",
        "note": "; ".join(n for n in notes if n),
    }
