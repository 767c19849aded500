"""Runs on machines that do not see the folders of the runner: inputs go, results come back."""

from __future__ import annotations
