"""The server's own pages: the waiting line and the sign-in, in the languages of the project."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader

from analysis.dashboard.frame import COLOURS
from analysis.documents.html import environment
from analysis.figures import theme
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from jinja2 import Environment

    from analysis.text import Language


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return environment().overlay(loader=PackageLoader("analysis.dashboard.serving"))


def spoken_languages() -> list[Language]:
    """List the languages that are complete: a page for everybody says all in each."""
    return [language for language in LANGUAGES.values() if language.state == "complete"]


def render_page(template: str, **values: Any) -> str:
    """Fill a template of the server.

    Parameters
    ----------
    template : str
    **values
        What the template names; one that is not given is an error.

    Returns
    -------
    str
    """
    return _templates().get_template(template).render(colours=COLOURS, font=theme.FONT, **values)
