"""What a number is about: the nearest names of areas, indicators and periods around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.scanner.numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analysis.protection.scanner.fragments import Fragment, Part
    from analysis.protection.scanner.shown import Period

    Finder = Callable[[str], frozenset[str]]

PERIOD_KEYS = ("period_start", "period_end")
YEAR_DIGITS = 4


def find_nearest(
    find: Finder, fragment: Fragment, part: Part, above: int | None = None
) -> frozenset[str]:
    """Find names in the nearest of: the key, the record, what stands above, the document.

    Parameters
    ----------
    find : callable
        Gives the ids of what a text names.
    fragment : Fragment
    part : Part
        One of its parts.
    above : int, optional
        How many of the captions and headings count; without it all, and the document too.

    Returns
    -------
    frozenset of str
        Ids; all of them from one level, for a nearer name is meant before a farther one.
    """
    for level in _levels(fragment, part, above):
        found = frozenset[str]().union(*(find(text) for text in level))
        if found:
            return found
    return frozenset()


def _levels(fragment: Fragment, part: Part, above: int | None) -> Iterator[tuple[str, ...]]:
    if part.key:
        yield (part.key,)
    yield tuple(p.text for p in fragment.parts)
    for text in fragment.context[:above]:
        yield (text,)
    if above is None:
        for text in fragment.document:
            yield (text,)


def find_periods(fragment: Fragment, part: Part) -> frozenset[Period]:
    """Find the periods that a number is said of, in the nearest place that says any.

    Parameters
    ----------
    fragment : Fragment
    part : Part

    Returns
    -------
    frozenset of (int, int)
        First and last years. Titles and paths of documents are not asked: they carry the year
        of the edition.
    """
    exact = {p.key: p.text[:YEAR_DIGITS] for p in fragment.parts if p.key in PERIOD_KEYS}
    if len(exact) == len(PERIOD_KEYS) and all(year.isdecimal() for year in exact.values()):
        return frozenset({(int(exact[PERIOD_KEYS[0]]), int(exact[PERIOD_KEYS[1]]))})
    found = read_numbers(part.key).periods or own_periods(fragment)
    if found:
        return found
    for text in fragment.context:
        found = read_numbers(text).periods
        if found:
            return found
    return frozenset()


def own_periods(fragment: Fragment) -> frozenset[Period]:
    """Find the periods that a record itself names."""
    none: frozenset[Period] = frozenset()
    return none.union(*(read_numbers(p.text).periods for p in fragment.parts))
