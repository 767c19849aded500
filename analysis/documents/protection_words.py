"""The policy of disclosure in two sentences, for every output, with the numbers of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Sentence
from analysis.protection import load_policy
from analysis.protection.statement import say_policy
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.documents.wording import Wording
    from analysis.protection import Policy

# Name of the page with the full rules, in addresses.
RULES_PAGE = "protection"
RULES_TITLE = mark("How persons are protected in these figures")


def policy_in_short(w: Wording, policy: Policy | None = None) -> Sentence:
    """Say what is withheld, in two sentences.

    Parameters
    ----------
    w : Wording
    policy : Policy, optional
        The policy in force, unless another is given.

    Returns
    -------
    Sentence
        Its numbers are those of the policy, so that no output says what another does not.

    Examples
    --------
    >>> from analysis.documents.wording import Wording
    >>> from analysis.text import translator
    >>> str(policy_in_short(Wording(translator("en")))).partition(",")[0]
    'Withheld are numbers of persons from 1 to 9 below the country'
    """
    rules = policy or load_policy()
    return Sentence((say_policy(w.translate, rules),))
