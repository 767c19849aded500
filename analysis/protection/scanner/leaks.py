"""What the scanner found, in a sentence that names file, place and cell and never the number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.protection.scanner.numbers import read_numbers
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.protection.scanner.fragments import Unread
    from analysis.protection.scanner.match import Told
    from analysis.protection.scanner.secrets import Secret

TELLS = mark(
    "{path} tells a withheld number at {place}: {indicator_id} in {area_id}, {period} "
    "(observation {observation_id}). Take it out and build the edition again from the public zone."
)
DRAWS = mark(
    "{path} draws a withheld number at {place}: {indicator_id} in {area_id}, {period} "
    "(observation {observation_id}). Only the sign for withheld figures may stand there."
)
LED_TO = mark(
    "{path} has a number at {place} that was worked out from a withheld one: {indicator_id} in "
    "{area_id}, {period} (observation {observation_id}). What is derived is withheld with it."
)
NOT_READ = mark("{path} was not read at {place}: {why}. What is not read may not be published.")
NAME = "name of the file"
WHOLE = mark("the whole file")
SENTENCES: Mapping[str, str] = {"number": TELLS, "shape": DRAWS, "derived": LED_TO}
# Numbers that only count places may stay, so that the place can be found.
POSITION = re.compile(
    r"(?:line|row|page|part|cell|output|paragraph|statement|group|text|note|name|block|item|"
    r"comment|attachment|bookmark|character|sheet|> \w+|note at [A-Z]{1,3}|<\w+>) ?\d+"
)


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """One finding.

    Parameters
    ----------
    path : str
        The file, within the workspace where it lies in one.
    place : str
        Where in the file; a number in it that would tell the secret is replaced by a dot.
    observation_id : str
        The withheld cell; blank where a file could not be read.
    sentence : str
    """

    path: str
    place: str
    observation_id: str
    sentence: str


def tell_leak(path: str, place: str, told: Told) -> Leak:
    """Say that a record tells a withheld number."""
    secret = told.secret
    where = hide_values(place, secret)
    # Folders are numbered too: a path is hidden only where it is the name that tells.
    shown = hide_values(path, secret) if place == NAME else path
    sentence = SENTENCES[told.way].format(
        path=shown,
        place=where or WHOLE,
        indicator_id=secret.indicator_id,
        area_id=secret.area_id,
        period=secret.period_labels[0],
        observation_id=secret.observation_id,
    )
    return Leak(shown, where, secret.observation_id, sentence)


def tell_unread(path: str, unread: Unread) -> Leak:
    """Say that something was not read."""
    why = unread.sentence.rstrip(".")
    sentence = NOT_READ.format(path=path, place=unread.place or WHOLE, why=why)
    return Leak(path, unread.place, "", sentence)


def hide_values(text: str, secret: Secret) -> str:
    """Take the numbers of a secret out of the name of a place.

    Parameters
    ----------
    text : str
    secret : Secret

    Returns
    -------
    str
        Counts of lines, rows and parts stay.
    """
    kept = POSITION.sub("", text)
    if not any(f.values & secret.values for f in read_numbers(kept).figures):
        return text
    out, place = [], 0
    for found in POSITION.finditer(text):
        out += [_dot(text[place : found.start()]), found[0]]
        place = found.end()
    return "".join([*out, _dot(text[place:])])


def _dot(text: str) -> str:
    return re.sub(r"\d+(?:[.,]\d+)*", "\N{MIDDLE DOT}", text)
