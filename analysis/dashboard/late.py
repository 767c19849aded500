"""Markup that is made when a page first asks for it.

A page that was sent has its figures already, and some readers want no more than that: they have
no scripts, print, or go on. What follows a choice is made for those whose page asks.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from typing import TYPE_CHECKING, Any

import ipywidgets

if TYPE_CHECKING:
    from collections.abc import Callable


class LateHtml(ipywidgets.HTML):  # type: ignore[misc]  # ipywidgets has no types
    """Markup that stays blank until a page asks for all of it."""

    _make: Callable[[], None] | None = None

    def make_when_asked(self, make: Callable[[], None]) -> None:
        """Have it made when a page asks, once, after the page was answered.

        Parameters
        ----------
        make : callable
        """
        self._make = make

    def get_state(self, key: Any = None, drop_defaults: Any = False) -> Any:  # noqa: FBT002
        """Give the state; a page that wants all of it is there to see what comes."""
        make = self._make
        if key is None and make is not None:
            self._make = None
            asyncio.get_running_loop().call_soon(make)
        return super().get_state(key, drop_defaults)


def give_back_memory() -> None:
    """Give back to the system what was needed for drawing only; where it knows how."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
