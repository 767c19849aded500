"""Seals: whether an exported file is still what was made, and where it first is not."""

from __future__ import annotations
