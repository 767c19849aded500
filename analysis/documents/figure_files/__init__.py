"""The files of one figure: picture, rows and words, each with what it comes from inside it."""

from __future__ import annotations
