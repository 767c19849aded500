"""The indicators interface of the World Bank, small: pages, blanks, and messages with status 200.

``server.state["deaf_to"]`` names parameters that it ignores, ``page_size`` is the most that it
gives a page, ``rename`` renames fields of figures, and ``deleted`` names an indicator.
"""

from __future__ import annotations

from servers.faults import Asked, Handler, Reply

CODES = {"MKD": "MK", "SRB": "RS", "ALB": "AL", "BIH": "BA", "MNE": "ME", "XKX": "XK"}
INDICATORS = {
    "SP.POP.TOTL": (1_800_000, 1_790_000, None),
    "SM.POP.NETM": (-4500, 0, 12.0),
    "BX.TRF.PWKR.DT.GD.ZS": (3.25, 3, None),
}
YEARS = (2022, 2023, 2024)


def figures(indicator: str) -> list[dict[str, object]]:
    """All figures of an indicator, the latest year first as the real one gives them."""
    return [
        {
            "indicator": {"id": indicator, "value": "Name of the indicator"},
            "country": {"id": two, "value": "Name of the country"},
            "countryiso3code": three,
            "date": str(year),
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for three, two in CODES.items()
        for year, value in reversed(list(zip(YEARS, INDICATORS[indicator], strict=True)))
    ]


class WorldBankHandler(Handler):
    """Answers ``/v2/country/{codes}/indicator/{indicator}``."""

    def answer(self, asked: Asked) -> Reply:
        state = self.server.state
        _, _, _, countries, _, indicator = asked.path.split("/")
        if indicator not in INDICATORS or indicator == state.get("deleted"):
            said = {"id": "175", "key": "Invalid format", "value": "The indicator was not found."}
            return Reply.json([{"message": [said]}])
        query = {k: v[0] for k, v in asked.query.items() if k not in state.get("deaf_to", ())}
        if query.get("format") != "json":
            return Reply(b"<?xml version='1.0'?><wb:data/>", "text/xml")
        first, _, last = query.get("date", "1960:2100").partition(":")
        names = state.get("rename", {})
        items = [
            {names.get(k, k): v for k, v in figure.items()}
            for figure in figures(indicator)
            if figure["countryiso3code"] in countries.split(";")
            and first <= str(figure["date"]) <= last
        ]
        size = min(int(query.get("per_page", "50")), state.get("page_size", 10**6))
        number = int(query.get("page", "1"))
        head = {
            "page": number,
            "pages": -(-len(items) // size),
            "per_page": size,
            "total": len(items),
            "sourceid": "2",
            "lastupdated": "2026-10-07",
        }
        return Reply.json([head, items[(number - 1) * size : number * size]])
