"""The gate before publication: what a brief still lacks, so that a person can act on it."""

from __future__ import annotations
