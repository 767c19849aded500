"""Rows of the tables of monitoring: read, checked, and held against the areas."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog.areas import load_areas
from analysis.catalog.schemas import CatalogueError, check_table

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandera.pandas as pa


def read_rows(name: str, schema: pa.DataFrameSchema) -> list[dict[str, str]]:
    """Read a table that ships with the package, and check it.

    Parameters
    ----------
    name : str
        File name.
    schema : pandera.pandas.DataFrameSchema

    Returns
    -------
    list of dict
        One a row, all text.

    Raises
    ------
    CatalogueError
        As :func:`check_monitoring_rows`.
    """
    with (resources.files("analysis.catalog") / name).open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str, keep_default_na=False)
    return check_monitoring_rows(frame, schema, name)


def check_monitoring_rows(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, name: str
) -> list[dict[str, str]]:
    """Check the rows of a table, and the areas that they name.

    Parameters
    ----------
    frame : pandas.DataFrame
        All text, blanks as empty text. It is not changed.
    schema : pandera.pandas.DataFrameSchema
    name : str
        File name, for the sentence.

    Returns
    -------
    list of dict

    Raises
    ------
    CatalogueError
        When a row breaks a rule or names an area that the catalogue does not hold; the sentence
        names the row.
    """
    checked = check_table(frame, schema, name)
    rows = [{str(k): str(v) for k, v in row.items()} for row in checked.to_dict("records")]
    if "area_id" in checked.columns:
        known = {area.area_id for area in load_areas()}
        for row in rows:
            refuse_strangers(name, row["record_id"], {row["area_id"]}, known, "areas.csv")
    return rows


def refuse_strangers(
    name: str, record: str, named: Collection[str], known: Collection[str], home: str
) -> None:
    """Refuse a row that names what another table does not hold.

    Parameters
    ----------
    name, record : str
        The table and the row, for the sentence.
    named, known : collection of str
    home : str
        The table that should hold it.

    Raises
    ------
    CatalogueError
        When something named is not known.

    Examples
    --------
    >>> refuse_strangers("tiers.csv", "MK-2024", ["MK"], {"MK", "RS"}, "areas.csv")
    """
    strangers = sorted(set(named) - set(known))
    if strangers:
        msg = (
            f"{name}: '{record}' names '{strangers[0]}', which {home} does not hold. Correct "
            f"the row; nothing was built."
        )
        raise CatalogueError(msg)
