"""What is said of a municipality: profiles now, scored instruments later."""

from __future__ import annotations

from analysis.assessment.gaps import Gap
from analysis.assessment.profile import (
    Comparison,
    Profile,
    ProfileError,
    Registered,
    load_profile,
    make_profile,
)

__all__ = [
    "Comparison",
    "Gap",
    "Profile",
    "ProfileError",
    "Registered",
    "load_profile",
    "make_profile",
]
