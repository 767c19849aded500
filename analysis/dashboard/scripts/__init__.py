"""The scripts of the basket: what a browser keeps, and what a reader does with it."""

from __future__ import annotations
