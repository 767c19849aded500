"""The kinds of returns as data: their columns, keys, choices and examples."""

from __future__ import annotations

from analysis.sources.returns.columns import Column, Kind
from analysis.sources.returns.kinds_people import ASSISTANCE, TEAMS, TRAINING
from analysis.sources.returns.kinds_policy import ACTION_PLAN, ANSWERS, INDICATORS, RECEPTION
from analysis.sources.returns.kinds_policy import PUBLISHED as PUBLISHED_FIGURES
from analysis.sources.returns.remarks import ImportRefused, remark
from analysis.text import mark

KINDS: dict[str, Kind] = {
    kind.kind_id: kind
    for kind in (
        TRAINING,
        TEAMS,
        ASSISTANCE,
        RECEPTION,
        ACTION_PLAN,
        ANSWERS,
        INDICATORS,
        PUBLISHED_FIGURES,
    )
}


def find_kind(kind_id: str) -> Kind:
    """Look a kind of return up.

    Parameters
    ----------
    kind_id : str

    Returns
    -------
    Kind

    Raises
    ------
    ImportRefused
        When there is no such kind; the sentence names those that there are.

    Examples
    --------
    >>> find_kind("reception_day").keys
    ('facility_id', 'date')
    """
    if kind_id in KINDS:
        return KINDS[kind_id]
    raise ImportRefused(
        remark(
            mark("'{kind}' is not a kind of return. Use one of: {known}."),
            kind=kind_id,
            known=", ".join(KINDS),
        )
    )


__all__ = ["KINDS", "Column", "Kind", "find_kind"]
