"""Languages: message catalogs, numbers, dates and scripts. Imports nothing else of ours."""

from __future__ import annotations

from analysis.text.languages import LANGUAGES, Language, LanguageError, find_language
from analysis.text.messages import Translator, mark, translator
from analysis.text.numbers import (
    format_change,
    format_count,
    format_percent,
    format_rate,
    format_signed_percent,
    parse_number,
)
from analysis.text.script import latinise_serbian

__all__ = [
    "LANGUAGES",
    "Language",
    "LanguageError",
    "Translator",
    "find_language",
    "format_change",
    "format_count",
    "format_percent",
    "format_rate",
    "format_signed_percent",
    "latinise_serbian",
    "mark",
    "parse_number",
    "translator",
]
