"""What an attacker knows whatever is withheld: said plainly to who signs for the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.catalog import load_areas, load_indicators
from analysis.documents.model import Column, Paragraph, Section, Table
from analysis.store.schema import DIMENSIONS, TOTAL
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.protection_cost import EditionCost
    from analysis.documents.wording import Wording

HEADS = (mark("Figure"), mark("Area"), mark("Period"), mark("Split"))


def told_section(w: Wording, cost: EditionCost | None) -> tuple[Section, ...]:
    """Write the verdict of the attacker.

    Parameters
    ----------
    w : Wording
    cost : EditionCost or None

    Returns
    -------
    tuple of Section
        Nothing where no attacker was asked.
    """
    if cost is None or cost.told is None:
        return ()
    title = w.translate("What an attacker would know")
    if not cost.told:
        said = w.say(
            "An attacker who has every published figure, all releases and what other publishers "
            "printed comes near to no withheld count."
        )
        return (Section("told", title, (Paragraph(said, "lead"),)),)
    said = w.say(
        "An attacker who has every published figure comes near to these withheld counts. All that "
        "hangs together with them is withheld already: they follow from the total of a country or "
        "from a former release, and this edition adds nothing. Decide whether the total has to be "
        "shown."
    )
    areas, indicators = load_areas(), load_indicators()
    rows = tuple(
        (
            w.indicator(indicators.get(cell["indicator_id"])),
            w.area(areas.get(cell["area_id"])),
            _name_period(cell),
            ", ".join(cell[name] for name in DIMENSIONS if cell[name] != TOTAL) or "–",
        )
        for cell in cost.told
    )
    columns = tuple(Column(w.translate(head)) for head in HEADS)
    table = Table("told", title, columns, rows)
    return (Section("told", title, (Paragraph(said, "lead"), table)),)


def _name_period(cell: dict[str, str]) -> str:
    first, last = cell["period_start"], cell["period_end"]
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"
