"""MAKSTAT as its interface is described: listings, metadata, queries, and both of its limits."""

from __future__ import annotations

import itertools
import json
import math
from collections import deque

from servers.faults import Asked, Handler, Reply

MOST_CELLS = 100_000
CALLS, SECONDS = 10, 10
UPDATED = "2026-07-28T10:00:00"
AREAS = {
    "0000": "Република Северна Македонија",
    "0019": "Скопје",
    "0094": "Аеродром",
    "9999": "Непознато",
    "1678": "Куманово",
}
YEARS = {year: year for year in ("2023", "2024")}
# The office codes the sexes in more than one way.
SEXES = {"Total": "Вкупно", "Male": "Мажи", "Female": "Жени"}
NUMBERED = {"0": "Пол - Вкупно", "1": "Мажи", "2": "Жени"}
AGES = {"1000": "Возраст - Вкупно", "0-4": "0-4", "5-9": "5-9"}
WAYS = {"1": "Доселени", "2": "Отселени", "3": "Салдо"}
PLACE = {"Општина": AREAS, "Година": YEARS}
INTERNAL = "Naselenie/VnatresniMigracii/VnatresniMigraciiTekovni/675_Migracii_op_VkDosOts_ml.px"
POPULATION = "Naselenie/ProcenkiNaselenie/ProcenkiPopis2021/Proceni30Juni/30062021_Ops_Za_PX.px"
DEATHS = "Naselenie/Vitalna/685_VitStat_Umr_Pol_ops_ml.px"
EXTERNAL = "Naselenie/NadvoresniMigracii"
TABLES = {
    INTERNAL: {**PLACE, "Миграција": WAYS},
    f"{EXTERNAL}/805_NMigdos_Op_dr_drzavi_ml.px": PLACE,
    f"{EXTERNAL}/806_NMigots_Op_dr_drzavi_ml.px": PLACE,
    f"{EXTERNAL}/807_NMigdos_Op_str_drzavi_ml.px": PLACE,
    f"{EXTERNAL}/808_NMigots_Op_str_drzavi_ml.px": PLACE,
    POPULATION: {**PLACE, "Возраст": AGES, "Пол": NUMBERED},
    "Naselenie/Vitalna/630_VidStat_ZivRod_Pol_ops_ml.px": {**PLACE, "Пол": SEXES},
    DEATHS: {**PLACE, "Пол": SEXES},
}


def number(codes: tuple[str, ...]) -> int:
    """Give every cell a number of its own that a test can work out: the digits of its codes."""
    return sum(int(c) if c.isdigit() else len(c) for c in codes)


class MakstatHandler(Handler):
    """State: `clock`, and optionally `tables` and `marks` (by codes, in place of a number)."""

    def answer(self, asked: Asked) -> Reply:
        if self._too_often():
            return Reply.json({"error": "Too many requests"}, 429)
        tables = self.server.state.get("tables", TABLES)
        path = asked.path.partition("/MakStat/")[2].strip("/")
        if path in tables:
            return self._table(asked, tables[path])
        if "config" in asked.target.partition("?")[2]:
            limits = {"maxCells": MOST_CELLS, "maxCalls": CALLS, "timeWindow": SECONDS}
            return Reply.json(limits)
        inside = sorted(name for name in tables if name.startswith(f"{path}/"))
        if not inside:
            return Reply.json({"error": "Bad request"}, 400)
        listing = [
            {"id": name.rpartition("/")[2], "type": "t", "text": "табела", "updated": UPDATED}
            for name in inside
        ]
        return Reply.json(listing)

    def _too_often(self) -> bool:
        state = self.server.state
        past: deque[float] = state.setdefault("past", deque())
        now = state["clock"]()
        while past and past[0] <= now - SECONDS:
            past.popleft()
        past.append(now)
        return len(past) > CALLS

    def _table(self, asked: Asked, dimensions: dict[str, dict[str, str]]) -> Reply:
        if asked.method == "GET":
            variables = [
                {"code": code, "text": code, "values": list(v), "valueTexts": list(v.values())}
                for code, v in dimensions.items()
            ]
            return Reply.json({"title": "Табела", "variables": variables})
        chosen = _choose(json.loads(asked.body), dimensions)
        if chosen is None:
            return Reply.json({"error": "Bad request"}, 400)
        if math.prod(map(len, chosen.values())) > self.server.state.get("most", MOST_CELLS):
            return Reply.json({"error": "Too many cells"}, 403)
        return Reply.json(self._dataset(chosen, dimensions))

    def _dataset(self, chosen, dimensions) -> dict[str, object]:
        marks = self.server.state.get("marks", {})
        cells = list(itertools.product(*chosen.values()))
        status = {str(n): marks[c] for n, c in enumerate(cells) if c in marks}
        return {
            "class": "dataset",
            "version": "2.0",
            "label": "Табела",
            "updated": "2022-06-12T10:00:00Z",
            "id": list(chosen),
            "size": [len(codes) for codes in chosen.values()],
            "dimension": {
                name: {
                    "label": name,
                    "category": {
                        "index": {code: n for n, code in enumerate(codes)},
                        "label": {code: dimensions[name][code] for code in codes},
                    },
                }
                for name, codes in chosen.items()
            },
            "value": [None if c in marks else number(c) for c in cells],
            **({"status": status} if status else {}),
        }


def _choose(body, dimensions) -> dict[str, list[str]] | None:
    asked = {part["code"]: part["selection"] for part in body["query"]}
    if not asked.keys() <= dimensions.keys() or body["response"] != {"format": "json-stat2"}:
        return None
    chosen = {}
    for name, known in dimensions.items():
        selection = asked.get(name, {"filter": "all", "values": ["*"]})
        codes = list(known) if selection["filter"] == "all" else selection["values"]
        if not set(codes) <= set(known):
            return None
        chosen[name] = codes
    return chosen
