"""Every municipality at once: the numbers of the map as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.dashboard.fields import area_options
from analysis.documents.model import Column, Section, Table

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.documents.wording import Wording


def everywhere_section(profile: Profile, w: Wording) -> Section:
    """List the change of residents of every municipality: what the map shows, as a table.

    In the order of the alphabet, because this is no league table.
    """
    rows = tuple(
        (name, w.number(profile.change_everywhere[area_id])) for name, area_id in area_options(w)
    )
    table = Table(
        "everywhere",
        w.translate("Change of residents of every municipality, censuses of 2002 and 2021"),
        (Column(w.translate("Municipality"), is_number=False), Column(w.translate("Change, %"))),
        rows,
    )
    return Section("everywhere", w.translate("The map as a table"), (table,))
