"""The words around a dashboard, in its language: the server writes them before a kernel runs."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import PackageLoader

from analysis.dashboard.address import PAGES, Choice, printed_page
from analysis.dashboard.controls import area_options, language_options
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

    from analysis.dashboard.address import Asked
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

LOG = logging.getLogger(__name__)
DASHBOARD = "/dashboards/municipal_profile"
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


def frame_words(choice: Choice, site: Path, standing: Standing | None = None) -> dict[str, str]:
    """Say what stands around the figures: title, links, what to do when something fails.

    Parameters
    ----------
    choice : Choice
    site : pathlib.Path
        The folder of published pages.
    standing : Standing, optional
        How the edition stands; the title of a draft says so, because browsers print it on each
        page.

    Returns
    -------
    dict of str to str
        Plain text; the template and the script of the page set it.
    """
    w = wording(choice)
    title = str(w.say("{area}: municipal profile", area=w.area(choice.area)))
    return {
        "language": choice.language.code,
        "query": choice.query,
        "title": standing_title(title, standing, w.translate),
        "skip": w.translate("Skip to the figures"),
        "page": printed_page(choice, site),
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
        "noscript": w.translate(
            "Without scripts, choose a municipality here and press the button."
        ),
        "area_label": w.translate("Municipality"),
        "language_label": w.translate("Language"),
        "show": w.translate("Show"),
    }


def page_frame(asked: Asked, site: Path, standing: Standing | None = None) -> dict[str, Any]:
    """Give all that the template of the page needs before a kernel runs.

    Parameters
    ----------
    asked : Asked
    site : pathlib.Path
    standing : Standing, optional

    Returns
    -------
    dict
        For the metadata of the notebook: words, colours, the choices of the form.
    """
    w = wording(asked.choice)
    return {
        **frame_words(asked.choice, site, standing),
        "colours": COLOURS,
        "font": theme.FONT,
        "problems": list(asked.problems(w)),
        "area": asked.choice.area.area_id,
        "areas": [list(pair) for pair in area_options(w)],
        "languages": [list(pair) for pair in language_options()],
        "address": DASHBOARD,
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
