"""Runs of notebooks: declared, planned, executed, published."""

from __future__ import annotations
