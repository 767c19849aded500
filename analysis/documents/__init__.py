"""Documents: what is said, and pages, briefs and tables made of it."""

from __future__ import annotations
