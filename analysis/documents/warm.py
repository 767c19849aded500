"""Filling what the code of documents keeps, so that a process forked from this one has it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import analysis.documents.face
from analysis.catalog import load_areas, load_indicators
from analysis.documents.html import environment
from analysis.documents.wording import Wording
from analysis.figures import warm
from analysis.text import LANGUAGES, format_count, format_percent, translator

if TYPE_CHECKING:
    from types import ModuleType

# What a notebook calls comes along with it.
FACE: ModuleType = analysis.documents.face


def preload() -> None:
    """Load catalogues, messages, templates and the forms of charts: code, and never data.

    What lies in a workspace is not read: a process that forks from this one finds no figure
    here. Nothing is drawn, so that no thread starts. A second call costs next to nothing.

    Examples
    --------
    >>> preload()
    >>> translator.cache_info().currsize >= len(LANGUAGES)
    True
    """
    load_areas()
    load_indicators()
    for language in LANGUAGES.values():
        w = Wording(translator(language.code))
        # The patterns of CLDR for numbers, and its names of countries.
        format_count(1000, language)
        format_percent(1.0, language)
        w.country("MKD")
    # Which the first table that is read would bring: importing them starts no thread.
    importlib.import_module("pyarrow.dataset")
    importlib.import_module("pyarrow.parquet")
    importlib.import_module("pandas.core.arrays.arrow.extension_types")
    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)
    warm.preload()
