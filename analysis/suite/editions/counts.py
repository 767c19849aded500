"""How much an edition holds, and whether that is suspiciously less than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.suite.editions.pages import PageFacts

PAGES, NUMBERS = "pages", "numbers"
ROWS, SHOWN, WITHHELD = "rows", "rows_shown", "rows_withheld"
LEFT = 0.8
# A place more or less is nothing that anybody has to be asked about.
FEW = 3
WORDS = {
    PAGES: "pages in '{language}'",
    NUMBERS: "numbers on pages in '{language}'",
    ROWS: "rows of the public table",
    SHOWN: "rows of the public table that show a number",
}
FALL = (
    "This edition has {after} {what}, the one before had {before}. If that is meant, go on with "
    "`patokaz publish --accept`; otherwise see what is missing: `patokaz status`."
)


def count_edition(
    pages: Mapping[str, PageFacts], table: pd.DataFrame | None = None
) -> dict[str, int]:
    """Count what an edition holds.

    Parameters
    ----------
    pages : mapping of str to PageFacts
        By path within the site, which begins with the language.
    table : pandas.DataFrame, optional
        The public table; only its states are looked at.

    Returns
    -------
    dict of str to int
        ``pages mk``, ``numbers mk`` and so on, and the rows of the table.
    """
    counts: dict[str, int] = {}
    for path, facts in pages.items():
        language = path.split("/")[0] if "/" in path else ""
        if not language:
            continue
        for what, count in ((PAGES, 1), (NUMBERS, facts.numbers.total())):
            counts[f"{what} {language}"] = counts.get(f"{what} {language}", 0) + count
    if table is not None:
        withheld = int(table["state"].eq("suppressed").sum())
        counts |= {ROWS: len(table), WITHHELD: withheld}
        counts[SHOWN] = int(table["state"].isin(["value", "zero"]).sum())
    return counts


def check_counts(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Find what fell so sharply that a person should say whether it is meant.

    Parameters
    ----------
    before, after : mapping of str to int
        As :func:`count_edition` gives them.

    Returns
    -------
    list of str
        A sentence for each; more withheld rows are no reason to stop.

    Examples
    --------
    >>> check_counts({"pages mk": 80}, {"pages mk": 80, "numbers mk": 5})
    []
    """
    found = []
    for name, was in before.items():
        what, _, language = name.partition(" ")
        now = after.get(name, 0)
        if what in WORDS and was - now >= FEW and now < LEFT * was:
            said = WORDS[what].format(language=language)
            found.append(FALL.format(after=now, what=said, before=was))
    return found
