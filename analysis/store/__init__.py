"""Observations: one long table, built from files, read by area."""

from __future__ import annotations
