"""The words around a dashboard, in its language: the server writes them before a kernel runs."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader

from analysis.dashboard.address import EMBED, PAGES, printed_page
from analysis.dashboard.basket_words import collect_words
from analysis.dashboard.choice import AREA, LANGUAGE
from analysis.dashboard.fields import VIEW
from analysis.dashboard.kinds import MUNICIPAL
from analysis.documents.html import environment
from analysis.documents.notice import standing_title
from analysis.documents.protection_words import RULES_PAGE
from analysis.documents.wording import Wording
from analysis.figures import theme
from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.standing import read_standing
from analysis.text import LANGUAGES, translator

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from analysis.dashboard.choice import Asked, Choice
    from analysis.dashboard.kinds import Kind
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

LOG = logging.getLogger(__name__)
DASHBOARD = MUNICIPAL.address
COLOURS = {
    "ink": theme.INK,
    "quiet": theme.QUIET,
    "rule": theme.RULE,
    "paper": theme.PAPER,
    "here": theme.HERE,
    "region": theme.REGION,
    "tint": theme.NO_DATA_FILL,
}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return environment().overlay(loader=PackageLoader("analysis.dashboard"))


def load_templates() -> None:
    """Compile all templates of dashboards, so that whoever needs one first does not wait."""
    for name in _templates().list_templates(extensions=["j2"]):
        _templates().get_template(name)


def wording(choice: Choice) -> Wording:
    """Open the wording of a choice."""
    return Wording(translator(choice.language.code))


def edition_standing(workspace: Workspace) -> Standing | None:
    """Read how the edition stands that a dashboard shows.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Standing or None
        None, which readers see as a draft, where the ledger cannot be relied on; the log of the
        server says why.
    """
    try:
        return read_standing(workspace)
    except LedgerError as failure:
        LOG.error("Shown as a draft: %s", failure)  # noqa: TRY400  # the sentence says it all
        return None


def frame_words(
    choice: Choice, site: Path, standing: Standing | None = None, kind: Kind = MUNICIPAL
) -> dict[str, str]:
    """Say what stands around the figures: title, links, what to do when something fails.

    Parameters
    ----------
    choice : Choice
    site : pathlib.Path
        The folder of published pages.
    standing : Standing, optional
        How the edition stands; the title of a draft says so, because browsers print it on each
        page.
    kind : Kind
        The dashboard; the profile of a municipality unless given.

    Returns
    -------
    dict of str to str
        Plain text; the template and the script of the page set it.
    """
    w = wording(choice)
    title = kind.write_title(choice, w)
    slug = kind.name_page(choice)
    page = printed_page(choice.language.code, slug, site) if slug else PAGES
    if page == PAGES:
        # Nobody has printed it: the view that others embed needs no scripts either.
        page = f"{EMBED}{kind.name}?{choice.query}"
    return {
        "language": choice.language.code,
        "query": choice.query,
        "title": standing_title(title, standing, w.translate),
        "skip": w.translate("Skip to the figures"),
        "page": page,
        "page_label": w.translate("The same figures as a page to print, without scripts"),
        "pages": PAGES,
        "pages_label": w.translate("All pages"),
        "rules": f"{PAGES}{choice.language.code}/{RULES_PAGE}/index.html",
        "loading": w.translate("The controls are being prepared; the figures below are complete."),
        "lost": w.translate(
            "The server does not answer any more. Load this page anew; your choice stands in its "
            "address."
        ),
        "failed": w.translate(
            "This view could not be made. The page to print has the same figures. Please tell "
            "the person who runs this server."
        ),
        "language_label": w.translate("Language"),
        "changes_label": w.translate("What changed since last time"),
        "updates_label": w.translate("Next update"),
        "report_label": w.translate("Report an error"),
        "copy": w.translate("Copy the link to this view"),
        "copied": w.translate("The link to this view is copied."),
        "embed": w.translate("Embed this view"),
        "embed_label": w.translate(
            "To show this view on a page of yours, put these lines into it. First ask the person "
            "who runs this server to allow your site."
        ),
        "noscript": w.translate("Without scripts, choose here and press the button."),
        "show": w.translate("Show"),
        **collect_words(w),
        # What stands in a reference before the sign of its part.
        "collect_top": f"{kind.name}?{choice.write_without((LANGUAGE, VIEW))}",
        "collect_rest": f"{kind.name}?{choice.write_without((LANGUAGE, VIEW, *kind.idle_below))}",
    }


def page_frame(
    asked: Asked, site: Path, standing: Standing | None = None, kind: Kind = MUNICIPAL
) -> dict[str, Any]:
    """Give all that the template of the page needs before a kernel runs.

    Parameters
    ----------
    asked : Asked
    site : pathlib.Path
    standing : Standing, optional
    kind : Kind
        The dashboard; the profile of a municipality unless given.

    Returns
    -------
    dict
        For the metadata of the notebook: words, colours, the choices of the form. ``choices``
        holds every menu with name, label, options and the key that is chosen; ``area``,
        ``areas``, ``area_label`` and ``languages`` are two of them once more.
    """
    w = wording(asked.choice)
    choices = [
        {
            "name": field.name,
            "label": w.translate(field.label),
            "chosen": key,
            "options": [list(pair) for pair in field.list_with(key, w)],
        }
        for field, key in asked.choice.menus
    ]
    by_name = {choice["name"]: choice for choice in choices}
    area = by_name.get(AREA, {"chosen": "", "options": [], "label": ""})
    return {
        **frame_words(asked.choice, site, standing, kind),
        "colours": COLOURS,
        "font": theme.FONT,
        "problems": list(asked.problems(w)),
        "choices": choices,
        "area": area["chosen"],
        "areas": area["options"],
        "area_label": area["label"],
        "languages": by_name[LANGUAGE]["options"],
        "address": kind.address,
    }


def sentence_page(message: str, command: str = "") -> str:
    """Write a page that says one sentence in every complete language.

    Parameters
    ----------
    message : str
        A message of the catalogs; ``{command}`` may stand in it.
    command : str
        What to type.

    Returns
    -------
    str
        A whole HTML document without script or link to elsewhere.
    """
    said = []
    for language in LANGUAGES.values():
        if language.state == "complete":
            text = translator(language.code)(message).replace("{command}", command)
            said.append((language, text))
    return (
        _templates()
        .get_template("sentence.html.j2")
        .render(said=said, colours=COLOURS, font=theme.FONT, pages=PAGES, dashboard=DASHBOARD)
    )


def render_part(template: str, w: Wording, **values: Any) -> str:
    """Fill a template of the dashboards with values and the language's messages.

    Parameters
    ----------
    template : str
    w : Wording
    **values
        What the template names; one that is not given is an error.

    Returns
    -------
    str
    """
    return _templates().get_template(template).render(_=w.translate, language=w.language, **values)
