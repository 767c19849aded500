"""Cells that hang together: what an attacker can work out of them, and what keeps him off."""

from __future__ import annotations
