"""Every kind of chart in two languages, with all that can happen to a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from figures.map_samples import COUNTS, HERE, SHADES, results

from analysis.catalog import load_areas
from analysis.documents.area_maps import make_area_map
from analysis.documents.wording import Wording
from analysis.figures.area_map import MapNotes
from analysis.figures.capacity import chart_capacity
from analysis.figures.cascade import chart_cascade
from analysis.figures.charts import chart_applications, chart_change, chart_registered
from analysis.figures.compare import chart_compare
from analysis.figures.lines import chart_lines
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.maps import chart_map
from analysis.figures.outlook import chart_outlook
from analysis.figures.plan import chart_plan
from analysis.figures.readiness import chart_readiness
from analysis.figures.tiles import chart_tiles
from analysis.sources.boundaries import load_boundaries
from analysis.text import LANGUAGES, format_percent, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.figures.drawing import Drawing
    from analysis.figures.export import Drawable

WORDS = {
    "en": {
        "language": "en",
        "withheld": "× withheld",
        "silent": "– no data",
        "off": "÷ does not apply",
        "zero": "0",
        "persons": "Persons",
        "long": "Persons who were granted temporary protection",
        "short": "Asylum seekers",
        "one": "One year only",
        "break": "new definition",
    },
    "mk": {
        "language": "mk",
        "withheld": "× затаено",
        "silent": "– нема податок",
        "off": "÷ не се применува",
        "zero": "0",
        "persons": "Лица",
        "long": "Лица на кои им е доделена привремена заштита во Република Северна Македонија",
        "short": "Баратели на азил",
        "one": "Само една година",
        "break": "нова дефиниција",
    },
}
YEARS = list(range(2014, 2026))


def lines(t: dict[str, str]) -> Drawing:
    counts = [12.0, 15.0, 9.0, None, 11.0, 0.0, 4.0, None, 31.0, 35.0, 33.0, 40.0]
    states = ["value"] * 3 + ["suppressed", "value", "zero", "value", "no_data"] + ["value"] * 4
    first = pd.DataFrame(
        {
            "series": t["long"],
            "year": YEARS,
            "value": counts,
            "lower": [None if v is None else max(v - 6, 0) for v in counts],
            "upper": [None if v is None else v + 7 for v in counts],
            "state": states,
            "word": [
                {"suppressed": t["withheld"], "no_data": t["silent"]}.get(s, "") for s in states
            ],
            "break_word": [t["break"] if y == 2024 else "" for y in YEARS],
        }
    )
    one = first.iloc[[4]].assign(series=t["one"])
    return chart_lines(pd.concat([first, one]), [t["long"], t["one"]], YEARS, t["persons"])


def cascade(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    steps = (
        ["Идентификувани", "Со проценка на ризикот", "Упатени до Националниот механизам"]
        if mk
        else ["Identified", "With an assessment of risk", "Referred to the National Mechanism"]
    )
    more = ["Во засолниште", "Со обесштетување"] if mk else ["In a shelter", "Compensated"]
    rows = pd.DataFrame(
        {
            "step": [*steps, *more],
            "count": [113.0, 40.0, None, 20.0, 0.0],
            "state": ["value", "value", "suppressed", "value", "zero"],
            "label": ["113", "40", t["withheld"], "20", "0"],
        }
    )
    heads = (
        (t["persons"], "од претходниот", "од првиот")
        if mk
        else (t["persons"], "of previous", "of first")
    )
    language = LANGUAGES["mk" if mk else "en"]
    return chart_cascade(rows, heads, lambda share: format_percent(share, language))


def tiles(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    areas = (
        ["Рано препознавање и упатување на жртви", "Право на образование", "Домување", "Здравство"]
        if mk
        else ["Early identification and referral", "Right to education", "Housing", "Health"]
    )
    columns = ["Закон", "Политика", "Практика"] if mk else ["Law", "Policy", "Practice"]
    scores = [100, 50, 0, 50, None, None, None, 100, 0, 0, 50, 100]
    missing = iter(["suppressed", "no_data", "not_applicable"])
    words = {"suppressed": t["withheld"], "no_data": t["silent"], "not_applicable": t["off"]}
    listed = []
    for place, score in enumerate(scores):
        state = next(missing) if score is None else "zero" if score == 0 else "value"
        listed.append(
            {
                "area": areas[place // 3],
                "column": columns[place % 3],
                "score": score,
                "state": state,
                "label": words.get(state, str(score)),
                "n_label": "" if score is None else f"n = {place + 1}",
            }
        )
    return chart_tiles(pd.DataFrame(listed), areas, columns)


def plan(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    rows = [
        ("2026-01-05", "2026-02-20", "2026-01-12", "2026-03-02"),
        ("2026-02-01", "2026-05-31", "2026-03-10", ""),
        ("2026-06-01", "2026-09-30", "", ""),
        ("", "", "", ""),
    ]
    names = (
        ["Мапирање на услугите", "Обука на општинските служби", "Нов протокол", "Евалуација"]
        if mk
        else ["Mapping of services", "Training of municipal staff", "New protocol", "Evaluation"]
    )
    said = (
        ["завршено", "во тек", "не е почнато", "без рок"]
        if mk
        else ["done", "under way", "not begun", "no date"]
    )
    frame = pd.DataFrame(rows, columns=["plan_start", "plan_end", "actual_start", "actual_end"])
    day = "состојба на 15.6.2026" if mk else "as of 15 June 2026"
    return chart_plan(frame.assign(task=names, label=said), "2026-06-15", day)


def capacity(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    stock = pd.DataFrame(
        {
            "year": list(range(2018, 2026)),
            "persons": [40.0, 75.0, 0.0, None, 60.0, 90.0, None, 130.0],
            "state": ["value", "value", "zero", "suppressed", "value", "value", "no_data", "value"],
            "word": ["", "", "", t["withheld"], "", "", t["silent"], ""],
        }
    )
    kinds = ["места", "места со персонал"] if mk else ["places", "places with staff"]
    places = pd.DataFrame(
        [
            {"kind": kinds[rank], "rank": rank, "year": year, "places": held}
            for rank, counts in enumerate(((100, 100, 120, 120), (60, 60, 70, 80)))
            for year, held in zip((2018, 2019, 2022, 2025), counts, strict=True)
        ]
    )
    filled = places.set_index("year").groupby(["kind", "rank"])["places"]
    whole = filled.apply(lambda s: s.reindex(range(2018, 2026)).ffill()).rename_axis(
        ["kind", "rank", "year"]
    )
    return chart_capacity(stock, whole.reset_index(), t["persons"])


def compare(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    names = (
        ["Арачиново", "Велес", "Куманово", "Македонска Каменица", "Охрид"]
        if mk
        else ["Arachinovo", "Veles", "Kumanovo", "Makedonska Kamenica", "Ohrid"]
    )
    rows = pd.DataFrame(
        {
            "name": names,
            "value": [-1.0, 0.0, 5.0, None, None],
            "lower": [-2.0, 0.0, 4.0, None, None],
            "upper": [1.0, 1.2, 6.5, None, None],
            "label": ["−1", t["zero"], "5 (4–6)", t["withheld"], t["silent"]],
            "is_here": [False, False, True, False, False],
        }
    )
    country = "Северна Македонија: 4,1" if mk else "North Macedonia: 4.1"
    return chart_compare(rows, (-2.5, 7.0), t["persons"], country, 4.1)


def registered(t: dict[str, str]) -> Drawing:
    rows = pd.DataFrame(
        {
            "kind": [t["long"]] * 4 + [t["short"]],
            "order": [0, 0, 0, 0, 1],
            "year": [2021, 2022, 2023, 2025, 2024],
            "persons": [12.0, None, 0.0, 1040.0, 7.0],
            "label": ["12", "", "0", "1 040", "7"],
            "is_withheld": [False, True, False, False, False],
            "is_provisional": [False, False, False, True, False],
        }
    )
    return chart_registered(rows, t["withheld"][2:], "", list(range(2021, 2026)))


def change(t: dict[str, str]) -> Drawing:
    mk = t is WORDS["mk"]
    rows = pd.DataFrame(
        {
            "area": ["Куманово", "Североисточен регион", "Северна Македонија"]
            if mk
            else ["Kumanovo", "Northeastern Region", "North Macedonia"],
            "pct": [-7.0, 3.0, 0.0],
            "label": ["−7 %", "3 %", "0 %"],
            "rank": [0, 1, 2],
        }
    )
    others = "Сите општини" if mk else "All municipalities"
    return chart_change(rows, pd.DataFrame({"pct": [-20.0, -7.0, 2.0, 9.0]}), t["persons"], others)


def yearly(t: dict[str, str]) -> Drawing:
    rows = pd.DataFrame(
        {
            "year": [2022, 2023, 2025],
            "count": [1200.0, 0.0, 20500.0],
            "label": ["1 200", "0", "20 500"],
            "is_provisional": [False, False, True],
        }
    )
    return chart_applications(rows, t["short"], "")


def outlook(t: dict[str, str]) -> Drawing:
    rows = pd.DataFrame(
        {
            "series": t["short"],
            "year": [2023, 2024, 2025, 2026, 2027],
            "count": [10.0, None, 12.0, 13.0, 14.0],
            "is_forecast": [False, False, False, True, True],
            "low_80": [None, None, None, 11.0, 10.0],
            "high_80": [None, None, None, 15.0, 18.0],
            "low_95": [None, None, None, 9.0, 7.0],
            "high_95": [None, None, None, 18.0, 24.0],
        }
    )
    return chart_outlook(rows, [t["short"]])


def readiness(t: dict[str, str]) -> Drawing:
    mk = t["language"] == "mk"
    owners = (
        ["Министерство за внатрешни\nработи, Сектор за граница", "УНХЦР"]
        if mk
        else ["Ministry of the Interior,\nborder police", "UNHCR"]
    )
    states = (
        ["свежи", "задоцнети", "без датум", "недостигаат"]
        if mk
        else ["fresh", "overdue", "undated", "missing"]
    )
    counts = [12, 3, 0, 1, 4, 0, 2, 0]
    rows = pd.DataFrame(
        {
            "owner": [owner for owner in owners for _ in states],
            "state": states * len(owners),
            "indicators": counts,
            "label": [str(count) for count in counts],
        }
    )
    return chart_readiness(rows, owners, states)


def drawn_map(unit: str, *, has_squares: bool = False) -> Callable[[dict[str, str]], Drawing]:
    """Draw a map with the words that the product writes in that language."""

    def draw(t: dict[str, str]) -> Drawing:
        w = Wording(translator(t["language"]))
        values = COUNTS if unit == "persons" else SHADES
        shown = make_area_map(results(unit, *values), unit, t["long"], HERE, w)
        boundaries = load_boundaries(load_areas().frame, None, None)
        layout = lay_out_squares() if has_squares else lay_out_country(boundaries)
        return chart_map(shown, layout, MapNotes(t["one"], t["short"], t["break"]))

    return draw


GALLERY: dict[str, Callable[[dict[str, str]], Drawable]] = {
    "capacity": capacity,
    "cascade": cascade,
    "change": change,
    "compare": compare,
    "lines": lines,
    "map": drawn_map("percent"),
    "map_points": drawn_map("persons"),
    "map_squares": drawn_map("percent", has_squares=True),
    "outlook": outlook,
    "plan": plan,
    "readiness": readiness,
    "registered": registered,
    "tiles": tiles,
    "yearly": yearly,
}


def draw_sample(kind: str, language: str) -> Drawable:
    """Make a chart of a kind."""
    return GALLERY[kind](WORDS[language])
