"""Migration and anti-trafficking figures per municipality: every number comes from here."""

from __future__ import annotations
