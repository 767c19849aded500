"""The rows of the report on protection, for who wants to sort and count them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog import load_areas, load_indicators
from analysis.documents.protection_counts import CELL
from analysis.documents.protection_sections import LEVELS, REASON_WORDS
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from analysis.documents.protection_counts import Differences
    from analysis.documents.wording import Wording

WITHHELD = "withheld"


def report_cells(cells: pd.DataFrame, differences: Differences | None, w: Wording) -> pd.DataFrame:
    """List every withheld cell, and every cell that is other than in the former release.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`~analysis.documents.protection_counts.select_protected` gives them.
    differences : Differences or None
    w : Wording

    Returns
    -------
    pandas.DataFrame
        ``list`` says what a row is there for: ``withheld``, or the name of a difference. There is
        no column for a number, so that none can be in it.
    """
    listed = [
        cells.loc[cells["is_withheld"], [*CELL, "reason"]].assign(list=WITHHELD),
    ]
    if differences is not None:
        listed += [
            getattr(differences, name).assign(list=f"{name}_since_former_release", reason="")
            for name in differences.__dataclass_fields__
        ]
    rows = pd.concat(listed, ignore_index=True)
    areas, indicators = load_areas(), load_indicators()
    place = {a.area_id: a for a in areas}
    named = {i.indicator_id: w.indicator(i) for i in indicators}
    level = rows["area_id"].map({a.area_id: a.level for a in areas})
    return pd.DataFrame(
        {
            "list": rows["list"],
            "indicator_id": rows["indicator_id"],
            "indicator": rows["indicator_id"].map(named),
            "area_id": rows["area_id"],
            "area": rows["area_id"].map(lambda area_id: w.area(place[area_id])),
            "level": level.map(lambda code: w.translate(LEVELS[code]) if code in LEVELS else code),
            "period_start": rows["period_start"],
            "period_end": rows["period_end"],
            **{name: rows[name] for name in DIMENSIONS},
            "source_id": rows["source_id"],
            "reason": rows["reason"].map(
                lambda code: w.translate(REASON_WORDS[code]) if code in REASON_WORDS else code
            ),
        }
    )
