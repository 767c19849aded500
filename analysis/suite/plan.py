"""From ``suite.toml`` to runs: notebook x municipality x language x edition."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from analysis.catalog import load_areas
from analysis.suite.parameters import (
    Parameter,
    ParameterError,
    accept_parameters,
    read_parameters,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.workspace import Workspace

ENTRY_KEYS = frozenset({"notebook", "areas", "languages", "editions", "outputs", "parameters"})
OUTPUTS = ("page", "brief")
AREA = "area"
# A notebook without the parameter is about the whole country.
WHOLE = "MK"
ENTRY_MARK = re.compile(r"^\s*\[\[\s*run\s*\]\]")


class SuiteError(ValueError):
    """A suite file that cannot be carried out as written."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one notebook.

    Parameters
    ----------
    notebook : str
        Name without ending.
    area, language, edition : str
        Id of the area and the two other axes of a suite.
    parameters : tuple of (str, value)
        All parameters of the notebook, checked.
    outputs : tuple of str
        What is published: ``page``, ``brief``.
    languages : tuple of str
        All languages of the same municipality in this suite; its pages link to each other.
    """

    notebook: str
    area: str
    language: str
    edition: str
    parameters: tuple[tuple[str, Any], ...]
    outputs: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def is_municipal(self) -> bool:
        """Whether the run is about one municipality."""
        return load_areas().get(self.area).level == "municipality"

    @property
    def slug(self) -> str:
        """Name of the page in addresses: the municipality, or what the notebook is about."""
        if self.is_municipal:
            return load_areas().get(self.area).slug
        return self.notebook.split("_", 1)[1].replace("_", "-")

    @property
    def name(self) -> str:
        """Name of the run, the same in every edition of the data."""
        return f"{self.notebook}/{self.slug}_{self.language}_{self.edition}"


def plan_runs(
    workspace: Workspace,
    areas: Sequence[str] = (),
    languages: Sequence[str] = (),
    *,
    every_area: bool = False,
) -> list[Run]:
    """Expand the suite file into runs.

    Parameters
    ----------
    workspace : Workspace
    areas : sequence of str
        Codes or names that replace the areas of the file.
    languages : sequence of str
        Codes that replace the languages of the file.
    every_area : bool
        All 80 municipalities.

    Returns
    -------
    list of Run
        In the order of the file; each run once.

    Raises
    ------
    SuiteError
        When the file says something that no notebook knows; the sentence has its line.
    AreaError, ParameterError
        When an area or a value that was asked for is not known. No kernel has been started.
    """
    chosen = _chosen_areas(areas, every_area=every_area)
    runs: dict[str, Run] = {}
    for entry in read_suite(workspace.suite_file):
        if areas and AREA not in _declared(entry, workspace):
            # Who names places asks for their pages, not for those of the whole country.
            continue
        for run in _expand(entry, workspace, chosen, list(languages)):
            runs.setdefault(run.name, run)
    return list(runs.values())


def _chosen_areas(areas: Sequence[str], *, every_area: bool) -> list[str]:
    catalogue = load_areas()
    if every_area:
        return [a.area_id for a in catalogue.at_level("municipality")]
    return list(dict.fromkeys(catalogue.find(a).area_id for a in areas))


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[run]]`` of the suite file, with the lines it stands on."""

    content: dict[str, Any]
    first_line: int
    lines: tuple[str, ...]
    file: str

    def line_of(self, key: str) -> int:
        """Find the line on which a key of this entry stands."""
        pattern = re.compile(rf"(^|[\s{{,]){re.escape(key)}\s*=")
        for offset, line in enumerate(self.lines):
            if pattern.search(line.split("#", 1)[0]):
                return self.first_line + offset
        return self.first_line

    def refuse(self, key: str, why: object) -> SuiteError:
        """Make the error for a key: file, line, reason."""
        return SuiteError(f"{self.file}, line {self.line_of(key)}: {why}")


def read_suite(path: Path) -> list[Entry]:
    """Read the entries of a suite file.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of Entry

    Raises
    ------
    SuiteError
        When the file is no TOML, has no entry, or an entry has an unknown or missing key.
    """
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        msg = f"{path.name} is not valid TOML: {broken}. Correct that line; nothing was run."
        raise SuiteError(msg) from None
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if ENTRY_MARK.match(line)]
    found = content.pop("run", [])
    if content or not found or len(found) != len(starts):
        stray = f"has '{next(iter(content))}'" if content else "has no [[run]]"
        msg = f"{path.name} {stray} at its top. Expected one [[run]] block for each notebook."
        raise SuiteError(msg)
    ends = [*starts[1:], len(lines)]
    entries = [
        Entry(block, start + 1, tuple(lines[start:end]), path.name)
        for block, start, end in zip(found, starts, ends, strict=True)
    ]
    for entry in entries:
        _check_entry(entry)
    return entries


def _check_entry(entry: Entry) -> None:
    for key in entry.content:
        if key not in ENTRY_KEYS:
            expected = ", ".join(sorted(ENTRY_KEYS))
            raise entry.refuse(key, f"'{key}' is not a key of [[run]]. Use: {expected}.")
    for key in ("notebook", "languages"):
        if not entry.content.get(key):
            raise entry.refuse(key, f"[[run]] lacks '{key}'. Give it a value.")
    for output in entry.content.get("outputs", []):
        if output not in OUTPUTS:
            why = f"'{output}' is not an output. Use: {', '.join(OUTPUTS)}."
            raise entry.refuse("outputs", why)


def _expand(
    entry: Entry, workspace: Workspace, areas: list[str], languages: list[str]
) -> list[Run]:
    content = entry.content
    notebook = str(content["notebook"])
    declared = _declared(entry, workspace)
    _check_areas(entry, declared)
    given = content.get("parameters", {})
    for key in given:
        try:
            accept_parameters(declared, {key: given[key]}, notebook)
        except ParameterError as refused:
            raise entry.refuse(key, refused) from None
    spoken = languages or [str(code) for code in content["languages"]]
    places = (areas or _named(entry)) if AREA in declared else [WHOLE]
    runs = []
    for area, language, edition in product(places, spoken, content.get("editions", ["public"])):
        axes = {"area": area, "language": language, "edition": edition}
        asked = given | {k: v for k, v in axes.items() if k in declared}
        try:
            values = accept_parameters(declared, asked, notebook)
        except ParameterError as refused:
            if languages:
                raise
            raise entry.refuse("languages", refused) from None
        runs.append(
            Run(
                notebook=notebook,
                area=str(values.get(AREA, WHOLE)),
                language=str(values["language"]),
                edition=str(values["edition"]),
                parameters=tuple(sorted(values.items())),
                outputs=tuple(content.get("outputs", OUTPUTS)),
                languages=tuple(spoken),
            )
        )
    return runs


def _declared(entry: Entry, workspace: Workspace) -> dict[str, Parameter]:
    try:
        return read_parameters(workspace.notebooks / f"{entry.content['notebook']}.ipynb")
    except ParameterError as refused:
        raise entry.refuse("notebook", refused) from None


def _check_areas(entry: Entry, declared: dict[str, Parameter]) -> None:
    has_areas = bool(entry.content.get("areas"))
    if AREA in declared and not has_areas:
        raise entry.refuse("areas", "[[run]] lacks 'areas'. Give it a value.")
    if AREA not in declared and has_areas:
        why = "the notebook has no parameter 'area'. Remove 'areas'."
        raise entry.refuse("areas", why)


def _named(entry: Entry) -> list[str]:
    try:
        return [load_areas().find(str(a)).area_id for a in entry.content["areas"]]
    except ValueError as refused:
        raise entry.refuse("areas", refused) from None
