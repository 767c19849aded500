"""The sentence that every output prints about what is withheld; who scans outputs knows it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from analysis.protection.policy import Policy
    from analysis.text import Translator

WITHHELD = mark(
    "Withheld are numbers of persons from 1 to {most} below the country, from 1 to {most_parts} "
    "in a breakdown of a country, and whatever would give them away."
)
MARKED = mark("× stands for a withheld number; a blank is never a zero.")


def say_policy(translate: Translator, policy: Policy) -> str:
    """Say in two sentences what is withheld, with the numbers of the policy.

    Parameters
    ----------
    translate : Translator
    policy : Policy

    Returns
    -------
    str
    """
    first = translate(WITHHELD).format(
        most=policy.below_national - 1, most_parts=policy.national_breakdown - 1
    )
    return f"{first} {translate(MARKED)}"
