"""What every connector gives and takes: received bytes, rows in one shape, errors with a code."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import pandas as pd

from analysis.sources.published import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.sources.client import Client

DIMENSIONS = ("sex", "origin", "citizenship")
TOTAL = "total"
STATES = ("value", "zero", "suppressed", "no_data", "not_applicable")
VERIFICATION = "read"


class SourceError(ValueError):
    """A source that could not be used; ``code`` is the exit code of a command that meets it."""

    code: int = 10


class Unreachable(SourceError):  # noqa: N818 - the name says what happened
    """Nobody answered, or not in time."""

    code = 11


class Refused(SourceError):  # noqa: N818 - the name says what happened
    """The publisher answered, and the answer was no."""

    code = 12


class Reshaped(SourceError):  # noqa: N818 - the name says what happened
    """The answer is not what the publisher documents."""

    code = 13


class CutShort(SourceError):  # noqa: N818 - the name says what happened
    """The answer ended before it was whole."""

    code = 14


@dataclass(frozen=True, slots=True)
class Received:
    """One file as received from a publisher.

    Parameters
    ----------
    name : str
        File name, such as ``population_2024.json``.
    content : bytes
    address : str
        Where it was read.
    title : str
    published : str
        Date or version that the publisher states; blank where none is.
    media_type : str
    """

    name: str
    content: bytes
    address: str
    title: str
    published: str
    media_type: str


@dataclass(frozen=True, slots=True)
class About:
    """Who publishes a source, how it is cited and when it is renewed."""

    source_id: str
    publisher: str
    title: str
    citation: str
    licence: str
    licence_address: str
    home: str
    schedule: str


class Source(Protocol):
    """A connector: it fetches bytes and, apart from that, reads bytes.

    ``fetch`` is the only part that meets the network; ``read`` gives the same rows for the same
    bytes for ever.
    """

    about: About

    def fetch(self, client: Client) -> list[Received]:
        """Ask the publisher for all files of the source.

        Raises
        ------
        SourceError
            When the publisher cannot be reached, refuses, or answers something else.
        """
        ...

    def read(self, content: bytes, name: str) -> pd.DataFrame:
        """Read one file into rows with exactly the columns of the published tables.

        Raises
        ------
        Reshaped
            When the file does not have the documented shape.
        """
        ...


def read_rows(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Put rows into the shape of the published tables, all text.

    Parameters
    ----------
    rows : iterable of mapping
        One a figure. What is left out is blank, except that ``sex``, ``origin`` and
        ``citizenship`` become ``total`` and ``verification`` becomes ``read``.

    Returns
    -------
    pandas.DataFrame
        With exactly the columns of the published tables, in their order.

    Raises
    ------
    SourceError
        When a row has a column that the published tables do not have, or an unknown state.

    Examples
    --------
    >>> frame = read_rows([{"indicator_id": "deaths_persons", "value": 3, "state": "value"}])
    >>> frame.loc[0, ["sex", "value", "verification"]].tolist()
    ['total', '3', 'read']
    """
    return pd.DataFrame([_as_text(row) for row in rows], columns=list(COLUMNS), dtype=str)


def _as_text(row: Mapping[str, object]) -> dict[str, str]:
    strangers = [column for column in row if column not in COLUMNS]
    if strangers:
        msg = f"A row has the column '{strangers[0]}'. Expected only: {', '.join(COLUMNS)}."
        raise SourceError(msg)
    text = {column: _cell(row.get(column)) for column in COLUMNS}
    for dimension in DIMENSIONS:
        text[dimension] = text[dimension] or TOTAL
    text["verification"] = text["verification"] or VERIFICATION
    if text["state"] not in STATES:
        msg = (
            f"A row of {text['indicator_id']} for {text['area_id']} has the state "
            f"'{text['state']}'. Expected one of {', '.join(STATES)}."
        )
        raise SourceError(msg)
    return text


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def number_and_state(value: object) -> tuple[str, str]:
    """Write a number as text and name its state.

    Parameters
    ----------
    value : int, float or None
        None where the publisher gives no number.

    Returns
    -------
    tuple of str
        Digits with a point and ``value`` or ``zero``; blank and ``no_data`` for None.

    Raises
    ------
    Reshaped
        When the value is no finite number.

    Examples
    --------
    >>> number_and_state(12.0), number_and_state(0), number_and_state(None)
    (('12', 'value'), ('0', 'zero'), ('', 'no_data'))
    """
    if value is None:
        return "", "no_data"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(cast("float", value)):
        msg = f"{value!r} stands where a number was expected. Look at the file as received."
        raise Reshaped(msg)
    number = cast("float", value)
    if number == 0:
        return "0", "zero"
    return (str(int(number)) if number == int(number) else repr(number)), "value"


def parse_json(content: bytes, name: str) -> object:
    """Read JSON, with or without a byte order mark.

    Parameters
    ----------
    content : bytes
    name : str
        File or address, for the sentence.

    Raises
    ------
    Reshaped
        When it is no JSON, or holds ``NaN`` or ``Infinity``.
    """
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except ValueError as broken:
        begin = content[:60].decode("utf-8", "replace").strip()
        msg = (
            f"{name} is not JSON ({broken}); it begins with {begin!r}. Expected JSON in UTF-8. "
            f"Look at the file as received; the former figures stay in use."
        )
        raise Reshaped(msg) from None


def _no_number(text: str) -> object:
    msg = f"'{text}' is no number of JSON"
    raise ValueError(msg)
