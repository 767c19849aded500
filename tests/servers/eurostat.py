"""Eurostat's statistics API: sparse objects, and an empty dimension for a code it does not know."""

from __future__ import annotations

import itertools

from servers.faults import Asked, Handler, Reply

CODES = {
    "freq": ["A"],
    "unit": ["PER"],
    "citizen": ["AL", "BA", "ME", "MK", "RS", "TOTAL", "XK"],
    "applicant": ["FRST", "SBSQ"],
    "sex": ["F", "M", "T"],
    "age": ["TOTAL", "Y_LT18"],
    "geo": ["DE", "EU27_2020"],
    "time": ["2023", "2024", "2025"],
}
FIGURES = {
    ("MK", "2023"): 8275,
    ("MK", "2024"): 0,
    ("RS", "2024"): 3120,
    ("XK", "2024"): 1500,
    ("TOTAL", "2024"): 900_000,
}
FLAGS = {("MK", "2025"): ":", ("RS", "2024"): "p", ("XK", "2024"): "be", ("AL", "2024"): "c"}
UPDATED = "2026-11-02T23:00:00+0100"


class EurostatHandler(Handler):
    """State: optionally `codes`, in place of what the dataset holds."""

    def answer(self, asked: Asked) -> Reply:
        if not asked.path.endswith("/migr_asyappctza") or asked.query.get("format") != ["JSON"]:
            return Reply.json({"error": [{"status": 404, "label": "no such dataset"}]}, 404)
        held = self.server.state.get("codes", CODES)
        # A code that the dataset does not hold is left out without a word.
        chosen = {
            name: [c for c in codes if name not in asked.query or c in asked.query[name]]
            for name, codes in held.items()
        }
        return Reply.json(_dataset(chosen))


def _dataset(chosen: dict[str, list[str]]) -> dict[str, object]:
    value, status = {}, {}
    for place, codes in enumerate(itertools.product(*chosen.values())):
        by_name = dict(zip(chosen, codes, strict=True))
        key = (by_name.get("citizen"), by_name.get("time"))
        if key in FIGURES:
            value[str(place)] = FIGURES[key]
        if key in FLAGS:
            status[str(place)] = FLAGS[key]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Asylum applicants by type, citizenship, age and sex - annual aggregated data",
        "source": "ESTAT",
        "updated": UPDATED,
        "value": value,
        "status": status,
        "id": list(chosen),
        "size": [len(codes) for codes in chosen.values()],
        "dimension": {
            name: {
                "label": name,
                "category": {
                    "index": {code: n for n, code in enumerate(codes)},
                    "label": {code: code for code in codes},
                },
            }
            for name, codes in chosen.items()
        },
        "extension": {"id": "MIGR_ASYAPPCTZA", "agencyId": "ESTAT", "version": "1.0"},
    }
