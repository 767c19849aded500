"""Cells that hang together: what an attacker can work out of them, and what keeps him from it."""
