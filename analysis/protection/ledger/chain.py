"""A chain of records: each carries the hash of the one before, so that none changes unnoticed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class LedgerError(ValueError):
    """A ledger that was changed, that lacks a part, or a step that its rules refuse."""


def hash_record(record: Mapping[str, object]) -> str:
    """Give the hash of what a record says, however it is laid out in its file.

    Parameters
    ----------
    record : mapping of str to object
        Whatever JSON can hold.

    Returns
    -------
    str
        Hexadecimal SHA-256, the same for any order of keys and any ends of lines.

    Examples
    --------
    >>> hash_record({"a": 1, "b": 2}) == hash_record({"b": 2, "a": 1})
    True
    """
    text = json.dumps(record, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def find_broken_link(records: Sequence[Mapping[str, object]]) -> int | None:
    """Find the first record that does not carry the hash of the one before it.

    Parameters
    ----------
    records : sequence of mapping
        Each with ``former_sha256``; empty text in the first.

    Returns
    -------
    int or None
        Place in the sequence, or nothing when the chain holds.

    Examples
    --------
    >>> first = {"said": "one", "former_sha256": ""}
    >>> second = {"said": "two", "former_sha256": hash_record(first)}
    >>> find_broken_link([first, second]) is None
    True
    >>> find_broken_link([{**first, "said": "won"}, second])
    1
    """
    expected = ""
    for place, record in enumerate(records):
        if record.get("former_sha256") != expected:
            return place
        expected = hash_record(record)
    return None
