"""Disclosure control: the only door to what is published."""

from __future__ import annotations

from analysis.protection.door import Release, publish_observations
from analysis.protection.policy import Policy, PolicyError, load_policy
from analysis.protection.suppress import suppress

__all__ = [
    "Policy",
    "PolicyError",
    "Release",
    "load_policy",
    "publish_observations",
    "suppress",
]
