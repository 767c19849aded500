"""Parameters of notebooks: declared once, in the notebook's first cell, with their kind.

A notebook writes ``area: "Municipality" = "MK-703"  # help``. The kind in quotes decides which
values are allowed; name, kind, default and help are read from there and nowhere else.
"""

from __future__ import annotations

import ast
import datetime as dt
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import papermill

from analysis.assessment.period import Period, PeriodError
from analysis.assessment.places import find_trend_area
from analysis.catalog import AreaError, load_areas
from analysis.text import LanguageError, find_language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FIRST_YEAR = 2021
LAST_YEAR = 2025
EDITIONS = ("public",)


class ParameterError(ValueError):
    """A parameter that a notebook does not have, or a value that it does not allow."""


def _municipality(value: object) -> str:
    return load_areas().find(str(value), "municipality").area_id


def _language(value: object) -> str:
    return find_language(str(value)).code


def _edition(value: object) -> str:
    if value not in EDITIONS:
        msg = f"'{value}' is not an edition. Use one of: {', '.join(EDITIONS)}."
        raise ParameterError(msg)
    return str(value)


def _year(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"{value!r} is not a year. Write it as a whole number, such as {LAST_YEAR}."
        raise ParameterError(msg)
    if not FIRST_YEAR <= value <= LAST_YEAR:
        msg = f"{value} is not a year from {FIRST_YEAR} to {LAST_YEAR}, the years that are held."
        raise ParameterError(msg)
    return value


def _area(value: object) -> str:
    try:
        return find_trend_area(str(value)).area_id
    except PeriodError as refused:
        raise ParameterError(str(refused)) from None


def _period(value: object) -> str:
    try:
        return str(Period.parse(str(value)))
    except PeriodError as refused:
        raise ParameterError(str(refused)) from None


def _day(value: object) -> str:
    if value == "today":
        return dt.datetime.now(dt.UTC).date().isoformat()
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        msg = f"'{value}' is not a day. Write 'today', or a date such as 2026-01-31."
        raise ParameterError(msg) from None


# Each kind turns what a person writes into the one form that a notebook gets, or refuses it.
KINDS: dict[str, Callable[[object], Any]] = {
    "Municipality": _municipality,
    "Area": _area,
    "Language": _language,
    "Edition": _edition,
    "ReferenceYear": _year,
    "Period": _period,
    "Day": _day,
}
ALLOWED = {
    "Municipality": "code or name of one of the 80 municipalities, in any language",
    "Area": "code or name of a country, of the Western Balkans (WB) or of a municipality",
    "Language": "mk, en, sq, sr-Cyrl or sr-Latn",
    "Edition": ", ".join(EDITIONS),
    "ReferenceYear": f"a year from {FIRST_YEAR} to {LAST_YEAR}",
    "Period": f"first and last year, such as 2014-{LAST_YEAR}",
    "Day": "'today' or a date such as 2026-01-31",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as its notebook declares it."""

    name: str
    kind: str
    default: Any
    help: str

    @property
    def allowed(self) -> str:
        """What values may be given, in words."""
        return ALLOWED[self.kind]

    def accept(self, value: object) -> Any:
        """Give the value in the form that the notebook gets.

        Raises
        ------
        ParameterError
            When the kind does not allow the value.
        """
        try:
            return KINDS[self.kind](value)
        except (AreaError, LanguageError, ParameterError) as refused:
            msg = f"Parameter '{self.name}': {refused}"
            raise ParameterError(msg) from None


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Read the parameters that a notebook declares.

    Parameters
    ----------
    notebook : pathlib.Path

    Returns
    -------
    dict of str to Parameter
        In the order of the notebook.

    Raises
    ------
    ParameterError
        When the notebook is missing, declares none, or uses an unknown kind.
    """
    if not notebook.is_file():
        known = ", ".join(sorted(p.stem for p in notebook.parent.glob("*.ipynb")))
        msg = (
            f"There is no notebook '{notebook.stem}' in {notebook.parent.name}/. There is: {known}."
        )
        raise ParameterError(msg)
    try:
        found = papermill.inspect_notebook(str(notebook))
    except ValueError as unfit:
        msg = (
            f"{notebook.name} cannot be read: {unfit} Open it in JupyterLab, choose a kernel, save."
        )
        raise ParameterError(msg) from None
    if not found:
        msg = f"{notebook.name} declares no parameters. Tag its first code cell 'parameters'."
        raise ParameterError(msg)
    parameters = {}
    for name, facts in found.items():
        kind = str(facts["inferred_type_name"])
        if kind not in KINDS:
            msg = (
                f"{notebook.name}: parameter '{name}' has the kind '{kind}'. "
                f"Write one of: {', '.join(KINDS)}."
            )
            raise ParameterError(msg)
        default = ast.literal_eval(facts["default"])
        parameters[name] = Parameter(name, kind, default, str(facts["help"]))
    return parameters


def accept_parameters(
    declared: Mapping[str, Parameter], given: Mapping[str, object], notebook: str
) -> dict[str, Any]:
    """Check values against a declaration and fill in the defaults.

    Parameters
    ----------
    declared : mapping of str to Parameter
    given : mapping of str to object
    notebook : str
        Name for the sentence of an error.

    Returns
    -------
    dict
        A value for each declared parameter.

    Raises
    ------
    ParameterError
        When a name is not declared or a value not allowed.
    """
    for name in given:
        if name not in declared:
            near = difflib.get_close_matches(name, declared, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            msg = f"'{name}' is not a parameter of {notebook}.{hint} It has: {', '.join(declared)}."
            raise ParameterError(msg)
    return {n: p.accept(given.get(n, p.default)) for n, p in declared.items()}
