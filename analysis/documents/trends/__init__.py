"""The documents on migration and on trafficking over the years."""

from __future__ import annotations
