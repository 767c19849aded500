"""Maps with every state, for the tests of those that draw them."""

from __future__ import annotations

from analysis.documents.area_maps import make_area_map
from analysis.documents.wording import Wording
from analysis.figures.area_map import AreaMap, MapNotes
from analysis.methods import Result
from analysis.text import translator

HERE, ZERO, WITHHELD, SILENT, MEANINGLESS = "MK-703", "MK-405", "MK-803", "MK-601", "MK-501"
OTHERS = ("MK-101", "MK-102", "MK-103", "MK-104", "MK-105", "MK-106", "MK-107", "MK-401")
NOTES = MapNotes("Schematic here", "One square each", "City")


def results(unit: str, *values: float, everything: bool = True) -> dict[str, Result]:
    """Give numbers to the first municipalities, and a state to four more."""
    given = {
        i: Result(state="value", value=v, unit=unit)
        for i, v in zip((HERE, *OTHERS), values, strict=False)
    }
    if not everything:
        return given
    return given | {
        ZERO: Result(state="zero", value=0.0, unit=unit),
        WITHHELD: Result(state="suppressed", unit=unit, reason="small"),
        SILENT: Result(state="no_data", unit=unit, reason="none"),
        MEANINGLESS: Result(state="not_applicable", unit=unit, reason="none"),
    }


def sample(unit: str, *values: float, language: str = "en", everything: bool = True) -> AreaMap:
    """Make a map of them."""
    given = results(unit, *values, everything=everything)
    return make_area_map(given, unit, "What is shown", HERE, Wording(translator(language)))


SHADES = (1.0, 1.5, 2.0, 9.0, 9.5, 10.0, 30.0, 31.0, 32.0)
COUNTS = (400.0, 100.0, -100.0, 25.0)
