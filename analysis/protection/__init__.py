"""Disclosure control: the only door to what is published."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.protection.door import Release, publish_observations
    from analysis.protection.policy import Policy, PolicyError, load_policy

__all__ = [
    "Policy",
    "PolicyError",
    "Release",
    "load_policy",
    "publish_observations",
]
# Loaded at first use: a worker that asks whether an edition is a draft does not wait for tables.
_ROOMS = {
    "Policy": "policy",
    "PolicyError": "policy",
    "Release": "door",
    "load_policy": "policy",
    "publish_observations": "door",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door when it is first asked for."""
    if name not in _ROOMS:
        msg = f"'{name}' is not at the door of protection. It shows: {', '.join(__all__)}."
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
