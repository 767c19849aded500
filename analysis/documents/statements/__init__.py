"""Sentences about what a method found: they say nothing that its interval does not."""

from __future__ import annotations
