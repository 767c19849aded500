"""Synthetic returns for demonstration: filled for every municipality, centre, team and year.

They have what real ones have: months without a return, days on which the stock does not follow
from the flows, cells that are no numbers, small counts. Each file says in its name, in its texts
and in its last line that it is synthetic.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from analysis.catalog import load_areas
from analysis.sources.demonstration import PREFIX, Table
from analysis.sources.returns.kinds import find_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_LINE = "Synthetic data for demonstration: no figure is real"
YEARS = (2023, 2024)
TEAMS = tuple(f"{PREFIX}team-{number}" for number in range(1, 6))
CENTRES = tuple(f"{PREFIX}centre-{number}" for number in range(1, 5))
STAGES = ("vulnerable", "potential", "identified")
DAYS = 120
BEDS = 120
TRAININGS = 40
# Shares of what goes wrong: a month that never came, a cell that is no number, a break of stock.
MISSING = 0.08
UNREADABLE = 0.01
BROKEN = 0.03
MISTAKE = "about ten"

Cells = dict[str, object]


def make_returns(seed: int) -> list[Table]:
    """Make a filled return of every kind.

    Parameters
    ----------
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    list of Table
        CSV files with semicolons, headers in English.

    Examples
    --------
    >>> make_returns(1)[0].name
    'demo-action_plan_quarter.csv'
    """
    draw = np.random.default_rng([seed, 1])
    makers = {
        "action_plan_quarter": _plans,
        "assistance_fund": _fund,
        "indicator_table": _indicators,
        "instrument_answers": _answers,
        "mobile_team_month": _teams,
        "reception_day": _days,
        "training_register": _trainings,
    }
    return [_table(kind, list(make(draw)), draw) for kind, make in makers.items()]


def _table(kind_id: str, rows: list[Cells], draw: np.random.Generator) -> Table:
    columns = find_kind(kind_id).columns
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\n")
    write.writerow([column.header for column in columns])
    for row in rows:
        cells = [row.get(column.column_id, "") for column in columns]
        if draw.random() < UNREADABLE:
            place = next(i for i, column in enumerate(columns) if column.is_number)
            cells[place] = MISTAKE
        write.writerow(cells)
    write.writerow([LAST_LINE])
    return Table(f"{PREFIX}{kind_id}.csv", text.getvalue().encode("utf-8"))


def _months() -> Iterator[str]:
    for year in YEARS:
        for month in range(1, 13):
            yield f"{year}-{month:02d}"


def _quarters() -> Iterator[str]:
    for year in YEARS:
        for quarter in range(1, 5):
            yield f"{year}-Q{quarter}"


def _teams(draw: np.random.Generator) -> Iterator[Cells]:
    groups = list(product(STAGES, ("f", "m"), ("child", "adult")))
    for team, month in product(TEAMS, _months()):
        if draw.random() < MISSING:
            continue
        for stage, sex, age_band in groups:
            yield {
                "team": team,
                "month": month,
                "stage": stage,
                "sex": sex,
                "age_band": age_band,
                "origin": "national",
                "n": int(draw.poisson(4)),
            }


def _fund(draw: np.random.Generator) -> Iterator[Cells]:
    for period in _quarters():
        for service in ("psychological", "medical", "legal", "food"):
            for stage in STAGES:
                persons = int(draw.poisson(6))
                amount = round(float(persons * draw.uniform(80, 400)), 2)
                yield {
                    "period": period,
                    "service": service,
                    "stage": stage,
                    "persons": persons,
                    "amount": amount,
                }


def _days(draw: np.random.Generator) -> Iterator[Cells]:
    for centre in CENTRES:
        present = int(draw.integers(20, 90))
        for offset in range(DAYS):
            if draw.random() < MISSING:
                continue
            arrivals, leaving = int(draw.poisson(6)), int(draw.poisson(6))
            departures = min(leaving, present + arrivals)
            present += arrivals - departures
            off = 3 if draw.random() < BROKEN else 0
            yield {
                "facility_id": centre,
                "date": (dt.date(2024, 1, 1) + dt.timedelta(days=offset)).isoformat(),
                "beds": BEDS,
                "present": present + off,
                "arrivals": arrivals,
                "departures": departures,
            }


def _places() -> list[str]:
    return [a.area_id for a in load_areas().children("MK", "municipality")]


def _plans(draw: np.random.Generator) -> Iterator[Cells]:
    states = ("not_started", "in_progress", "done", "late")
    for place in _places():
        for number in range(1, 4):
            yield {
                "quarter": "2024-Q4",
                "gap_id": f"{place}-{number}",
                "measure": f"{PREFIX}measure-{number}",
                "owner": f"{PREFIX}owner",
                "start": "2024-01-15",
                "end": "2024-11-30",
                "cost": int(draw.integers(20, 400)) * 1000,
                "state": states[int(draw.integers(len(states)))],
            }


def _answers(draw: np.random.Generator) -> Iterator[Cells]:
    for place in _places():
        for question in range(1, 9):
            for rater in ("R1", "R2"):
                if draw.random() < MISSING:
                    continue
                yield {
                    "instrument_id": f"{PREFIX}instrument",
                    "version": "1.0",
                    "question_id": f"Q-{question}",
                    "area_id": place,
                    "period": "2024",
                    "rater": rater,
                    "option": f"{PREFIX}option",
                    "score": int(draw.integers(3)) * 50,
                    "evidence_ids": "E-1",
                    "state": "draft",
                }


def _indicators(draw: np.random.Generator) -> Iterator[Cells]:
    for place in _places():
        for year in YEARS:
            yield {
                "indicator_id": "protected_residents_persons",
                "area": place,
                "period_start": f"{year}-01-01",
                "period_end": f"{year}-12-31",
                "sex": "total",
                "origin": "total",
                "citizenship": "total",
                "value": ".." if draw.random() < MISSING else int(draw.poisson(14)),
                "status": "final",
                "source": f"{PREFIX}municipality",
            }


def _trainings(draw: np.random.Generator) -> Iterator[Cells]:
    for event in range(1, TRAININGS + 1):
        for _ in range(int(draw.integers(8, 20))):
            before = round(float(draw.uniform(30, 70)), 1)
            yield {
                "event_id": f"EV-{event:02d}",
                "person_hash": draw.bytes(8).hex(),
                "institution": f"{PREFIX}institution-{int(draw.integers(1, 12))}",
                "sex": ("f", "m")[int(draw.integers(2))],
                "hours": 6,
                "pre": before,
                "post": round(min(100.0, before + float(draw.uniform(0, 25))), 1),
            }
