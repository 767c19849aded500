"""Policy briefs: of a municipality, of a country on migration, of a country on trafficking."""

from __future__ import annotations

from analysis.documents.briefs.write import TEMPLATE, compose_brief, write_briefs

__all__ = ["TEMPLATE", "compose_brief", "write_briefs"]
