"""Which sources can be fetched, by id."""

from __future__ import annotations

from importlib import import_module, util
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.sources.protocol import Source

# Module and class; a module is imported when somebody asks, so that starting stays quick.
CONNECTORS = (
    ("makstat", "MakstatSource"),
    ("sors", "SorsSource"),
    ("eurostat", "EurostatSource"),
    ("unhcr", "UnhcrSource"),
    ("frontex", "FrontexSource"),
    ("worldbank", "WorldBankSource"),
    ("undesa", "UnDesaSource"),
    ("glotip", "GlotipSource"),
)


def all_sources() -> dict[str, Source]:
    """Give every connector at its real address.

    Returns
    -------
    dict of str to Source
        By ``source_id``, in the order of :data:`CONNECTORS`. A connector whose module is not
        part of this installation is left out.
    """
    made = [_class(module, name)() for module, name in CONNECTORS if _is_there(module)]
    return {source.about.source_id: source for source in made}


def short_names() -> dict[str, str]:
    """Give the id of each source by the short name that people type, such as ``eurostat``."""
    there = [(module, name) for module, name in CONNECTORS if _is_there(module)]
    return {module: _class(module, name)().about.source_id for module, name in there}


def _is_there(module: str) -> bool:
    return util.find_spec(f"analysis.sources.{module}") is not None


def _class(module: str, name: str) -> Callable[[], Source]:
    found = getattr(import_module(f"analysis.sources.{module}"), name)
    return cast("Callable[[], Source]", found)
