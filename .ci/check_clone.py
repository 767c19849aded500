"""Look at what was made in a clone, by `make run` and by hand.

check_clone.py built CLONE    pages, briefs and public tables are there and not empty
check_clone.py taken CLONE    so are bundles, briefs and figures that were made by hand
check_clone.py idle FILE      FILE, from `patokaz run --json`, tells of no kernel started
check_clone.py sums CLONE     one line a built file: SHA-256 and path, sorted by path
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

BUILT = (
    "data_processed/public",
    "data_processed/site",
    "policy_briefs/built",
    "policy_briefs/own",
)
EXPECTED = {
    "pages": "data_processed/site/**/index.html",
    "public tables": "data_processed/public/**/*.parquet",
    "briefs for editing": "policy_briefs/built/**/*.docx",
    "briefs for publication": "policy_briefs/built/**/*.pdf",
}
TAKEN = {
    "bundles": "policy_briefs/own/*_evidence.zip",
    "briefs by hand": "policy_briefs/own/*.docx",
    "figures for print": "policy_briefs/own/figures/**/*.png",
    "figures for the web": "policy_briefs/own/figures/**/*.svg",
    "figures for papers": "policy_briefs/own/figures/**/*.pdf",
}


def built(clone: Path) -> list[str]:
    """Say what is missing or empty among the files that a run makes."""
    return look(clone, EXPECTED)


def taken(clone: Path) -> list[str]:
    """Say what is missing or empty among the files that were made by hand."""
    return look(clone, TAKEN)


def look(clone: Path, expected: dict[str, str]) -> list[str]:
    """Say what is missing or empty among expected files."""
    problems = []
    for name, pattern in expected.items():
        files = [path for path in clone.glob(pattern) if path.is_file()]
        empty = [path for path in files if path.stat().st_size == 0]
        print(f"{name}: {len(files)}")
        if not files:
            problems.append(f"No {name}: nothing matches {pattern}.")
        problems += [f"{path.relative_to(clone)} is empty." for path in empty]
    return problems


def idle(report: Path) -> list[str]:
    """Say whether a run that had nothing to do started kernels all the same."""
    started = json.loads(report.read_text(encoding="utf-8")).get("kernels_started")
    print(f"kernels started: {started}")
    if started == 0:
        return []
    return [f"A second run should start no kernel; its report says kernels_started: {started}."]


def sums(clone: Path) -> list[str]:
    """Print a sum for every file that was made: by a run, and by hand."""
    files = [path for top in BUILT for path in (clone / top).rglob("*") if path.is_file()]
    for path in sorted(files):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{digest}  {path.relative_to(clone).as_posix()}")
    return [] if files else [f"No built files under {', '.join(BUILT)}."]


def main(arguments: list[str]) -> int:
    """Run one check and turn its problems into an exit code."""
    checks = {"built": built, "taken": taken, "idle": idle, "sums": sums}
    match arguments:
        case [name, path] if name in checks:
            problems = checks[name](Path(path))
        case _:
            problems = [(__doc__ or "").strip()]
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
