"""Facts of policy monitoring that are no figures: tiers, evaluations, programmes, milestones.

Each has a date as exact as it is known, a source, and how far it was verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import analysis.catalog.monitoring_schemas as rules
from analysis.catalog.areas import load_areas
from analysis.catalog.monitoring_rows import read_rows, refuse_strangers
from analysis.catalog.populations import load_categories, load_populations


@dataclass(frozen=True, slots=True)
class Tier:
    """The tier of a country in one report of the US Department of State.

    ``tier`` is blank where no source was found for the year; it is never carried forward. A tier
    judges the efforts of a government, not how many victims there are.
    """

    record_id: str
    area_id: str
    report_year: str
    tier: str
    source: str
    locator: str
    verification: str


@dataclass(frozen=True, slots=True)
class EvaluationRound:
    """One round of evaluation by GRETA, with its dates as far as they are known."""

    record_id: str
    area_id: str
    round: str
    visit_from: str
    visit_to: str
    adopted_from: str
    adopted_to: str
    published: str
    finding_en: str
    source: str
    verification: str


@dataclass(frozen=True, slots=True)
class ProgrammePhase:
    """One phase of a programme, and the areas with an action on trafficking in it."""

    record_id: str
    programme: str
    phase: str
    start: str
    end: str
    areas: str
    content_en: str
    note_en: str
    source: str
    verification: str

    @property
    def area_ids(self) -> tuple[str, ...]:
        """The areas, one by one."""
        return _parts(self.areas)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One dated event of a topic: a law, an institution or what became of them in practice.

    ``amount_eur`` is None where no amount is known, which is not an amount of zero; ``amount_of``
    says what the amount is.
    """

    record_id: str
    area_id: str
    topic: str
    kind: str
    date: str
    until: str
    event_en: str
    amount_eur: float | None
    amount_of: str
    source: str
    verification: str


@dataclass(frozen=True, slots=True)
class CentreEvent:
    """A dated status of a reception or asylum centre."""

    record_id: str
    centre: str
    category: str
    area_id: str
    status: str
    date: str
    until: str
    event_en: str
    source: str
    verification: str


@lru_cache(maxsize=1)
def load_tiers() -> tuple[Tier, ...]:
    """Read the tiers of the reports of the US Department of State, by country and year.

    Returns
    -------
    tuple of Tier

    Raises
    ------
    CatalogueError
        When a row breaks a rule; so do the other loaders of this module.

    Examples
    --------
    >>> [t.tier for t in load_tiers() if t.area_id == "RS" and t.report_year == "2024"]
    ['2 watch list']
    """
    return tuple(Tier(**row) for row in read_rows("tiers.csv", rules.TIER_TABLE))


@lru_cache(maxsize=1)
def load_evaluation_rounds() -> tuple[EvaluationRound, ...]:
    """Read the rounds of evaluation by GRETA.

    Examples
    --------
    >>> [r.visit_from for r in load_evaluation_rounds() if r.record_id == "MK-3"]
    ['2022-03-14']
    """
    return tuple(
        EvaluationRound(**row) for row in read_rows("evaluation_rounds.csv", rules.ROUND_TABLE)
    )


@lru_cache(maxsize=1)
def load_programmes() -> tuple[ProgrammePhase, ...]:
    """Read the phases of programmes with an action on trafficking.

    Examples
    --------
    >>> [p.phase for p in load_programmes() if "MK" in p.area_ids]
    ['I', 'II', 'III']
    """
    name = "programmes.csv"
    phases = tuple(ProgrammePhase(**row) for row in read_rows(name, rules.PROGRAMME_TABLE))
    known = {area.area_id for area in load_areas()}
    for phase in phases:
        refuse_strangers(name, phase.record_id, phase.area_ids, known, "areas.csv")
    return phases


@lru_cache(maxsize=1)
def load_milestones() -> tuple[Milestone, ...]:
    """Read the milestones: laws, institutions and practice, by topic.

    Examples
    --------
    >>> [m.amount_eur for m in load_milestones() if m.amount_of == "ceiling of an award"]
    [5000.0]
    """
    rows = read_rows("milestones.csv", rules.MILESTONE_TABLE)
    return tuple(_milestone(row) for row in rows)


def _milestone(row: dict[str, str]) -> Milestone:
    amount = row["amount_eur"]
    known = {name: text for name, text in row.items() if name != "amount_eur"}
    return Milestone(**known, amount_eur=float(amount) if amount else None)


@lru_cache(maxsize=1)
def load_centre_events() -> tuple[CentreEvent, ...]:
    """Read the dated statuses of reception and asylum centres.

    Examples
    --------
    >>> sorted(e.centre for e in load_centre_events() if e.status == "closed_permanently")
    ['Dimitrovgrad', 'Kikinda', 'Šid']
    """
    name = "centre_events.csv"
    events = tuple(CentreEvent(**row) for row in read_rows(name, rules.CENTRE_TABLE))
    for event in events:
        refuse_strangers(
            name, event.record_id, [event.category], load_categories(), "categories.csv"
        )
    return events


def check_monitoring() -> dict[str, int]:
    """Check the tables of this module.

    Returns
    -------
    dict of str to int
        Number of rows of each table.

    Examples
    --------
    >>> check_monitoring()["programmes.csv"]
    3
    """
    return {
        "tiers.csv": len(load_tiers()),
        "evaluation_rounds.csv": len(load_evaluation_rounds()),
        "programmes.csv": len(load_programmes()),
        "milestones.csv": len(load_milestones()),
        "centre_events.csv": len(load_centre_events()),
        "populations.csv": len(load_populations()),
        "categories.csv": len(load_categories()),
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
