"""Why a method says nothing: messages of the catalogs, the same in every method."""

from __future__ import annotations


def mark(message: str) -> str:
    """Mark a message for the catalogs; every reason is read by a person.

    Parameters
    ----------
    message : str
        English sentence or phrase.

    Returns
    -------
    str
        The same message.

    Examples
    --------
    >>> mark("no figure")
    'no figure'
    """
    return message


NO_FIGURE = mark("no figure")
WITHHELD = mark("withheld to protect persons")
NOT_MEANT = mark("does not apply here")
TOO_FEW = mark("not enough cases to say")
TOO_SHORT = mark("not enough years to say")
NO_POPULATION = mark("no population to relate the cases to")
ALL_THE_SAME = mark("every value is the same, so nothing can be told apart")
NO_NEIGHBOURS = mark("no neighbouring area")
TOO_FEW_AREAS = mark("not enough areas to say")
