"""What the tests of this folder change in a file of figures, and how it is published again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection import publish_observations
from analysis.store.build import build_observations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.workspace import Workspace

# A file, a line of it without its end, and the number that is written there instead.
Edit = tuple[str, str, str]

UNHCR, TRAFFICKING = "unhcr_municipality.csv", "trafficking_victims.csv"
# Asylum seekers registered in Butel in 2025: 26 in truth.
ASKED = "unhcr_asylum_seekers_persons,MK-803,2025-01-01,2025-12-31,total,total,total,26,value"
LINE = ASKED.removesuffix(",value")
ONE = "d1f7e0735f6a"
STATES: dict[str, tuple[Edit, ...]] = {
    "zero": ((UNHCR, ASKED, "0,zero"),),
    "withheld": ((UNHCR, LINE, "7"),),
    # Another number that is withheld.
    "withheld otherwise": ((UNHCR, LINE, "8"),),
}
# Persons presumed victims in the country in 2020: six, of them five women and five adults. Beside
# six every part is withheld, for each gives the other.
PRESUMED = "trafficking_presumed_victims_persons,MK,2020-01-01,2020-12-31"
WOMEN = "8495737a55ce"
OTHER_PARTS: tuple[Edit, ...] = (
    (TRAFFICKING, f"{PRESUMED},female,total,total,total,total,5", "4"),
    (TRAFFICKING, f"{PRESUMED},male,total,total,total,total,1", "2"),
    (TRAFFICKING, f"{PRESUMED},total,total,total,adult,total,5", "3"),
    (TRAFFICKING, f"{PRESUMED},total,total,total,child,total,1", "3"),
)


def change(space: Workspace, edits: Iterable[Edit]) -> None:
    """Write other numbers into the published tables of a workspace."""
    for name, line, new in edits:
        path = space.published / name
        text = path.read_text(encoding="utf-8")
        assert text.count(line + ",") == 1
        kept = line.removesuffix(",value") if new.endswith("zero") else line
        changed = f"{kept.rpartition(',')[0]},{new},"
        path.write_text(text.replace(line + ",", changed), encoding="utf-8")


def publish(space: Workspace) -> Workspace:
    """Build a workspace and its public zone."""
    publish_observations(build_observations(space.published), space)
    return space
