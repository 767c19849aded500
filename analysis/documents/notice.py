"""The marks that a document carries, in the reader's language: synthetic figures, and a draft.

Whether figures are synthetic is read from their sources, not from a switch that could be lost on
the way: see :mod:`analysis.sources.demonstration`. Whether an edition is released is read from the
ledger: see :mod:`analysis.protection.ledger.standing`. Where nobody has said how an edition
stands, it is a draft: a mark too many is an annoyance, a mark too few is a publication.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment.reading import Reading
    from analysis.figures import Picture
    from analysis.protection.ledger.standing import Standing
    from analysis.text import Translator

NOTICE = mark("Synthetic data for demonstration: no figure is real")
DRAFT = mark("Draft for discussion: nobody has released it yet")
# One word, short enough to stand behind a page, before a title and above a chart.
DRAFT_WORD = mark("DRAFT")
DRAFT_CARE = mark("The figures may still change: please do not quote them.")
RELEASE = mark("Release {number}, {day}")


def demonstration_notice(translate: Translator, *, is_demonstration: bool) -> str:
    """Say that figures are synthetic, or nothing where they are real."""
    return translate(NOTICE) if is_demonstration else ""


def profile_notice(profile: Reading, translate: Translator) -> str:
    """Say it of a profile, or of another reading of the public zone."""
    return demonstration_notice(translate, is_demonstration=profile.is_demonstration)


def is_draft(standing: Standing | None) -> bool:
    """Tell whether what is made from an edition has to carry the mark of a draft.

    Parameters
    ----------
    standing : Standing or None
        None where nobody has said how the edition stands.

    Returns
    -------
    bool
        False only where two persons have released the edition and it has its number.
    """
    return standing is None or not standing.is_released or standing.number is None


def standing_words(standing: Standing | None, translate: Translator) -> str:
    """Say how an edition stands: that it is a draft, or which release it is.

    Parameters
    ----------
    standing : Standing or None
    translate : Translator

    Returns
    -------
    str
        One sentence without a full stop. It names no person: who wrote and who reviewed stands
        in the ledger, for the staff.

    Examples
    --------
    >>> from analysis.text import translator
    >>> standing_words(None, translator("en"))
    'Draft for discussion: nobody has released it yet'
    """
    if standing is None or is_draft(standing):
        return translate(DRAFT)
    return translate(RELEASE).format(number=standing.number, day=standing.day)


def standing_key(standing: Standing | None) -> str:
    """Give all of a standing that an output can show: the same for the same bytes.

    Parameters
    ----------
    standing : Standing or None

    Returns
    -------
    str
        In no language, for keys of runs.

    Examples
    --------
    >>> standing_key(None)
    'draft'
    """
    if standing is None or is_draft(standing):
        return "draft"
    return f"release {standing.number}, {standing.day}"


def draft_word(standing: Standing | None, translate: Translator) -> str:
    """Give the one word of a draft, or nothing for a release."""
    return translate(DRAFT_WORD) if is_draft(standing) else ""


def standing_title(title: str, standing: Standing | None, translate: Translator) -> str:
    """Put the word of a draft before a title: tabs, lists of files and printed heads show it.

    Examples
    --------
    >>> from analysis.text import translator
    >>> standing_title("Kumanovo", None, translator("en"))
    'DRAFT – Kumanovo'
    """
    word = draft_word(standing, translate)
    return f"{word} – {title}" if word else title


def mark_picture(picture: Picture, standing: Standing | None, translate: Translator) -> Picture:
    """Draw the word of a draft above a picture that leaves its page; the same picture otherwise.

    Parameters
    ----------
    picture : Picture
    standing : Standing or None
    translate : Translator

    Returns
    -------
    Picture
        The word stands in SVG and PNG, and in the name that a screen reader says.
    """
    word = draft_word(standing, translate)
    if not word:
        return picture
    # Behind what the picture says already, that its figures are synthetic for instance.
    return replace(picture, notice=" · ".join(n for n in (picture.notice, word) if n))
