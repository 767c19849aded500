"""Editions: what readers see, staged, verified and switched as a whole."""

from __future__ import annotations
