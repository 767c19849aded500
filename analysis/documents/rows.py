"""A reading as rows: one tidy table of what was observed and of what was worked out from it.

The rows are the protected observations that the page prints, in the order of the page; behind them
come the results of methods, each with its interval and the codes of its observations. A number that
is withheld or missing is a blank cell with its state in words beside it; it is never a zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.catalog import load_areas
from analysis.documents.notice import profile_notice
from analysis.protection.reasons import BREAKDOWN, PROTECTS, UNKNOWN
from analysis.store.schema import DIMENSIONS, TOTAL
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from analysis.assessment.reading import Computed, Reading
    from analysis.documents.wording import Wording

OBSERVATION = "observation"
# What each column says, in the order of the columns.
COLUMNS: Mapping[str, str] = {
    "kind": mark("'observation', or what a method worked out from observations"),
    "indicator_id": mark("Code of the indicator; the same in every language and edition"),
    "indicator": mark("Name of the indicator"),
    "unit": mark("What is counted: persons, per cent, crossings of a border, places"),
    "area_id": mark("Code of the area"),
    "area": mark("Name of the area"),
    "period_start": mark("First day of the period, year-month-day"),
    "period_end": mark("Last day of the period; a stock is counted on it"),
    "sex": mark("Sex; 'total' where the figure is not split"),
    "origin": mark("Country of origin (ISO 3166-1 alpha-3); 'total' where it is not split"),
    "age": mark("Age group; 'total' where it is not split"),
    "category": mark("Form, group or body; 'total' where it is not split"),
    "citizenship": mark("Citizenship (ISO 3166-1 alpha-3); 'total' where it is not split"),
    "value": mark("The number. A blank cell is never a zero: see the state"),
    "lower": mark(
        "Lower limit of the 95 % interval, or of the 80 % interval where the kind is forecast_80; "
        "blank for a full count"
    ),
    "upper": mark(
        "Upper limit of the 95 % interval, or of the 80 % interval where the kind is forecast_80; "
        "blank for a full count"
    ),
    "state": mark("Code of the state: value, zero, suppressed, no_data or not_applicable"),
    "state_in_words": mark("The state in words"),
    "status": mark("final, provisional, estimate or survey"),
    "reason": mark("Why the number is withheld or missing"),
    "source_id": mark("Code of the source; see the sheet of sources"),
    "source": mark("Publisher and title of the source"),
    "licence": mark("Terms under which the source may be used again"),
    "method": mark("How the number was made"),
    "inputs": mark("Codes of the observations that a method worked the number out from"),
    "observation_id": mark("Code of the figure, by which it can be traced to its file and line"),
}
STATES: Mapping[str, str] = {
    "value": mark("number"),
    "zero": mark("counted, and the count is zero"),
    "suppressed": mark("withheld"),
    "no_data": mark("no data"),
    "not_applicable": mark("does not apply"),
}
REASONS: Mapping[str, str] = {
    PROTECTS: mark("withheld so that nobody can be found"),
    UNKNOWN: mark("share of an unknown count"),
    BREAKDOWN: mark("no such breakdown is published below a country"),
}


def reading_rows(reading: Reading, w: Wording) -> pd.DataFrame:
    """List every figure of a profile, or of another reading, one row each.

    Parameters
    ----------
    reading : Reading
    w : Wording

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`. ``value`` is blank unless the state is a number.
    """
    # By reference, each once, in the order in which the page first prints it.
    order = list(dict.fromkeys(r.reference for r in reading.rows if r.reference))
    rows = reading.data.take_rows(order)
    sources = reading.data.sources.set_index("source_id").to_dict("index")
    listed = [_row(row, sources[row["source_id"]], reading, w) for row in rows.to_dict("records")]
    listed += [_computed_row(found, sources, w) for found in reading.computed]
    numbers = dict.fromkeys(("value", "lower", "upper"), float)
    table = pd.DataFrame(listed, columns=list(COLUMNS)).astype(numbers)
    notice = profile_notice(reading, w.translate)
    if notice:
        # In every row, because rows are what people copy out of a table.
        table.insert(0, "demonstration", notice)
    return table


def _row(
    row: Mapping[Hashable, Any], source: Mapping[Hashable, Any], reading: Reading, w: Wording
) -> dict[str, Any]:
    indicator = reading.data.indicators.get(str(row["indicator_id"]))
    reason = str(row["reason"])
    return {
        "kind": OBSERVATION,
        "indicator_id": indicator.indicator_id,
        "indicator": w.indicator(indicator),
        "unit": indicator.unit,
        "area_id": row["area_id"],
        "area": w.area(load_areas().get(str(row["area_id"]))),
        "period_start": row["period_start"],
        "period_end": row["period_end"],
        **{name: row[name] for name in DIMENSIONS},
        "value": row["value"],
        "lower": row["lower"],
        "upper": row["upper"],
        "state": row["state"],
        "state_in_words": w.translate(STATES[str(row["state"])]),
        "status": row["status"],
        "reason": w.translate(REASONS[reason]) if reason in REASONS else reason,
        "source_id": row["source_id"],
        "source": f"{source['publisher']}: {source['title']}",
        "licence": source["licence"],
        "method": row["method"],
        "inputs": "",
        "observation_id": row["observation_id"],
    }


def _computed_row(
    found: Computed, sources: Mapping[Hashable, Mapping[Hashable, Any]], w: Wording
) -> dict[str, Any]:
    result = found.result
    source = sources.get(result.source_id)
    return {
        "kind": found.kind,
        "indicator_id": found.indicator.indicator_id,
        "indicator": w.indicator(found.indicator),
        "unit": result.unit,
        "area_id": found.area.area_id,
        "area": w.area(found.area),
        "period_start": result.period_start,
        "period_end": result.period_end,
        **dict.fromkeys(DIMENSIONS, TOTAL),
        "value": result.value,
        "lower": result.lower,
        "upper": result.upper,
        "state": result.state,
        "state_in_words": w.translate(STATES[result.state]),
        "status": result.status,
        "reason": w.translate(result.reason) if result.reason else "",
        "source_id": result.source_id,
        "source": f"{source['publisher']}: {source['title']}" if source else "",
        "licence": source["licence"] if source else "",
        "method": result.method,
        "inputs": " ".join(result.inputs),
        "observation_id": "",
    }
