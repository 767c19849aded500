"""The brief basket: what a reader collects in the dashboards, as a document of their own."""

from __future__ import annotations
