"""How the runs of the suite stand: a grid of place and notebook, for people and for programs."""

from __future__ import annotations
