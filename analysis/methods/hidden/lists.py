"""Capture histories: who is on which lists, read from a table and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

FEWEST_LISTS = 2
MOST_LISTS = 9


@dataclass(frozen=True, eq=False)
class CaptureTable:
    """How many persons have each capture history.

    Made by :func:`read_captures`.

    Parameters
    ----------
    names : tuple of str
        Names of the lists.
    counts : numpy.ndarray, shape (2 ** lists - 1,)
        Persons by history. The place of a history is its number less one, where the number is
        the sum of 1 for the first list, 2 for the second, 4 for the third and so on.

    Examples
    --------
    >>> import pandas as pd
    >>> table = read_captures(pd.DataFrame({"A": [1, 0, 1], "B": [0, 1, 1], "count": [9, 7, 4]}))
    >>> table.lists, table.seen, table.shared
    (2, 20, 4)
    """

    names: tuple[str, ...]
    counts: FloatArray

    @property
    def lists(self) -> int:
        """Number of lists."""
        return len(self.names)

    @property
    def seen(self) -> int:
        """Persons on at least one list."""
        return int(self.counts.sum())

    @property
    def histories(self) -> NDArray[np.int64]:
        """Histories as 0 and 1, shape (2 ** lists - 1, lists)."""
        numbers = np.arange(1, 2**self.lists)
        return np.asarray((numbers[:, None] >> np.arange(self.lists)) & 1, dtype=np.int64)

    @property
    def shared(self) -> int:
        """Persons on two lists or more."""
        return int(self.counts[self.histories.sum(axis=1) > 1].sum())

    @property
    def overlaps(self) -> FloatArray:
        """Persons that two lists share, whatever other lists they are on; the diagonal holds sizes.

        Shape (lists, lists).
        """
        marks = self.histories
        return np.asarray(marks.T @ (marks * self.counts[:, None]), dtype=np.float64)


def read_captures(table: pd.DataFrame, count: str | None = "count") -> CaptureTable:
    """Read capture histories: a column of 0 and 1 for each list, and how many persons.

    A history that is not in the table has no persons.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a history. Every column but that of the counts is a list.
    count : str or None
        Column of the counts. None: each row is one person, and equal rows are added up.

    Returns
    -------
    CaptureTable

    Raises
    ------
    ValueError
        When there are fewer than two lists, a mark is neither 0 nor 1, a history is there twice
        or has no list, or a count is not a whole number from 0 up.

    Examples
    --------
    >>> import pandas as pd
    >>> persons = pd.DataFrame({"police": [1, 1, 0], "shelter": [0, 1, 1]})
    >>> read_captures(persons, count=None).counts
    array([1., 1., 1.])
    """
    if count is not None and count not in table.columns:
        raise ValueError(
            f"There is no column '{count}' of counts; the columns are {_name(table.columns)}. Name "
            "the column, or give count=None when each row is one person."
        )
    columns = [name for name in table.columns if name != count]
    if not FEWEST_LISTS <= len(columns) <= MOST_LISTS:
        raise ValueError(
            f"The table has {len(columns)} lists, and this method wants {FEWEST_LISTS} to "
            f"{MOST_LISTS}. Add a list that was matched to the others, or merge lists of one kind."
        )
    numbers = _number_histories(table, columns)
    counts = np.ones(len(table)) if count is None else _read_whole(table[count], count)
    if count is not None:
        _refuse_doubles(numbers, len(columns))
    totals = np.zeros(2 ** len(columns) - 1)
    np.add.at(totals, numbers - 1, counts)
    totals.flags.writeable = False
    return CaptureTable(tuple(str(name) for name in columns), totals)


def _number_histories(table: pd.DataFrame, columns: list[str]) -> NDArray[np.int64]:
    try:
        marks = table[columns].to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise ValueError(
            f"A mark of a list cannot be read: {fault}. Write 1 for on the list and 0 for not."
        ) from fault
    wrong = (marks != 0) & (marks != 1)
    if wrong.any():
        row, column = (int(place[0]) for place in np.nonzero(wrong))
        raise ValueError(
            f"Row {row} holds {marks[row, column]:g} under '{columns[column]}'; write 1 for on the "
            "list and 0 for not. A column that is no list does not belong into the table."
        )
    numbers = np.asarray(marks @ 2.0 ** np.arange(len(columns)), dtype=np.int64)
    if (numbers == 0).any():
        row = int(np.flatnonzero(numbers == 0)[0])
        raise ValueError(
            f"Row {row} is a history on no list, and nobody can count those: they are what is to "
            "be estimated. Leave the row out."
        )
    return numbers


def _read_whole(column: pd.Series, name: str) -> FloatArray:
    try:
        counts = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as fault:
        raise ValueError(
            f"The column '{name}' cannot be read as numbers: {fault}. Give whole counts of persons."
        ) from fault
    wrong = ~(np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts)))
    if wrong.any():
        raise ValueError(
            f"The column '{name}' holds {counts[wrong][0]:g}, and persons are counted in whole "
            "numbers from 0 up. A blank or rounded cell cannot be used here: take the exact counts."
        )
    return counts


def _refuse_doubles(numbers: NDArray[np.int64], lists: int) -> None:
    held, often = np.unique(numbers, return_counts=True)
    if (often > 1).any():
        history = "".join(str((int(held[often > 1][0]) >> place) & 1) for place in range(lists))
        raise ValueError(
            f"The history {history} is in the table more than once. Add up its rows if they are "
            "parts of one group, or take one group (year, sex) at a time."
        )


def _name(columns: pd.Index) -> str:
    return ", ".join(f"'{name}'" for name in columns)
