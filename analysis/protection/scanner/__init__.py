"""The scanner: reads finished artefacts and looks for withheld numbers in them."""

from __future__ import annotations
