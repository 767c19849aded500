"""Verification: whether what was exported is unchanged, and made from what it claims."""

from __future__ import annotations

from analysis.suite.verification.path import verify_path
from analysis.suite.verification.verdict import Verdict, VerifyError

__all__ = ["Verdict", "VerifyError", "verify_path"]
