"""Reading the public zone: results of one indicator and area, single or as a series."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.catalog import Indicators, load_indicators
from analysis.methods import Result
from analysis.sources.published import complete_dimensions
from analysis.store.files import OBSERVATIONS, SOURCES, read_table
from analysis.store.reads import EVERY, open_reader
from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.workspace import Workspace

NO_ROW = "no source that we hold has a figure"


class PublicData:
    """Protected observations of some areas.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of the public table.
    sources : pandas.DataFrame
        All sources.
    indicators : Indicators
    """

    def __init__(self, frame: pd.DataFrame, sources: pd.DataFrame, indicators: Indicators) -> None:
        # A table of an earlier build may lack the dimensions that came later.
        self._frame = complete_dimensions(frame)
        self.sources = sources
        self.indicators = indicators
        self._reader = open_reader()
        self._made: dict[tuple[str, str], list[dict[str, Any]]] = {}

    @property
    def frame(self) -> pd.DataFrame:
        """All rows. Whoever asks for them is taken to depend on each."""
        self._reader.note(EVERY, EVERY)
        return self._frame

    def find_held(self, areas: Collection[str]) -> set[str]:
        """Find the indicators that have a row in one of some areas.

        Parameters
        ----------
        areas : collection of str
            Ids.

        Returns
        -------
        set of str
        """
        for area_id in areas:
            self._reader.note(EVERY, area_id)
        return {name for name, area_id in self._places if area_id in areas}

    def take_rows(self, observations: Sequence[str]) -> pd.DataFrame:
        """Take the rows of figures that have been read already.

        Parameters
        ----------
        observations : sequence of str
            Ids, each once.

        Returns
        -------
        pandas.DataFrame
            In that order, with the ids as index and as a column.
        """
        rows = self._frame.loc[self._frame["observation_id"].isin(observations)]
        return rows.set_index("observation_id", drop=False).loc[list(observations)]

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[int]]:
        """Which rows are of one indicator and area, oldest first."""
        by = ["period_end", "period_start", "source_id"]
        # To order the whole table would be to write all of it anew.
        order = self._frame[by].reset_index(drop=True).sort_values(by).index
        indicators, areas = self._columns["indicator_id"], self._columns["area_id"]
        found: dict[tuple[str, str], list[int]] = {}
        for place in order.tolist():
            found.setdefault((indicators[place], areas[place]), []).append(place)
        return found

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        # A profile asks some hundred times for a few rows: lists answer at once, frames do not.
        return {str(name): _list_cells(column) for name, column in self._frame.items()}

    def _rows(self, indicator_id: str, area_id: str) -> list[dict[str, Any]]:
        self._reader.note(indicator_id, area_id)
        pair = indicator_id, area_id
        if pair not in self._made:
            columns = self._columns
            self._made[pair] = [
                {name: column[place] for name, column in columns.items()}
                for place in self._places.get(pair, ())
            ]
        return self._made[pair]

    def list_rows(self, indicator_id: str, area_id: str) -> list[dict[str, Any]]:
        """List the rows of one indicator in one area as they stand in the table, oldest first.

        Parameters
        ----------
        indicator_id, area_id : str

        Returns
        -------
        list of dict
            A copy of each row.
        """
        return [dict(row) for row in self._rows(indicator_id, area_id)]

    def series(self, indicator_id: str, area_id: str, **dimensions: str) -> list[Result]:
        """Give all results of one indicator in one area, oldest first.

        Parameters
        ----------
        indicator_id, area_id : str
        **dimensions : str
            ``sex``, ``origin``, ``citizenship``, ``age`` or ``category``; the total where not
            said.

        Returns
        -------
        list of Result
            Sources that differ stay apart: a period may occur more than once.
        """
        wanted = dict.fromkeys(DIMENSIONS, TOTAL) | dimensions
        return [
            self._result(row)
            for row in self._rows(indicator_id, area_id)
            if all(row[name] == value for name, value in wanted.items())
        ]

    def one(self, indicator_id: str, area_id: str, year: int, **dimensions: str) -> Result:
        """Give the result of the period that ends in a year, or say that there is none.

        Where several sources give it, the first by ``source_id`` stands; :meth:`series` has all.
        """
        found = [r for r in self.series(indicator_id, area_id, **dimensions) if r.year == year]
        if found:
            return found[0]
        return Result(
            state="no_data",
            unit=self.indicators.get(indicator_id).unit,
            reason=NO_ROW,
            period_start=f"{year}-01-01",
            period_end=f"{year}-12-31",
        )

    def latest(self, indicator_id: str, area_id: str, **dimensions: str) -> Result | None:
        """Give the newest result, or None where the indicator has no row at all."""
        found = self.series(indicator_id, area_id, **dimensions)
        return found[-1] if found else None

    def breakdown(
        self, indicator_id: str, area_id: str, year: int, dimension: str
    ) -> dict[str, Result]:
        """Give the results of one year by the values of one dimension, the total left out.

        Figures that are split by another dimension as well are left out too.
        """
        others = [name for name in DIMENSIONS if name != dimension]
        return {
            str(row[dimension]): self._result(row)
            for row in self._rows(indicator_id, area_id)
            if row[dimension] != TOTAL
            and all(row[name] == TOTAL for name in others)
            and row["period_end"].startswith(str(year))
        }

    def splits(self, indicator_id: str, area_id: str, dimension: str) -> list[tuple[str, Result]]:
        """Give every part of an indicator by one dimension: all periods, every source.

        Parameters
        ----------
        indicator_id, area_id : str
        dimension : str

        Returns
        -------
        list of (str, Result)
            Part and number, oldest first; figures that are split by another dimension as well
            are left out.
        """
        others = [name for name in DIMENSIONS if name != dimension]
        return [
            (str(row[dimension]), self._result(row))
            for row in self._rows(indicator_id, area_id)
            if row[dimension] != TOTAL and all(row[name] == TOTAL for name in others)
        ]

    def find_result(self, observation_id: str) -> Result:
        """Give the result of one observation.

        Parameters
        ----------
        observation_id : str

        Returns
        -------
        Result

        Raises
        ------
        KeyError
            When no row has the id.
        """
        rows = self._frame.loc[self._frame["observation_id"] == observation_id]
        if rows.empty:
            msg = f"No observation has the id '{observation_id}'."
            raise KeyError(msg)
        row = rows.iloc[0].to_dict()
        self._reader.note(str(row["indicator_id"]), str(row["area_id"]))
        return self._result(row)

    @cached_property
    def editions(self) -> dict[str, tuple[str, str]]:
        """Publisher and date of each source, by id of the source."""
        return {
            str(s["source_id"]): (str(s["publisher"]), str(s["as_of"]))
            for s in self.sources.to_dict("records")
        }

    def _result(self, row: Mapping[Any, Any]) -> Result:
        return Result(
            state=row["state"],
            value=_number(row["value"]),
            lower=_number(row["lower"]),
            upper=_number(row["upper"]),
            n=_number(row["denominator"]),
            unit=self.indicators.get(str(row["indicator_id"])).unit,
            reason=str(row["reason"]),
            source_id=str(row["source_id"]),
            reference=str(row["observation_id"]),
            period_start=str(row["period_start"]),
            period_end=str(row["period_end"]),
            status=str(row["status"]),
            method=str(row["method"]),
        )


def _list_cells(column: pd.Series) -> list[Any]:
    """List the cells of a column, each text once however often it occurs: most occur often."""
    if not pd.api.types.is_string_dtype(column.dtype):
        return column.tolist()
    places, texts = pd.factorize(column)
    # A blank has the place -1.
    known = [*texts.tolist(), float("nan")]
    return [known[place] for place in places.tolist()]


def _number(cell: Any) -> float | None:
    return None if pd.isna(cell) else float(cell)


def read_public(workspace: Workspace, areas: Sequence[str] | None = None) -> PublicData:
    """Read the public zone for some areas.

    Parameters
    ----------
    workspace : Workspace
    areas : sequence of str, optional
        Ids of areas; all where not given.

    Returns
    -------
    PublicData

    Raises
    ------
    StoreError
        When nothing has been built.
    """
    return PublicData(
        read_table(workspace.public / OBSERVATIONS, areas),
        read_table(workspace.public / SOURCES),
        load_indicators(),
    )
