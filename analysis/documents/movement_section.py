"""How a municipality moves year by year, and its counts in relation to residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.method_tables import rates_table, trend_blocks
from analysis.documents.model import Bullets, Paragraph, Section
from analysis.documents.statements.rates import say_rate
from analysis.documents.statements.trends import say_trend

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.documents.model import Block
    from analysis.documents.wording import Wording


def movement_section(profile: Profile, w: Wording) -> Section:
    """Show births, deaths and moves: each as a rate beside the country's, each with its trend."""
    heading = w.translate("Births, deaths and moves by year")
    if not profile.movements:
        silent = w.say(
            "No source that we hold gives births, deaths and moves of {area} by year.",
            area=w.area(profile.area),
        )
        return Section("movement", heading, (Paragraph(silent, "lead"),))
    trends = [m.trend for m in profile.movements]
    blocks: tuple[Block, ...] = (
        Bullets(tuple(say_rate(m.rate, w) for m in profile.movements)),
        rates_table([m.rate for m in profile.movements], w),
        Bullets(tuple(say_trend(t, w) for t in trends if t.change.is_number)),
        *trend_blocks(trends, w),
        Paragraph(
            w.say(
                "A direction is named only where a series has at least five whole years of one "
                "source without a break and the change is too clear to be chance, judged among "
                "all municipalities together."
            ),
            "note",
        ),
    )
    return Section("movement", heading, blocks)
