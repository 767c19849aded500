"""Returns about places, plans, answers and indicators."""

from __future__ import annotations

from analysis.sources.returns.choices import (
    ANSWER_STATE,
    CELL_STATE,
    MEASURE_STATE,
    SEX_OR_TOTAL,
    STATUS,
)
from analysis.sources.returns.columns import Column, Kind, Type
from analysis.text import mark


def _text(
    name: str, header: str, known: tuple[str, ...], example: str, holds: Type = "text"
) -> Column:
    return Column(name, header, known, holds, example=example)


def _key(
    name: str, header: str, known: tuple[str, ...], example: str, holds: Type = "text"
) -> Column:
    return Column(name, header, known, holds, key=True, required=True, example=example)


def _count(name: str, header: str, known: tuple[str, ...], example: str) -> Column:
    return Column(name, header, known, "count", required=True, example=example)


RECEPTION = Kind(
    "reception_day",
    mark("Daily return of a centre"),
    (
        _key(
            "facility_id",
            mark("Code of the centre"),
            ("Шифра на центарот", "Kodi i qendrës", "Шифра центра", "Центар", "Facility"),
            "RC-01",
        ),
        _key("date", mark("Date"), ("Датум", "Data", "Датум"), "2024-03-01", "date"),
        _count("beds", mark("Beds"), ("Кревети", "Shtretër", "Кревети", "Легла"), "120"),
        _count("present", mark("Present"), ("Присутни", "Të pranishëm", "Присутни"), "87"),
        _count("arrivals", mark("Arrivals"), ("Пристигнати", "Ardhje", "Доласци"), "12"),
        _count("departures", mark("Departures"), ("Заминати", "Largime", "Одласци"), "10"),
    ),
)
ACTION_PLAN = Kind(
    "action_plan_quarter",
    mark("Quarterly report on an action plan"),
    (
        _key("quarter", mark("Quarter"), ("Квартал", "Tremujori", "Квартал"), "2024-Q1", "period"),
        _key("gap_id", mark("Code of the gap"), ("Шифра на јазот", "Kodi", "Шифра"), "GAP-07"),
        _key("measure", mark("Measure"), ("Мерка", "Masa", "Мера"), "Language course"),
        _text(
            "owner",
            mark("Responsible institution"),
            ("Надлежна институција", "Institucioni përgjegjës", "Надлежна установа", "Owner"),
            "Municipality of Kumanovo",
        ),
        _text("start", mark("Start"), ("Почеток", "Fillimi", "Почетак"), "2024-02-01", "date"),
        _text("end", mark("End"), ("Крај", "Fundi", "Крај"), "2024-11-30", "date"),
        _text("cost", mark("Cost"), ("Трошок", "Kostoja", "Трошак"), "150000", "amount"),
        Column(
            "state",
            mark("State of the measure"),
            ("Состојба на мерката", "Gjendja e masës", "Стање мере", "Состојба", "State"),
            "choice",
            required=True,
            choices=MEASURE_STATE,
            example="in_progress",
        ),
    ),
)
ANSWERS = Kind(
    "instrument_answers",
    mark("Answers to an instrument"),
    (
        _key("instrument_id", mark("Instrument"), ("Инструмент", "Instrumenti"), "MA"),
        _key("version", mark("Version"), ("Верзија", "Versioni"), "1.0"),
        _key("question_id", mark("Question"), ("Прашање", "Pyetja", "Питање"), "MA-03-2"),
        _key("area_id", mark("Area"), ("Подрачје", "Zona", "Подручје"), "MK-703", "area"),
        _key("period", mark("Period"), ("Период", "Periudha", "Раздобље"), "2024", "period"),
        _key(
            "rater",
            mark("Code of the rater"),
            ("Шифра на оценувач", "Kodi i vlerësuesit", "Шифра оцењивача", "Rater"),
            "R1",
        ),
        _text("option", mark("Option"), ("Одговор", "Opsioni", "Одговор"), "partly"),
        _text("score", mark("Score"), ("Оценка", "Vlerësimi", "Оцена"), "50", "amount"),
        _text(
            "evidence_ids",
            mark("Codes of evidence"),
            ("Шифри на докази", "Kodet e provave", "Шифре доказа", "Evidence"),
            "E-12; E-15",
        ),
        Column(
            "state",
            mark("State of the answer"),
            (
                "Состојба на одговорот",
                "Gjendja e përgjigjes",
                "Стање одговора",
                "Состојба",
                "State",
            ),
            "choice",
            required=True,
            choices=ANSWER_STATE,
            example="draft",
        ),
    ),
)
INDICATORS = Kind(
    "indicator_table",
    mark("Table of indicators"),
    (
        _key(
            "indicator_id",
            mark("Code of the indicator"),
            (
                "Шифра на показателот",
                "Kodi i treguesit",
                "Шифра показатеља",
                "Показател",
                "Indicator",
            ),
            "resident_population_persons",
            "indicator",
        ),
        _key(
            "area",
            mark("Area"),
            ("Подрачје", "Zona", "Подручје", "Општина", "Komuna", "Municipality"),
            "Куманово",
            "area",
        ),
        _key(
            "period_start",
            mark("First day of the period"),
            (
                "Прв ден на периодот",
                "Dita e parë e periudhës",
                "Први дан раздобља",
                "Период од",
                "Period from",
            ),
            "2024-01-01",
            "date",
        ),
        _key(
            "period_end",
            mark("Last day of the period"),
            (
                "Последен ден на периодот",
                "Dita e fundit e periudhës",
                "Последњи дан раздобља",
                "Период до",
                "Period to",
            ),
            "2024-12-31",
            "date",
        ),
        Column(
            "sex",
            mark("Sex"),
            ("Пол", "Gjinia", "Пол"),
            "choice",
            key=True,
            choices=SEX_OR_TOTAL,
            example="total",
        ),
        Column(
            "origin",
            mark("Country of origin"),
            ("Земја на потекло", "Vendi i prejardhjes", "Земља порекла", "Origin"),
            "country",
            key=True,
            example="total",
        ),
        Column(
            "citizenship",
            mark("Citizenship"),
            ("Државјанство", "Shtetësia", "Држављанство"),
            "country",
            key=True,
            example="total",
        ),
        Column(
            "value",
            mark("Value"),
            ("Вредност", "Vlera", "Вредност"),
            "number",
            required=True,
            example="98104",
        ),
        Column(
            "state",
            mark("State"),
            ("Состојба", "Gjendja", "Стање"),
            "state",
            choices=CELL_STATE,
            example="value",
        ),
        Column(
            "status",
            mark("Status"),
            ("Статус", "Statusi", "Статус"),
            "choice",
            choices=STATUS,
            example="final",
        ),
        _key("source", mark("Source"), ("Извор", "Burimi", "Извор"), "sso_census_2021"),
    ),
)
PUBLISHED = Kind(
    "published_figures",
    mark("Figures that others published"),
    (
        _key(
            "figure_id",
            mark("Code of the figure"),
            ("Шифра на бројката", "Kodi i shifrës", "Шифра податка", "Id"),
            "F01",
        ),
        _key(
            "area",
            mark("Area as printed"),
            ("Подрачје како што е објавено", "Zona", "Подручје", "Area"),
            "North Macedonia",
        ),
        _key(
            "period", mark("Period"), ("Период", "Periudha", "Раздобље"), "2018-03..2018-12", "text"
        ),
        _key(
            "measure",
            mark("What is counted"),
            ("Што се брои", "Çfarë numërohet", "Шта се броји", "Measure"),
            "persons contacted",
        ),
        Column(
            "value", mark("Value"), ("Вредност", "Vlera"), "number", required=True, example="390"
        ),
        _key("unit", mark("Unit"), ("Единица", "Njësia", "Јединица"), "persons"),
        _text(
            "parts",
            mark("Parts that make the number"),
            ("Делови на збирот", "Pjesët", "Делови збира", "Parts"),
            "362+28; 9+104+277",
            "parts",
        ),
        _text(
            "shares",
            mark("Printed shares"),
            ("Објавени удели", "Përqindjet e botuara", "Објављени удели", "Shares"),
            "40/113=35.4",
            "shares",
        ),
        _key("source", mark("Source"), ("Извор", "Burimi", "Извор"), "UN Women"),
        _text("note", mark("Note"), ("Белешка", "Shënim", "Белешка"), "ten months"),
    ),
)
