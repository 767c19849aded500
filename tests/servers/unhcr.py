"""The statistics interface of UNHCR, small: ISO codes on demand, pages, and silence about errors.

``server.state["deaf_to"]`` names parameters that it ignores, as the real one ignores what it does
not know; ``page_size`` is the most that it gives a page; ``rename`` renames fields of items.
"""

from __future__ import annotations

from servers.faults import Asked, Handler, Reply

ISO = {"MKD": "MCD", "SRB": "SRB", "ALB": "ALB", "BIH": "BSN", "MNE": "MNE", "GRC": "GRE"}
NAMES = {"MKD": "North Macedonia ", "SRB": "Serbia and Kosovo: S/RES/1244 (1999)", "ALB": "Albania"}
YEARS = (2020, 2021, 2022)
FLAGS = {"ptype_show": "pop_type", "locationDescription_show": "location"}
NOBODY = dict.fromkeys(
    "asylum_seekers returned_refugees idps returned_idps stateless ooc oip hst".split(), 0
)


def _item(year: int, coa: str, origin: str, **fields: object) -> dict[str, object]:
    return {
        "year": year,
        "coa_name": NAMES.get(coa, coa),
        "coa": ISO[coa],
        "coa_iso": coa,
        "coo_name": f"{origin} ",
        "coo": origin,  # codespell:ignore coo
        "coo_iso": origin,
        **fields,
    }


def _each(origin: str, **fields: object) -> list[dict[str, object]]:
    return [_item(year, coa, origin, **fields) for year in YEARS for coa in ISO]


def _decided(recognized: object, closed: object, **more: object) -> dict[str, object]:
    # Whole numbers, text and "-" stand side by side in real answers.
    return {
        "dec_recognized": recognized,
        "dec_other": "-",
        "dec_rejected": "0",
        "dec_closed": closed,
        "dec_total": 15,
        "dec_level": "FI",
        "procedure_type": "G",
        **more,
    }


POPULATION = [
    *_each("UKR", refugees=100, **{**NOBODY, "idps": "-", "oip": None}),
    *_each("AFG", refugees="5", **{**NOBODY, "asylum_seekers": 7, "idps": "-", "oip": None}),
    *_each("SYR", refugees=1, **{**NOBODY, "ooc": "30", "idps": "-", "oip": None}),
]
APPLICATIONS = [
    *_each("DZA", procedure_type="G", app_type="N", dec_level="FA", app_pc="P", applied=13),
    *_each("DZA", procedure_type="G", app_type="R", dec_level="FA", app_pc="P", applied="5"),
    *_each("TUR", procedure_type="G", app_type="N", dec_level="FA", app_pc="P ", applied=0),
    *_each("TUR", procedure_type="G", app_type="N", dec_level="FA", app_pc="C", applied=90),
]
DECISIONS = [
    *_each("DZA", **_decided(5, "10", dec_pc="P")),
    *_each("TUR", **_decided("0", None, dec_pc="P")),
]


def _placed(year: int, kind: str, location: str, total: object) -> dict[str, object]:
    return _item(
        year, "MKD", "-", pop_type=kind, location=location, loc_type="P", f_total=1, total=total
    )


PLACES = [
    place
    for year in YEARS
    for place in (
        _placed(year, "OOC", "Vinojug [Admin 3: POC] ", 4900),
        _placed(year, "OOC", "Gevgelija", 30),
        _placed(year, "REF", "Skopje : City", 20816),
        _placed(year, "REF", "Kumanovo : Op+\u00edtina - Municipality", "8"),
        _placed(year, "REF", "Tabanotsve [Admin 3: POC]", 3),
        _placed(year, "REF", "Dispersed in the country / territory", 4),
        _placed(year, "ASY", "Vizbegovo : Point", 26),
        _placed(year, "STA", "Hotel Kuba", 6),
        _placed(year, "RDP", "Tetovo", 6),
    )
]
ITEMS = {
    "population": POPULATION,
    "asylum-applications": APPLICATIONS,
    "asylum-decisions": DECISIONS,
    "demographics": PLACES,
}


class UnhcrHandler(Handler):
    """Answers ``/population/v1/{what}/``."""

    def answer(self, asked: Asked) -> Reply:
        what = asked.path.removeprefix("/population/v1/").rstrip("/")
        if what not in ITEMS:
            return Reply.json({"error": "not found"}, status=404)
        deaf = self.server.state.get("deaf_to", ())
        query = {k: v[0] for k, v in asked.query.items() if k not in deaf}
        items = [self._shape(item, query, what) for item in ITEMS[what] if _wanted(item, query)]
        return Reply.json(self._page(items, query))

    def _page(self, items: list[dict[str, object]], query: dict[str, str]) -> dict[str, object]:
        size = min(int(query.get("limit", "100")), self.server.state.get("page_size", 10**6))
        number = int(query.get("page", "1"))
        return {
            "page": number,
            "short-url": "",
            "maxPages": -(-len(items) // size),
            "total": [],
            "items": items[(number - 1) * size : number * size],
        }

    def _shape(
        self, item: dict[str, object], query: dict[str, str], what: str
    ) -> dict[str, object]:
        hidden = {field for flag, field in FLAGS.items() if flag not in query}
        names = self.server.state.get("rename", {})
        shaped = {names.get(k, k): v for k, v in item.items() if k not in hidden}
        if "coo_all" not in query and what != "demographics":
            shaped |= dict.fromkeys(("coo_name", "coo", "coo_iso"), "-")  # codespell:ignore coo
        return shaped


def _wanted(item: dict[str, object], query: dict[str, str]) -> bool:
    # Without cf_type=ISO the codes are UNHCR's own, and nobody is called MKD.
    code = "coa_iso" if query.get("cf_type") == "ISO" else "coa"
    countries = query.get("coa", "").split(",") if query.get("coa") else [item[code]]
    first = int(query.get("yearFrom", "0"))
    last = int(query.get("yearTo", "9999"))
    return item[code] in countries and first <= int(str(item["year"])) <= last
