"""From results to words: sentences of the catalogs filled with bound numbers."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import get_global

from analysis.documents.model import Bound, Sentence
from analysis.text import (
    Translator,
    format_change,
    format_count,
    format_percent,
    format_rate,
    format_signed_percent,
    latinise_serbian,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.catalog import Area, Indicator
    from analysis.methods import Result
    from analysis.text import Language

WITHHELD_MARK = "×"
# Units that are written with decimals.
RATES = frozenset({"per_100", "per_1000", "per_100000", "years"})


class Wording:
    """Says results in one language.

    Parameters
    ----------
    translate : Translator

    Examples
    --------
    >>> from analysis.methods import Result
    >>> from analysis.text import translator
    >>> wording = Wording(translator("en"))
    >>> residents = Result(state="value", value=98104.0, unit="persons", reference="ab12")
    >>> str(wording.say("In the census: {n}.", n=wording.number(residents)))
    'In the census: 98,104.'
    """

    def __init__(self, translate: Translator) -> None:
        self.translate = translate

    @property
    def language(self) -> Language:
        """The language that is spoken."""
        return self.translate.language

    def say(self, message: str, **parts: str | Bound) -> Sentence:
        """Fill a message of the catalog.

        Parameters
        ----------
        message : str
            English message with ``{names}``; the catalog gives the translation.
        **parts : str or Bound
            What stands for each name. Numbers come as :class:`Bound`, never as digits.

        Returns
        -------
        Sentence

        Raises
        ------
        KeyError
            When a name of the message has no part.
        """
        return self._fill(self.translate(message), parts)

    def _fill(self, template: str, parts: dict[str, str | Bound]) -> Sentence:
        filled: list[str | Bound] = []
        for text, name, _, _ in string.Formatter().parse(template):
            if text:
                filled.append(text)
            if name is None:
                continue
            if name not in parts:
                msg = f"The message '{template}' wants '{name}', which was not given."
                raise KeyError(msg)
            filled.append(parts[name])
        return Sentence(tuple(filled))

    def number(self, result: Result, write: Callable[..., str] | None = None) -> Bound:
        """Write a result as the number it is, or as the word for its state."""
        return _bind(self._written(result, write), result.value, result)

    def cell(self, result: Result) -> Bound:
        """Write a result for a table, where a provisional number carries its mark."""
        bound = self.number(result)
        if not result.is_number or result.status != "provisional":
            return bound
        mark = self.translate("p")
        text = f"{bound.text}\N{NO-BREAK SPACE}{mark}"
        return replace(bound, text=text)

    def change(self, result: Result) -> Bound:
        """Write a difference of counts with its sign."""
        return self.number(result, format_change)

    def size(self, result: Result) -> Bound:
        """Write how large a change is, without its sign: the verb says which way."""
        if not result.is_number or result.value is None:
            return self.number(result)
        write = format_percent if result.unit == "percent" else format_count
        text = write(abs(result.value), self.language)
        return _bind(text, result.value, result)

    def lower(self, result: Result) -> Bound:
        """Write the lower limit of a result's interval."""
        return self._limit(result, result.lower)

    def upper(self, result: Result) -> Bound:
        """Write the upper limit of a result's interval."""
        return self._limit(result, result.upper)

    def _limit(self, result: Result, limit: float | None) -> Bound:
        if not result.is_number or limit is None:
            blank = self.translate("none") if result.is_number else self._written(result, None)
            state = "not_applicable" if result.is_number else result.state
            return _bind(blank, None, replace(result, state=state, value=None))
        write = self._writer(result)
        text = write(limit, self.language)
        if limit and text == write(0.0, self.language) and result.unit == "percent":
            # A limit beside zero is not zero: the words of the sentence follow its side.
            text = format_percent(limit, self.language, 2)
        return _bind(text, limit, result)

    def pace(self, result: Result) -> Bound:
        """Write a change a year with its sign, plus as well as minus."""
        return self.number(result, format_signed_percent)

    def _writer(self, result: Result) -> Callable[..., str]:
        if result.unit == "percent":
            return format_percent
        return format_rate if result.unit in RATES else format_count

    def _written(self, result: Result, write: Callable[..., str] | None) -> str:
        if result.state == "suppressed":
            return f"{WITHHELD_MARK} {self.translate('withheld')}"
        if result.state == "no_data":
            return self.translate("no data")
        if result.state == "not_applicable":
            return self.translate("does not apply")
        return (write or self._writer(result))(result.value or 0.0, self.language)

    def area(self, area: Area) -> str:
        """Give the name of an area, with its kind where the name alone would mislead."""
        name = self.area_name(area)
        if area.level == "region":
            return str(self.say("{name} Region", name=name))
        return name

    def area_name(self, area: Area) -> str:
        """Give the bare name of an area."""
        return self.in_script(area.name(self.language.column))

    def indicator(self, indicator: Indicator) -> str:
        """Give the name of an indicator."""
        return self.in_script(indicator.name(self.language.column))

    def indicator_inside(self, indicator: Indicator) -> str:
        """Give the name of an indicator as it stands inside a sentence.

        None of the four languages capitalises common nouns there; abbreviations stay.
        """
        name = self.indicator(indicator)
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def country(self, code: str) -> str:
        """Give the name of a country by its ISO 3166-1 alpha-3 code, as CLDR has it."""
        short = get_global("territory_aliases").get(code, [""])[0]
        name = Locale.parse(self.language.locale).territories.get(short)
        return str(name) if name else self.translate("Unknown origin")

    def in_script(self, text: str) -> str:
        """Write a name of the catalogue in the script of the language."""
        return latinise_serbian(text) if self.language.code == "sr-Latn" else text


def _bind(text: str, value: float | None, result: Result) -> Bound:
    """Bind a text to what it comes from: an observation, or a method and its inputs."""
    method = result.method if result.inputs else ""
    return Bound(text, value, result.reference, result.state, result.inputs, method)
