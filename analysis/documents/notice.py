"""The mark that everything made from synthetic figures carries, in the reader's language.

Whether figures are synthetic is read from their sources, not from a switch that could be lost on
the way: see :mod:`analysis.sources.demonstration`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment.reading import Reading
    from analysis.text import Translator

NOTICE = mark("Synthetic data for demonstration: no figure is real")


def demonstration_notice(translate: Translator, *, is_demonstration: bool) -> str:
    """Say that figures are synthetic, or nothing where they are real."""
    return translate(NOTICE) if is_demonstration else ""


def profile_notice(profile: Reading, translate: Translator) -> str:
    """Say it of a profile, or of another reading of the public zone."""
    return demonstration_notice(translate, is_demonstration=profile.is_demonstration)
