"""The policy of disclosure, read from the file that people can read too."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from analysis.protection.floor import Floor, read_floor

if TYPE_CHECKING:
    from collections.abc import Mapping

REMEDIES = ("longer_period", "larger_area", "fewer_dimensions", "suppress")


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
    no_cross_tables : frozenset of str
        Domains of which no breakdown is published below a country.
    full_cells : bool
        Whether a breakdown in which one part holds everybody is withheld.
    zeros_may_be_withheld : bool
        Whether a zero may be withheld where nothing else protects.
    insiders : bool
        Whether persons who are the only case of a cell are reckoned with.
    same_pattern_over_years : bool
        Whether the same cells are preferred from year to year.
    remedies : tuple of str
        In the order in which they are offered.
    rounding_base : int
    floor : Floor
        What the thresholds may not go below, and who laid that down.
    sha256 : str
        Of the rules and the floor: which text a release was made under.
    """

    version: str
    domains: frozenset[str]
    units: frozenset[str]
    measures: frozenset[str]
    national_levels: frozenset[str]
    below_national: int
    national_breakdown: int
    no_cross_tables: frozenset[str]
    full_cells: bool
    zeros_may_be_withheld: bool
    insiders: bool
    same_pattern_over_years: bool
    remedies: tuple[str, ...]
    rounding_base: int
    floor: Floor
    sha256: str


def load_policy() -> Policy:
    """Read the policy that ships with the package.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        When a threshold lies below its floor, or a rule is absent.
    FloorError
        When the administrator's file cannot be relied on.

    Examples
    --------
    >>> load_policy().below_national
    10
    """
    text = (resources.files("analysis.protection") / "policy.toml").read_text(encoding="utf-8")
    return read_policy(tomllib.loads(text), read_floor())


def read_policy(content: Mapping[str, Any], floor: Floor) -> Policy:
    """Make a policy of the content of its file.

    Parameters
    ----------
    content : mapping
        As in ``policy.toml``.
    floor : Floor
        As :func:`analysis.protection.floor.read_floor` gives it.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        When a threshold lies below its floor, or a rule is absent or unknown.
    """
    try:
        policy = _take(content, floor)
    except KeyError as absent:
        msg = (
            f"The policy has no rule {absent}. Write it into policy.toml; without it nobody can "
            f"say what may be published."
        )
        raise PolicyError(msg) from None
    for name, least in floor.thresholds.items():
        found = getattr(policy, name)
        if found < least:
            msg = (
                f"The threshold '{name}' is {found}, below its floor of {least}. Raise the "
                f"threshold; the floor is changed only by the administrator, with a reason."
            )
            raise PolicyError(msg)
    strange = sorted(set(policy.remedies) - set(REMEDIES))
    if strange or policy.remedies[-1:] != ("suppress",):
        msg = (
            f"The order of remedies is {', '.join(policy.remedies)}. Name some of "
            f"{', '.join(REMEDIES)}, 'suppress' last: when nothing else helps, it must."
        )
        raise PolicyError(msg)
    return policy


def _take(content: Mapping[str, Any], floor: Floor) -> Policy:
    told = repr((sorted(content.items(), key=str), sorted(floor.thresholds.items())))
    return Policy(
        version=content["version"],
        domains=frozenset(content["protected_domains"]),
        units=frozenset(content["protected_units"]),
        measures=frozenset(content["protected_measures"]),
        national_levels=frozenset(content["national_levels"]),
        below_national=content["threshold"]["below_national"],
        national_breakdown=content["threshold"]["national_breakdown"],
        no_cross_tables=frozenset(content["breakdowns"]["none_below_national"]),
        full_cells=content["breakdowns"]["withhold_full"],
        zeros_may_be_withheld=content["zeros"]["may_be_withheld"],
        insiders=content["others"]["reckon_with_insiders"],
        same_pattern_over_years=content["others"]["same_over_years"],
        remedies=tuple(content["remedies"]["order"]),
        rounding_base=content["remedies"]["rounding_base"],
        floor=floor,
        sha256=hashlib.sha256(told.encode("utf-8")).hexdigest(),
    )
