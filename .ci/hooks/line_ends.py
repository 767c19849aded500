"""Refuse white space at line ends, Windows line ends and files without a last line end.

line_ends.py [--fix] FILE...
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TRAILING = re.compile(rb"[ \t\r]+$", re.MULTILINE)


def mended(content: bytes) -> bytes:
    """Return the content as it should be; bytes that are no text stay as they are."""
    if b"\0" in content:
        return content
    stripped = TRAILING.sub(b"", content).rstrip(b"\n")
    return stripped + b"\n" if stripped else b""


def main(arguments: list[str]) -> int:
    """Check the named files; with --fix, mend them too."""
    fix = "--fix" in arguments
    code = 0
    for path in (Path(name) for name in arguments if name != "--fix"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        wanted = mended(content)
        if wanted == content:
            continue
        code = 1
        print(f"{path}: white space or line ends {'mended' if fix else 'to mend'}.")
        if fix:
            path.write_bytes(wanted)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
