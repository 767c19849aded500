"""Names of files that were handed over, without a hash that somebody could try out.

A file is named by the hash of its content. A table of a few rows in which one small number is not
known can be written down nine times, and one of the nine hashes is the right one. What ships with
the project or was fetched from its publisher is no secret; what was handed over is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from analysis.store.files import write_atomically
from analysis.store.received import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from analysis.workspace import Workspace

KEY_FILE = "veil.key"
KEY_BYTES = 32
DIGITS = 12
HANDED_OVER = re.compile(rf"\b{KIND}@([0-9a-f]+)")


def read_key(workspace: Workspace) -> bytes:
    """Read the key of the workspace, or make it once.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    bytes
        It stays in the restricted zone. Who wants the same bytes elsewhere takes it along.
    """
    path = workspace.restricted / KEY_FILE
    if not path.is_file():
        write_atomically(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


def veil_names(names: Iterable[str], key: bytes) -> tuple[str, ...]:
    """Replace the hashes of files that were handed over.

    Parameters
    ----------
    names : iterable of str
        Ids of snapshots; one may name several files.
    key : bytes

    Returns
    -------
    tuple of str
        Names of other files stay as they are.

    Examples
    --------
    >>> veil_names(["population.csv@1f2e", "indicator_table@1f2e"], b"key")
    ('population.csv@1f2e', 'indicator_table@06ade1d0d0e0')

    References
    ----------
    Krawczyk, Bellare and Canetti (1997), HMAC: Keyed-Hashing for Message Authentication, RFC 2104.
    """

    def veil(found: re.Match[str]) -> str:
        made = hmac.new(key, found[1].encode("ascii"), hashlib.sha256).hexdigest()
        return f"{KIND}@{made[:DIGITS]}"

    return tuple(HANDED_OVER.sub(veil, name) for name in names)


def veil_snapshots(table: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """Replace them in a table of observations.

    Parameters
    ----------
    table : pandas.DataFrame
        With the column ``snapshot_id``. It is not changed.
    key : bytes

    Returns
    -------
    pandas.DataFrame
    """
    ids = table["snapshot_id"]
    veiled = dict(zip(ids.unique(), veil_names(ids.unique(), key), strict=True))
    return table.assign(snapshot_id=ids.map(veiled))
