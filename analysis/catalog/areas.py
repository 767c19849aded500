"""Areas: countries, regions, districts and municipalities, by code, name and date.

An area may end: four municipalities were merged into Kichevo. Without a date everything here
speaks of today.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog.schemas import AREAS, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_COLUMNS = ("name_mk", "name_sq", "name_en", "name_sr_cyrl")
CODE_COLUMNS = ("area_id", "slug", "makstat_code", "ntes_code", "nuts3_code", "sors_code")
NEAREST = 3


class AreaError(ValueError):
    """An area that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area, with its names, its codes and the time in which it exists.

    ``name_sr_cyrl`` may be blank: then the Macedonian name stands, never a machine's guess.
    ``valid_from`` and ``valid_to`` are ISO dates or only a year; blank is open. Where only the
    year of an end is known, the area counts as valid until the end of that year.
    """

    area_id: str
    level: str
    parent_id: str
    slug: str
    name_mk: str
    name_sq: str
    name_en: str
    name_sr_cyrl: str
    is_city_of_skopje: bool
    name_sq_status: str = ""
    valid_from: str = ""
    valid_to: str = ""
    merged_into: str = ""
    validity_note: str = ""

    def name(self, column: str) -> str:
        """Give the name from a column of the catalogue.

        Where it is blank the Macedonian name stands; for an area of Serbia, which has none, the
        name in the letters of its own office.
        """
        return str(getattr(self, column)) or self.name_mk or self.name_en


class Areas:
    """The catalogue of areas.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row an area, columns as in ``areas.csv``, all text.

    Attributes
    ----------
    whole : pandas.DataFrame
        Every row, areas that have ended among them.
    frame : pandas.DataFrame
        The rows that are valid today.

    Examples
    --------
    >>> areas = load_areas()
    >>> areas.find("Куманово").area_id, areas.find("Kumanova").slug
    ('MK-703', 'kumanovo')
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.whole = frame
        fields = [f for f in Area.__slots__ if f != "is_city_of_skopje"]
        self._by_id = {
            row["area_id"]: Area(
                **{f: row[f] for f in fields},
                is_city_of_skopje=row["is_city_of_skopje"] == "true",
            )
            for row in frame.to_dict("records")
        }
        self._by_key = _keys(frame)
        today = {area.area_id for area in self if self.valid(area)}
        self.frame = frame.loc[frame["area_id"].isin(today)].reset_index(drop=True)

    def __iter__(self) -> Iterator[Area]:
        """Go through the areas in the order of the catalogue, ended ones among them."""
        return iter(self._by_id.values())

    def get(self, area_id: str) -> Area:
        """Look an area up by its id.

        Raises
        ------
        AreaError
            When there is no such id.
        """
        try:
            return self._by_id[area_id]
        except KeyError:
            msg = f"'{area_id}' is not an area id. See analysis/catalog/areas.csv for the ids."
            raise AreaError(msg) from None

    def parent(self, area: Area) -> Area:
        """Give the area that an area belongs to: the region of a municipality."""
        return self.get(area.parent_id)

    def valid(self, area: Area, on: date | None = None) -> bool:
        """Tell whether an area exists on a day; without a day, today."""
        day = (on or datetime.now(tz=UTC).date()).isoformat()
        # Text is compared: "2013" is before every day of 2013, "2013-12-31" after none of them.
        begun = not area.valid_from or area.valid_from <= day
        ended = bool(area.valid_to) and area.valid_to < day[: len(area.valid_to)]
        return begun and not ended

    def successor(self, area: Area) -> Area:
        """Give the area that an ended area became part of; an area that stands is its own.

        Examples
        --------
        >>> areas = load_areas()
        >>> areas.successor(areas.get("MK-306")).name_en
        'Kichevo'
        """
        while area.merged_into:
            area = self.get(area.merged_into)
        return area

    def at_level(self, level: str, on: date | None = None) -> list[Area]:
        """List the areas of one level that exist on a day, by id; without a day, today."""
        return [area for area in self if area.level == level and self.valid(area, on)]

    def children(self, area_id: str, level: str, on: date | None = None) -> list[Area]:
        """List the areas of a level that lie inside an area, however deep."""
        return [a for a in self.at_level(level, on) if area_id in self.ancestors(a)]

    def ancestors(self, area: Area) -> list[str]:
        """List the ids above an area, nearest first."""
        found: list[str] = []
        while area.parent_id:
            found.append(area.parent_id)
            area = self.get(area.parent_id)
        return found

    def find(self, text: str, level: str | None = "municipality", on: date | None = None) -> Area:
        """Find an area by code or by its name in any language and script.

        Parameters
        ----------
        text : str
            ``MK-703``, ``kumanovo``, ``Куманово``, ``Kumanova`` or a code of the office.
        level : str, optional
            Level that is wanted; None for any. Municipalities of Serbia have the level
            ``municipality_rs``.
        on : datetime.date, optional
            Day on which the area exists; without it, today.

        Returns
        -------
        Area

        Raises
        ------
        AreaError
            When nothing fits; the sentence names the nearest matches, or the successor of an
            area that has ended.
        """
        candidates = [self.get(i) for i in self._by_key.get(_key(text), [])]
        named = [a for a in candidates if level is None or a.level == level]
        fitting = [a for a in named if self.valid(a, on)]
        if len(fitting) == 1:
            return fitting[0]
        kind = level or "area"
        if fitting:
            ids = ", ".join(f"{a.name_en} ({a.area_id})" for a in fitting)
            msg = f"'{text}' may be any of {ids}. Use the code in brackets."
            raise AreaError(msg)
        if named and named[0].merged_into:
            heir = self.successor(named[0])
            msg = (
                f"'{text}' ({named[0].area_id}) was a {kind} until {named[0].valid_to} and is "
                f"part of {heir.name_en} ({heir.area_id}). Ask for {heir.area_id}."
            )
            raise AreaError(msg)
        near = ", ".join(f"{a.name_en} ({a.area_id})" for a in self._nearest(text, level, on))
        msg = (
            f"'{text}' is not a {kind} that the catalogue knows. Did you mean {near}? "
            f"A code or a name in Macedonian, Albanian, English or Serbian will do."
        )
        raise AreaError(msg)

    def _nearest(self, text: str, level: str | None, on: date | None) -> list[Area]:
        keys = {
            key: self.get(i)
            for key, ids in self._by_key.items()
            for i in ids
            if (level is None or self.get(i).level == level) and self.valid(self.get(i), on)
        }
        ranked = sorted(
            keys,
            key=lambda k: (-difflib.SequenceMatcher(None, _key(text), k).ratio(), k),
        )
        near: dict[str, Area] = {}
        for key in ranked:
            near.setdefault(keys[key].area_id, keys[key])
        return list(near.values())[:NEAREST]


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().strip())
    plain = plain.replace("đ", "dj")
    # Macedonian ѓ and ќ fall apart into a letter and an accent; that is the same for both sides.
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.replace("-", " ").replace("_", " ").split())


def _keys(frame: pd.DataFrame) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for row in frame.to_dict("records"):
        written = [str(row[column]) for column in (*CODE_COLUMNS, *NAME_COLUMNS) if row[column]]
        for form in [*written, *_definite(row["name_sq"])]:
            held = keys.setdefault(_key(form), [])
            if row["area_id"] not in held:
                held.append(str(row["area_id"]))
    return keys


def _definite(name_sq: str) -> list[str]:
    # Albanian names places in two forms, Kumanovë and Kumanova; people type either.
    return [name_sq.removesuffix("ë") + "a"] if name_sq.endswith("ë") else []


@lru_cache(maxsize=1)
def load_areas() -> Areas:
    """Read the catalogue of areas that ships with the package, and check it.

    Returns
    -------
    Areas

    Raises
    ------
    CatalogueError
        When a row breaks a rule; the sentence names its id.

    Examples
    --------
    >>> len(load_areas().at_level("municipality"))
    80
    """
    file = resources.files("analysis.catalog") / "areas.csv"
    with file.open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str, keep_default_na=False)
    return Areas(check_table(frame, AREAS, "areas.csv"))
