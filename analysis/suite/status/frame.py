"""Filling the templates of the status: one sheet inside each page, so that a page is one file."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analysis.text import find_language, translator

SHEET = "status.css"
COMMAND = re.compile(r"`([^`]+)`")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("analysis.suite.status"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["commands"] = commands_html
    return found


def commands_html(text: str) -> Markup:
    """Write a text whose commands stand between backticks, each as code.

    Examples
    --------
    >>> commands_html("a < b: `patokaz run`.")
    Markup('a &lt; b: <code>patokaz run</code>.')
    """
    return Markup(COMMAND.sub(r"<code>\1</code>", str(Markup.escape(text))))  # noqa: S704  # escaped


def render(template: str, language: str, **values: Any) -> str:
    """Fill a template with values and the messages of a language.

    Parameters
    ----------
    template, language : str
    **values
        What the template names.

    Returns
    -------
    str
        A whole HTML document that loads nothing.
    """
    sheet = (resources.files("analysis.suite.status") / "templates" / SHEET).read_text("utf-8")
    return (
        _environment()
        .get_template(template)
        .render(
            _=translator(language),
            language=find_language(language),
            sheet=Markup(sheet),  # noqa: S704  # a file of the package
            **values,
        )
    )
