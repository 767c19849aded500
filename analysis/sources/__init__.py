"""How figures come in: one module a publisher, one for what ships with the project."""

from __future__ import annotations
