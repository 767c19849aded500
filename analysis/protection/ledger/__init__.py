"""What was published, by whom it was looked at, and what that forbids from then on."""

from __future__ import annotations
