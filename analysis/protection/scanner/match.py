"""When a record tells a withheld number.

A record tells a secret when a number in it equals a true number of the withheld cell and

- it carries the cell's observation id: in the same row, object, element or line, or as the
  observation that the number itself says it shows; a shape with a size that is bound to the cell,
  or labelled with its area and period alone, tells it too, and so does any number that says it was
  worked out from the cell; or
- it names the cell's area and period, itself or in the captions and headings that it stands
  under, names no other indicator, and no shown figure of that area and period is that number; or
- the number has three digits or more and stands beside the area or the indicator; or
- it stands in a hidden place (comment, property, style, state of a widget) under a key that names
  the cell or its indicator. In hidden places shown figures explain nothing.

A number explains itself where it is bound to a shown observation that has that value, or was
worked out from shown observations only; where it is a date, a year, a code, a size in a style
sheet, a limit such as ``<10``, or a share while the secret is a count.

What the scanner cannot see: the dots of a picture; the lengths of shapes that are neither bound to
a figure nor labelled with area and period, axis labels that stand apart from their bars among
them; a number that stands in another record than its area and period; numbers in words ("four
persons") and paraphrases; names of places that are inflected; sums and differences that give a
number away, which the audit of the edition attacks; encodings beyond those of
:mod:`~analysis.protection.scanner.encodings`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.protection.scanner.innocent import (
    innocent_captions,
    innocent_heads,
    innocent_sentences,
)
from analysis.protection.scanner.naming import find_nearest, find_periods, own_periods
from analysis.protection.scanner.numbers import plain_text, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Part
    from analysis.protection.scanner.numbers import Figure
    from analysis.protection.scanner.secrets import Secret, Secrets
    from analysis.protection.scanner.shown import Period

Way = Literal["number", "shape", "derived"]
IDENTITY = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{12}(?![0-9A-Za-z])")
DIMENSION_KEYS = ("sex", "origin", "citizenship", "age", "category", "source_id")
INPUTS = "inputs"
RESULTS = ("value", "lower", "upper", "numerator")


@dataclass(frozen=True, slots=True)
class Told:
    """A secret that a record tells, and how: by its number, by a shape, by what it led to."""

    secret: Secret
    way: Way


@dataclass(frozen=True, slots=True)
class _Record:
    """A record, with what is asked of it more than once."""

    fragment: Fragment
    identities: frozenset[str]
    withheld: tuple[Secret, ...]


class Matcher:
    """Judges records.

    Parameters
    ----------
    secrets : Secrets
    """

    def __init__(self, secrets: Secrets) -> None:
        self._shown, self._around = secrets.shown, secrets.around
        self._areas, self._indicators = secrets.areas.find, secrets.indicators.find
        self._by_id = {s.observation_id: s for s in secrets.cells}
        self._by_place: dict[tuple[str, Period], list[Secret]] = {}
        self._distinctive: dict[float, list[Secret]] = {}
        for secret in secrets.cells:
            self._by_place.setdefault((secret.area_id, secret.period), []).append(secret)
            for value in secret.distinctive:
                self._distinctive.setdefault(value, []).append(secret)
        self._values = frozenset(v for s in secrets.cells for v in s.values)
        self._periods = frozenset(s.period for s in secrets.cells)

    def find_told(self, fragment: Fragment) -> list[Told]:
        """List the secrets that a record tells.

        Parameters
        ----------
        fragment : Fragment

        Returns
        -------
        list of Told
            Each once, by id.
        """
        figures = [(part, self._open_figures(part)) for part in fragment.parts]
        told = [(part, those) for part, those in figures if those]
        derived = any(p.inputs or p.key == INPUTS for p in fragment.parts)
        if not (told or derived or fragment.is_drawn):
            # Most records end here: it has to be quick.
            return []
        identities = _identities(fragment)
        withheld = tuple(self._by_id[i] for i in sorted(identities) if i in self._by_id)
        record = _Record(fragment, identities, withheld)
        found: dict[str, Told] = {}
        for part in fragment.parts if derived else ():
            found |= {s.observation_id: Told(s, "derived") for s in self._led_to(record, part)}
        if fragment.is_drawn:
            drawn = (*withheld, *self._labelled(fragment))
            found |= {s.observation_id: Told(s, "shape") for s in drawn}
        for part, open_figures in told:
            for secret in self._by_number(record, part, open_figures):
                found[secret.observation_id] = Told(secret, "number")
        return [found[name] for name in sorted(found)]

    def _by_number(self, record: _Record, part: Part, figures: list[Figure]) -> Iterator[Secret]:
        yield from _beside_identity(record, part, figures)
        yield from self._beside_names(record, part, figures)
        yield from self._beside_one_name(record, part, figures)
        yield from self._under_key(record, part, figures)

    def _open_figures(self, part: Part) -> list[Figure]:
        """List the numbers of a part that could be a secret and do not explain themselves."""
        figures = [
            f for f in read_numbers(part.text).figures if f.values & self._values and not f.is_limit
        ]
        shown = self._shown.of_id.get(part.observation)
        if shown is not None:
            return [f for f in figures if not f.values & shown]
        return [] if part.inputs and not part.is_hidden else figures

    def _led_to(self, record: _Record, part: Part) -> Iterator[Secret]:
        """List the withheld cells that a number says it was worked out from."""
        inputs = set(part.inputs) if not part.observation else set()
        if part.key in RESULTS:
            listed = [p.text for p in record.fragment.parts if p.key == INPUTS]
            inputs.update(name for text in listed for name in IDENTITY.findall(text))
        told = [self._by_id[name] for name in sorted(inputs) if name in self._by_id]
        if told and read_numbers(part.text).figures:
            yield from told

    def _beside_names(self, record: _Record, part: Part, figures: list[Figure]) -> Iterator[Secret]:
        """List the secrets whose area and period stand beside their number."""
        fragment = record.fragment
        periods = find_periods(fragment, part) & self._periods
        if not periods or (not part.is_hidden and _is_innocent(fragment, part)):
            return
        areas = find_nearest(self._areas, fragment, part)
        near = [s for a in areas for p in periods for s in self._by_place.get((a, p), ())]
        indicators = find_nearest(self._indicators, fragment, part, above=1) if near else None
        for secret in near:
            if indicators and secret.indicator_id not in indicators:
                continue
            if not _has_dimensions(fragment, secret):
                continue
            for figure in figures:
                equal = self._unexplained(record, part, figure, secret)
                if equal and (
                    part.is_hidden or not self._explains(equal, areas, secret, indicators)
                ):
                    yield secret

    def _unexplained(
        self, record: _Record, part: Part, figure: Figure, secret: Secret
    ) -> frozenset[float]:
        if figure.is_share and not secret.is_share and not part.is_hidden:
            return frozenset()
        equal = figure.values & secret.values
        none: frozenset[float] = frozenset()
        # A shown figure that the record names by its id explains its number.
        return equal - none.union(*(self._shown.of_id.get(i, none) for i in record.identities))

    def _explains(
        self,
        values: frozenset[float],
        areas: frozenset[str],
        secret: Secret,
        indicators: frozenset[str] | None,
    ) -> bool:
        # A record that names several areas may mean any of them, and a page of a municipality
        # speaks of its country too.
        named = indicators or frozenset()
        meant = areas.union(*(self._around.get(area, ()) for area in areas))
        return any(
            self._shown.explain(value, area, secret.period, named)
            for value in values
            for area in meant
        )

    def _beside_one_name(
        self, record: _Record, part: Part, figures: list[Figure]
    ) -> Iterator[Secret]:
        """List the secrets with a distinctive number that stands beside the area or indicator."""
        near = [(f, s) for f in figures for v in f.values for s in self._distinctive.get(v, ())]
        if not near:
            return
        periods = find_periods(record.fragment, part)
        areas = find_nearest(self._areas, record.fragment, part, above=len(record.fragment.context))
        indicators = find_nearest(self._indicators, record.fragment, part, above=1)
        for figure, secret in near:
            equal = self._unexplained(record, part, figure, secret) & secret.distinctive
            if not equal or (periods and secret.period not in periods):
                continue
            if indicators and secret.indicator_id not in indicators:
                continue
            shown = self._shown.of_area.get(secret.area_id, frozenset())
            if not areas:
                shown = self._shown.of_indicator.get(secret.indicator_id, frozenset())
            is_named = secret.area_id in areas or (indicators and not areas)
            if is_named and (part.is_hidden or not equal <= shown):
                yield secret

    def _under_key(self, record: _Record, part: Part, figures: list[Figure]) -> Iterator[Secret]:
        """List the secrets whose bare number is a hidden property named after the indicator."""
        if not part.is_hidden or not part.key or len(part.text.split()) > 1:
            return
        named = self._indicators(part.key)
        if not named:
            return
        areas = find_nearest(self._areas, record.fragment, part)
        periods = find_periods(record.fragment, part)
        for secret in self._by_id.values():
            is_meant = (
                secret.indicator_id in named
                and (not areas or secret.area_id in areas)
                and (not periods or secret.period in periods)
            )
            if is_meant and any(self._unexplained(record, part, f, secret) for f in figures):
                yield secret

    def _labelled(self, fragment: Fragment) -> Iterator[Secret]:
        """List the secrets that a shape is labelled with: area and period, and nothing shown."""
        periods = own_periods(fragment) & self._periods
        if not periods or any(read_numbers(p.text).figures for p in fragment.parts):
            return
        areas = find_nearest(self._areas, fragment, fragment.parts[0])
        indicators = find_nearest(self._indicators, fragment, fragment.parts[0], above=1)
        for place in ((area, period) for area in areas for period in periods):
            if self._shown.has_figure(*place, indicators):
                continue
            for secret in self._by_place.get(place, ()):
                if not indicators or secret.indicator_id in indicators:
                    yield secret


def _identities(fragment: Fragment) -> frozenset[str]:
    found = {p.observation for p in fragment.parts if p.observation}
    texts = [t for p in fragment.parts for t in (p.text, p.key)]
    for text in (*texts, *fragment.context):
        found.update(IDENTITY.findall(text))
    return frozenset(found)


def _beside_identity(record: _Record, part: Part, figures: list[Figure]) -> Iterator[Secret]:
    """List the secrets whose id stands beside their number."""
    for secret in record.withheld:
        if part.observation and part.observation != secret.observation_id:
            continue
        # The code of a dimension, such as an age, is no count.
        if (part.key, part.text) in secret.dimensions:
            continue
        if any(f.values & secret.values for f in figures):
            yield secret


def _is_innocent(fragment: Fragment, part: Part) -> bool:
    """Tell whether a number stands where numbers are no figures of persons."""
    if plain_text(part.text) in innocent_sentences():
        return True
    return plain_text(part.key) in innocent_heads() or any(
        plain_text(text) in innocent_captions() for text in fragment.context[:1]
    )


def _has_dimensions(fragment: Fragment, secret: Secret) -> bool:
    """Tell whether a record that says its dimensions says those of the secret."""
    own = dict(secret.dimensions) | {"source_id": secret.source_id}
    return all(own.get(p.key, p.text) == p.text for p in fragment.parts if p.key in DIMENSION_KEYS)
