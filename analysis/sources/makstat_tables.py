"""Which tables of MAKSTAT are read, and what their dimensions and marks mean to us."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.sources.protocol import Reshaped

if TYPE_CHECKING:
    from collections.abc import Mapping

# Codes of dimensions are Macedonian whatever language is asked for.
AREA = "Општина"
YEAR = "Година"
SEX = "Пол"
AGE = "Возраст"
SEXES = {
    "вкупно": "total",
    "мажи": "male",
    "машки": "male",
    "жени": "female",
    "женски": "female",
}
# In place of a number: nothing happened, not known, cannot be.
MARKS = {
    "-": ("0", "zero"),
    "..": ("", "no_data"),
    "...": ("", "no_data"),
    ".": ("", "not_applicable"),
}
COUNTRY_CODE = "0000"
CITY_CODE = "0019"
COUNTRY = "MK"
CITY = "MK-SKOPJE"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of MAKSTAT.

    Parameters
    ----------
    name : str
        Stem of the file that its answer is kept in.
    folder, table : str
        Where it lies under ``MakStat``.
    title : str
    indicator : str
        What it measures; blank where a dimension tells several measures apart.
    measures : dict of str to str
        What the category of each measure is called, and its indicator.
    dimensions : tuple of str
        Dimensions beside municipality and year that it must have. Any other one is taken at
        its total.
    status : str
    midyear : bool
        Whether a figure holds for 30 June; for the whole year otherwise.
    """

    name: str
    folder: str
    table: str
    title: str
    indicator: str = ""
    measures: Mapping[str, str] = field(default_factory=dict)
    dimensions: tuple[str, ...] = ()
    status: str = "final"
    midyear: bool = False


_EXTERNAL = "Naselenie/NadvoresniMigracii"
_VITAL = "Naselenie/Vitalna"
TABLES = (
    Table(
        name="internal_migration",
        folder="Naselenie/VnatresniMigracii/VnatresniMigraciiTekovni",
        table="675_Migracii_op_VkDosOts_ml.px",
        title="Total in-migrated and out-migrated citizens, by municipality",
        measures={
            "доселени": "internal_inmigration_persons",
            "отселени": "internal_outmigration_persons",
        },
    ),
    Table(
        name="immigrated_citizens",
        folder=_EXTERNAL,
        table="805_NMigdos_Op_dr_drzavi_ml.px",
        title="Immigrated citizens from other countries, by municipality",
        indicator="immigrated_citizens_persons",
    ),
    Table(
        name="emigrated_citizens",
        folder=_EXTERNAL,
        table="806_NMigots_Op_dr_drzavi_ml.px",
        title="Emigrated citizens to other countries, by municipality",
        indicator="emigrated_citizens_persons",
    ),
    Table(
        name="immigrated_foreigners",
        folder=_EXTERNAL,
        table="807_NMigdos_Op_str_drzavi_ml.px",
        title="Immigrated foreigners from other countries, by municipality",
        indicator="immigrated_foreigners_persons",
    ),
    Table(
        name="emigrated_foreigners",
        folder=_EXTERNAL,
        table="808_NMigots_Op_str_drzavi_ml.px",
        title="Emigrated foreigners to other countries, by municipality",
        indicator="emigrated_foreigners_persons",
    ),
    Table(
        name="midyear_population",
        folder="Naselenie/ProcenkiNaselenie/ProcenkiPopis2021/Proceni30Juni",
        table="30062021_Ops_Za_PX.px",
        title="Estimated resident population on 30 June, by municipality",
        indicator="midyear_population_persons",
        dimensions=(SEX, AGE),
        status="estimate",
        midyear=True,
    ),
    Table(
        name="live_births",
        folder=_VITAL,
        table="630_VidStat_ZivRod_Pol_ops_ml.px",
        title="Live births by sex, by municipality",
        indicator="live_births_persons",
        dimensions=(SEX,),
    ),
    Table(
        name="deaths",
        folder=_VITAL,
        table="685_VitStat_Umr_Pol_ops_ml.px",
        title="Deaths by sex, by municipality",
        indicator="deaths_persons",
        dimensions=(SEX,),
    ),
)


def wanted_codes(
    table: Table, labels: Mapping[str, Mapping[str, str]], place: str
) -> dict[str, dict[str, str]]:
    """Say which codes of each dimension are wanted, and what each stands for.

    Parameters
    ----------
    table : Table
    labels : dict of str to dict of str to str
        For each dimension that the office has, what each code is called.
    place : str
        Address or file, for the sentence.

    Returns
    -------
    dict of str to dict of str to str
        For each dimension, by code: the code itself for municipality and year, the sex, the
        indicator for a dimension of measures, blank for a total.

    Raises
    ------
    Reshaped
        When a dimension is missing or renamed, or a category that is needed is not there.
    """
    expected = (AREA, YEAR, *table.dimensions)
    missing = [dimension for dimension in expected if dimension not in labels]
    if missing:
        others = [dimension for dimension in labels if dimension not in expected]
        instead = f", but there is '{others[0]}'" if others else ""
        msg = (
            f"{place} ({table.table}) has no dimension '{missing[0]}'{instead}. Expected "
            f"{', '.join(expected)}; found {', '.join(labels)}. The former figures stay in use; "
            f"see whether the office renamed it."
        )
        raise Reshaped(msg)
    wanted = {d: _wanted(table, d, named, place) for d, named in labels.items()}
    measured = [d for d, codes in wanted.items() if set(codes.values()) & _indicators(table)]
    if table.measures and len(measured) != 1:
        msg = (
            f"{place} ({table.table}) has no dimension with {' and '.join(table.measures)}. Found "
            f"{', '.join(labels)}. The former figures stay in use; see whether the office changed "
            f"the table."
        )
        raise Reshaped(msg)
    return wanted


def _wanted(table: Table, dimension: str, named: Mapping[str, str], place: str) -> dict[str, str]:
    if dimension in {AREA, YEAR}:
        return {code: code for code in named}
    plain = {code: _plain(label) for code, label in named.items()}
    if dimension == SEX:
        strangers = [named[code] for code, label in plain.items() if label not in SEXES]
        if strangers:
            msg = (
                f"{place} ({table.table}) has '{strangers[0]}' in its dimension '{SEX}'. Expected "
                f"Вкупно, Мажи or Машки, Жени or Женски. The former figures stay in use."
            )
            raise Reshaped(msg)
        return {code: SEXES[label] for code, label in plain.items()}
    measures = {code: table.measures[p] for code, p in plain.items() if p in table.measures}
    if measures and set(measures.values()) == _indicators(table):
        return measures
    totals = [code for code, label in plain.items() if label == "вкупно"]
    if len(totals) != 1:
        msg = (
            f"{place} ({table.table}) has {len(totals)} totals in its dimension '{dimension}', "
            f"expected one category 'Вкупно' (found {', '.join(list(named.values())[:5])}). The "
            f"former figures stay in use; see whether the office changed the table."
        )
        raise Reshaped(msg)
    return {totals[0]: ""}


def _indicators(table: Table) -> set[str]:
    return set(table.measures.values())


def _plain(label: str) -> str:
    """Take the last part of a label such as ``Возраст - Вкупно``, without capitals."""
    return label.rpartition(" - ")[2].strip().casefold()
