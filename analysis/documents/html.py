"""Blocks as HTML: real headings, real tables, pictures with a name, numbers that say their row."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analysis.documents.glosses import mark_terms
from analysis.documents.model import Bound, Bullets, Figure, Foreign, Paragraph, Section, Table
from analysis.documents.views import View, arrange_views
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.documents.model import Sentence
    from analysis.text import Language

ADDRESS = re.compile(r"^https?://\S+$")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Give the template environment; a name that is not given is an error, not a blank."""
    found = Environment(
        loader=PackageLoader("analysis.documents"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["bound"] = bound_html
    found.filters["sentence"] = sentence_html
    found.filters["cell"] = cell_html
    found.filters["views"] = arrange_views
    found.tests["view"] = _is(View)
    found.tests["paragraph"] = _is(Paragraph)
    found.tests["bullets"] = _is(Bullets)
    found.tests["table"] = _is(Table)
    found.tests["figure"] = _is(Figure)
    return found


def _is(kind: type) -> Callable[[object], bool]:
    return lambda block: isinstance(block, kind)


def bound_html(number: Bound) -> Markup:
    """Write a number as ``<data>``: its value for machines, its observation for who asks."""
    mark = origin_html(number)
    if number.value is None:
        return Markup('<span class="state state-{}"{}>{}</span>').format(
            number.state, mark, number.text
        )
    value = repr(number.value).removesuffix(".0")
    return Markup('<data value="{}"{}>{}</data>').format(value, mark, number.text)


def origin_html(number: Bound) -> Markup:
    """Write where a number comes from: its observation, or its method and what went into it."""
    if number.reference:
        return Markup(' data-observation="{}"').format(number.reference)
    if number.inputs:
        return Markup(' data-method="{}" data-inputs="{}"').format(
            number.method, " ".join(number.inputs)
        )
    return Markup("")


def sentence_html(sentence: Sentence) -> Markup:
    """Write a sentence with its bound numbers."""
    return Markup("").join(cell_html(part) for part in sentence.parts)


def cell_html(cell: str | Bound) -> Markup:
    """Write a cell: a bound number, an address as a link, or text."""
    if isinstance(cell, Bound):
        return bound_html(cell)
    if isinstance(cell, Foreign):
        return Markup('<span lang="{}">{}</span>').format(cell.language, str(cell))
    if ADDRESS.match(cell):
        return Markup('<a href="{0}">{0}</a>').format(cell)
    return Markup.escape(cell)


def section_html(section: Section, language: Language) -> str:
    """Write a section.

    Parameters
    ----------
    section : Section
    language : Language

    Returns
    -------
    str
        A ``<section>`` with a heading of level 2. Without script, link to elsewhere or image
        file: pictures stand in it as SVG.
    """
    written = render("section.html.j2", language, section=section)
    return mark_terms(written, language, section.name)


def render(template: str, language: Language, **values: Any) -> str:
    """Fill a template of the package with values and the language's messages."""
    translate = translator(language.code)
    return environment().get_template(template).render(_=translate, language=language, **values)
