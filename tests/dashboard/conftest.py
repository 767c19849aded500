"""What tests of dashboards share: no loop that nobody turns, and the numbers that a page prints."""

from __future__ import annotations

import re

import pytest

from analysis.dashboard import base

NUMBER = re.compile(
    r"<(?:data|span)[^>]*data-(?:observation|inputs)=\"([\w ]+)\"[^>]*>([^<]*)<",
)


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    # A browser test in the same process leaves a loop behind that nobody turns.
    def none():
        raise RuntimeError

    monkeypatch.setattr(base.asyncio, "get_running_loop", none)


@pytest.fixture(scope="session")
def read_numbers():
    """Reads the numbers of a piece of markup: where each comes from, and its text."""
    return NUMBER.findall
