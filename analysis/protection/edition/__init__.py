"""A whole edition under the policy: its cells, their sums, and what is withheld."""

from __future__ import annotations

from analysis.protection.edition.protect import ProtectedEdition, protect_edition

__all__ = ["ProtectedEdition", "protect_edition"]
