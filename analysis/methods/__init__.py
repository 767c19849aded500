"""Statistics: pure functions and the object that every result is. Imports nothing of ours."""

from __future__ import annotations

from analysis.methods.result import Result

__all__ = ["Result"]
