"""Whether the numbers of a brief are bound, equal in all languages, and none that is withheld."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from analysis.documents.briefs.own_text import find_bare_numbers
from analysis.documents.gate.check import Check, Finding, settle
from analysis.documents.model import block_numbers
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.documents.briefs.own_text import OwnText
    from analysis.documents.model import Bound, Document
    from analysis.store.read import PublicData

UNBOUND = mark("the number {number} is bound to no observation")
UNKNOWN = mark("the number {number} names the observation {id}, which is not published")
WITHHELD = mark("a number is printed that the published table withholds ({id})")
OTHER = mark("its numbers are not those of {language}: the first that differs is {number}")
BARE = mark("the number {number} is typed; write the id of its observation in braces")


def check_links(briefs: Mapping[str, Document], data: PublicData) -> Check:
    """Check that every number says which observations it comes from, and that they exist.

    Parameters
    ----------
    briefs : mapping of str to Document
        By language.
    data : PublicData

    Returns
    -------
    Check
    """
    known = set(data.frame["observation_id"])
    found = []
    for language, section, number in _numbers(briefs):
        where = f"{language}, {section}"
        rows = [r for r in (number.reference, *number.inputs) if r]
        if not rows and number.value is not None:
            found.append(Finding(UNBOUND, where, (("number", number.text),)))
        found += [
            Finding(UNKNOWN, where, (("number", number.text), ("id", r)))
            for r in rows
            if r not in known
        ]
    return settle("links", mark("Every number is bound to published observations"), found)


def check_withheld(briefs: Mapping[str, Document], data: PublicData) -> Check:
    """Check that no number is printed for an observation that is withheld.

    Parameters
    ----------
    briefs : mapping of str to Document
    data : PublicData

    Returns
    -------
    Check
    """
    frame = data.frame
    withheld = set(frame.loc[frame["state"] == "suppressed", "observation_id"])
    found = [
        Finding(WITHHELD, f"{language}, {section}", (("id", row),))
        for language, section, number in _numbers(briefs)
        for row in (number.reference, *number.inputs)
        if number.value is not None and row in withheld
    ]
    return settle("withheld", mark("No withheld number is printed, nor one made from it"), found)


def check_languages(briefs: Mapping[str, Document]) -> Check:
    """Check that every language prints the same numbers in the same order.

    Parameters
    ----------
    briefs : mapping of str to Document

    Returns
    -------
    Check
    """
    first, *others = briefs or [""]
    found = []
    for language in others:
        pairs = zip_longest(briefs[first].numbers, briefs[language].numbers)
        apart = next(((a, b) for a, b in pairs if not (a and b and _key(a) == _key(b))), None)
        if apart is not None:
            shown = apart[1] or apart[0]
            parts = (("language", first), ("number", shown.text if shown else ""))
            found.append(Finding(OTHER, language, parts))
    return settle("languages", mark("Numbers are equal in all languages"), found)


def check_bare(own: Mapping[str, OwnText]) -> Check:
    """Check that nobody typed a number into a text.

    Parameters
    ----------
    own : mapping of str to OwnText
        By language; those that have one.

    Returns
    -------
    Check
    """
    found = [
        Finding(BARE, f"{text.name}, {bare.line}", (("number", bare.text),))
        for text in own.values()
        for bare in find_bare_numbers(text)
    ]
    return settle("bare", mark("No number is typed by hand"), found)


def _key(number: Bound) -> tuple[float | None, str, tuple[str, ...]]:
    return number.value, number.reference, number.inputs


def _numbers(briefs: Mapping[str, Document]) -> Iterable[tuple[str, str, Bound]]:
    for language, brief in briefs.items():
        for section in brief.sections:
            for block in section.blocks:
                for number in block_numbers(block):
                    yield language, section.name, number
