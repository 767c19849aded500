"""Refuse files above 600 kB: data as received stay outside git, and history never forgets.

large_files.py FILE...
"""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT_BYTES = 600_000


def problem(path: Path) -> str | None:
    """Say in a sentence that a file is too large, or nothing."""
    size = path.stat().st_size
    if size <= LIMIT_BYTES:
        return None
    return (
        f"{path} has {size / 1000:.0f} kB, more than {LIMIT_BYTES // 1000} kB. Keep it in "
        "data_raw/snapshots/ with a sidecar, or ship only the part that is cited."
    )


def main(names: list[str]) -> int:
    """Check every file that is named; links are not followed."""
    paths = [path for path in map(Path, names) if path.is_file() and not path.is_symlink()]
    problems = [found for path in paths if (found := problem(path))]
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
