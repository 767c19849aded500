"""Small publishers on this machine: real sockets, documented answers, and faults on demand."""

from __future__ import annotations
