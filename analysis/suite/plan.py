"""From ``suite.toml`` to runs: notebook x municipality x language x edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from analysis.catalog import AreaError, load_areas
from analysis.documents.brief_forms import FACTS
from analysis.suite.parameters import (
    Parameter,
    ParameterError,
    accept_parameters,
    read_parameters,
)
from analysis.suite.suite_file import FORM, OUTPUTS, RETRIES, TIMEOUT, Entry, SuiteError, read_suite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.catalog import Area
    from analysis.workspace import Workspace

AREA = "area"
# A notebook without the parameter is about the whole country.
WHOLE = "MK"
# The topic whose pages are named after their municipality alone.
PROFILE = "municipal-profile"
LIKE_COUNTRIES = {"country", "group"}


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
    timeout : float, optional
        Seconds that it may take; what holds for all runs unless given.
    retries : int, optional
        How often it is tried again when its kernel hung or died; likewise.
    form : {"facts", "short", "long"}
        Of its brief.
    """

    notebook: str
    area: str
    language: str
    edition: str
    parameters: tuple[tuple[str, Any], ...]
    outputs: tuple[str, ...]
    languages: tuple[str, ...]
    timeout: float | None = None
    retries: int | None = None
    form: str = FACTS

    @property
    def topic(self) -> str:
        """What the notebook is about: its name without the number."""
        return self.notebook.split("_", 1)[1].replace("_", "-")

    @property
    def is_profile(self) -> bool:
        """Whether the run makes the profile of a municipality, which has a dashboard too."""
        return self.topic == PROFILE

    @property
    def slug(self) -> str:
        """Name of the page in addresses: the municipality for its profile, else the topic.

        A topic that is read for several areas has the name of the area behind it.
        """
        if self.is_profile:
            return load_areas().get(self.area).slug
        if AREA in dict(self.parameters):
            return f"{self.topic}-{load_areas().get(self.area).slug}"
        return self.topic

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
    taken: set[str] = set()
    for entry in read_suite(workspace.suite_file):
        fitting = _fitting(entry, chosen, workspace)
        if areas and not fitting:
            # Who names places asks for their pages, not for those of other places.
            continue
        taken |= set(fitting)
        for run in _expand(entry, workspace, fitting, list(languages)):
            runs.setdefault(run.name, run)
    for area_id in chosen:
        if area_id not in taken:
            area = load_areas().get(area_id)
            msg = (
                f"No notebook of {workspace.suite_file.name} is run for a {area.level} such as "
                f"{area.name_en}. Add it to the 'areas' of one, or name another place."
            )
            raise SuiteError(msg)
    return list(runs.values())


def _fitting(entry: Entry, chosen: list[str], workspace: Workspace) -> list[str]:
    """Choose, of the areas asked for, those of the kinds that the entry is run for."""
    if not chosen or AREA not in _declared(entry, workspace):
        return []
    catalogue = load_areas()
    kinds = {catalogue.get(a).level for a in _named(entry)}
    kinds |= LIKE_COUNTRIES if kinds & LIKE_COUNTRIES else set()
    return [a for a in chosen if catalogue.get(a).level in kinds]


def _chosen_areas(areas: Sequence[str], *, every_area: bool) -> list[str]:
    catalogue = load_areas()
    if every_area:
        return [a.area_id for a in catalogue.at_level("municipality")]
    return list(dict.fromkeys(_find(a).area_id for a in areas))


@lru_cache(maxsize=1024)
def _find(text: str) -> Area:
    """Find a municipality, or else any other area of that name or code."""
    catalogue = load_areas()
    try:
        return catalogue.find(text)
    except AreaError as unknown:
        try:
            return catalogue.find(text, None)
        except AreaError:
            raise unknown from None


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
                language=str(values.get("language", language)),
                edition=str(values.get("edition", edition)),
                parameters=tuple(sorted(values.items())),
                outputs=tuple(content.get("outputs", OUTPUTS)),
                languages=tuple(spoken),
                timeout=content.get(TIMEOUT),
                retries=content.get(RETRIES),
                form=str(content.get(FORM, FACTS)),
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
        return [_find(str(a)).area_id for a in entry.content["areas"]]
    except ValueError as refused:
        raise entry.refuse("areas", refused) from None
