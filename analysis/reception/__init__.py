"""Centres: capacity, stock and flow, standards. Planned, not yet here."""

from __future__ import annotations
