"""The beginning of a register: its header, and whether anything in it looks personal."""

from __future__ import annotations

import csv
import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from analysis.sources.register_spec import RegisterError

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.sources.register_spec import RegisterSpec

LOOKED_AT = 1000
# What is personal by the name of its column, in the languages that registers here are kept in.
PERSONAL_WORDS = frozenset(
    "surname forename firstname lastname fullname embg emb jmbg ssn email mail phone telephone "
    "mobile passport iban ime prezime imeprezime telefon pasosh pasos emer emri mbiemer mbiemri "
    "име презиме ембг ембр јмбг телефон пасош е-пошта".split()
)
PERSONAL_HEADERS = frozenset({"name", "first name", "last name", "full name", "person name"})
PERSONAL_VALUES = {
    "a 13-digit number": re.compile(r"(?<!\d)\d{13}(?!\d)"),
    "an e-mail address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "a telephone number": re.compile(r"^(?:\+|00)\d[\d /-]{7,}$|^07\d[ /-]?\d{3}[ /-]?\d{3}$"),
}
FULL_NAME = re.compile(r"^[^\W\d_]+(?:[ '-][^\W\d_]+){1,3}$")
NAMES_TO_JUDGE = 20
NAMES_SHARE = 0.8


def check_beginning(path: Path, spec: RegisterSpec) -> None:
    """Hold the header and the first rows of a register against its spec.

    Parameters
    ----------
    path : pathlib.Path
    spec : RegisterSpec

    Raises
    ------
    RegisterError
        When there is no such file, its header is another, or a column or one of the first
        thousand lines looks personal. The sentence names the column and never a value.

    Examples
    --------
    >>> check_beginning(Path("crossings.csv"), spec)  # doctest: +SKIP
    """
    if not path.is_file():
        msg = f"'{path.name}' is not a file. Give the register as one CSV that is not compressed."
        raise RegisterError(msg)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = list(islice(csv.reader(file, delimiter=spec.delimiter), LOOKED_AT))
    header = rows[0] if rows else []
    for name in header:
        if _is_personal(name):
            msg = (
                f"{path.name} has a column '{name}', which is personal. Ask its owner for the "
                f"register without it; nothing was computed."
            )
            raise RegisterError(msg)
    expected = [c.name for c in spec.columns]
    if header != expected:
        msg = (
            f"{path.name} begins with {', '.join(header)[:200] or 'no header'}. Expected exactly: "
            f"{', '.join(expected)}. Correct the spec or the file."
        )
        raise RegisterError(msg)
    for number, name in enumerate(header):
        found = _personal_values([row[number].strip() for row in rows[1:] if number < len(row)])
        if found:
            # The value itself is not repeated: messages end up in logs.
            msg = (
                f"{path.name} has {found} in its column '{name}', which is personal. Ask its "
                f"owner for the register without it; nothing was computed."
            )
            raise RegisterError(msg)


def _is_personal(name: str) -> bool:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_.\s]+", " ", plain).casefold().strip()
    return (
        spaced in PERSONAL_HEADERS
        or not PERSONAL_WORDS.isdisjoint(re.split(r"[^\w-]+|-", spaced))
        or spaced.replace("-", "") in PERSONAL_WORDS
    )


def _personal_values(values: list[str]) -> str:
    for what, pattern in PERSONAL_VALUES.items():
        if any(pattern.search(value) for value in values):
            return what
    # Names of places come again and again; names of persons hardly do.
    named = {v for v in values if FULL_NAME.match(v) and v == v.title()}
    if len(values) >= NAMES_TO_JUDGE and len(named) >= NAMES_SHARE * len(values):
        return "what looks like names of persons"
    return ""
