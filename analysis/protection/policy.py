"""The policy of disclosure, read from the file that people can read too."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any


class PolicyError(ValueError):
    """A policy that is weaker than its floor, or incomplete."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of disclosure.

    Parameters
    ----------
    version : str
    domains, units, measures, national_levels : frozenset of str
        What is protected, and which levels count as a whole country.
    below_national, national_breakdown : int
        Smallest count that is shown.
    closing : int
        Fewest withheld cells in a group whose total is public.
    """

    version: str
    domains: frozenset[str]
    units: frozenset[str]
    measures: frozenset[str]
    national_levels: frozenset[str]
    below_national: int
    national_breakdown: int
    closing: int


def load_policy() -> Policy:
    """Read the policy that ships with the package.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        When a threshold lies below its floor.

    Examples
    --------
    >>> load_policy().below_national
    10
    """
    text = (resources.files("analysis.protection") / "policy.toml").read_text(encoding="utf-8")
    return read_policy(tomllib.loads(text))


def read_policy(content: dict[str, Any]) -> Policy:
    """Make a policy of the content of its file.

    Parameters
    ----------
    content : dict
        As in ``policy.toml``.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        When a threshold lies below its floor.
    """
    for name, floor in content["floor"].items():
        found = content["threshold"][name]
        if found < floor:
            msg = (
                f"The threshold '{name}' is {found}, below its floor of {floor}. Raise the "
                f"threshold; the floor is changed only by the administrator, with a reason."
            )
            raise PolicyError(msg)
    return Policy(
        version=content["version"],
        domains=frozenset(content["protected_domains"]),
        units=frozenset(content["protected_units"]),
        measures=frozenset(content["protected_measures"]),
        national_levels=frozenset(content["national_levels"]),
        below_national=content["threshold"]["below_national"],
        national_breakdown=content["threshold"]["national_breakdown"],
        closing=content["closing"]["at_least"],
    )
