"""The ``[alerts]`` of ``suite.toml``: who is told, in which language, and what counts as old."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from analysis.suite.suite_file import ALERTS, read_table
from analysis.text import LanguageError, find_language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.suite.suite_file import Table

VARIABLE = "PATOKAZ_ALERTS"
# Services whose address is no secret by itself; with all others it is the key to somebody's room.
OPEN_KINDS = frozenset(
    {"mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "syslog"}
)
OPEN_KEYS = frozenset({"to", "from", "name", "cc", "bcc", "smtp", "format", "mode", "reply"})
# A part of a path that nobody would choose to remember: letters and digits mixed, and long.
TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told, and of what.

    Parameters
    ----------
    to : tuple of str
        Addresses as Apprise writes them.
    language : str
        Of the messages.
    stale_after_days : int or None
        So many days after the period of the newest data somebody is told that nothing came
        since; None where nobody asked.
    """

    to: tuple[str, ...] = ()
    language: str = "en"
    stale_after_days: int | None = None


def read_alert_settings(path: Path, environment: Mapping[str, str]) -> AlertSettings:
    """Read who is told.

    Parameters
    ----------
    path : pathlib.Path
        ``notebooks/suite.toml``.
    environment : mapping of str to str
        ``PATOKAZ_ALERTS`` names further addresses, parted by blanks: the place for those with a
        password.

    Returns
    -------
    AlertSettings

    Raises
    ------
    SuiteError
        When the table says what means nothing, or holds a secret; the sentence has its line, and
        never the secret.
    """
    private = tuple(environment.get(VARIABLE, "").split())
    table = read_table(path, ALERTS)
    if table is None:
        return AlertSettings(private)
    return AlertSettings(
        tuple(dict.fromkeys([*_addresses(table), *private])), _language(table), _days(table)
    )


def _addresses(table: Table) -> list[str]:
    said = table.content.get("to", [])
    many = [said] if isinstance(said, str) else said
    if not isinstance(many, list) or not all(isinstance(text, str) for text in many):
        why = "'to' is no list of addresses. Write to = [\"mailto://...\"] for instance."
        raise table.refuse("to", why)
    for position, address in enumerate(many, start=1):
        why = find_secret(address)
        if why:
            sentence = (
                f"address {position} of 'to' {why}. This file is under version control: name "
                f"the address in the environment variable {VARIABLE} instead."
            )
            raise table.refuse("to", sentence, address)
    return many


def find_secret(address: str) -> str:
    """Say why an address must not stand in a file under version control.

    Parameters
    ----------
    address : str

    Returns
    -------
    str
        Blank where nothing is wrong; the reason never repeats the secret.

    Examples
    --------
    >>> find_secret("json://localhost:8080/alerts")
    ''
    >>> find_secret("mailtos://ana:pw@example.org")
    'holds a password'
    """
    kind, parted, _ = address.partition("://")
    if not parted:
        return "is not an address as Apprise writes them, such as mailto://..."
    try:
        parts = urlsplit(address)
        has_password = parts.password is not None
    except ValueError:
        return "cannot be read"
    keys = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    wrong = {
        "holds a password": has_password,
        f"is of the kind '{kind}', whose addresses may be secrets": kind.lower() not in OPEN_KINDS,
        "holds settings that may be secrets": not keys <= OPEN_KEYS,
        "holds what looks like a key": any(map(TOKEN.fullmatch, parts.path.split("/"))),
    }
    return next((why for why, is_so in wrong.items() if is_so), "")


def _language(table: Table) -> str:
    said = table.content.get("language", "en")
    try:
        return find_language(str(said)).code
    except LanguageError as unknown:
        raise table.refuse("language", unknown) from None


def _days(table: Table) -> int | None:
    said = table.content.get("stale_after_days")
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int) or said < 1:
        why = f"'stale_after_days' is {said!r}. Expected a whole number of days from 1 up."
        raise table.refuse("stale_after_days", why)
    return said
