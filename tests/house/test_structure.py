"""The house is built as planned: rooms, sizes, names, docstrings."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ANALYSIS = ROOT / "analysis"
MODULES = sorted(ANALYSIS.rglob("*.py"))
SCRIPTS = sorted((ROOT / ".ci").rglob("*.py"))

ROOMS = [
    "analysis",
    "dashboards",
    "data_processed",
    "data_raw",
    "data_raw/published",
    "data_raw/received",
    "data_raw/snapshots",
    "docs",
    "docs/decisions",
    "notebooks",
    "policy_briefs",
    "policy_briefs/templates",
    "tests",
    *sorted(f"analysis/{path.parent.name}" for path in ANALYSIS.glob("*/__init__.py")),
]
LONGEST_MODULE = 300
DEEPEST_NESTING = 4
DUMPING_GROUNDS = {"utils", "util", "helpers", "misc", "common", "tools"}
BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def deepest(node: ast.AST, depth: int = 0) -> int:
    """Count nested blocks; a function begins anew, and `elif` is no deeper than its `if`."""
    found = depth
    for child in ast.iter_child_nodes(node):
        inner = depth
        if isinstance(child, FUNCTIONS):
            inner = 0
        elif isinstance(child, BLOCKS) and not is_elif(child, node):
            inner = depth + 1
        found = max(found, deepest(child, inner))
    return found


def is_elif(child: ast.AST, parent: ast.AST) -> bool:
    return isinstance(child, ast.If) and isinstance(parent, ast.If) and parent.orelse == [child]


def public_parts(
    tree: ast.Module,
) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield functions and classes that others may use, and the methods of those classes."""
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, *FUNCTIONS)) and not node.name.startswith("_"):
            yield node
            members = node.body if isinstance(node, ast.ClassDef) else []
            yield from (
                member
                for member in members
                if isinstance(member, FUNCTIONS) and not member.name.startswith("_")
            )


def test_there_is_something_to_examine() -> None:
    assert len(MODULES) >= 10
    assert len(SCRIPTS) >= 3


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_may_live_there(room: str) -> None:
    page = ROOT / room / "README.md"

    assert page.is_file(), f"{room} has no README.md"
    assert len(page.read_text(encoding="utf-8").split()) >= 10


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in MODULES}

    assert [place(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=place)
def test_a_module_holds_one_idea(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_MODULE
    assert deepest(ast.parse(text)) <= DEEPEST_NESTING
    assert path.stem not in DUMPING_GROUNDS
    assert path.parent.name not in DUMPING_GROUNDS


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_annotations_are_not_evaluated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]

    assert any(
        node.module == "__future__" and [name.name for name in node.names] == ["annotations"]
        for node in imports
    )


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_what_others_may_use_is_described(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [node.name for node in public_parts(tree) if not ast.get_docstring(node)]

    assert ast.get_docstring(tree), f"{place(path)} does not say what it is for"
    assert silent == []


@pytest.mark.parametrize(
    ("code", "depth"),
    [
        ("x = 1", 0),
        ("if a:\n  pass\nelif b:\n  pass\nelif c:\n  pass", 1),
        ("if a:\n  pass\nelse:\n  if b:\n    pass\n  x = 1", 2),
        (
            "for a in b:\n  with a:\n    try:\n      while c:\n        pass\n    finally:\n      d",
            4,
        ),
        ("if a:\n  def f():\n    if b:\n      pass", 1),
    ],
)
def test_nesting_is_counted_as_a_reader_sees_it(code: str, depth: int) -> None:
    assert deepest(ast.parse(code)) == depth


def test_built_and_received_files_are_not_in_git() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "data_processed", "data_raw", "policy_briefs/built"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    stray = [
        name
        for name in listed.stdout.splitlines()
        if not name.startswith(("data_raw/published/", "data_raw/releases/"))
        and not name.endswith("README.md")
    ]

    assert stray == []
