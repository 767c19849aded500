"""The page with the rules of disclosure in full, which every other page links to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.documents.html import render, section_html
from analysis.documents.page import page_marks
from analysis.documents.protection_rules import rules_sections
from analysis.documents.protection_words import RULES_TITLE
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, find_language, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.protection import Policy
    from analysis.protection.ledger.standing import Standing


def rules_html(
    language_code: str,
    languages: Sequence[str],
    standing: Standing | None = None,
    policy: Policy | None = None,
) -> str:
    """Write the page with the rules of disclosure in one language.

    Parameters
    ----------
    language_code : str
    languages : sequence of str
        Codes of the languages that the page exists in.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.
    policy : Policy, optional
        The policy in force, unless another is given.

    Returns
    -------
    str
        A whole HTML document, readable without scripts.
    """
    language = find_language(language_code)
    w = Wording(translator(language_code))
    sections = [section_html(s, language) for s in rules_sections(w, policy)]
    return render(
        "rules.html.j2",
        language,
        title=w.translate(RULES_TITLE),
        marks=page_marks([language_code], standing),
        body=[Markup(section) for section in sections],  # noqa: S704  # our own templates made it
        others=[LANGUAGES[code] for code in languages if code != language_code],
    )
