"""Results frameworks, work plans and assistance, in counts. Planned, not yet here."""

from __future__ import annotations
