"""``python -m analysis.cli``: the same as ``patokaz``."""

from __future__ import annotations

from analysis.cli import main

main()
