"""Refuse secrets and personal numbers in what is committed.

private_strings.py FILE...

A personal number (EMBG in North Macedonia, JMBG in Serbia, Bosnia and Herzegovina and Montenegro)
has thirteen digits: day and month of birth, the last three digits of the year, region, serial
number and check digit. The check digit is not asked for here: a mistyped number is still
somebody's. A line of made-up examples may say `made-up number`; what looks like a real secret
has no such way out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIVER = "made-up number"
# Births from 1900 to 1999 and from 2000 to 2029; not part of a longer number, word or fraction.
PERSONAL = re.compile(
    r"(?<![\w.])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:9\d\d|0[0-2]\d)\d{6}(?!\w)"
)
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "an access token": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20}|"
        r"xox[abprs]-[A-Za-z0-9-]{20,}|pypi-[A-Za-z0-9_-]{50,}|AKIA[0-9A-Z]{16})"
    ),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{15,}"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@{}$<]+:[^\s/@{}$<]{3,}@"),
    "a password or key": re.compile(
        r"""(?i)\b(?:password|passwd|secret|api_?key|access_?token)["']?\s*[:=]\s*"""
        r"""["'](?=[^"']*\d)[^"'\s{}$<]{12,}["']"""
    ),
}


def findings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line number and the kind of each private string, never the string itself."""
    for number, line in enumerate(text.splitlines(), start=1):
        if PERSONAL.search(line) and WAIVER not in line:
            yield number, "a personal number"
        for kind, pattern in SECRETS.items():
            if pattern.search(line):
                yield number, kind


def main(names: list[str]) -> int:
    """Check every named file that is text."""
    found = False
    for path in map(Path, names):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, IsADirectoryError, FileNotFoundError):
            continue
        for number, kind in findings(text):
            found = True
            print(f"{path}:{number}: looks like {kind}. Take it out; if it was real, replace it.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
