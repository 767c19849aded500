"""Records that stand in a table more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Duplicates:
    """How many records are there more than once.

    Parameters
    ----------
    records : int
        All rows.
    unique : int
        Different keys.
    excess : int
        Rows that a key has more than one of: ``records`` less ``blank`` less ``unique``.
    blank : int
        Rows without a full key; nothing can be said of them.
    repeated : numpy.ndarray of bool, shape (rows,)
        Rows after the first of their key.
    """

    records: int
    unique: int
    excess: int
    blank: int
    repeated: NDArray[np.bool_]


def count_duplicates(table: pd.DataFrame, keys: Sequence[str]) -> Duplicates:
    """Count rows whose key stands in an earlier row.

    Two persons without an identifier are not one person: rows with a blank in the key are counted
    apart and never called a duplicate.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a record.
    keys : sequence of str
        Columns that together tell one record from another.

    Returns
    -------
    Duplicates

    Raises
    ------
    ValueError
        When no key is named, or one is no column of the table.

    Examples
    --------
    >>> import pandas as pd
    >>> made = count_duplicates(pd.DataFrame({"id": ["a", "b", "b", None, None]}), ["id"])
    >>> made.records, made.unique, made.excess, made.blank
    (5, 2, 1, 2)
    """
    wanted = list(keys)
    absent = [key for key in wanted if key not in table.columns]
    if absent or not wanted:
        raise ValueError(
            f"Duplicates are found by key columns, and {absent or 'none'} cannot be used. Name "
            f"columns of the table: {', '.join(map(str, table.columns))}."
        )
    blank = table[wanted].isna().any(axis=1).to_numpy(dtype=np.bool_)
    repeated = table.duplicated(wanted, keep="first").to_numpy(dtype=np.bool_) & ~blank
    repeated.flags.writeable = False
    excess = int(repeated.sum())
    return Duplicates(
        records=len(table),
        unique=int((~blank).sum()) - excess,
        excess=excess,
        blank=int(blank.sum()),
        repeated=repeated,
    )
